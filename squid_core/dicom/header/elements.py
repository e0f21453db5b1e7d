"""The skeleton of a data set: which elements lie where, found without recursion and within limits.

pydicom reads sequences recursively and inflates whole files, so a hostile header costs it the stack or the
memory. This walk (PS3.5 section 7) steps over element headers with a stack of its own, keeps the raw bytes of
the few elements asked for, and stops at the pixel data, whose place it reports. Values are converted later, by
pydicom, from those raw bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import BinaryIO, Literal

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN
from squid_core.dicom.limits import (
    MAX_ELEMENTS,
    MAX_ITEMS,
    MAX_NESTING,
    MAX_OVERLAY_BYTES,
    MAX_SEQUENCE_BYTES,
    MAX_VALUE_BYTES,
)

LONG_VRS = frozenset(
    ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
)  # PS3.5 7.1.2: 32-bit length
# The VRs with a 16-bit length.
SHORT_VRS = frozenset(
    ("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM")
) | {"UI", "UL", "US"}
_EXPLICIT_VRS = {vr.encode("ascii"): vr for vr in SHORT_VRS | LONG_VRS}
UNDEFINED = 0xFFFFFFFF
PIXEL_DATA = 0x7FE00010
PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, PIXEL_DATA))
_DELIMITERS = _ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_BLOCK = 1 << 14  # bytes read at once: the header of an ordinary image
_HEAD_BYTES = 8
_HEADS = {True: struct.Struct("<HH2sH"), False: struct.Struct(">HH2sH")}  # group, element, VR, length; by little endian
_LENGTHS = {True: struct.Struct("<I"), False: struct.Struct(">I")}
_RECOVERY_SPAN = 72  # bytes looked through for the next element after a broken one

Elements = dict[BaseTag, RawDataElement]


class DamagedError(SquidError):
    """The header contradicts itself or ends too early. `elements` holds what was read before that."""

    def __init__(self, title: str, elements: Elements) -> None:
        super().__init__(title, SEND_AGAIN)
        self.elements = elements

    def __reduce__(self) -> tuple[type[SquidError], tuple[str, str, str]]:
        """It leaves its process as a plain sentence: what was read of the file stays behind."""
        return SquidError, (self.title, self.advice, self.detail)


@dataclass(frozen=True, slots=True)
class PixelLocation:
    """Where the pixel data lie.

    Attributes:
        tag: (7FE0,0010), or the float forms (7FE0,0008) and (7FE0,0009).
        offset: of the value, from the start of the source.
        length: bytes; None where undefined (encapsulated).
    """

    tag: int
    vr: str
    offset: int
    length: int | None


@dataclass(frozen=True, slots=True)
class ElementEncoding:
    """How elements are written."""

    implicit: bool
    little: bool


@dataclass(slots=True)
class _Level:
    """An open sequence, item or run of fragments; `end` is None where its length is undefined.

    `keep` is the tag under which a top-level sequence's bytes, from `start`, are kept.
    """

    kind: Literal["sequence", "item", "fragments"]
    end: int | None
    implicit: bool
    start: int = 0
    keep: int | None = None


@dataclass(slots=True)
class Walk:
    """One walk over a data set.

    Attributes:
        source: seekable bytes; offsets are from its start.
        position: where the next element begins; where the walk stopped, in the end.
        size: offset of the source's end.
        wanted: top-level tags whose values are kept.
        only_group: stop before the first top-level element of another group (0002 for the meta header).
        most_elements, most_items: the limits on their numbers.
        elements: what was kept.
        pixels: place of the pixel data, once reached.
    """

    source: BinaryIO
    position: int
    size: int
    encoding: ElementEncoding
    wanted: Collection[int]
    only_group: int | None = None
    most_elements: int = MAX_ELEMENTS
    most_items: int = MAX_ITEMS
    elements: Elements = field(default_factory=dict)
    pixels: PixelLocation | None = None
    _stack: list[_Level] = field(default_factory=list)
    _items: int = 0
    _block: bytes = b""  # of the source, from `_start`
    _start: int = 0

    def run(self) -> Walk:
        """Walk to the pixel data or the end.

        Raises:
            DamagedError: a length runs past the end, or the grammar is broken.
            SquidError: nested deeper or more numerous than the limits allow.
        """
        unpack = _HEADS[self.encoding.little].unpack_from
        for _ in range(self.most_elements):
            while self._stack and (end := self._stack[-1].end) is not None and self.position >= end:
                self.position = end
                self._pop(end)
            if self.position >= self.size:
                if any(level.end is None for level in self._stack):
                    raise DamagedError("The file ends in the middle of a sequence.", self.elements)
                return self
            offset = self._offset(self.position, _HEAD_BYTES)
            group, number, vr, length = unpack(self._block, offset)
            if group == _ITEM >> 16 and (group << 16 | number) in _DELIMITERS:
                self._delimiter(group << 16 | number, self._long(offset + 4))
            elif self._stack and self._stack[-1].kind != "item":
                self._pass_over_opaque()
            elif (not self._stack and self.only_group not in (None, group)) or self._element(
                group << 16 | number, vr, length, offset
            ):
                return self
        raise SquidError(f"The header holds more than {MAX_ELEMENTS} elements.", "No ordinary image does.")

    def _offset(self, position: int, length: int) -> int:
        """Where in `_block` the `length` bytes from `position` begin; it is read anew where they are not in it."""
        offset = position - self._start
        if offset < 0 or offset + length > len(self._block):
            self.source.seek(position)
            self._block, self._start, offset = self.source.read(max(length, _BLOCK)), position, 0
            if len(self._block) < length:
                raise DamagedError("The file ends in the middle of its header.", self.elements)
        return offset

    def _long(self, offset: int) -> int:
        """The four bytes at `offset` in `_block` as a number."""
        number: int = _LENGTHS[self.encoding.little].unpack_from(self._block, offset)[0]
        return number

    def _end_of(self, length: int) -> int:
        """The end of a value of `length` bytes from here, when it lies within the file."""
        if length > self.size - self.position:
            raise DamagedError("The file ends too early: its header promises more than it holds.", self.elements)
        return self.position + length

    def _pop(self, content_end: int) -> None:
        """Close the innermost level; `content_end` is where its content ends."""
        level = self._stack.pop()
        length = content_end - level.start
        if level.keep is not None and length <= MAX_SEQUENCE_BYTES:
            self._keep(level.keep, "SQ", level.start, length, level.implicit)

    def _wants(self, tag: int) -> bool:
        """Whether the value of an element here is kept."""
        return not self._stack and tag in self.wanted

    def _keep(self, tag: int, vr: str, start: int, length: int, implicit: bool) -> None:
        key, offset = base_tag(tag), self._offset(start, length)
        value = self._block[offset : offset + length]
        self.elements[key] = RawDataElement(key, vr, length, value, start, implicit, self.encoding.little)

    def _pass_over_opaque(self) -> None:
        """What was announced as a sequence holds no items: step over it where its length is known."""
        end = self._stack[-1].end
        if end is None:
            raise DamagedError("The sequences of the header do not match up.", self.elements)
        self.position = end

    def _delimiter(self, tag: int, length: int) -> None:
        level, before = self._stack[-1] if self._stack else None, self.position
        self.position += 8
        if tag != _ITEM and self._is_stray(tag):
            return
        if level is None:
            raise DamagedError("An item of a sequence lies where no sequence is open.", self.elements)
        if tag == _ITEM and level.kind == "fragments":
            self.position = self._end_of(length)
        elif tag == _ITEM and level.kind == "sequence":
            self._items += 1
            if self._items > self.most_items:
                raise SquidError(f"The header holds more than {MAX_ITEMS} sequence items.", "No ordinary image does.")
            end = None if length == UNDEFINED else self._end_of(length)
            self._stack.append(_Level("item", end, level.implicit))
        elif tag == _ITEM_END and level.kind == "item":
            self._pop(before)
        elif tag == _SEQUENCE_END:
            if level.kind == "item":  # an item that forgot its own delimiter: the sequence's closes both
                self._pop(before)
            if self._stack:
                self._pop(before)
        else:
            raise DamagedError("The sequences of the header do not match up.", self.elements)

    def _is_stray(self, tag: int) -> bool:
        """Whether a delimiter ends what has ended already, or ends by its length: it is stepped over (PS3.5 7.5)."""
        if not self._stack:
            return True
        level = self._stack[-1]
        return level.kind != "item" if tag == _ITEM_END else level.kind == "item" and level.end is not None

    def _element(self, tag: int, code: bytes, length: int, offset: int) -> bool:
        """Step over one element, keeping it where wanted; True when the pixel data are reached.

        Args:
            tag: of the element.
            code: where the VR of an explicit element is.
            length: where the length of a short explicit element is.
            offset: of the element in `_block`.
        """
        top = not self._stack
        implicit = self.encoding.implicit if top else self._stack[-1].implicit
        vr, head_size = _EXPLICIT_VRS.get(code, ""), _HEAD_BYTES
        if implicit or not vr:
            vr, length, head_size = self._irregular(tag, code, length, implicit)
        elif vr in LONG_VRS:
            length, head_size = self._long(self._offset(self.position + 8, 4)), 12
        start = self.position = self.position + head_size
        if top and tag in PIXEL_TAGS:
            self.pixels = PixelLocation(tag, vr, start, None if length == UNDEFINED else length)
            return True
        keep = tag if self._wants(tag) else None
        if vr == "SQ" or (length == UNDEFINED and vr in ("UN", "")):
            if sum(level.kind == "sequence" for level in self._stack) >= MAX_NESTING:
                raise SquidError(f"The header is nested deeper than {MAX_NESTING} sequences.", "No ordinary image is.")
            end = None if length == UNDEFINED else self._end_of(length)
            inner = implicit or vr != "SQ"  # PS3.5 6.2.2: UN of undefined length is implicit inside
            self._stack.append(_Level("sequence", end, inner, start, keep))
        elif length == UNDEFINED:
            self._stack.append(_Level("fragments", None, implicit))
        else:
            end = self._end_of(length)
            if keep is not None and length <= (MAX_OVERLAY_BYTES if _is_overlay(tag) else MAX_VALUE_BYTES):
                self._keep(tag, vr or "UN", start, length, implicit)
            self.position = end
        return False

    def _irregular(self, tag: int, code: bytes, short: int, implicit: bool) -> tuple[str, int, int]:
        """VR ('' where unknown), length and head of an element whose VR is none of the standard's.

        Right in implicit data. Among explicit ones it is a VR yet unknown, or a fault that some writers make: a stray
        element without VR is taken as implicit when another follows where it would end, else passed over up to
        the next that makes sense nearby.
        """
        if not implicit and code.isalpha() and code.isupper():
            known = _dictionary_vr(tag)
            return (known if known in SHORT_VRS else "UN"), short, _HEAD_BYTES
        length = self._long(self._offset(self.position + 4, 4))
        follower = self.position + 8 + length
        if implicit or length == UNDEFINED or self._makes_sense(follower, tag):
            return _dictionary_vr(tag), length, _HEAD_BYTES
        for step in range(8, _RECOVERY_SPAN, 2):
            if self._makes_sense(self.position + step, tag):
                return "UN", step - 8, _HEAD_BYTES
        return _dictionary_vr(tag), length, _HEAD_BYTES

    def _makes_sense(self, position: int, after: int) -> bool:
        """Whether an explicit element with a greater tag than `after`, a delimiter or the end lies here."""
        if position >= self.size:
            return position == self.size
        if position + _HEAD_BYTES > self.size:
            return False
        group, number, code, _ = _HEADS[self.encoding.little].unpack_from(
            self._block, self._offset(position, _HEAD_BYTES)
        )
        return (group << 16 | number) > after and (code in _EXPLICIT_VRS or group == _ITEM >> 16)


@cache
def base_tag(tag: int) -> BaseTag:
    """Pydicom's form of a tag, always the same object, which makes it quick to look up."""
    return BaseTag(tag)


def _is_overlay(tag: int) -> bool:
    """Whether it is Overlay Data (60xx,3000)."""
    return tag & 0xFF00FFFF == 0x60003000


@lru_cache(maxsize=4096)
def _dictionary_vr(tag: int) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return ""
