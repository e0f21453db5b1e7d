"""A hospital's normals: which images can be learned from, which not and why, and how far a learning has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.errors import Notice
from app.domain.study import ImageItem, Judgement, Study
from squid_core.bundle.card import Adapted
from squid_core.bundle.library import population_of
from squid_core.contracts.radiograph import Identity

FEWEST = 30  # normals, each of another patient
MOST = 300  # the newest are taken: more make it slower, not better
FEWEST_OF_STATION = 5  # normals of a device that is named; what has fewer is counted together


class Population(StrEnum):
    """Whose weights; the words of `Card.population`."""

    ADULT = "adult"
    PAEDIATRIC = "paediatric"


class WhyNot(StrEnum):
    """Why an image of a study that was called normal is not learned from."""

    NOT_SCORED = "not scored"  # so the detector may not be meant for it
    REPLACED = "replaced"  # another image lies in its place
    PATIENT = "patient"  # has a newer one
    SPARE = "spare"  # there are enough newer ones
    CHANGED = "changed"  # its file holds other bytes than were judged
    UNREADABLE = "unreadable"


Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Normals:
    """What can be learned from, of one population.

    Attributes:
        images: of studies that were called normal, one a patient, the newest first.
        left_out: by reason, how many images of such studies are not among them.
        stations: devices and how many of `images` are theirs, most first; '' for all devices with a few, or unnamed.
    """

    population: Population
    images: tuple[ImageItem, ...] = ()
    left_out: Counts = ()
    stations: Counts = ()

    @property
    def enough(self) -> bool:
        """Whether they suffice."""
        return len(self.images) >= FEWEST


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reader's judgements are good for: what can be learned from, of each population, and what never enters.

    Attributes:
        normals: by population, in their order.
        abnormal: studies with a finding that was accepted or rejected.
    """

    normals: tuple[Normals, ...] = ()
    abnormal: int = 0

    def of(self, population: Population) -> Normals:
        """What can be learned from for a population."""
        return next((one for one in self.normals if one.population is population), Normals(population))


class LearningPhase(StrEnum):
    """How far a learning has come."""

    IDLE = "idle"
    GATHERING = "gathering"  # images are fetched
    LEARNING = "learning"  # the detector is at work
    OFFERED = "offered"  # the reader decides
    KEEPING = "keeping"  # what was learned is put in its place


@dataclass(frozen=True, slots=True)
class LearnedWeights:
    """Weights that were learned here: their name, and of what their card tells."""

    name: str
    population: Population
    adapted: Adapted


@dataclass(frozen=True, slots=True)
class Learning:
    """All that the window says of learning.

    Attributes:
        judged: what can be learned from, when it was looked at last.
        learned: what was learned here before, and is kept.
        phase: of the learning under way. population: whose; None while there was none.
        share: 0..1, of the phase.
        offered: what was learned and waits for the reader's decision; None without.
        error: why the last one failed; None where it did not.
    """

    judged: Judged = field(default_factory=Judged)
    learned: tuple[LearnedWeights, ...] = ()
    phase: LearningPhase = LearningPhase.IDLE
    population: Population | None = None
    share: float = 0.0
    offered: LearnedWeights | None = None
    error: Notice | None = None

    def learned_for(self, population: Population) -> tuple[LearnedWeights, ...]:
        """What was learned here for a population."""
        return tuple(one for one in self.learned if one.population is population)

    @property
    def running(self) -> bool:
        """Whether there is something to stop."""
        return self.phase in (LearningPhase.GATHERING, LearningPhase.LEARNING)


def sort_out(studies: Iterable[Study]) -> Judged:
    """Go through a worklist once.

    Nothing is taken of a study in which any image was judged otherwise. Patients without number and name are told apart
    by their studies.
    """
    called: dict[str, list[tuple[Study, ImageItem]]] = {population: [] for population in Population}
    abnormal = 0
    for study in studies:
        judged = [image for image in study.images if image.judgement is not Judgement.NONE]
        if not judged:
            continue
        if any(image.judgement is not Judgement.NORMAL for image in judged):
            abnormal += 1
            continue
        for image in judged:
            called[population_of(image.identity.patient_age)].append((study, image))
    return Judged(tuple(_normals(population, called[population]) for population in Population), abnormal)


def _normals(population: Population, called: Iterable[tuple[Study, ImageItem]]) -> Normals:
    left_out: Counter[WhyNot] = Counter()
    newest: dict[object, ImageItem] = {}
    for study, image in called:
        if image.replaced:
            left_out[WhyNot.REPLACED] += 1
        elif image.score is None:
            left_out[WhyNot.NOT_SCORED] += 1
        else:
            patient = image.identity.patient if any(image.identity.patient) else study.uid
            former = newest.get(patient)
            left_out[WhyNot.PATIENT] += former is not None
            if former is None or _when(image) > _when(former):
                newest[patient] = image
    images = sorted(newest.values(), key=_when, reverse=True)
    left_out[WhyNot.SPARE] = max(0, len(images) - MOST)
    taken = tuple(images[:MOST])
    reasons = tuple((str(reason), count) for reason, count in left_out.most_common() if count)
    return Normals(population, taken, reasons, _stations(image.identity for image in taken))


def _when(image: ImageItem) -> tuple[date, int]:
    return image.identity.study_date or date.min, image.arrival


def _stations(identities: Iterable[Identity]) -> Counts:
    named = Counter(identity.station_name or identity.manufacturer for identity in identities)
    shown = [(name, count) for name, count in named.most_common() if name and count >= FEWEST_OF_STATION]
    others = sum(named.values()) - sum(count for _, count in shown)
    return (*shown, ("", others)) if others else tuple(shown)
