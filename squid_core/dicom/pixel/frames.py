"""One frame's bytes out of the pixel data element: only they are read, not the file.

Encapsulated pixel data (PS3.5 A.4) are a run of fragments. Which belong to a frame is told by counting,
by the basic offset table, or by where streams begin, in this order of trust.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.elements import PixelLocation
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.limits import MAX_COMPRESSED_BYTES, MAX_FRAGMENTS
from squid_core.dicom.pixel.streams import starts_frame, syntax_of
from squid_core.dicom.pixel.syntaxes import UNCOMPRESSED, UNREAD_ADVICE, WHOLE_FRAGMENTS, kind_of

_ITEM, _ITEM_END, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0"
_Pieces = list[tuple[int, int]]  # (offset, length) of each
_CUT = "The file ends too early; what follows the image is missing."
_CUT_IMAGE = "The file ends too early: this image is cut short."


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's bytes, with notices on what surrounds them.

    Attributes:
        syntax: the transfer syntax they are in, whatever the header says.
    """

    data: bytes
    syntax: str
    notices: tuple[str, ...] = ()


def frame_of(
    source: BinaryIO,
    size: int,
    place: PixelLocation,
    header: ImageHeader,
    syntax: str,
    index: int,
    *,
    little: bool,
) -> Frame:
    """Bytes of a frame. Pixels that contradict their transfer syntax are read as what they are beyond doubt.

    Args:
        source: seekable bytes.
        size: offset of the source's end.
        place: of the pixel data.
        header: the checked image pixel module.
        syntax: as stated; one that is read.
        index: of the frame, from 0.
        little: byte order as stated.

    Raises:
        SquidError: it is missing, cut short, or neither what the header says nor anything else that is known.
    """
    said = kind_of(syntax)
    if _in_pieces(source, place, header, syntax):
        data, notices = _encapsulated(source, size, place, header, syntax, index)
        plain_bytes = (header.native_bits + 7) // 8
        actual = syntax_of(data, syntax, plain_bytes)
        if actual in UNCOMPRESSED and not 0 <= len(data) - plain_bytes <= plain_bytes % 2:
            raise SquidError(
                "The header calls the picture uncompressed; it lies there in pieces of a kind that is not known.",
                UNREAD_ADVICE,
            )
    elif syntax in UNCOMPRESSED or _is_native_length(place, header):
        data, notices = _native(source, size, place, header, index, little=little)
        actual = syntax if syntax in UNCOMPRESSED else str(ExplicitVRLittleEndian)
    else:
        raise SquidError(
            f"The header calls the picture {said}; it is neither that nor of the length of an uncompressed one.",
            SEND_AGAIN,
        )
    if said != (found := kind_of(actual)):
        notices = (*notices, f"The header calls the picture {said}; it is {found} and is read as that.")
    return Frame(data, actual, notices)


def _native_bytes(header: ImageHeader) -> int:
    return (header.native_bits * header.frames + 7) // 8


def _is_native_length(place: PixelLocation, header: ImageHeader) -> bool:
    expected = _native_bytes(header)
    return place.length is not None and 0 <= place.length - expected <= expected % 2


def _in_pieces(source: BinaryIO, place: PixelLocation, header: ImageHeader, syntax: str) -> bool:
    """Whether the pixel data are a run of items, as only those of compressed images should be."""
    if place.length is None:
        return True
    source.seek(place.offset)
    return source.read(4) == _ITEM and not (syntax in UNCOMPRESSED and _is_native_length(place, header))


def _native(
    source: BinaryIO, size: int, place: PixelLocation, header: ImageHeader, index: int, *, little: bool
) -> tuple[bytes, tuple[str, ...]]:
    """Bytes of an uncompressed frame; 8-bit data in big endian words (OW) are put into order (PS3.5 8.1.1).

    Raises:
        SquidError: the element is shorter than the header says, or the frame runs past the end of the file.
    """
    expected, stated = _native_bytes(header), place.length or 0
    if not stated:
        raise SquidError("The picture is empty.", SEND_AGAIN)
    first_bit = header.native_bits * index
    if first_bit % 8:
        raise SquidError("Images whose frames share a byte are not read.")
    first, length = first_bit // 8, (header.native_bits + 7) // 8
    missing_padding = expected % 2  # some writers forget the byte that makes the length even
    cut, too_long = place.offset + stated > size + missing_padding, stated > expected + 1
    if cut and too_long:
        raise SquidError("The length of the picture runs past the end of the file.", SEND_AGAIN)
    if stated < expected or (cut and place.offset + first + length > size):
        raise SquidError("The picture is cut short: it holds fewer pixels than its header says.", SEND_AGAIN)
    notices: tuple[str, ...] = (_CUT,) if cut else ()
    if too_long:
        notices = ("The file holds more bytes than its picture needs; the first are shown.",)
    if not little and place.vr == "OW" and header.bits_allocated == 8:
        even, stop = first - first % 2, first + length + (first + length) % 2
        words = bytearray(_exactly(source, place.offset + even, stop - even))
        words[::2], words[1::2] = words[1::2], words[::2]
        return bytes(words[first - even : first - even + length]), notices
    return _exactly(source, place.offset + first, length), notices


def _items(source: BinaryIO, size: int, place: PixelLocation) -> tuple[_Pieces, str]:
    """The items of the pixel data, and '' where their run ends properly, else a notice.

    Raises:
        SquidError: there are none.
    """
    end = size if place.length is None else min(size, place.offset + place.length)
    found: _Pieces = []
    position = place.offset
    notice = _CUT if place.length is None or place.offset + place.length > size else ""
    while position + 8 <= end:
        source.seek(position)
        head = source.read(8)
        if head[:4] == _SEQUENCE_END:
            notice = ""
            break
        length = int.from_bytes(head[4:], "little")
        if head == _ITEM_END + bytes(4):  # a stray one loses nothing
            position += 8
            continue
        if head[:4] != _ITEM:
            notice = "The picture's pieces do not end as they should; what follows them in the file is not read."
            break
        if position + 8 + length > end:
            break
        found.append((position + 8, length))
        position += 8 + length
        if len(found) > MAX_FRAGMENTS:
            raise SquidError(f"The picture is cut into more than {MAX_FRAGMENTS} pieces.")
    if not found:
        raise SquidError("The picture should lie in pieces; none begins where the first should.", SEND_AGAIN)
    return found, notice


def _is_table(source: BinaryIO, items: _Pieces, frames: int, syntax: str) -> bool:
    """Whether the first item is the basic offset table, which some writers leave out (PS3.5 A.4 demands it)."""
    offset, length = items[0]
    source.seek(offset)
    head = source.read(min(12, length))
    if not head or (length == 4 * frames and head[:4] == bytes(4)):
        return True
    if syntax in WHOLE_FRAGMENTS:
        return len(items) > frames
    return len(items) > 1 and not starts_frame(head, syntax)


def _encapsulated(
    source: BinaryIO, size: int, place: PixelLocation, header: ImageHeader, syntax: str, index: int
) -> tuple[bytes, tuple[str, ...]]:
    """Bytes of a compressed frame.

    Raises:
        SquidError: it is missing, cut short, or cannot be told from its neighbours.
    """
    items, notice = _items(source, size, place)
    table, fragments = b"", items
    if _is_table(source, items, header.frames, syntax):
        table, fragments = _exactly(source, items[0][0], min(items[0][1], 4 * MAX_FRAGMENTS)), items[1:]
    if not any(length for _, length in fragments):
        raise SquidError(_CUT_IMAGE if notice == _CUT else "The picture is empty.", SEND_AGAIN)
    groups = _group(source, fragments, table, header.frames, syntax)
    if len(groups) > header.frames or (len(groups) < header.frames and notice != _CUT):
        raise SquidError("The file holds fewer images than its header says, or they cannot be told apart.", SEND_AGAIN)
    if index >= len(groups) or (notice == _CUT and index == len(groups) - 1 and header.frames > len(groups)):
        raise SquidError(_CUT_IMAGE, SEND_AGAIN)
    chosen = groups[index]
    if sum(length for _, length in chosen) > MAX_COMPRESSED_BYTES:
        raise SquidError("The compressed picture is larger than any image needs.")
    return b"".join(_exactly(source, *fragment) for fragment in chosen), (notice,) if notice else ()


def _group(source: BinaryIO, fragments: _Pieces, table: bytes, frames: int, syntax: str) -> list[_Pieces]:
    if frames == 1:
        return [fragments]
    if len(fragments) == frames:
        return [[fragment] for fragment in fragments]
    origin = fragments[0][0] - 8
    if len(table) == 4 * frames:
        starts = {origin + offset for offset in struct.unpack(f"<{frames}I", table)}
        is_start = [offset - 8 in starts for offset, _ in fragments]
        if sum(is_start) == frames and is_start[0]:
            return _split(fragments, is_start)
    is_start = []
    for offset, length in fragments:
        source.seek(offset)
        is_start.append(starts_frame(source.read(min(12, length)), syntax))
    return _split(fragments, is_start) if is_start[0] else [fragments]


def _split(fragments: _Pieces, is_start: list[bool]) -> list[_Pieces]:
    groups: list[_Pieces] = []
    for fragment, start in zip(fragments, is_start, strict=True):
        if start:
            groups.append([])
        groups[-1].append(fragment)
    return groups


def _exactly(source: BinaryIO, offset: int, length: int) -> bytes:
    source.seek(offset)
    data = source.read(length)
    if len(data) < length:
        raise SquidError("The file ends too early: the picture is cut short.", SEND_AGAIN)
    return data
