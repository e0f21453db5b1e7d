"""The elements of a file's header, as a reader lists them for the eye: bounded, plain text, no bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from squid_core.contracts.radiograph import NOT_READ, Content, Identity


class ElementKind(StrEnum):
    """What an element holds."""

    TEXT = "text"  # whatever can be said in a line
    BINARY = "binary"
    SEQUENCE = "sequence"
    ITEM = "item"  # of a sequence
    UNREADABLE = "unreadable"  # its bytes make no value of its kind


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One element, or one item of a sequence. Identifying: see `hidden`.

    Attributes:
        depth: 0 for what lies in no sequence; an item is one deeper than its sequence, its elements two.
        tag: "(0010,0010)"; '' for an item.
        name: as the standard calls it, "Patient's Name"; '' where the dictionary does not know.
        vr: value representation, such as "PN".
        value: of a TEXT, one clean line, cut where it is long.
        count: bytes of a BINARY or UNREADABLE, items of a SEQUENCE, number of an ITEM from 1; of a TEXT that was cut
            how many values or characters there are, else 0.
        hidden: a de-identified copy would not have it, or not as it is: it may tell who the patient is.
    """

    depth: int
    kind: ElementKind
    tag: str = ""
    name: str = ""
    vr: str = ""
    value: str = ""
    count: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class HeaderListing:
    """All of a header.

    Attributes:
        lines: in the order of the file, at most `squid_core.dicom.limits.MAX_LISTED`.
        cut: there are more.
        identity, content: which image was read.
    """

    lines: tuple[HeaderLine, ...]
    identity: Identity
    cut: bool = False
    content: Content = NOT_READ
