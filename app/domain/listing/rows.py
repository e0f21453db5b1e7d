"""What of the worklist is shown, and in which order: filter and sorting, and priors under their patient.

Of however many studies only those that have changed are looked at anew, and their patients' others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import chain, compress, islice, repeat
from math import inf
from operator import attrgetter, contains
from time import perf_counter
from typing import overload

from app.domain.jobs import JobState
from app.domain.listing.filter import Chip, Filter, plain, search_text
from app.domain.masking import Masking
from app.domain.patients import patient_key
from app.domain.persistent import SharingMap, SharingSequence, SortKey
from app.domain.settings import SortBy
from app.domain.study import Judgement, Reading, Study
from app.domain.worklist import Worklist, sort_key

SCORE_STEP = 0.005  # scores that differ by less are shown alike
AT_ONCE = 64  # studies that are looked at as soon as they change; of more the rest is left to idle time
FEW = 4  # of so many times as many, some are gone through one by one
WARM_BATCH = 64  # studies that are prepared between two looks at the clock
_BITS = {chip: 1 << number for number, chip in enumerate(Chip)}
_SCORED_WORK = 1 << len(_BITS)  # has a score, and is no prior
_UID = attrgetter("uid")


class WorklistRows:
    """The rows of the worklist. Follows worklist, filter, sorting and masking; `shown` is what comes of them.

    A prior is an older study of a patient of whom the list holds a newer one. It stands under the newest, wherever
    the first of the two would stand alone: nothing lowers a study's place. Studies of the newest date, and those
    without a date, are work and stand for themselves.
    """

    def __init__(self) -> None:
        self._scores: dict[str, float] = {}  # the first of each study in this run
        self._filter, self._sort, self._masking = Filter(), SortBy.SCORE, Masking()
        self._today, self._kept = date.min, ""
        self._began = inf
        self._worklist = Worklist()
        self._bits: dict[str, int] = {}  # of the chips
        self._bit_counts: Counter[int] = Counter()
        self._texts: dict[str, str] = {}
        self._behind: dict[str, None] = {}  # that are others now, and were not looked at yet; first to read first
        self._textless: dict[str, None] = {}  # whose text is not made yet
        self._patients: dict[tuple[str, str], dict[str, None]] = {}  # studies by patient
        self._patient_of: dict[str, tuple[str, str]] = {}
        self._priors: set[str] = set()
        self._families: dict[str, tuple[str, ...]] = {}  # of a prior and of the study above it: newest first
        self._orders: dict[SortBy, _Order] = {}  # those that were asked for, or made ahead
        self._filtered: SharingSequence[Study] | None = None  # what the filter leaves of the order in use
        self._unopened, self._new = _Order(), _Order()  # the work that was never opened, and what of it has come since
        self._shown: Rows | None = None

    # -- what it follows

    def follow(self, worklist: Worklist, today: date) -> None:
        """The worklist. What of it has gone is gone at once; of what has changed the first to read is there at once."""
        if today != self._today:  # the first time, and past midnight
            both, self._today = {self._today, today}, today
            for study in map(self._study, self._patient_of):
                if study.date in both:
                    self._count(study.uid, self._answers(study))
            self._filtered = self._shown = None
        touched = worklist.differing(self._worklist)
        self._worklist = worklist
        if len(touched) > AT_ONCE:
            here = dict.fromkeys(filter(touched.__contains__, map(_UID, worklist.studies)))
            self._behind |= here
            touched -= here.keys()
        self._look_at(touched)
        self._look_at({*islice(self._behind, AT_ONCE)})

    def _look_at(self, touched: set[str]) -> None:
        """See what these are now."""
        if not touched:
            return
        for uid in touched:
            self._behind.pop(uid, None)
        patients = {patient for uid in touched for patient in self._take(uid)}
        members = touched.union(*(self._patients.get(patient, ()) for patient in patients))
        for patient in patients:
            self._gather(patient)
        gone = {uid for uid in touched if uid not in self._patient_of}
        for uid in gone:
            self._count(uid, None)
        self._shown = None
        self._unfilter(members)
        for sort, order in self._orders.items():
            here = members if sort is self._sort else {one for one in members if one in order.keys or one in gone}
            order.place(self._keyed(sort, here))
            order.waiting |= dict.fromkeys(members - here)
        self._filter_anew(members)
        self._note_unopened(members)

    def use(self, wanted: Filter, sort: SortBy, masking: Masking, kept: str) -> None:
        """Filter, sorting and masking; `kept` is the UID of the open study, which never leaves the list."""
        if masking != self._masking:
            self._masking = masking
            self._texts, self._textless = {}, dict.fromkeys(self._patient_of)
            self._orders.pop(SortBy.NAME, None)
            self._filtered = self._shown = None
        if (wanted, sort) != (self._filter, self._sort):
            self._filter, self._sort, self._kept = wanted, sort, kept
            self._filtered = self._shown = None
        elif kept != self._kept:
            both, self._kept = {self._kept, kept}, kept
            self._unfilter(both)
            self._filter_anew(both)

    def begin(self, arrival: int | None) -> None:
        """What comes after this running number is new; with None nothing is."""
        began = inf if arrival is None else arrival
        if began != self._began:
            self._began, self._new = began, _Order()
            self._note_unopened(self._unopened.keys)

    def warm(self, seconds: float) -> bool:
        """Look at what was left for later, and prepare what a letter and another order will ask for.

        Returns:
            Whether some is left when the time is up.
        """
        until = perf_counter() + seconds
        while self._behind:
            self._look_at({*islice(self._behind, WARM_BATCH)})
            if perf_counter() > until:
                return True
        while self._textless:
            for uid in [self._textless.popitem()[0] for _ in range(min(WARM_BATCH, len(self._textless)))]:
                self._texts[uid] = search_text(self._study(uid), self._masking)
            if perf_counter() > until:
                return True
        for sort in SortBy:
            order = self._order(sort)
            while order.waiting:
                order.place(self._keyed(sort, [*islice(order.waiting, WARM_BATCH)]))
                if perf_counter() > until:
                    return True
        return False

    # -- what comes of it

    @property
    def shown(self) -> Rows:
        """The rows; another change has other ones."""
        if self._shown is None:
            order = self._order(self._sort)
            order.place(self._keyed(self._sort, [*order.waiting]))
            if self._filter.is_on and self._filtered is None:
                self._filtered = order.some(self._matching() | {self._kept})
            studies = order.rows if self._filtered is None else self._filtered
            self._shown = Rows(studies.copy(), order.keys.copy())
        return self._shown

    @property
    def first_found(self) -> Study | None:
        """The first row, passing over an open study that the filter would leave out."""
        return next((study for study in self.shown if self._fits(study.uid)), None)

    @property
    def is_behind(self) -> bool:
        """Whether some of what is followed is not to be seen yet; `warm` sees to it."""
        return bool(self._behind)

    @property
    def priors(self) -> Set[str]:
        """UIDs of the priors."""
        return self._priors

    @property
    def work(self) -> int:
        """How many studies there are, without the priors."""
        return len(self._patient_of) - len(self._priors)

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

    def above(self, uid: str) -> tuple[int, str]:
        """How much work of a higher score than this study was never opened, and the highest of it; '' for none."""
        study = self._worklist.study(uid)
        count = 0 if study is None or study.score is None else self._unopened.rows.before((0, -study.score))
        return count, self._unopened.rows[0].uid if count else ""

    def new(self, uid: str) -> tuple[int, str]:
        """How much work but this study has come since `begin` and was never opened, and the first to read of it."""
        count = len(self._new.keys) - (uid in self._new.keys)
        return count, next(study.uid for study in self._new.rows if study.uid != uid) if count else ""

    def _number_of(self, wanted: int) -> int:
        """How many studies have all of these bits."""
        return sum(number for bits, number in self._bit_counts.items() if bits & wanted == wanted)

    # -- some studies

    def _study(self, uid: str) -> Study:
        study = self._worklist.study(uid)
        assert study is not None  # noqa: S101 - what is followed is there
        return study

    def _take(self, uid: str) -> Iterable[tuple[str, str]]:
        """Go over to the study as it is now, if it still is; the patients whose studies are others now."""
        former, study = self._patient_of.pop(uid, None), self._worklist.study(uid)
        if former is not None:
            self._texts.pop(uid, None)
            self._priors.discard(uid)
            self._families.pop(uid, None)
            del self._patients[former][uid]
            if not self._patients[former]:
                del self._patients[former]
            yield former
        if study is None:
            self._textless.pop(uid, None)
            self._scores.pop(uid, None)
            return
        who = study.identity
        number = patient_key(who.patient_id)
        patient = (number, who.patient[1]) if number else ("", uid)
        self._patient_of[uid] = patient
        self._patients.setdefault(patient, {})[uid] = None
        self._textless[uid] = None
        yield patient

    def _gather(self, patient: tuple[str, str]) -> None:
        """Say anew which studies of a patient are priors, and what they answer."""
        studies = [self._study(uid) for uid in self._patients.get(patient, ())]
        if len(studies) > 1:
            newest = max(studies, key=lambda study: study.date or date.min)
            older = [study for study in studies if newest.date and study.date and study.date < newest.date]
            older.sort(key=lambda study: (study.date or date.min, -study.arrival), reverse=True)
            for study in studies:
                self._priors.discard(study.uid)
                self._families.pop(study.uid, None)
            if older:
                self._priors.update(study.uid for study in older)
                family = tuple(study.uid for study in (newest, *older))
                self._families |= dict.fromkeys(family, family)
        elif studies:
            self._priors.discard(studies[0].uid)
            self._families.pop(studies[0].uid, None)
        for study in studies:
            self._count(study.uid, self._answers(study))

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

    def _count(self, uid: str, bits: int | None) -> None:
        former = self._bits.pop(uid, None)
        if former is not None:
            self._bit_counts[former] -= 1
        if bits is not None:
            self._bits[uid] = bits
            self._bit_counts[bits] += 1

    def _keyed(self, sort: SortBy, uids: Collection[str]) -> dict[str, _Keyed]:
        """Where studies stand in an order: families whole, each where its first member would stand alone."""
        key_of, masking, families = _SORT_KEYS[sort], self._masking, self._families
        there = {uid: study for uid in uids if (study := self._worklist.study(uid)) is not None}
        own: dict[str, SortKey] = {uid: (*key_of(study, masking), uid) for uid, study in there.items()}
        for one in set(chain.from_iterable(families.get(uid, ()) for uid in there)) - there.keys():
            own[one] = (*key_of(self._study(one), masking), one)
        keyed: dict[str, _Keyed] = dict.fromkeys(uids)
        for uid, study in there.items():
            family = families.get(uid)
            if family is None:
                keyed[uid] = (*own[uid], 0), study
            else:
                keyed[uid] = (*min(own[one] for one in family), family.index(uid)), study
        return keyed

    def _order(self, sort: SortBy) -> _Order:
        if sort not in self._orders:
            self._orders[sort] = _Order(self._patient_of)
        return self._orders[sort]

    # -- filter

    def _unfilter(self, uids: Iterable[str]) -> None:
        """Take these out of what the filter leaves, before they get another place."""
        if self._filtered is not None:
            for uid in uids:
                if key := self._order(self._sort).keys.get(uid):
                    self._filtered.discard(key)

    def _filter_anew(self, uids: Iterable[str]) -> None:
        """Put in those of these that the filter leaves."""
        if self._filtered is not None:
            for uid in uids:
                if (key := self._order(self._sort).keys.get(uid)) and (uid == self._kept or self._fits(uid)):
                    self._filtered.put(key, self._study(uid))
            self._shown = None

    def _fits(self, uid: str) -> bool:
        wanted, words = sum(_BITS[chip] for chip in self._filter.chips), self._filter.words
        if self._bits[uid] & wanted != wanted:
            return False
        return not words or all(word in self._text(uid) for word in words)

    def _text(self, uid: str) -> str:
        if uid in self._textless:
            del self._textless[uid]
            self._texts[uid] = search_text(self._study(uid), self._masking)
        return self._texts[uid]

    def _matching(self) -> set[str]:
        """Those of the studies that hold every word of the filter and answer every chip with yes."""
        wanted = sum(_BITS[chip] for chip in self._filter.chips)
        fitting = {bits for bits in self._bit_counts if bits & wanted == wanted}
        found: Iterable[str] = compress(self._bits, map(fitting.__contains__, self._bits.values())) if wanted else ()
        words = self._filter.words
        if words:
            for uid in [*self._textless]:
                self._text(uid)
        for number, word in enumerate(words):
            if number or wanted:
                found = [*found]
                found = compress(found, map(contains, map(self._texts.__getitem__, found), repeat(word)))
            else:
                found = compress(self._texts, map(contains, self._texts.values(), repeat(word)))
        return set(found)

    def _note_unopened(self, uids: Collection[str]) -> None:
        """See which of these are work that was never opened."""
        found = {
            uid: ((*sort_key(study), uid), study)
            if (study := self._worklist.study(uid)) is not None
            and study.reading is Reading.UNREAD
            and uid not in self._priors
            else None
            for uid in uids
        }
        self._unopened.place(found)
        new = ((uid, one if one and one[1].arrival > self._began else None) for uid, one in found.items())
        self._new.place(dict(new))


_Keyed = tuple[SortKey, Study] | None  # where a study stands; None where it does not


class Rows(Sequence[Study]):
    """Studies as they stand at one time, row by row."""

    def __init__(self, studies: SharingSequence[Study], keys: SharingMap[str, SortKey]) -> None:
        self._studies, self._keys = studies, keys

    def row_of(self, uid: str) -> int | None:
        """Where a study stands."""
        key = self._keys.get(uid)
        return None if key is None else self._studies.row(key)

    @overload
    def __getitem__(self, row: int) -> Study: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Study]: ...
    def __getitem__(self, row: int | slice) -> Study | Sequence[Study]:
        return self._studies[row]

    def __iter__(self) -> Iterator[Study]:
        return iter(self._studies)

    def __len__(self) -> int:
        return len(self._studies)


class _Order:
    """Studies by their keys; who comes or leaves is put in or taken out, and the others are not looked at.

    Attributes:
        rows: the studies.
        keys: by UID.
        waiting: UIDs of studies that belong to it and were not put in yet.
    """

    def __init__(self, waiting: Iterable[str] = ()) -> None:
        self.rows: SharingSequence[Study] = SharingSequence()
        self.keys: SharingMap[str, SortKey] = SharingMap()
        self.waiting = dict.fromkeys(waiting)

    def place(self, keyed: Mapping[str, _Keyed]) -> None:
        """Put these in, or take them out."""
        if not keyed:
            return
        former = [(uid, key) for uid in keyed if (key := self.keys.pop(uid, None)) is not None]
        many = FEW * len(keyed) > len(self.rows)
        if many:
            pairs = zip(self.rows.keys(), self.rows, strict=True)
            stay = [pair for pair in pairs if pair[1].uid not in keyed]
            self.rows = SharingSequence(chain(stay, filter(None, keyed.values())))
        for uid, key in former:
            now = keyed[uid]
            if not many and (now is None or now[0] != key):
                self.rows.discard(key)
        for uid, one in keyed.items():
            self.waiting.pop(uid, None)
            if one is not None:
                self.keys[uid] = one[0]
                if not many:
                    self.rows.put(*one)

    def some(self, uids: Set[str]) -> SharingSequence[Study]:
        """Only these of its studies."""
        if FEW * len(uids) < len(self.rows):
            found = sorted(key for uid in uids if (key := self.keys.get(uid)))
            return SharingSequence.of(found, [*map(self.rows.value, found)])
        stay = [*map(uids.__contains__, map(_UID, self.rows))]
        return SharingSequence.of([*compress(self.rows.keys(), stay)], [*compress(self.rows, stay)])


def _by_score(study: Study, _: Masking) -> SortKey:
    return sort_key(study)


def _by_time(study: Study, _: Masking) -> SortKey:
    return study.date is None, -(study.date or date.min).toordinal(), -study.arrival


def _by_name(study: Study, masking: Masking) -> SortKey:
    who = masking.identity(study.identity, study.uid)
    return not who.patient_name, plain(who.patient_name), plain(who.patient_id), study.arrival


def _by_waiting(study: Study, _: Masking) -> SortKey:
    return (study.arrival,)


_SORT_KEYS: Mapping[SortBy, Callable[[Study, Masking], SortKey]] = {
    SortBy.SCORE: _by_score,
    SortBy.TIME: _by_time,
    SortBy.NAME: _by_name,
    SortBy.WAITING: _by_waiting,
}
