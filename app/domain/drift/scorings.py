"""What of a worklist counts in the watch over percentiles: one image of a study, one study of a patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.domain.jobs import JobState
from app.domain.patients import patient_key
from app.domain.study import ImageItem, Judgement, Study

_NOT_SCORED = (JobState.VIEWABLE, JobState.SKIPPED, JobState.ERROR)


@dataclass(frozen=True, slots=True)
class ScoredBy:
    """Who scored an image, and when.

    Attributes:
        bundle: fingerprint of weights and card. at: time, ISO 8601 in UTC.
    """

    bundle: str
    at: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """A scored study, as far as it counts here.

    Attributes:
        percentile: 0..100, of its first image. The highest of several would lie higher than that of one.
        day: of the study; where the file has no date, the day on which it was scored.
        patient: what studies of one patient share; the study where the file does not say.
        station: Station Name of the device, else its manufacturer, '' where neither is known.
        outside: it is outside memory, so its percentile means little.
        doubt: the sentence on what is odd about what was scored, '' where nothing is.
    """

    percentile: float
    day: date
    patient: str
    station: str
    judgement: Judgement
    outside: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class NotScored:
    """An image that the detector has not judged.

    Attributes:
        day: of its study; None where the file has no date. reason: the sentence that says why.
    """

    day: date | None
    reason: str


def station_of(image: ImageItem) -> str:
    """What the device is called: the hospital's own name for it, else its manufacturer's, else ''."""
    return image.identity.station_name or image.identity.manufacturer


def scorings(studies: Iterable[Study], made: Mapping[int, ScoredBy], bundle: str) -> tuple[Scoring, ...]:
    """The studies that one bundle has scored, newest first.

    Args:
        studies: of the worklist.
        made: who made each stored result, by its number.
        bundle: fingerprint of the one that counts; results of several are never mixed.
    """
    found = []
    for study in studies:
        for image in sorted(study.images, key=lambda image: image.arrival):
            by = made.get(image.result) if image.result is not None else None
            if by is None or by.bundle != bundle or image.percentile is None:
                continue
            day = image.identity.study_date or datetime.fromisoformat(by.at).astimezone(UTC).date()
            patient = patient_key(image.identity.patient_id) or f"study {study.uid}"
            said = image.judgement, image.outside_memory, image.message
            found.append(
                (
                    (day, by.at, image.arrival),
                    Scoring(image.percentile, day, patient, station_of(image), *said),
                )
            )
            break
    return tuple(scoring for _, scoring in sorted(found, key=lambda one: one[0], reverse=True))


def not_scored(studies: Iterable[Study]) -> tuple[NotScored, ...]:
    """The images whose end is another than a score; what is still waiting, or was stopped, is not among them."""
    return tuple(
        NotScored(image.identity.study_date, image.message)
        for study in studies
        for image in study.images
        if image.state in _NOT_SCORED
    )


def once_each(found: Sequence[Scoring], count: int | None) -> tuple[tuple[Scoring, ...], int]:
    """The first so many, each patient once, and how many were gone through for them.

    Args:
        found: newest first.
        count: how many are wanted; None for all.
    """
    patients: set[str] = set()
    taken: list[Scoring] = []
    for number, one in enumerate(found):
        if len(taken) == count:
            return tuple(taken), number
        if one.patient not in patients:
            patients.add(one.patient)
            taken.append(one)
    return tuple(taken), len(found)
