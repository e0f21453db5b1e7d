"""What of the worklist is shown, and in which order: the reader's filter and sorting, and priors under their patient.

Of 20 000 studies only what has changed is looked at anew: a score that arrives costs milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import compress, count, repeat
from math import inf
from operator import attrgetter, contains, is_not
from time import perf_counter

from app.domain.jobs import JobState
from app.domain.masking import Masking
from app.domain.priors import patient_key
from app.domain.settings import SortBy
from app.domain.study import Judgement, Reading, Study

SCORE_STEP = 0.005  # scores that differ by less are shown alike
WARM_BATCH = 64  # studies whose words are put together between two looks at the clock
_DATE = re.compile(r"\d{1,4}(?:[./-]\d{1,4}){1,2}[./-]?")


class Chip(StrEnum):
    """A question that a study answers with yes or no."""

    UNREAD = "unread"  # the reader is not done with it
    HIGH = "high"  # at the 95th percentile of normals or above
    TODAY = "today"  # the study's date is today's
    QUESTION = "question"  # the detector asks before it scores
    ERROR = "error"
    REJECTED = "rejected"  # the reader says that the finding is none
    CHANGED = "changed"  # its file was replaced, or it was scored anew with another result in this run of the program


_BITS = {chip: 1 << number for number, chip in enumerate(Chip)}
_SCORED_WORK = 1 << len(_BITS)  # has a score, and is no prior
_UID = attrgetter("uid")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which studies are shown: those that hold every word and answer every chip with yes."""

    text: str = ""
    chips: frozenset[Chip] = frozenset()

    @property
    def is_on(self) -> bool:
        """Whether anything may be filtered out."""
        return bool(self.chips or self.text.strip())

    @property
    def words(self) -> tuple[str, ...]:
        """As they are looked for; the parts of a date may be parted as the reader likes."""
        words = plain(self.text).split()
        return tuple(re.sub(r"[./]", "-", word) if _DATE.fullmatch(word) else word for word in words)


def plain(text: str) -> str:
    """Without accents and capitals."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def search_text(study: Study, masking: Masking) -> str:
    """Where the words of a filter are looked for: what is shown of a study, and nothing that is masked."""
    found: dict[str, None] = {}
    for image in study.images:
        who = masking.identity(image.identity, study.uid)
        when = (who.study_date.isoformat(), who.study_date.strftime("%Y%m%d")) if who.study_date else ()
        said = (who.patient_name, who.patient_id, who.accession_number, who.study_description, who.body_part, *when)
        found |= dict.fromkeys(said)
        if not (masking.on or who.patient_name or who.patient_id):
            found |= {image.member or image.path.name: None, image.container.name: None}
    return plain("\n".join(found))


class WorklistRows:
    """The rows of the worklist. Follows worklist, filter, sorting and masking; `shown` is what comes of them.

    A prior is an older study of a patient of whom the list holds a newer one. It stands under the newest, wherever
    the first of the two would stand alone: nothing lowers a study's place. Studies of the newest date, and those
    without a date, are work and stand for themselves.
    """

    def __init__(self) -> None:
        self._worklist: tuple[Study, ...] = ()
        self._studies: dict[str, Study] = {}
        self._bits: dict[str, int] = {}  # of the chips, by study
        self._bit_counts: Counter[int] = Counter()
        self._texts: dict[str, str] = {}  # made when they are asked for
        self._scores: dict[str, float] = {}  # the first of each study in this run
        self._patients: dict[tuple[str, str], list[str]] = {}  # studies by patient
        self._patient_of: dict[str, tuple[str, str]] = {}
        self._families: dict[str, tuple[str, ...]] = {}  # priors, newest first, by the newest study of their patient
        self._newest_of: dict[str, str] = {}  # of a prior
        self._sort_keys: dict[str, tuple[object, ...]] = {}  # for a sorting that is not the worklist's own
        self._order: list[str] = []  # as it was last sorted so
        self._filter, self._sort, self._masking = Filter(), SortBy.SCORE, Masking()
        self._today, self._kept = date.min, ""
        self._arranged: list[Study] | None = None
        self._shown: tuple[Study, ...] | None = None

    # -- what it follows

    def follow(self, studies: tuple[Study, ...], today: date) -> None:
        """The worklist's studies, in its order."""
        if today != self._today:  # the first time, and past midnight
            self._today = today
            for uid in tuple(self._studies):
                self._forget(uid)
        self._worklist = studies
        uids = list(map(_UID, studies))
        came = list(compress(studies, map(is_not, map(self._studies.get, uids), studies)))
        gone: set[str] = self._studies.keys() - set(uids) if len(self._studies) + len(came) > len(studies) else set()
        touched: set[tuple[str, str]] = set()
        for uid in gone:
            touched.add(self._forget(uid))
            self._scores.pop(uid, None)
        for study in came:
            if study.uid in self._studies:
                touched.add(self._forget(study.uid))
            touched.add(self._take(study))
        for patient in touched:
            self._gather(patient)
        self._arranged = self._shown = None

    def use(self, wanted: Filter, sort: SortBy, masking: Masking, kept: str) -> None:
        """Filter, sorting and masking; `kept` is the UID of the open study, which never leaves the list."""
        if masking != self._masking:
            self._texts.clear()
        if (masking, sort) != (self._masking, self._sort):
            self._masking, self._sort, self._arranged, self._shown = masking, sort, None, None
            self._sort_keys.clear()
            self._order.clear()
        if (wanted, kept) != (self._filter, self._kept):
            self._filter, self._kept, self._shown = wanted, kept, None

    def warm(self, seconds: float) -> bool:
        """Put words of studies together ahead of the first letter; whether some are left when the time is up."""
        until = perf_counter() + seconds
        missing = (study for study in self._worklist if study.uid not in self._texts)
        for number, study in enumerate(missing, 1):
            self._texts[study.uid] = search_text(study, self._masking)
            if number % WARM_BATCH == 0 and perf_counter() > until:
                return True
        return False

    # -- what comes of it

    @property
    def shown(self) -> tuple[Study, ...]:
        """The rows."""
        if self._shown is None:
            if self._arranged is None:
                self._arranged = self._arrange(self._sorted())
            self._shown = tuple(self._arranged)
            if self._filter.is_on:
                stay = self._matching() | {self._kept}
                self._shown = tuple(compress(self._arranged, map(stay.__contains__, map(_UID, self._arranged))))
        return self._shown

    @property
    def found(self) -> tuple[Study, ...]:
        """The rows less an open study that the filter would leave out."""
        if not self._filter.is_on:
            return self.shown
        stay = self._matching()
        return tuple(study for study in self.shown if study.uid in stay)

    @property
    def priors(self) -> Set[str]:
        """UIDs of the priors."""
        return self._newest_of.keys()

    @property
    def work(self) -> int:
        """How many studies there are, without the priors."""
        return len(self._worklist) - len(self._newest_of)

    @property
    def scored(self) -> int:
        """How many of these have a score."""
        return self._number_of(_SCORED_WORK)

    @property
    def unread(self) -> int:
        """How many of these the reader is not done with."""
        return self._number_of(_BITS[Chip.UNREAD])

    @property
    def high_left(self) -> int:
        """How many of those are high."""
        return self._number_of(_BITS[Chip.UNREAD] | _BITS[Chip.HIGH])

    @property
    def counts(self) -> Mapping[Chip, int]:
        """How many studies of the whole worklist answer a chip with yes; priors are never unread work."""
        return {chip: self._number_of(bit) for chip, bit in _BITS.items()}

    def _number_of(self, wanted: int) -> int:
        """How many studies have all of these bits."""
        return sum(number for bits, number in self._bit_counts.items() if bits & wanted == wanted)

    # -- one study

    def _take(self, study: Study) -> tuple[str, str]:
        uid, who = study.uid, study.identity
        self._studies[uid] = study
        number = patient_key(who.patient_id)
        patient = (number, who.patient[1]) if number else ("", uid)
        self._patient_of[uid] = patient
        self._patients.setdefault(patient, []).append(uid)
        return patient

    def _forget(self, uid: str) -> tuple[str, str]:
        patient = self._patient_of.pop(uid)
        self._patients[patient].remove(uid)
        if not self._patients[patient]:
            del self._patients[patient]
        for kept in (self._studies, self._texts, self._sort_keys, self._families, self._newest_of):
            kept.pop(uid, None)
        self._count(uid, None)
        return patient

    def _gather(self, patient: tuple[str, str]) -> None:
        """Say anew which studies of a patient are priors, and what they answer."""
        uids = self._patients.get(patient, [])
        for uid in uids:
            self._families.pop(uid, None)
        newest = max(uids, key=lambda uid: self._studies[uid].date or date.min, default="")
        latest = self._studies[newest].date if newest else None
        older = [uid for uid in uids if (when := self._studies[uid].date) and latest and when < latest]
        older.sort(key=lambda uid: (self._studies[uid].date or date.min, -self._studies[uid].arrival), reverse=True)
        for uid in uids:
            self._newest_of.pop(uid, None)
        if older:
            self._families[newest] = tuple(older)
            self._newest_of |= dict.fromkeys(older, newest)
        for uid in uids:
            self._count(uid, self._answers(self._studies[uid]))

    def _answers(self, study: Study) -> int:
        """The bits of the chips to which it says yes."""
        first = self._scores.setdefault(study.uid, study.score) if study.score is not None else None
        rescored = first is not None and study.score is not None and abs(first - study.score) >= SCORE_STEP
        is_work = study.uid not in self._newest_of
        yes = (
            (Chip.UNREAD, is_work and study.reading is not Reading.READ),
            (Chip.HIGH, study.is_high),
            (Chip.TODAY, study.date == self._today),
            (Chip.QUESTION, study.asks),
            (Chip.ERROR, study.state is JobState.ERROR),
            (Chip.REJECTED, study.judgement is Judgement.REJECTED),
            (Chip.CHANGED, rescored or any(image.replaced for image in study.images)),
        )
        return sum(_BITS[chip] for chip, so in yes if so) + _SCORED_WORK * (is_work and study.score is not None)

    def _count(self, uid: str, bits: int | None) -> None:
        former = self._bits.pop(uid, None)
        if former is not None:
            self._bit_counts[former] -= 1
        if bits is not None:
            self._bits[uid] = bits
            self._bit_counts[bits] += 1

    # -- all of them

    def _sorted(self) -> Sequence[Study]:
        if self._sort is SortBy.SCORE:
            return self._worklist
        keys, key = self._sort_keys, _SORT_KEYS[self._sort]
        for study in self._worklist:
            if study.uid not in keys:
                keys[study.uid] = key(study, self._masking)
        known = set(self._order)
        order = [uid for uid in self._order if uid in keys]
        order += [study.uid for study in self._worklist if study.uid not in known]
        order.sort(key=keys.__getitem__)  # what is nearly in order takes a tenth of the time
        self._order = order
        return [self._studies[uid] for uid in order]

    def _arrange(self, studies: Sequence[Study]) -> list[Study]:
        """Priors below the newest study of their patient."""
        families, newest_of = self._families, self._newest_of
        if not families:
            return list(studies)
        arranged: list[Study] = []
        done: set[str] = set()
        start, joined = 0, families.keys() | newest_of.keys()
        for at in compress(count(), map(joined.__contains__, map(_UID, studies))):
            arranged += studies[start:at]
            start, uid = at + 1, studies[at].uid
            newest = newest_of.get(uid, uid)
            if newest not in done:
                done.add(newest)
                arranged += [self._studies[one] for one in (newest, *families[newest])]
        arranged += studies[start:]
        return arranged

    def _matching(self) -> set[str]:
        """Studies that hold every word of the filter and answer every chip with yes."""
        wanted = sum(_BITS[chip] for chip in self._filter.chips)
        fitting = {bits for bits in self._bit_counts if bits & wanted == wanted}
        found = list(compress(self._bits, map(fitting.__contains__, self._bits.values())))
        words = self._filter.words
        if words and len(self._texts) < len(self._worklist):
            self.warm(inf)
        for word in words:
            found = list(compress(found, map(contains, map(self._texts.__getitem__, found), repeat(word))))
        return set(found)


def alike(one: Sequence[Study], other: Sequence[Study]) -> int:
    """How many studies two sequences begin with that are the very same."""
    first = next(compress(count(), map(is_not, one, other)), None)
    return min(len(one), len(other)) if first is None else first


def _by_time(study: Study, _: Masking) -> tuple[object, ...]:
    return study.date is None, -(study.date or date.min).toordinal(), -study.arrival


def _by_name(study: Study, masking: Masking) -> tuple[object, ...]:
    who = masking.identity(study.identity, study.uid)
    return not who.patient_name, plain(who.patient_name), plain(who.patient_id), study.arrival


def _by_waiting(study: Study, _: Masking) -> tuple[object, ...]:
    return (study.arrival,)


_SORT_KEYS: Mapping[SortBy, Callable[[Study, Masking], tuple[object, ...]]] = {
    SortBy.TIME: _by_time,
    SortBy.NAME: _by_name,
    SortBy.WAITING: _by_waiting,
}
