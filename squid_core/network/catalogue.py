"""What another system says it has: studies, their series, their instances, whichever protocol it is asked by.

Answers are lenient: a value that makes no sense is none, text is made harmless, and what has no valid UID cannot be
asked for again and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from pydicom.dataset import Dataset

from squid_core.contracts.network import FoundStudy, Question
from squid_core.dicom.header.identity import person_name
from squid_core.dicom.header.values import date_of, is_uid, sex_of, text, values
from squid_core.dicom.leniency import lenient
from squid_core.text import clean_text

STUDY_KEYS = (
    *("StudyDate", "StudyTime", "AccessionNumber", "ModalitiesInStudy", "StudyDescription", "PatientName", "PatientID"),
    *("PatientBirthDate", "PatientSex", "StudyInstanceUID", "NumberOfStudyRelatedInstances"),
)
SERIES_KEYS = ("Modality", "BodyPartExamined", "SeriesDescription", "SeriesInstanceUID")
INSTANCE_KEYS = ("SOPClassUID", "SOPInstanceUID")
MOST_SERIES, MOST_INSTANCES = 1_000, 20_000  # of a study, of a series; more is not asked for
NOBODY = "2.25.0"  # UID of a study that no system has, which is asked for in a test


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """A series that another system has, as it says so itself; '' where nothing is said."""

    series_instance_uid: str
    modality: str = ""
    body_part: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class FoundInstance:
    """An object that another system has; its class is '' where nothing is said."""

    sop_instance_uid: str
    sop_class_uid: str = ""


class Catalogue(Protocol):
    """Another system's, over a connection that is open. All raise PeerError."""

    def studies(self, question: Question, modality: str, most: int) -> tuple[list[FoundStudy], bool]:
        """Those that answer all but the body part and the modalities of a question, and have `modality`, if any.

        Returns:
            At most `most` of them, and whether there are more.
        """

    def series(self, study: str) -> list[FoundSeries]:
        """Those of a study."""

    def instances(self, study: str, series: str) -> list[FoundInstance]:
        """Those of a series."""


def matching(question: Question, modality: str) -> dict[str, str]:
    """Matching keys at study level by keyword (PS3.4 C.2.2.2)."""
    keys = {
        "StudyDate": _days(question.first_day, question.last_day),
        "ModalitiesInStudy": modality,
        "PatientName": question.patient_name,
        "PatientID": question.patient_id,
        "AccessionNumber": question.accession_number,
        "StudyInstanceUID": question.study_instance_uid,
    }
    return {keyword: value for keyword, value in keys.items() if value}


def study_of(dataset: Dataset) -> FoundStudy | None:
    """A study as an answer describes it; None without a valid UID."""
    with lenient():
        uid = text(dataset, "StudyInstanceUID")
        if not is_uid(uid):
            return None
        instances = text(dataset, "NumberOfStudyRelatedInstances")
        return FoundStudy(
            study_instance_uid=uid,
            patient_name=person_name(dataset),
            patient_id=text(dataset, "PatientID"),
            birth_date=_day(text(dataset, "PatientBirthDate")),
            sex=sex_of(text(dataset, "PatientSex")),
            study_date=_day(text(dataset, "StudyDate")),
            study_time=_time(text(dataset, "StudyTime")),
            accession_number=text(dataset, "AccessionNumber"),
            description=text(dataset, "StudyDescription"),
            modalities=_codes(values(dataset, "ModalitiesInStudy")),
            instances=int(instances) if instances.isascii() and instances.isdecimal() and len(instances) < 9 else None,
        )


def series_of(dataset: Dataset) -> FoundSeries | None:
    """A series as an answer describes it; None without a valid UID."""
    with lenient():
        uid = text(dataset, "SeriesInstanceUID")
        if not is_uid(uid):
            return None
        return FoundSeries(
            uid,
            text(dataset, "Modality").upper(),
            text(dataset, "BodyPartExamined").upper(),
            text(dataset, "SeriesDescription"),
        )


def instance_of(dataset: Dataset) -> FoundInstance | None:
    """An instance as an answer describes it; None without a valid UID."""
    with lenient():
        uid, sop_class = text(dataset, "SOPInstanceUID"), text(dataset, "SOPClassUID")
        return FoundInstance(uid, sop_class if is_uid(sop_class) else "") if is_uid(uid) else None


def _days(first: date | None, last: date | None) -> str:
    """Range matching of dates (PS3.4 C.2.2.2.5)."""
    if first is None and last is None:
        return ""
    begin, end = (day.isoformat().replace("-", "") if day else "" for day in (first, last))
    return begin if begin == end else f"{begin}-{end}"


def _day(stated: str) -> str:
    day = date_of(stated)
    return "" if day is None else day.isoformat().replace("-", "")


def _time(stated: str) -> str:
    digits = stated.replace(":", "")[:6]
    return digits if digits.isascii() and digits.isdecimal() else ""


def _codes(stated: Iterable[object]) -> tuple[str, ...]:
    codes = (clean_text(value, 16).upper() for value in stated)
    return tuple(dict.fromkeys(filter(None, codes)))[:20]
