"""Sizes that compressed streams state in their own headers, compared with the DICOM header before decoding.

A decoder allocates what the stream says, whatever DICOM says, so the stream is asked first. JPEG (ISO 10918-1
B.2), JPEG-LS (ISO 14495-1 C.2), JPEG 2000 and HTJ2K (ISO 15444-1 A.5.1), RLE (PS3.5 annex G).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pydicom import uid

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.image_module import ImageHeader

JPEG_LOSSLESS = frozenset[str]((uid.JPEGLossless, uid.JPEGLosslessSV1))
JPEG = frozenset[str](uid.JPEGTransferSyntaxes)
JPEG_LS = frozenset[str](uid.JPEGLSTransferSyntaxes)
JPEG_2000 = frozenset[str](uid.JPEG2000TransferSyntaxes)  # HTJ2K too
LOSSY = frozenset[str](  # or may be
    (uid.JPEGBaseline8Bit, uid.JPEGExtended12Bit, uid.JPEGLSNearLossless, uid.JPEG2000, uid.JPEG2000MC, uid.HTJ2K)
)
_J2K_START = b"\xff\x4f\xff\x51"
_JPEG_START = b"\xff\xd8"


@dataclass(frozen=True, slots=True)
class StreamSize:
    """What a stream says of itself; `precision` in bits."""

    rows: int
    columns: int
    samples: int
    precision: int


def check_stream(stream: bytes, transfer_syntax: str, header: ImageHeader) -> tuple[str, ...]:
    """Compare a frame's stream with the header.

    Returns:
        Notices on differences that do no harm.

    Raises:
        SquidError: not such a stream, or of another size than the header's.
    """
    if transfer_syntax == uid.RLELossless:
        _check_rle(stream, header)
        return ()
    if transfer_syntax in JPEG_2000:
        size = j2k_size(stream)
    elif transfer_syntax in JPEG | JPEG_LS:
        size = jpeg_size(stream)
    else:
        return ()
    if (size.rows, size.columns) != (header.rows, header.columns):
        raise SquidError("The compressed picture has another size than its header says.", SEND_AGAIN)
    if size.samples != header.samples:
        raise SquidError("The compressed picture has other colour channels than its header says.", SEND_AGAIN)
    if not 1 <= size.precision <= header.bits_allocated:
        raise SquidError("The compressed picture has more bits than its header allots.", SEND_AGAIN)
    if size.precision not in (header.bits_stored, header.high_bit + 1) and transfer_syntax in JPEG_2000:
        return (f"The picture stores {size.precision} bits where its header says {header.bits_stored}.",)
    return ()


def starts_frame(fragment: bytes, transfer_syntax: str) -> bool:
    """Whether a fragment begins a stream; RLE frames are always one fragment (PS3.5 A.4.2)."""
    if transfer_syntax in JPEG_2000:
        return fragment.startswith(_J2K_START) or fragment[4:8] == b"jP  "
    return transfer_syntax == uid.RLELossless or fragment.startswith(_JPEG_START)


def j2k_size(stream: bytes) -> StreamSize:
    """The SIZ segment of a JPEG 2000 code stream, found also behind a JP2 wrapper.

    Raises:
        SquidError: there is none, or its components are of unequal size or depth.
    """
    start = 0 if stream.startswith(_J2K_START) else stream.find(_J2K_START)
    siz = stream[start + 4 : start + 42] if start >= 0 else b""
    if len(siz) < 38:
        raise SquidError("The picture is not the JPEG 2000 that its header says.", SEND_AGAIN)
    length, _, x, y, x0, y0, tile_x, tile_y, _, _, samples = struct.unpack(">HHIIIIIIIIH", siz)
    components = stream[start + 42 : start + 42 + 3 * samples]
    if length != 38 + 3 * samples or len(components) < 3 * samples or not samples or not (tile_x and tile_y):
        raise SquidError("The JPEG 2000 picture is damaged.", SEND_AGAIN)
    if any(step != 1 for k in range(samples) for step in components[3 * k + 1 : 3 * k + 3]):
        raise SquidError("The JPEG 2000 picture has channels of unequal size.", SEND_AGAIN)
    depths = {components[3 * k] & 0x7F for k in range(samples)}
    if len(depths) > 1:
        raise SquidError("The JPEG 2000 picture has channels of unequal depth.", SEND_AGAIN)
    return StreamSize(y - y0, x - x0, samples, depths.pop() + 1)


def jpeg_size(stream: bytes) -> StreamSize:
    """The start-of-frame segment of a JPEG or JPEG-LS stream.

    Raises:
        SquidError: there is none.
    """
    position = 2
    while stream.startswith(_JPEG_START) and position + 4 <= len(stream):
        if stream[position] != 0xFF:
            break
        marker = stream[position + 1]
        if marker == 0xFF:  # fill byte
            position += 1
            continue
        # SOF0..SOF15 but DHT, JPG and DAC; 0xF7 is JPEG-LS.
        if (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)) or marker == 0xF7:
            frame = stream[position + 4 : position + 10]
            if len(frame) == 6:
                precision, rows, columns, samples = struct.unpack(">BHHB", frame)
                return StreamSize(rows, columns, samples, precision)
            break
        if marker in (0xD9, 0xDA):
            break
        position += 2 + int.from_bytes(stream[position + 2 : position + 4], "big")
    raise SquidError("The picture is not the JPEG that its header says, or it is damaged.", SEND_AGAIN)


def _check_rle(stream: bytes, header: ImageHeader) -> None:
    expected = header.samples * max(1, header.bits_allocated // 8)
    if len(stream) < 64:
        raise SquidError("The run-length coded picture is cut short.", SEND_AGAIN)
    segments = int.from_bytes(stream[:4], "little")
    if segments != expected:
        raise SquidError("The run-length coded picture has other planes than its header says.", SEND_AGAIN)
    offsets = struct.unpack(f"<{segments}I", stream[4 : 4 + 4 * segments])
    if offsets[0] != 64 or any(a >= b for a, b in zip(offsets, (*offsets[1:], len(stream)), strict=True)):
        raise SquidError("The run-length coded picture is damaged.", SEND_AGAIN)
