"""Values that need no decoder: ASCII text and short numbers, straight from the raw bytes.

Most of what a listing reads is of this kind, and pydicom takes many times as long over it. Whatever is not plain
is left to pydicom, so that both always agree.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from squid_core.dicom.header.elements import base_tag

_TEXT_VRS = frozenset(("AS", "CS", "DA", "LO", "PN", "SH", "TM", "UI"))
_PADDING = " \0"
_ESCAPE = b"\x1b"  # announces another character set (PS3.5 6.1.2.5)


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
    if raw.VR in _TEXT_VRS:
        if not value.isascii() or _ESCAPE in value:
            return None
        text = value.decode("ascii").rstrip(_PADDING)
        if "\\" not in text:
            text = text.rstrip("=") if raw.VR == "PN" else text
            return [text] if text else []
        strip = {"LO": _PADDING, "SH": _PADDING, "PN": "="}.get(raw.VR, "")
        return [part.rstrip(strip) if strip else part for part in text.split("\\")]
    if raw.VR == "US" and len(value) == 2:
        return [int.from_bytes(value, "little" if raw.is_little_endian else "big")]
    return None
