"""What of the worklist is shown, and in which order: filter and sorting, and priors under their patient.

Of 20 000 studies only what has changed is looked at anew: a score that arrives costs milliseconds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date
from itertools import compress, count, repeat
from math import inf
from operator import contains, is_not, itemgetter, not_
from time import perf_counter
from typing import Any

from app.domain.jobs import JobState
from app.domain.listing.filter import Chip, Filter, plain, search_text
from app.domain.masking import Masking
from app.domain.priors import patient_key
from app.domain.settings import SortBy
from app.domain.study import Judgement, Reading, Study

SCORE_STEP = 0.005  # scores that differ by less are shown alike
WARM_BATCH = 64  # studies whose words are put together between two looks at the clock
_BITS = {chip: 1 << number for number, chip in enumerate(Chip)}
_SCORED_WORK = 1 << len(_BITS)  # has a score, and is no prior
_SortKey = tuple[Any, ...]  # of one sorting they compare; the last is the UID


class WorklistRows:
    """The rows of the worklist. Follows worklist, filter, sorting and masking; `shown` is what comes of them.

    A prior is an older study of a patient of whom the list holds a newer one. It stands under the newest, wherever
    the first of the two would stand alone: nothing lowers a study's place. Studies of the newest date, and those
    without a date, are work and stand for themselves.

    What it knows of a study it finds by the object, `id(study)`, wherever all of them are gone through: to ask 20 000
    studies for their UID takes longer than all the rest.
    """

    def __init__(self) -> None:
        self._worklist: tuple[Study, ...] = ()
        self._studies: dict[str, Study] = {}
        self._ids: dict[int, str] = {}  # of these, and their UIDs
        self._bits: dict[int, int] = {}  # of the chips
        self._bit_counts: Counter[int] = Counter()
        self._texts: dict[int, str] = {}  # made when they are asked for
        self._scores: dict[str, float] = {}  # the first of each study in this run
        self._patients: dict[tuple[str, str], list[str]] = {}  # studies by patient
        self._patient_of: dict[str, tuple[str, str]] = {}
        self._priors: set[str] = set()
        self._families: dict[int, tuple[Study, ...]] = {}  # of a prior and of the study above it: newest first
        self._order = _Order()
        self._filter, self._sort, self._masking = Filter(), SortBy.SCORE, Masking()
        self._today, self._kept = date.min, ""
        self._arranged: Sequence[Study] | None = None
        self._shown: Sequence[Study] | None = None

    # -- what it follows

    def follow(self, studies: tuple[Study, ...], today: date) -> None:
        """The worklist's studies, in its order."""
        if today != self._today:  # the first time, and past midnight
            self._today = today
            for uid in tuple(self._studies):
                self._forget(uid)
        self._worklist, ids = studies, list(map(id, studies))
        came = list(compress(studies, map(not_, map(self._ids.__contains__, ids))))
        touched: set[tuple[str, str]] = set()
        for study in came:
            if study.uid in self._studies:
                touched.add(self._forget(study.uid))
            touched.add(self._take(study))
        if len(self._ids) > len(ids):
            for one in self._ids.keys() - set(ids):
                uid = self._ids[one]
                touched.add(self._forget(uid))
                self._scores.pop(uid, None)
        for patient in touched:
            self._gather(patient)
        self._arranged = self._shown = None

    def use(self, wanted: Filter, sort: SortBy, masking: Masking, kept: str) -> None:
        """Filter, sorting and masking; `kept` is the UID of the open study, which never leaves the list."""
        if masking != self._masking:
            self._texts.clear()
        if (masking, sort) != (self._masking, self._sort):
            self._masking, self._sort, self._arranged, self._shown = masking, sort, None, None
            self._order = _Order()
        if (wanted, kept) != (self._filter, self._kept):
            self._filter, self._kept, self._shown = wanted, kept, None

    def warm(self, seconds: float) -> bool:
        """Put words of studies together ahead of the first letter; whether some are left when the time is up."""
        if len(self._texts) == len(self._worklist):
            return False
        until = perf_counter() + seconds
        missing = compress(self._worklist, map(not_, map(self._texts.__contains__, map(id, self._worklist))))
        for number, study in enumerate(missing, 1):
            self._texts[id(study)] = search_text(study, self._masking)
            if number % WARM_BATCH == 0 and perf_counter() > until:
                return True
        return False

    # -- what comes of it

    @property
    def shown(self) -> Sequence[Study]:
        """The rows; never changed, another change has another sequence."""
        if self._shown is None:
            if self._arranged is None:
                self._arranged = self._arrange(self._sorted())
            self._shown = self._arranged
            if self._filter.is_on:
                stay = self._matching() | {id(self._studies.get(self._kept))}
                self._shown = list(compress(self._arranged, map(stay.__contains__, map(id, self._arranged))))
        return self._shown

    @property
    def found(self) -> Sequence[Study]:
        """The rows less an open study that the filter would leave out."""
        if not self._filter.is_on:
            return self.shown
        stay = self._matching()
        return tuple(study for study in self.shown if id(study) in stay)

    @property
    def priors(self) -> Set[str]:
        """UIDs of the priors."""
        return self._priors

    @property
    def work(self) -> int:
        """How many studies there are, without the priors."""
        return len(self._worklist) - len(self._priors)

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
        self._ids[id(study)] = uid
        if self._order.is_made:
            self._order.add(study, self._sort_key(study))
        number = patient_key(who.patient_id)
        patient = (number, who.patient[1]) if number else ("", uid)
        self._patient_of[uid] = patient
        self._patients.setdefault(patient, []).append(uid)
        return patient

    def _forget(self, uid: str) -> tuple[str, str]:
        patient, study = self._patient_of.pop(uid), self._studies.pop(uid)
        self._patients[patient].remove(uid)
        if not self._patients[patient]:
            del self._patients[patient]
        self._priors.discard(uid)
        del self._ids[id(study)]
        self._texts.pop(id(study), None)
        self._families.pop(id(study), None)
        if self._order.is_made:
            self._order.remove(self._sort_key(study))
        self._count(study, None)
        return patient

    def _gather(self, patient: tuple[str, str]) -> None:
        """Say anew which studies of a patient are priors, and what they answer."""
        studies = [self._studies[uid] for uid in self._patients.get(patient, ())]
        newest = max(studies, key=lambda study: study.date or date.min, default=None)
        older = [study for study in studies if newest and newest.date and study.date and study.date < newest.date]
        older.sort(key=lambda study: (study.date or date.min, -study.arrival), reverse=True)
        for study in studies:
            self._priors.discard(study.uid)
            self._families.pop(id(study), None)
        if newest is not None and older:
            self._priors.update(study.uid for study in older)
            family = (newest, *older)
            self._families |= dict.fromkeys(map(id, family), family)
        for study in studies:
            self._count(study, self._answers(study))

    def _answers(self, study: Study) -> int:
        """The bits of the chips to which it says yes."""
        first = self._scores.setdefault(study.uid, study.score) if study.score is not None else None
        rescored = first is not None and study.score is not None and abs(first - study.score) >= SCORE_STEP
        is_work = study.uid not in self._priors
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

    def _count(self, study: Study, bits: int | None) -> None:
        former = self._bits.pop(id(study), None)
        if former is not None:
            self._bit_counts[former] -= 1
        if bits is not None:
            self._bits[id(study)] = bits
            self._bit_counts[bits] += 1

    def _sort_key(self, study: Study) -> _SortKey:
        return (*_SORT_KEYS[self._sort](study, self._masking), study.uid)

    # -- all of them

    def _sorted(self) -> Sequence[Study]:
        if self._sort is SortBy.SCORE:
            return self._worklist
        if not self._order.is_made:
            self._order.make(self._worklist, self._sort_key)
        return list(self._order.studies)

    def _arrange(self, studies: Sequence[Study]) -> Sequence[Study]:
        """Priors below the newest study of their patient."""
        families = self._families
        if not families:
            return studies
        arranged: list[Study] = []
        done: set[int] = set()
        start = 0
        for at in compress(count(), map(families.__contains__, map(id, studies))):
            family = families[id(studies[at])]
            arranged += studies[start:at]
            start = at + 1
            if id(family) not in done:
                done.add(id(family))
                arranged += family
        arranged += studies[start:]
        return arranged

    def _matching(self) -> set[int]:
        """Those of the studies that hold every word of the filter and answer every chip with yes."""
        wanted = sum(_BITS[chip] for chip in self._filter.chips)
        fitting = {bits for bits in self._bit_counts if bits & wanted == wanted}
        found = list(compress(self._bits, map(fitting.__contains__, self._bits.values())))
        words = self._filter.words
        if words:
            self.warm(inf)
        for word in words:
            found = list(compress(found, map(contains, map(self._texts.__getitem__, found), repeat(word))))
        return set(found)


class _Order:
    """Studies sorted by a key; one that comes or leaves is put in or taken out, and the others are not looked at."""

    def __init__(self) -> None:
        self.is_made = False
        self.studies: list[Study] = []
        self._keys: list[_SortKey] = []

    def make(self, studies: Iterable[Study], key: Callable[[Study], _SortKey]) -> None:
        """Sort them all."""
        keyed = sorted(((key(study), study) for study in studies), key=itemgetter(0))
        self._keys, self.studies = [one for one, _ in keyed], [study for _, study in keyed]
        self.is_made = True

    def add(self, study: Study, key: _SortKey) -> None:
        """Put one in."""
        at = bisect_left(self._keys, key)
        self._keys.insert(at, key)
        self.studies.insert(at, study)

    def remove(self, key: _SortKey) -> None:
        """Take the one with this key out."""
        at = bisect_left(self._keys, key)
        del self._keys[at], self.studies[at]


def alike(one: Sequence[Study], other: Sequence[Study]) -> tuple[int, int]:
    """How many studies two sequences begin and end with that are the very same; none is counted twice."""
    shorter = min(len(one), len(other))
    above = next(compress(count(), map(is_not, one, other)), shorter)
    below = next(compress(count(), map(is_not, reversed(one), reversed(other))), shorter)
    return above, min(below, shorter - above)


def _by_time(study: Study, _: Masking) -> _SortKey:
    return study.date is None, -(study.date or date.min).toordinal(), -study.arrival


def _by_name(study: Study, masking: Masking) -> _SortKey:
    who = masking.identity(study.identity, study.uid)
    return not who.patient_name, plain(who.patient_name), plain(who.patient_id), study.arrival


def _by_waiting(study: Study, _: Masking) -> _SortKey:
    return (study.arrival,)


_SORT_KEYS: Mapping[SortBy, Callable[[Study, Masking], _SortKey]] = {
    SortBy.TIME: _by_time,
    SortBy.NAME: _by_name,
    SortBy.WAITING: _by_waiting,
}
