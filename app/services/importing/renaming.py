"""Names in the worklist follow the default character set: the headers of their files are read again."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.jobs import JobState
from app.domain.study import ImageItem, depends_on_charset
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.signals import TypedSignal
from squid_core.contracts.radiograph import Content
from squid_core.dicom.readers import Examined, ReaderPool

STUDIES_AT_ONCE = 32  # whose headers are asked for together
IN_HAND = (JobState.READING, JobState.SCORING)  # the queue is about to write what it knows of the image
PAUSE_SECONDS = 0.2
LEFT = Notice(
    Severity.INFO,
    "Some names are still shown as they were read before.",
    "Their files could not be read. A file is read again when its image is opened.",
)


class Renaming(QObject):
    """Reads headers again, whole studies together, and puts what they say into the worklist. Window's thread only.

    Signals:
        renamed: keys of images whose text is another.
    """

    renamed = TypedSignal[list[str]]()

    def __init__(
        self,
        readers: ReaderPool,
        store: WorklistStore,
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__(courier)
        self._readers, self._store, self._database = readers, store, database
        self._courier, self._notifier = courier, notifier
        self._waiting: list[Sequence[str]] = []  # keys, study by study
        self.running = False

    def read_all(self) -> None:
        """Another default character set was chosen: read again whatever depends on it."""
        self._waiting = [
            [image.key for image in study.images]
            for study in self._store.worklist.studies
            if any(depends_on_charset(image.identity) for image in study.images)
        ]
        self._begin()

    def read(self, keys: Sequence[str]) -> None:
        """The text of these images of a study is read otherwise than the worklist has it."""
        self._waiting.append(keys)
        self._begin()

    def _begin(self) -> None:
        if self._waiting and not self.running:
            self.running = True
            self._courier.run(self._steps())

    def _steps(self) -> Steps[None]:
        complete = True
        while self._waiting:
            now, self._waiting = self._waiting[:STUDIES_AT_ONCE], self._waiting[STUDIES_AT_ONCE:]
            images = [image for keys in now for key in keys if (image := self._image(key)) is not None]
            asked = [(image.key, self._readers.identify(image.source)) for image in images if not image.replaced]
            found: dict[str, Examined] = {}
            for key, future in asked:
                if (examined := (yield from _header(future))) is not None:
                    found[key] = examined
            while any((image := self._image(key)) is not None and image.state in IN_HAND for key, _ in asked):
                yield from answer(self._courier.pause(PAUSE_SECONDS))
            complete &= len(found) == len(asked)
            self._take_in(found)
        self.running = False
        if not complete:
            self._notifier.post(LEFT)

    def _take_in(self, found: dict[str, Examined]) -> None:
        renamed: list[ImageItem] = []
        for key, examined in found.items():
            image, identity = self._image(key), examined.identity
            if image is None or identity is None or identity == image.identity:
                continue
            if image.is_named_otherwise(examined.content or Content(), identity):
                renamed.append(replace(image, identity=identity))
        if renamed:
            self._store.rename(*renamed)
            self._database.tell(lambda database: database.save_images(renamed))
            self.renamed.emit([image.key for image in renamed])

    def _image(self, key: str) -> ImageItem | None:
        return self._store.worklist.image(key)


def _header(future: Future[Examined]) -> Steps[Examined | None]:
    """What a header says; None where it could not be read."""
    try:
        examined = yield from answer(future)
    except Exception:  # noqa: BLE001 - as if it could not be read
        return None
    return examined if examined.identity is not None else None
