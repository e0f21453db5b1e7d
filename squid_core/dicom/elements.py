"""The skeleton of a data set: which elements lie where, found without recursion and within limits.

pydicom reads sequences recursively and inflates whole files, so a hostile header costs it the stack or the
memory. This walk (PS3.5 section 7) steps over element headers with a stack of its own, keeps the raw bytes of
the few elements asked for, and stops at the pixel data, whose place it reports. Values are converted later, by
pydicom, from those raw bytes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from squid_core.contracts import SquidError
from squid_core.dicom.limits import MAX_ELEMENTS, MAX_ITEMS, MAX_NESTING, MAX_SEQUENCE_BYTES, MAX_VALUE_BYTES

LONG_VRS = frozenset(
    ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
)  # PS3.5 7.1.2: 32-bit length
# The VRs with a 16-bit length.
SHORT_VRS = frozenset(
    ("AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM")
) | {"UI", "UL", "US"}
UNDEFINED = 0xFFFFFFFF
PIXEL_DATA = 0x7FE00010
PIXEL_TAGS = frozenset((0x7FE00008, 0x7FE00009, PIXEL_DATA))
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_RECOVERY_SPAN = 72  # bytes looked through for the next element after a broken one

Elements = dict[BaseTag, RawDataElement]


class DamagedError(SquidError):
    """The header contradicts itself or ends too early. `elements` holds what was read before that."""

    def __init__(self, title: str, elements: Elements) -> None:
        super().__init__(title, "Ask for it to be sent again.")
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
class Encoding:
    """How elements are written."""

    implicit: bool
    little: bool

    @property
    def order(self) -> Literal["little", "big"]:
        """As `int.from_bytes` names it."""
        return "little" if self.little else "big"


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
        elements: what was kept.
        pixels: place of the pixel data, once reached.
    """

    source: BinaryIO
    position: int
    size: int
    encoding: Encoding
    wanted: Collection[int]
    only_group: int | None = None
    elements: Elements = field(default_factory=dict)
    pixels: PixelLocation | None = None
    _stack: list[_Level] = field(default_factory=list)
    _items: int = 0

    def run(self) -> Walk:
        """Walk to the pixel data or the end.

        Raises:
            DamagedError: a length runs past the end, or the grammar is broken.
            SquidError: nested deeper or more numerous than the limits allow.
        """
        for _ in range(MAX_ELEMENTS):
            self._close_ended()
            if self.position >= self.size:
                if any(level.end is None for level in self._stack):
                    raise DamagedError("The file ends in the middle of a sequence.", self.elements)
                return self
            self.source.seek(self.position)
            head = self._read(8)
            tag = self._number(head[:2]) << 16 | self._number(head[2:4])
            if tag in (_ITEM, _ITEM_END, _SEQUENCE_END):
                self._delimiter(tag, self._number(head[4:8]))
            elif self._stack and self._stack[-1].kind != "item":
                self._pass_over_opaque()
            elif (not self._stack and self.only_group not in (None, tag >> 16)) or self._element(tag, head):
                return self
        raise SquidError(f"The header holds more than {MAX_ELEMENTS} elements.", "No ordinary image does.")

    def _read(self, length: int) -> bytes:
        raw = self.source.read(length)
        if len(raw) < length:
            raise DamagedError("The file ends in the middle of its header.", self.elements)
        return raw

    def _number(self, raw: bytes) -> int:
        return int.from_bytes(raw, self.encoding.order)

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
            self.source.seek(level.start)
            tag, value = BaseTag(level.keep), self._read(length)
            self.elements[tag] = RawDataElement(
                tag, "SQ", length, value, level.start, level.implicit, self.encoding.little
            )

    def _close_ended(self) -> None:
        while self._stack:
            end = self._stack[-1].end
            if end is None or self.position < end:
                return
            self.position = end
            self._pop(end)

    def _pass_over_opaque(self) -> None:
        """What was announced as a sequence holds no items: step over it where its length is known."""
        end = self._stack[-1].end
        if end is None:
            raise DamagedError("The sequences of the header do not match up.", self.elements)
        self.position = end

    def _delimiter(self, tag: int, length: int) -> None:
        if not self._stack:
            raise DamagedError("A sequence ends where none is open.", self.elements)
        level, before = self._stack[-1], self.position
        self.position += 8
        if tag == _ITEM and level.kind == "fragments":
            self.position = self._end_of(length)
        elif tag == _ITEM and level.kind == "sequence":
            self._items += 1
            if self._items > MAX_ITEMS:
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

    def _element(self, tag: int, head: bytes) -> bool:
        """Step over one element, keeping it where wanted; True when the pixel data are reached."""
        top = not self._stack
        implicit = self.encoding.implicit if top else self._stack[-1].implicit
        vr, length, head_size = self._vr_and_length(tag, head, implicit)
        self.position += head_size
        if top and tag in PIXEL_TAGS:
            self.pixels = PixelLocation(tag, vr, self.position, None if length == UNDEFINED else length)
            return True
        keep = tag if top and tag in self.wanted else None
        if vr == "SQ" or (length == UNDEFINED and vr in ("UN", "")):
            if sum(level.kind == "sequence" for level in self._stack) >= MAX_NESTING:
                raise SquidError(f"The header is nested deeper than {MAX_NESTING} sequences.", "No ordinary image is.")
            end = None if length == UNDEFINED else self._end_of(length)
            inner = implicit or vr != "SQ"  # PS3.5 6.2.2: UN of undefined length is implicit inside
            self._stack.append(_Level("sequence", end, inner, self.position, keep))
        elif length == UNDEFINED:
            self._stack.append(_Level("fragments", None, implicit))
        else:
            end = self._end_of(length)
            if keep is not None and length <= MAX_VALUE_BYTES:
                self.source.seek(self.position)
                key, value = BaseTag(tag), self._read(length)
                self.elements[key] = RawDataElement(
                    key, vr or "UN", length, value, self.position, implicit, self.encoding.little
                )
            self.position = end
        return False

    def _vr_and_length(self, tag: int, head: bytes, implicit: bool) -> tuple[str, int, int]:
        """VR ('' where implicit and unknown), length of the value, and size of the element's head."""
        vr = head[4:6].decode("latin-1")
        if implicit or not ("AA" <= vr <= "ZZ" and vr.isascii() and vr.isalpha()):
            return self._irregular(tag, head, implicit)
        if vr in LONG_VRS:
            return vr, self._number(self._read(4)), 12
        if vr not in SHORT_VRS:
            known = _dictionary_vr(tag)
            vr = known if known in SHORT_VRS else "UN"
        return vr, self._number(head[6:8]), 8

    def _irregular(self, tag: int, head: bytes, implicit: bool) -> tuple[str, int, int]:
        """An element without a VR: right in implicit data; among explicit ones a fault that some writers make.

        Such a stray element is taken as implicit when another follows where it would end, else passed over up to
        the next that makes sense nearby.
        """
        length = self._number(head[4:8])
        follower = self.position + 8 + length
        if implicit or length == UNDEFINED or self._makes_sense(follower, tag):
            return _dictionary_vr(tag), length, 8
        for step in range(8, _RECOVERY_SPAN, 2):
            if self._makes_sense(self.position + step, tag):
                return "UN", step - 8, 8
        return _dictionary_vr(tag), length, 8

    def _makes_sense(self, position: int, after: int) -> bool:
        """Whether an explicit element with a greater tag than `after`, a delimiter or the end lies here."""
        if position >= self.size:
            return position == self.size
        self.source.seek(position)
        head = self.source.read(6)
        tag = self._number(head[:2]) << 16 | self._number(head[2:4])
        return tag > after and (head[4:].decode("latin-1") in SHORT_VRS | LONG_VRS or tag >> 16 == 0xFFFE)


def _dictionary_vr(tag: int) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return ""
