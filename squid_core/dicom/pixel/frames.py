"""One frame's bytes out of the pixel data element: only they are read, not the file.

Encapsulated pixel data (PS3.5 annex A.4) are a run of fragments. Which belong to a frame is told by counting,
by the basic offset table, or by where streams begin, in this order of trust.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.header.elements import PixelLocation
from squid_core.dicom.header.image_module import ImageHeader
from squid_core.dicom.limits import MAX_COMPRESSED_BYTES, MAX_FRAGMENTS
from squid_core.dicom.pixel.streams import starts_frame

_ITEM, _SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame's bytes, with notices on what surrounds them."""

    data: bytes
    notices: tuple[str, ...] = ()


def native_frame(
    source: BinaryIO, size: int, place: PixelLocation, header: ImageHeader, index: int, *, little: bool = True
) -> Frame:
    """Bytes of an uncompressed frame; 8-bit data in big endian words (OW) are put into order (PS3.5 8.1.1).

    Raises:
        SquidError: the element is shorter than the header says, or runs past the end of the file.
    """
    if place.length is None:
        raise SquidError("The picture is said to be uncompressed and is not.", SEND_AGAIN)
    expected = (header.native_bits * header.frames + 7) // 8
    if place.length == 0:
        raise SquidError("The picture is empty.", SEND_AGAIN)
    missing_padding = expected % 2  # some writers forget the byte that makes the length even
    if place.length < expected or place.offset + place.length > size + missing_padding:
        raise SquidError("The picture is cut short: it holds fewer pixels than its header says.", SEND_AGAIN)
    too_long = place.length > expected + 1
    notices = ("The file holds more bytes than its picture needs; the first are shown.",) if too_long else ()
    first_bit = header.native_bits * index
    if first_bit % 8:
        raise SquidError("Images whose frames share a byte are not read.")
    first, length = first_bit // 8, (header.native_bits + 7) // 8
    if not little and place.vr == "OW" and header.bits_allocated == 8:
        even, stop = first - first % 2, first + length + (first + length) % 2
        words = bytearray(_exactly(source, place.offset + even, stop - even))
        words[::2], words[1::2] = words[1::2], words[::2]
        return Frame(bytes(words[first - even : first - even + length]), notices)
    return Frame(_exactly(source, place.offset + first, length), notices)


def fragments_of(source: BinaryIO, size: int, place: PixelLocation) -> tuple[list[tuple[int, int]], bytes, bool]:
    """(offset, length) of each fragment, the basic offset table, and whether the run ends properly.

    Raises:
        SquidError: there is no run of fragments.
    """
    end = size if place.length is None else min(size, place.offset + place.length)
    found: list[tuple[int, int]] = []
    position, whole = place.offset, False
    while position + 8 <= end:
        source.seek(position)
        head = source.read(8)
        if head[:4] == _SEQUENCE_END:
            whole = True
            break
        length = int.from_bytes(head[4:], "little")
        if head[:4] != _ITEM or position + 8 + length > end:
            break
        found.append((position + 8, length))
        position += 8 + length
        if len(found) > MAX_FRAGMENTS:
            raise SquidError(f"The picture is cut into more than {MAX_FRAGMENTS} pieces.")
    if not found:
        raise SquidError("The compressed picture is missing or damaged.", SEND_AGAIN)
    table_offset, table_length = found[0]
    table = _exactly(source, table_offset, min(table_length, 4 * MAX_FRAGMENTS))
    return found[1:], table, whole or place.length is not None


def encapsulated_frame(
    source: BinaryIO, size: int, place: PixelLocation, header: ImageHeader, syntax: str, index: int
) -> Frame:
    """Bytes of a compressed frame.

    Raises:
        SquidError: it is missing, cut short, or cannot be told from its neighbours.
    """
    fragments, table, whole = fragments_of(source, size, place)
    if not any(length for _, length in fragments):
        raise SquidError("The picture is empty.", SEND_AGAIN)
    groups = _group(source, fragments, table, header.frames, syntax)
    if len(groups) > header.frames or (len(groups) < header.frames and whole):
        raise SquidError("The file holds fewer images than its header says, or they cannot be told apart.", SEND_AGAIN)
    if index >= len(groups) or (not whole and index == len(groups) - 1 and header.frames > len(groups)):
        raise SquidError("The file ends too early: this image is cut short.", SEND_AGAIN)
    notices = () if whole else ("The file ends too early; what follows the image is missing.",)
    chosen = groups[index]
    if sum(length for _, length in chosen) > MAX_COMPRESSED_BYTES:
        raise SquidError("The compressed picture is larger than any image needs.")
    return Frame(b"".join(_exactly(source, *fragment) for fragment in chosen), notices)


def _group(
    source: BinaryIO, fragments: list[tuple[int, int]], table: bytes, frames: int, syntax: str
) -> list[list[tuple[int, int]]]:
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


def _split(fragments: list[tuple[int, int]], is_start: list[bool]) -> list[list[tuple[int, int]]]:
    groups: list[list[tuple[int, int]]] = []
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
