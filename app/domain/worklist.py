"""The worklist and its order. Immutable; the score only ever raises a study's place, nothing hides one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from app.domain.jobs import JobState
from app.domain.study import ImageItem, Study


def sort_key(study: Study) -> tuple[int, float, int]:
    """Scored first, highest score first; then what has no score, as it came; errors last."""
    if study.score is not None:
        return 0, -study.score, study.arrival
    return (2 if study.state is JobState.ERROR else 1), 0.0, study.arrival


class Worklist:
    """All studies, in the order in which they should be read."""

    def __init__(self, images: Iterable[ImageItem] = ()) -> None:
        grouped: dict[str, dict[str, ImageItem]] = {}
        for image in images:
            grouped.setdefault(image.study_uid, {})[image.key] = image
        self._set({uid: Study(uid, tuple(items.values())) for uid, items in grouped.items()})

    def _set(self, studies: Mapping[str, Study]) -> None:
        self._studies = MappingProxyType(dict(studies))
        self._study_of = {image.key: study.uid for study in studies.values() for image in study.images}
        self._ordered: tuple[Study, ...] | None = None

    @classmethod
    def _of(cls, studies: Mapping[str, Study]) -> Worklist:
        worklist = cls()
        worklist._set(studies)
        return worklist

    def upsert(self, *items: ImageItem) -> Worklist:
        """The worklist with these images added or replaced; a batch costs hardly more than one."""
        studies = dict(self._studies)
        for item in items:
            self._leave_former_study(studies, item)
            study = studies.get(item.study_uid)
            studies[item.study_uid] = study.with_image(item) if study else Study(item.study_uid, (item,))
        return self._of(studies)

    def _leave_former_study(self, studies: dict[str, Study], item: ImageItem) -> None:
        """A file whose content was replaced may now belong to another study."""
        former = self._study_of.get(item.key)
        if former is None or former == item.study_uid or former not in studies:
            return
        rest = tuple(image for image in studies[former].images if image.key != item.key)
        if rest:
            studies[former] = Study(former, rest)
        else:
            del studies[former]

    def without(self, uid: str) -> Worklist:
        """The worklist less one study."""
        return self._of({key: study for key, study in self._studies.items() if key != uid})

    @property
    def studies(self) -> tuple[Study, ...]:
        """Every study, sorted."""
        if self._ordered is None:
            self._ordered = tuple(sorted(self._studies.values(), key=sort_key))
        return self._ordered

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

    def images(self) -> Iterator[ImageItem]:
        """Every image, study by study in reading order."""
        for study in self.studies:
            yield from study.images

    def __len__(self) -> int:
        return len(self._studies)
