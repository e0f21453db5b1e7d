"""The worklist and its order. Immutable; the score only ever raises a study's place, nothing hides one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from app.domain.jobs import JobState
from app.domain.patients import patient_key
from app.domain.persistent import SharingMap, SharingSequence, SortKey
from app.domain.study import STAND_IN, ImageItem, Judgement, Reading, Study
from squid_core.bundle.library import population_of

_Key = TypeVar("_Key")


def sort_key(study: Study) -> tuple[int, float, int]:
    """Scored first, highest score first; then what has no score, as it came; errors last."""
    if study.score is not None:
        return 0, -study.score, study.arrival
    return (2 if study.state is JobState.ERROR else 1), 0.0, study.arrival


class Worklist:
    """All studies, in the order in which they should be read.

    Another is made of a former one for the price of what differs, however many studies there are.

    Attributes:
        last_arrival: the highest running number that an image ever had here.
    """

    def __init__(self, images: Iterable[ImageItem] = (), former: Worklist | None = None) -> None:
        self._studies: SharingMap[str, Study] = SharingMap()
        self._in_order: SharingSequence[Study] = SharingSequence()
        self._study_of: SharingMap[str, str] = SharingMap()
        self._namesakes: SharingMap[str, tuple[str, ...]] = SharingMap()  # studies by StudyInstanceUID
        self._of_patient: SharingMap[str, tuple[str, ...]] = SharingMap()  # studies by `patient_key`
        self._at_place: SharingMap[tuple[Path, str], tuple[str, ...]] = SharingMap()  # images that lie, or lay, there
        self._of_content: SharingMap[str, tuple[str, ...]] = SharingMap()  # images by `ImageItem.content_key`
        self._stopped: SharingMap[str, None] = SharingMap()  # studies with a cancelled image
        self._judgements: SharingMap[str, Judgement] = SharingMap()  # by digest, also of what is not here
        self._readings: SharingMap[str, Reading] = SharingMap()  # by `ImageItem.content_key`, likewise
        self._scored_by: Counter[tuple[str, str]] = Counter()  # see `scored_by`
        self._of_several = 0  # studies of more than one image
        self.last_arrival = 0
        if former is not None:
            self._studies = former._studies.copy()  # noqa: SLF001 - of its own class
            self._in_order = former._in_order.copy()  # noqa: SLF001
            self._study_of = former._study_of.copy()  # noqa: SLF001
            self._namesakes = former._namesakes.copy()  # noqa: SLF001
            self._of_patient = former._of_patient.copy()  # noqa: SLF001
            self._at_place = former._at_place.copy()  # noqa: SLF001
            self._of_content = former._of_content.copy()  # noqa: SLF001
            self._stopped = former._stopped.copy()  # noqa: SLF001
            self._judgements = former._judgements.copy()  # noqa: SLF001
            self._readings = former._readings.copy()  # noqa: SLF001
            self._scored_by.update(former._scored_by)  # noqa: SLF001
            self._of_several = former._of_several  # noqa: SLF001
            self.last_arrival = former.last_arrival
        self._take(images)

    def upsert(self, *items: ImageItem) -> Worklist:
        """The worklist with these images added or replaced; a batch costs hardly more than one."""
        return Worklist(items, self)

    def judged(
        self, judgements: Mapping[str, Judgement], readings: Mapping[str, Reading] = MappingProxyType({})
    ) -> Worklist:
        """The worklist with what the reader says; neither score nor order changes.

        Args:
            judgements: by digest.
            readings: how far the reader has come, by `ImageItem.content_key`.
        """
        worklist = Worklist((), self)
        worklist._judgements.update(judgements)
        worklist._readings.update(readings)
        keys = [key for content in (*judgements, *readings) for key in self._of_content.get(content, ())]
        worklist._take([image for key in dict.fromkeys(keys) if (image := self.image(key)) is not None])
        return worklist

    def without(self, keys: Iterable[str]) -> Worklist:
        """The worklist less some images, and less each study all of whose images are gone."""
        worklist = Worklist((), self)
        for key in keys:
            if key in worklist._study_of:
                worklist._leave(worklist._study_of[key], key)
        return worklist

    def _take(self, items: Iterable[ImageItem]) -> None:
        """Only on a worklist that nobody else has seen yet."""
        for item in items:
            uid = self._uid(item)
            before = self.image(item.key)
            if before is not None and before.digest.startswith(STAND_IN) and item.is_read:
                self._judgements.setdefault(item.digest, before.judgement)
                self._readings.setdefault(item.digest, before.reading)
            if before is not None and before.place != item.place:
                _take_out(self._at_place, before.place, before.key)
            if before is not None and before.content_key != item.content_key:
                _take_out(self._of_content, before.content_key, before.key)
            former = self._study_of.get(item.key)
            if former is not None and former != uid:
                self._leave(former, item.key)
            judgement = self._judgements.get(item.digest, Judgement.NONE)
            reading = self._readings.get(item.content_key, Reading.UNREAD)
            alike = judgement is item.judgement and reading is item.reading
            judged = item if alike else replace(item, judgement=judgement, reading=reading)
            study = self._studies.get(uid)
            self._put(study.with_image(judged) if study else self._new_study(uid, judged))
            self._study_of[item.key] = uid
            _put_in(self._at_place, item.place, item.key)
            _put_in(self._of_content, item.content_key, item.key)
            self.last_arrival = max(self.last_arrival, item.arrival)

    def _uid(self, item: ImageItem) -> str:
        """The study of an image: of its StudyInstanceUID and its patient."""
        stated = item.study_uid
        namesakes = self._namesakes.get(stated, ())
        for uid in namesakes:
            if self._studies[uid].identity.patient == item.identity.patient:
                return uid
        number = 1 + len(namesakes)
        while (uid := stated if number == 1 else f"{stated} ({number})") in self._studies:
            number += 1
        return uid

    def _new_study(self, uid: str, item: ImageItem) -> Study:
        namesakes = self._namesakes.get(item.study_uid, ())
        self._namesakes[item.study_uid] = (*namesakes, uid)
        for other in namesakes:
            self._put(replace(self._studies[other], shares_uid=True))
        return Study(uid, (item,), bool(namesakes))

    def _leave(self, uid: str, key: str) -> None:
        """An image whose header was corrected may now belong to another study."""
        study = self._studies[uid]
        rest = tuple(image for image in study.images if image.key != key)
        if rest:
            self._forget(image for image in study.images if image.key == key)
            self._put(replace(study, images=rest))
        else:
            self._drop(study)

    def _put(self, study: Study) -> None:
        former = self._studies.get(study.uid)
        key, patient = _place(study), patient_key(study.identity.patient_id)
        if former is not None:
            if (before := _place(former)) != key:
                self._in_order.discard(before)
            if (whose := patient_key(former.identity.patient_id)) != patient:
                _take_out(self._of_patient, whose, study.uid)
        self._count(former, -1)
        self._count(study, 1)
        self._studies[study.uid] = study
        self._in_order.put(key, study)
        if patient:
            _put_in(self._of_patient, patient, study.uid)
        if any(image.state is JobState.CANCELLED for image in study.images):
            self._stopped[study.uid] = None
        else:
            self._stopped.pop(study.uid, None)

    def _count(self, study: Study | None, by: int) -> None:
        """Whose score stands for a study, and whether it has several images."""
        if study is None:
            return
        self._of_several += by * (len(study.images) > 1)
        image = study.top_image
        if image.score is not None:
            self._scored_by[image.weights, population_of(image.identity.patient_age)] += by

    def _drop(self, study: Study) -> None:
        self._count(study, -1)
        del self._studies[study.uid]
        self._in_order.discard(_place(study))
        self._stopped.pop(study.uid, None)
        _take_out(self._of_patient, patient_key(study.identity.patient_id), study.uid)
        self._forget(study.images)
        stated = study.images[0].study_uid
        _take_out(self._namesakes, stated, study.uid)
        if len(rest := self._namesakes.get(stated, ())) == 1:
            self._put(replace(self._studies[rest[0]], shares_uid=False))

    def _forget(self, images: Iterable[ImageItem]) -> None:
        for image in images:
            self._study_of.pop(image.key, None)
            _take_out(self._at_place, image.place, image.key)
            _take_out(self._of_content, image.content_key, image.key)

    @property
    def studies(self) -> Sequence[Study]:
        """Every study, sorted."""
        return self._in_order

    def row_of(self, uid: str) -> int | None:
        """Where a study stands among `studies`."""
        study = self._studies.get(uid)
        return None if study is None else self._in_order.row(_place(study))

    def differing(self, former: Worklist) -> set[str]:
        """UIDs of the studies that are not the very same in a former worklist, or are in one of the two alone."""
        return self._studies.differing(former._studies)

    def of_patient(self, patient: str) -> tuple[Study, ...]:
        """The studies with one `patient_key`, as they came."""
        return tuple(self._studies[uid] for uid in self._of_patient.get(patient, ()))

    @property
    def has_several(self) -> bool:
        """Whether a study has more than one image."""
        return self._of_several > 0

    @property
    def scored(self) -> int:
        """How many studies have a score."""
        return sum(self._scored_by.values())

    @property
    def scored_by(self) -> dict[tuple[str, str], int]:
        """How many studies have their score from which weights, by their name and the patients' population."""
        return {key: count for key, count in self._scored_by.items() if count}

    @property
    def stopped(self) -> bool:
        """Whether the work on an image was cancelled."""
        return bool(self._stopped)

    def study(self, uid: str) -> Study | None:
        """The study with this UID."""
        return self._studies.get(uid)

    def study_of(self, key: str) -> Study | None:
        """The study that holds the image with this key."""
        uid = self._study_of.get(key)
        return None if uid is None else self._studies[uid]

    def image(self, key: str) -> ImageItem | None:
        """The image with this key."""
        study = self.study_of(key)
        return None if study is None else study.image(key)

    def at_place(self, path: Path, member: str = "") -> tuple[ImageItem, ...]:
        """The images that lie, or lay, at a place: of those that are not `replaced` at most one."""
        found = (self.image(key) for key in self._at_place.get((path, member), ()))
        return tuple(image for image in found if image is not None)

    def images(self) -> Iterator[ImageItem]:
        """Every image, study by study in reading order."""
        for study in self.studies:
            yield from study.images

    def __len__(self) -> int:
        return len(self._studies)


def _place(study: Study) -> SortKey:
    return (*sort_key(study), study.uid)


def _put_in(lists: SharingMap[_Key, tuple[str, ...]], key: _Key, one: str) -> None:
    there = lists.get(key, ())
    if one not in there:
        lists[key] = (*there, one)


def _take_out(lists: SharingMap[_Key, tuple[str, ...]], key: _Key, one: str) -> None:
    rest = tuple(other for other in lists.get(key, ()) if other != one)
    if rest:
        lists[key] = rest
    else:
        lists.pop(key, None)
