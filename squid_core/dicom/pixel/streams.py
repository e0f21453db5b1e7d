"""What compressed streams say of themselves, compared with the DICOM header before decoding.

A decoder allocates what the stream says, whatever DICOM says, so the stream is asked first. JPEG (ISO 10918-1
B.2), JPEG-LS (ISO 14495-1 C.2), JPEG 2000 and HTJ2K (ISO 15444-1 A.5.1), JPEG XL (`jpeg_xl`), RLE (PS3.5 annex G).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pydicom import uid

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.pixel.jpeg_xl import jxl_size, starts_jpeg_xl, unread
from squid_core.dicom.pixel.syntaxes import (
    ANY_JPEG_XL,
    JPEG,
    JPEG_2000,
    JPEG_LS,
    JPEG_XL,
    PLAIN_FRAMES,
    WHOLE_FRAGMENTS,
    kind_of,
)

J2K_START = b"\xff\x4f\xff\x51"
_JPEG_START, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_BY_MARKER = {0xC3: uid.JPEGLossless, 0xF7: uid.JPEGLSNearLossless}  # start of frame
_RLE_HEADER_BYTES = 64


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
        _, size, start = _start_of_frame(stream)
        if stream.find(_JPEG_END, start) < 0:  # CharLS takes seconds to find that out
            raise SquidError("The compressed picture is cut short: its end is missing.", SEND_AGAIN)
    elif transfer_syntax in JPEG_XL:
        return _check_jxl(stream, header)
    else:
        return ()
    if (size.rows, size.columns) != (header.rows, header.columns):
        raise SquidError("The compressed picture has another size than its header says.", SEND_AGAIN)
    if size.samples != header.samples:
        raise SquidError("The compressed picture has other colour channels than its header says.", SEND_AGAIN)
    if not 1 <= size.precision <= header.bits_allocated:
        raise SquidError("The compressed picture has more bits than its header allots.", SEND_AGAIN)
    return _other_depth(size.precision, header) if transfer_syntax in JPEG_2000 else ()


def _other_depth(precision: int, header: ImageHeader) -> tuple[str, ...]:
    if precision in (header.bits_stored, header.high_bit + 1):
        return ()
    return (f"The picture stores {precision} bits where its header says {header.bits_stored}.",)


def _check_jxl(stream: bytes, header: ImageHeader) -> tuple[str, ...]:
    size = StreamSize(*jxl_size(stream))
    if header.signed:  # a code without negative numbers
        raise unread("signed")
    if (size.rows, size.columns, size.samples) != (header.rows, header.columns, header.samples):
        raise unread("another size")
    if not 1 <= size.precision <= header.bits_allocated:
        raise unread("more bits than allotted")
    return _other_depth(size.precision, header)


def coded_bits(stream: bytes, transfer_syntax: str, header: ImageHeader) -> int:
    """How many bits of a cell a frame's bytes hold: all of them, or as many as a checked stream says."""
    if transfer_syntax in JPEG_2000:
        return j2k_size(stream).precision
    if transfer_syntax in JPEG | JPEG_LS:
        return jpeg_size(stream).precision
    if transfer_syntax in JPEG_XL:
        return StreamSize(*jxl_size(stream)).precision
    return header.bits_allocated


def starts_frame(fragment: bytes, transfer_syntax: str) -> bool:
    """Whether a fragment begins a frame's stream, under whatever syntax it is filed."""
    if transfer_syntax in WHOLE_FRAGMENTS or fragment.startswith((J2K_START, _JPEG_START + b"\xff")):
        return True
    return fragment[4:8] == b"jP  " or (transfer_syntax in JPEG_XL and starts_jpeg_xl(fragment))


def syntax_of(stream: bytes, stated: str, plain_bytes: int) -> str:
    """The transfer syntax that a frame's bytes are in: the stated one, unless they are beyond doubt in another.

    Args:
        stream: one frame.
        stated: by the file's header; one that is read.
        plain_bytes: of the frame, uncompressed.
    """
    plain = 0 <= len(stream) - plain_bytes <= plain_bytes % 2
    if plain and stated == PLAIN_FRAMES:
        return stated
    if stream.startswith(J2K_START) or stream[4:8] == b"jP  ":
        found = str(uid.JPEG2000)
    elif stream.startswith(_JPEG_START + b"\xff"):
        marker, *_ = _start_of_frame(stream)
        found = str(_BY_MARKER.get(marker, uid.JPEGExtended12Bit))
    elif _starts_rle(stream):
        found = str(uid.RLELossless)
    elif starts_jpeg_xl(stream) and not plain:
        found = ANY_JPEG_XL
    else:
        found = PLAIN_FRAMES if plain else stated
    return stated if kind_of(found) == kind_of(stated) else found


def _starts_rle(stream: bytes) -> bool:
    """Whether bytes begin an RLE header: 1 to 15 segments, the first right behind it, no more than those."""
    if len(stream) < _RLE_HEADER_BYTES:
        return False
    segments, *offsets = struct.unpack_from("<16I", stream)
    return 1 <= segments <= 15 and offsets[0] == _RLE_HEADER_BYTES and not any(offsets[segments:])


def j2k_size(stream: bytes) -> StreamSize:
    """The SIZ segment of a JPEG 2000 code stream, found also behind a JP2 wrapper.

    Raises:
        SquidError: there is none, or its components are of unequal size or depth.
    """
    start = 0 if stream.startswith(J2K_START) else stream.find(J2K_START)
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
    return _start_of_frame(stream)[1]


def _start_of_frame(stream: bytes) -> tuple[int, StreamSize, int]:
    """The kind of frame by its marker, its size, and where that is said."""
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
                return marker, StreamSize(rows, columns, samples, precision), position
            break
        if marker in (0xD9, 0xDA):
            break
        position += 2 + int.from_bytes(stream[position + 2 : position + 4], "big")
    raise SquidError("The picture is not the JPEG that its header says, or it is damaged.", SEND_AGAIN)


def _check_rle(stream: bytes, header: ImageHeader) -> None:
    expected = header.samples * max(1, header.bits_allocated // 8)
    if len(stream) < _RLE_HEADER_BYTES:
        raise SquidError("The run-length coded picture is cut short.", SEND_AGAIN)
    segments = int.from_bytes(stream[:4], "little")
    if segments != expected:
        raise SquidError("The run-length coded picture has other planes than its header says.", SEND_AGAIN)
    offsets = struct.unpack(f"<{segments}I", stream[4 : 4 + 4 * segments])
    if offsets[0] != _RLE_HEADER_BYTES or any(
        a >= b for a, b in zip(offsets, (*offsets[1:], len(stream)), strict=True)
    ):
        raise SquidError("The run-length coded picture is damaged.", SEND_AGAIN)
