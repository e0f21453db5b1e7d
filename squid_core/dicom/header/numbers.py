"""Numbers of named elements, read where their meaning is beyond doubt, however they are written (PS3.5 6.2).

Files write a decimal comma, blanks inside a number, and values in another VR than the standard's: whole numbers with
a fraction, text for binary and the reverse, OB. What may mean two things ("1,234") is no number here.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset

from squid_core.dicom.header.values import tag_of

_BINARY = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q", "FL": "f", "FD": "d"}
_OPAQUE = frozenset(("UN", "OB", "OW", "OF", "OD", "OL", "OV", ""))
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
_THOUSAND_OR_FRACTION = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_GROUPED = (re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d*"), re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d*"))
_BLANKS = re.compile(r"(?<=[+\-.,eE])\s+|\s+(?=[.,eE])")


def numbers(dataset: Dataset, keyword: str, notices: list[str] | None = None) -> list[float]:
    """All values of an element as numbers; nan for what is none, [] where absent or empty.

    Args:
        dataset: whose elements are raw or converted.
        keyword: of the element.
        notices: gets a line where it is not written as the standard says and read all the same.
    """
    tag = tag_of(keyword)
    element: Any = None if tag is None else dataset.get_item(tag)  # typed without its raw elements
    if element is None:
        return []
    little = getattr(element, "is_little_endian", True)
    found, regular = _read(element.value, element.VR or "", _standard(keyword), little)
    if notices is not None and not regular and found and all(map(math.isfinite, found)):
        read = ", ".join(f"{number:.12g}" for number in found)
        notices.append(f"The header's {keyword} is not written as the standard says; it is read as {read}.")
    return found


def _read(value: object, vr: str, standard: str, little: bool) -> tuple[list[float], bool]:
    """The numbers of a value, and whether it is written as the standard says."""
    named = vr in ("", "UN", standard, *standard.split(" or "))  # PS3.5 6.2.2: who does not know a VR writes UN
    if isinstance(value, bytes):
        binary = _binary(value, vr, standard, little)
        if binary is not None:
            return binary, named
        value = value.decode("latin-1").split("\\")
    listed = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    parts = ["" if part is None else str(part).strip(" \0") for part in listed]
    if not any(parts):
        return [], True
    whole = standard != "IS" or all(part.lstrip("+-").isdecimal() for part in parts)
    return [_number(part) for part in parts], named and whole and all(map(_PLAIN.fullmatch, parts))


def _binary(value: bytes, vr: str, standard: str, little: bool) -> list[float] | None:
    """Numbers of a binary value; None where it is text."""
    first, *_ = standard.split(" or ")
    if vr in _OPAQUE or (vr == "SS" and standard == "US") or vr == standard:
        vr = first
    if vr not in _BINARY:
        return None
    code = ("<" if little else ">") + _BINARY[vr]
    if len(value) % struct.calcsize(code):
        return [math.nan]
    return [float(number) for (number,) in struct.iter_unpack(code, value)]


def _number(part: str) -> float:
    part = _BLANKS.sub("", part.strip())
    if _GROUPED[0].fullmatch(part):
        part = part.replace(",", "")
    elif _GROUPED[1].fullmatch(part):
        part = part.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(part) and not _THOUSAND_OR_FRACTION.fullmatch(part):
        part = part.replace(",", ".")
    return float(part) if _PLAIN.fullmatch(part) else math.nan


@cache
def _standard(keyword: str) -> str:
    """The VR of the standard's, "US or SS" where it has two."""
    tag = tag_of(keyword)
    return "" if tag is None else dictionary_VR(tag)
