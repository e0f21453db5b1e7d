"""A data set without its patient, by the Basic Profile of PS3.15 Annex E. Runs only in a reader child.

Which attribute is removed, emptied, replaced by a dummy or given another UID is table E.1-1 as dicom-anonymizer
keeps it (edition 2026c). Its own walk over a data set is not used, because it leaves alone what lies in sequences that
the table does not name, writes the year 1 where a date is to go, and forgets its UIDs at the process's end. Beyond the
profile, text that repeats a name or a number of the patient is removed wherever it stands, and so is what the
dictionary does not know.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dicomanonymizer.simpledicomanonymizer import (
    delete,
    delete_or_empty,
    delete_or_empty_or_replace,
    delete_or_empty_or_replace_UID,
    delete_or_replace,
    empty,
    empty_or_replace,
    initialize_actions,
    replace,
    replace_UID,
)
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from squid_core.contracts.errors import SquidError
from squid_core.dicom.header.values import CONVERSION_ERRORS, text, values
from squid_core.privacy import pseudonym, replaced_uid
from squid_core.text import holds_unreadable

EDITION = "dicomfields_2026c"  # of table E.1-1, as dicom-anonymizer names it
METHOD = "SQUID Viewer: PS3.15 2026c Basic Profile"  # LO: at most 64 characters
_REFUSED = "The picture itself may show the patient's name; de-identifying the header would not hide it."
_PROFILE = ("113100", "DCM", "Basic Application Confidentiality Profile")  # PS3.16 CID 7050
_DATES = ("DA", "DT", "TM")
_TEXTS = ("AE", "LO", "LT", "PN", "SH", "ST", "UC", "UN", "UR", "UT")
_WHO = """
    PatientName PatientID PatientBirthName PatientMotherBirthName OtherPatientNames OtherPatientIDs AccessionNumber
    PatientAddress PatientTelephoneNumbers ReferringPhysicianName PerformingPhysicianName OperatorsName
    NameOfPhysiciansReadingStudy PhysiciansOfRecord RequestingPhysician ResponsiblePerson
"""
_STANDARD_SCHEMES = ("DCM", "SCT", "SRT", "99SDM", "SNM3", "LN", "UCUM", "FMA", "RADLEX", "ACR", "I10", "NCIt")
_MIN_LETTERS, _MIN_DIGITS = 3, 4  # shorter parts of names and numbers occur by chance everywhere
_NUMBER = re.compile(r"\s*[+-]?[0-9.]*(?:[eE][+-]?[0-9]+)?\s*")
_GRAMMAR = {
    "IS": _NUMBER,
    "DS": _NUMBER,
    "UI": re.compile(r"[0-9.]*"),
    "CS": re.compile(r"[A-Z0-9_ /-]*", re.IGNORECASE),
    "AS": re.compile(r"[0-9]{0,3}[DWMY]?"),
}
_PART = re.compile(r"[^\W_]+", re.UNICODE)

Action = Callable[..., Any]


def deidentified(source: Dataset, key: str) -> Dataset:
    """A copy of a data set, without pixels, in which nothing tells whom it is about.

    Args:
        source: as read; its values may be wrong in any way.
        key: a secret; all that is de-identified with the same one still belongs together.

    Returns:
        A data set whose every element could be converted.
    """
    who = _identifying_values(source)
    made = _clean(source, key, who)
    name = pseudonym(key, text(source, "PatientID"), text(source, "PatientName")) or "UNKNOWN"
    made.PatientName, made.PatientID = f"Anonymous^{name}", name
    _state_removed(made)
    return made


def _state_removed(dataset: Dataset) -> None:
    """Say in a data set that, and how, its patient was left out (PS3.15 E.3.1, PS3.3 C.7.1.1 and C.12.1)."""
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = METHOD
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = _PROFILE
    dataset.DeidentificationMethodCodeSequence = Sequence([code])
    dataset.LongitudinalTemporalInformationModified = "REMOVED"


def refuse_burned_in(stated: bool | None, *, insist: bool) -> None:
    """Keep a picture with a name in it from being passed on as de-identified.

    Raises:
        SquidError: the file says so, and the user has not insisted.
    """
    if stated and not insist:
        raise SquidError(_REFUSED, "Cut the text out of the picture first, or confirm that it names nobody.")


def _identifying_values(source: Dataset) -> frozenset[str]:
    """Parts of names and numbers by which a reader would know the patient, in small letters."""
    said = (str(value).casefold() for keyword in _WHO.split() for value in values(source, keyword))
    parts = (part for words in said for part in _PART.findall(words))
    return frozenset(part for part in parts if len(part) >= (_MIN_DIGITS if part.isdecimal() else _MIN_LETTERS))


@cache
def _table() -> tuple[Mapping[int, Action], tuple[tuple[int, int], ...]]:
    """Actions by tag, and what is removed by (value, mask): curves and overlays, of which there are many groups."""
    actions = initialize_actions(EDITION)
    single = {group << 16 | element: action for (group, element, *mask), action in actions.items() if not mask}
    many = tuple((tag[0] << 16 | tag[1], tag[2] << 16 | tag[3]) for tag in actions if len(tag) > 2)
    return single, many


def _clean(source: Dataset, key: str, who: frozenset[str]) -> Dataset:
    single, many = _table()
    made = Dataset()
    # The words of a standard code are the scheme's: a patient called Chest leaves the code for the chest as it is.
    own = frozenset[str]() if text(source, "CodingSchemeDesignator") in _STANDARD_SCHEMES else who
    for tag in sorted(source.keys()):
        if not _is_known(tag) or any(tag & mask == value & mask for value, mask in many):
            continue
        try:
            element = copy.deepcopy(source[tag])
        except CONVERSION_ERRORS:
            continue
        kept = _cleaned(element, single.get(int(tag)), key, who if element.VR == "SQ" else own)
        if kept is not None:
            made[tag] = kept
    return made


def _is_known(tag: BaseTag) -> bool:
    """Whether the dictionary says what it is; private and command elements, group lengths and padding go.

    All of an overlay goes with its data: what is left of it would announce a plane that is not there.
    """
    return (
        not tag.is_private
        and not 0x6000 <= tag.group <= 0x60FF
        and 0x0008 <= tag.group < 0xFFFA
        and tag.element != 0
        and (dictionary_has_tag(tag) or repeater_has_tag(tag))
    )


def _cleaned(element: DataElement, action: Action | None, key: str, who: frozenset[str]) -> DataElement | None:
    """The element as it may stay; None where it may not."""
    if element.VR == "SQ":
        return _cleaned_sequence(element, action, key, who)
    if action is replace_UID:
        return _with_other_uids(element, key)
    if action in (delete, delete_or_empty_or_replace_UID):
        return None
    if action in (delete_or_replace, delete_or_empty_or_replace) and element.VR in _DATES:
        return None  # type 3 in every kind of radiograph
    if action in (empty, delete_or_empty) or (action is empty_or_replace and element.VR in _DATES):
        element.value = None
        return element
    if action in (replace, empty_or_replace, delete_or_replace, delete_or_empty_or_replace):
        return _dummy(element)
    if element.VR in ("UN", *_DATES) or not _well_formed(element):
        return None
    return None if element.VR in _TEXTS and _names(element, who) else element


def _cleaned_sequence(element: DataElement, action: Action | None, key: str, who: frozenset[str]) -> DataElement | None:
    if action is None or action is delete_or_empty_or_replace_UID:  # references stay, with the new UIDs
        element.value = Sequence([_clean(item, key, who) for item in element.value])
        return element
    if action in (empty, delete_or_empty):
        element.value = Sequence()
        return element
    return None


def _with_other_uids(element: DataElement, key: str) -> DataElement:
    stated = element.value
    if isinstance(stated, MultiValue):
        element.value = [replaced_uid(key, str(uid)) for uid in stated]
    elif stated:
        element.value = replaced_uid(key, str(stated))
    return element


def _dummy(element: DataElement) -> DataElement | None:
    holder = Dataset()
    holder[element.tag] = element
    try:
        replace(holder, element.tag)
    except NotImplementedError:
        return None
    return holder[element.tag]


def _well_formed(element: DataElement) -> bool:
    """Whether numbers, codes and UIDs look it: pydicom lets any text through where a number should stand."""
    grammar = _GRAMMAR.get(element.VR)
    if grammar is None or element.value is None:
        return True
    stated = element.value if isinstance(element.value, MultiValue) else [element.value]
    return all(grammar.fullmatch(str(value)) for value in stated)


def _names(element: DataElement, who: frozenset[str]) -> bool:
    """Whether text repeats a name or number, or may do so: nobody can read it."""
    said = element.value.decode("latin-1") if isinstance(element.value, bytes) else str(element.value)
    return holds_unreadable(said) or not who.isdisjoint(_PART.findall(said.casefold()))
