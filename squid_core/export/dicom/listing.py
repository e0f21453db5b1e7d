"""The header of a file, element by element, for a reader's eye. Runs only in a reader child.

Every element knows whether de-identification would leave it as it is: what it would not is not shown while names are
masked. Values of more than `limits.MAX_VALUE_BYTES` are passed over by the walk through a header and are not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydicom.datadict import dictionary_description, dictionary_has_tag, repeater_has_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from squid_core.contracts.header import ElementKind, HeaderLine, HeaderListing
from squid_core.dicom.header.values import CONVERSION_ERRORS
from squid_core.dicom.limits import MAX_LISTED, MAX_NESTING
from squid_core.dicom.opening import EVERYTHING, Parsed, opened
from squid_core.dicom.source import Source
from squid_core.export.dicom.deidentify import deidentified
from squid_core.text import clean_text

SHOWN_VALUES, SHOWN_CHARACTERS = 32, 400  # of one element
_TRANSFER_SYNTAX, _PIXEL_DATA = "(0002,0010)", "Pixel Data"


def list_header(source: Path | Source) -> HeaderListing:
    """All elements of a file's header up to its pixels, which are listed by their size.

    Raises:
        SquidError: the file is no DICOM image, broken, or beyond the limits.
    """
    with opened(source, EVERYTHING) as parsed:
        clean = deidentified(parsed.dataset, "")
        lines = list(islice(_all(parsed, clean), MAX_LISTED + 1))
        return HeaderListing(tuple(lines[:MAX_LISTED]), parsed.identity, len(lines) > MAX_LISTED, parsed.content)


def _all(parsed: Parsed, clean: Dataset) -> Iterator[HeaderLine]:
    syntax = parsed.transfer_syntax
    yield HeaderLine(0, ElementKind.TEXT, _TRANSFER_SYNTAX, "Transfer Syntax UID", "UI", clean_text(syntax))
    yield from _elements(parsed.dataset, clean, 0)
    place = parsed.pixels
    size = parsed.size - place.offset if place.length is None else place.length
    yield HeaderLine(0, ElementKind.BINARY, _tag(BaseTag(place.tag)), _PIXEL_DATA, place.vr, count=size, hidden=False)


def _elements(dataset: Dataset, clean: Dataset | None, depth: int) -> Iterator[HeaderLine]:
    """Lines of a data set beside its de-identified copy; None where nothing of it stays."""
    for tag in sorted(dataset.keys()):
        try:
            element = dataset[tag]
        except CONVERSION_ERRORS:
            yield HeaderLine(depth, ElementKind.UNREADABLE, _tag(tag), _name(tag), hidden=True)
            continue
        kept = clean.get(tag) if clean is not None else None
        if element.VR == "SQ":
            yield from _sequence(element, kept, depth)
        else:
            yield _line(element, depth, hidden=not _same(element, kept))


def _sequence(element: DataElement, kept: DataElement | None, depth: int) -> Iterator[HeaderLine]:
    items = list(element.value or ())
    beside = list(kept.value or ()) if kept is not None and kept.VR == "SQ" else []
    hidden = kept is None
    tag, name = _tag(element.tag), _name(element.tag)
    yield HeaderLine(depth, ElementKind.SEQUENCE, tag, name, "SQ", count=len(items), hidden=hidden)
    if depth >= 2 * MAX_NESTING:
        return
    for number, item in enumerate(items):
        yield HeaderLine(depth + 1, ElementKind.ITEM, count=number + 1, hidden=hidden)
        clean = beside[number] if len(beside) == len(items) else None
        yield from _elements(item, clean, depth + 2)


def _line(element: DataElement, depth: int, *, hidden: bool) -> HeaderLine:
    tag, name, vr = _tag(element.tag), _name(element.tag), str(element.VR)
    if isinstance(element.value, bytes):
        return HeaderLine(depth, ElementKind.BINARY, tag, name, vr, count=len(element.value), hidden=hidden)
    value, count = _said(element.value)
    return HeaderLine(depth, ElementKind.TEXT, tag, name, vr, value, count, hidden)


def _said(value: object) -> tuple[str, int]:
    """A value in one line, and how much there is of one that is cut."""
    if isinstance(value, MultiValue | list | tuple):
        few = "\\".join(clean_text(one, SHOWN_CHARACTERS) for one in value[:SHOWN_VALUES])
        if len(value) > SHOWN_VALUES or len(few) > SHOWN_CHARACTERS:
            return few[:SHOWN_CHARACTERS], len(value)
        return few, 0
    whole = "" if value is None else str(value)
    shown = clean_text(whole, SHOWN_CHARACTERS)
    return shown, len(whole) if len(whole) > SHOWN_CHARACTERS else 0


def _same(element: DataElement, kept: DataElement | None) -> bool:
    """Whether de-identification leaves an element as it is; one that says nothing tells nothing."""
    if element.tag.is_private:
        return False
    try:
        return element.is_empty or (kept is not None and bool(kept.value == element.value))
    except CONVERSION_ERRORS:
        return False


def _tag(tag: BaseTag) -> str:
    return f"({tag.group:04X},{tag.element:04X})"


def _name(tag: BaseTag) -> str:
    """As the dictionary calls it; '' for a private or unknown one: what a file says of its own is not believed."""
    return dictionary_description(tag) if dictionary_has_tag(tag) or repeater_has_tag(tag) else ""
