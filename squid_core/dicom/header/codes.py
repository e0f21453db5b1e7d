"""Coded concepts (PS3.3 section 8): what a code means is its value and its scheme, in the standard's own English.

The code meaning that a file gives is for people and may be in any language. Source of the table: PS3.16, as pydicom
carries it (8 152 concepts of SNOMED CT with their SNOMED RT values, and those of other schemes), so CID 4009 and 4031
(parts of the body), 4010 (views), 4011 (their modifiers), 19 and 20 (positions of the patient) are all in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydicom.dataset import Dataset

from squid_core.dicom.header.values import sequence_items, text

# SNOMED RT took over the values of SNOMED 3; both came under several names (PS3.16 section 8).
_SNOMED_RT = frozenset(("SRT", "SNM3", "99SDM", "SNOMED-RT", "SNOMED RT", "SNM"))
_SNOMED_CT = frozenset(("SCT", "SNOMED-CT", "SNOMED CT", "SNOMED", "2.16.840.1.113883.6.96"))
# Values that CID 4010 and 19 had when they were written in SNOMED 3 and RT, and that have no successor in the table.
_RETIRED = {
    "R-10214": "postero-anterior",
    "R-10218": "right anterior oblique",
    "R-10222": "sagittal",
    "F-10440": "erect",
}
_VALUES = ("CodeValue", "LongCodeValue", "URNCodeValue")


def known_meaning(item: Dataset) -> str:
    """The standard's own words for a coded concept or an equivalent that its item gives; '' where none is known."""
    for coded in (item, *sequence_items(item, "EquivalentCodeSequence")):
        value = next(filter(None, (text(coded, keyword) for keyword in _VALUES)), "")
        scheme = text(coded, "CodingSchemeDesignator").upper()
        if value and (meaning := meaning_of(value, scheme)):
            return meaning
    return ""


def meaning_of(value: str, scheme: str) -> str:
    """The standard's own words for a code, all of its synonyms together; '' where it is not known.

    A SNOMED value without a scheme is unmistakable; under another scheme's name it may be anything.
    """
    if scheme in _SNOMED_RT or not scheme:
        if value in _RETIRED:
            return _RETIRED[value]
        if value in (successors := _successors()):
            value, scheme = successors[value], "SCT"
    return _meanings("SCT" if scheme in _SNOMED_CT or not scheme else scheme).get(value, "")


@cache
def _successors() -> Mapping[str, str]:
    """Values of SNOMED RT -> those of SNOMED CT."""
    from pydicom.sr._snomed_dict import mapping  # slow to load, and few files need it

    return mapping["SRT"]


@cache
def _meanings(scheme: str) -> dict[str, str]:
    """Values of one scheme -> words."""
    from pydicom.sr._concepts_dict import concepts  # its public door takes 0.7 s to walk through

    by_keyword: Any = concepts.get(scheme, {})
    found: dict[str, str] = {}
    for coded in by_keyword.values():
        for value, (meaning, _) in coded.items():
            found[value] = f"{found[value]}, {meaning}" if value in found else meaning
    return found
