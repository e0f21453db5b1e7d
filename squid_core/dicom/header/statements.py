"""What a header says of view and part of the body: by code, by defined term, and in free text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydicom.charset import decode_bytes
from pydicom.dataset import Dataset

from squid_core.dicom.header.codes import known_meaning
from squid_core.dicom.header.values import CONVERSION_ERRORS, sequence_items, text, values
from squid_core.dicom.header.wording import Wording, wording
from squid_core.text import clean_text

_IMAGE_TEXTS = ("SeriesDescription", "ProtocolName", "AcquisitionProtocolName")
_LOOSE_TEXTS = ("AcquisitionDeviceProcessingDescription", "ImageComments")  # names of a maker's own, and remarks
_IMAGE_CODES = ("SeriesDescriptionCodeSequence", "PerformedProtocolCodeSequence")
_STUDY_TEXTS = (
    "StudyDescription",
    "RequestedProcedureDescription",
    "PerformedProcedureStepDescription",
)
_STUDY_CODES = ("ProcedureCodeSequence", "RequestedProcedureCodeSequence")
_REQUEST_TEXTS = ("RequestedProcedureDescription", "ScheduledProcedureStepDescription")
_REQUEST_CODES = ("RequestedProcedureCodeSequence", "ScheduledProtocolCodeSequence")
_VIEW_CONCEPTS = frozenset(("111031", "111032"))  # Image View and Image View Modifier (DCM), in an acquisition context


@dataclass(frozen=True, slots=True)
class Statements:
    """What a header says, read in words.

    Attributes:
        parts: of the body, one for each attribute or code that names one.
        views: likewise.
        position: of the patient, by code.
        image: what describes the image or its series in free text; remarks in it need not be understood.
        study: what describes the whole study or what was asked for.
    """

    parts: tuple[Wording, ...]
    views: tuple[Wording, ...]
    position: Wording
    image: Wording
    study: Wording


def statements(dataset: Dataset) -> Statements:
    """Read all that a header says of view and part of the body; nothing in it can make this fail."""
    positions = sequence_items(dataset, "PatientOrientationCodeSequence")
    requests = sequence_items(dataset, "RequestAttributesSequence")
    described = wording([*_texts(dataset, _IMAGE_TEXTS), *_meanings(dataset, _IMAGE_CODES)])
    loose = wording(_texts(dataset, _LOOSE_TEXTS))
    return Statements(
        parts=_stated([stated_text(dataset, "BodyPartExamined")], *_coded(dataset, "AnatomicRegionSequence")),
        views=_stated(
            [stated_text(dataset, "ViewPosition")],
            *_coded(dataset, "ViewCodeSequence", "ViewModifierCodeSequence"),
            *_acquired(dataset),
        ),
        position=wording(
            word
            for item in positions
            for word in (_meaning(item), *_meanings(item, ("PatientOrientationModifierCodeSequence",)))
        ),
        image=Wording(described.notions | loose.notions, described.unread),
        study=wording(
            [
                *_texts(dataset, _STUDY_TEXTS),
                *_meanings(dataset, _STUDY_CODES),
                *(word for item in requests for word in _texts(item, _REQUEST_TEXTS)),
                *(word for item in requests for word in _meanings(item, _REQUEST_CODES)),
            ]
        ),
    )


def stated_text(dataset: Dataset, keyword: str) -> str:
    """First value of a code string (CS) as clean text in capitals, '' where absent.

    Deviation: a code string is ASCII (PS3.5 6.2); one in the characters of the file's own set is read as it is meant.
    """
    first = next(iter(_texts(dataset, (keyword,))), "")
    named = dataset.original_character_set
    if not first.isascii() and not isinstance(named, str):
        try:
            first = decode_bytes(first.encode("latin-1"), list(named or ()), set())
        except (*CONVERSION_ERRORS, UnicodeError):
            pass  # it is not in the bytes of a file, or already read
    return clean_text(first).strip().upper()


def _stated(*named: Iterable[str]) -> tuple[Wording, ...]:
    return tuple(wording(words) for words in map(list, named) if any(words))


def _coded(dataset: Dataset, keyword: str, *modifiers: str) -> Iterator[list[str]]:
    """What codes say by value and scheme; what the file calls them counts beside it, for the two may differ."""
    for item in sequence_items(dataset, keyword):
        yield [_meaning(item) or text(item, "CodeValue"), *_meanings(item, modifiers)]
        if known_meaning(item):
            yield _texts(item, ("CodeMeaning",))


def _acquired(dataset: Dataset) -> Iterator[list[str]]:
    """The views of an acquisition context (PS3.3 C.7.6.14)."""
    for item in sequence_items(dataset, "AcquisitionContextSequence"):
        if any(text(name, "CodeValue") in _VIEW_CONCEPTS for name in sequence_items(item, "ConceptNameCodeSequence")):
            yield list(_meanings(item, ("ConceptCodeSequence",)))


def _meanings(dataset: Dataset, keywords: Iterable[str]) -> list[str]:
    return [_meaning(item) for keyword in keywords for item in sequence_items(dataset, keyword)]


def _meaning(item: Dataset) -> str:
    """What a code means: the standard's words where they are known, else the file's."""
    return known_meaning(item) or " ".join(_texts(item, ("CodeMeaning",)))


def _texts(dataset: Dataset, keywords: Iterable[str]) -> list[str]:
    return [_mended(str(value)) for keyword in keywords for value in values(dataset, keyword)]


def _mended(value: str) -> str:
    """UTF-8 that was taken for Western European, because its VR or the header says so."""
    try:
        return value if value.isascii() else value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
