"""Values of named elements, read leniently.

ASCII text and short numbers need no decoder and are taken straight from the raw bytes: most of what a listing reads is
of this kind, and pydicom takes many times as long over it. Whatever is not plain is left to pydicom, so that both
always agree.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.tag import BaseTag

from squid_core.dicom.header.elements import base_tag
from squid_core.text import clean_text

# What pydicom raises when a value cannot be converted from its bytes.
CONVERSION_ERRORS = (
    *(ValueError, TypeError, AttributeError, LookupError, NotImplementedError, OverflowError),
    BytesLengthException,
)

_PLAIN_VRS = frozenset(("AS", "CS", "DA", "LO", "PN", "SH", "TM", "UI"))
TEXT_VRS = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))  # of Specific Character Set (PS3.3 C.12.1.1.2)
_UID = re.compile(r"[0-9][0-9.]{0,63}")
_PADDING = " \0"
_ESCAPE = b"\x1b"  # announces another character set (PS3.5 6.1.2.5)


def values(dataset: Dataset, keyword: str) -> list[object]:
    """All values of an element as a list; [] where absent, empty or not convertible."""
    try:
        if (plain := plain_values(dataset, keyword)) is not None:
            return plain
        value = dataset.get(keyword)
    except CONVERSION_ERRORS:
        return []
    if value is None or value == "":
        return []
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__") or hasattr(value, "family_name"):
        return [value]
    return list(value)


def sequence_items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Items of a sequence, [] where absent or unreadable."""
    return [item for item in values(dataset, keyword) if isinstance(item, Dataset)]


def text(dataset: Dataset, keyword: str) -> str:
    """First value of an element as clean text, '' where absent."""
    found = values(dataset, keyword)
    first = found[0] if found else ""
    return clean_text(first.decode("latin-1") if isinstance(first, bytes) else first).strip()


def date_of(stated: str) -> date | None:
    """A day, also as written before 1993, with dots, and with a time behind it; None where it is none."""
    digits = stated.replace(".", "").replace("-", "")
    if len(digits) < 8 or not digits[:8].isdecimal():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def sex_of(stated: str) -> str:
    """M, F, O, or ''."""
    first = stated[:1].upper()
    return first if first in ("M", "F", "O") else ""


def is_uid(stated: str) -> bool:
    """Whether it can be a UID (PS3.5 9.1); components that begin with 0 are let through."""
    return _UID.fullmatch(stated) is not None


@cache
def tag_of(keyword: str) -> BaseTag | None:
    """The tag of a keyword of the standard's."""
    tag = tag_for_keyword(keyword)
    return None if tag is None else base_tag(tag)


def plain_values(dataset: Dataset, keyword: str) -> list[object] | None:
    """All values of an element: [] where absent or empty; None where pydicom has to convert them."""
    tag = tag_of(keyword)
    if tag is None:
        return None
    raw: Any = dataset.get_item(tag)  # typed without its raw elements
    if raw is None:
        return []
    if type(raw) is not RawDataElement:
        return None
    value = raw.value
    if not value:
        return []
    if raw.VR in _PLAIN_VRS:
        if not value.isascii() or _ESCAPE in value:
            return None
        text = value.decode("ascii").rstrip(_PADDING)
        if raw.VR == "UI":
            text = "\\".join(map(str.strip, text.split("\\")))
        if "\\" not in text:
            text = text.rstrip("=") if raw.VR == "PN" else text
            return [text] if text else []
        strip = {"LO": _PADDING, "SH": _PADDING, "PN": "="}.get(raw.VR, "")
        return [part.rstrip(strip) if strip else part for part in text.split("\\")]
    if raw.VR == "US" and len(value) == 2:
        return [int.from_bytes(value, "little" if raw.is_little_endian else "big")]
    return None
