"""What happens when the user looks at something: the image is read and its result fetched.

Lives on the window's thread; every answer comes later and counts only if the user is still looking at its image.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.greys.starting_window import starting_window
from app.domain.jobs import JobState
from app.domain.marks.annotations import Annotations
from app.domain.presenting import Offer
from app.domain.study import STAND_IN, ImageItem, Study
from app.domain.worklist import Worklist
from app.services.importing.source_watch import missing_folder
from app.services.reading.image_source import ImageSource, OtherImageError
from app.services.reading.what_if_desk import NO_BUNDLE, NO_WHAT_IF
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.latest import LatestWins
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database
from squid_core.bundle.library import AUTO, Bundle, Bundles
from squid_core.contracts.detection import Detection
from squid_core.contracts.errors import SquidError
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.errors import NOT_THERE, UnreachedError
from squid_core.dicom.readers import ReaderPool
from squid_core.inference.doubts import DOUBTS, doubts

FILE_GONE = Notice(
    Severity.WARNING,
    "The file of this image is no longer there.",
    "Put the file or its medium back, and the image is shown by itself. If it lies at another place now, locate it.",
)
AWAY = replace(FILE_GONE, title="The folder of this image cannot be reached.")

# What was found and drawn on the image that was shown, forgotten when another takes its place.
NOTHING_SEEN: dict[str, Any] = {
    **NO_WHAT_IF,
    "preview": None,
    "detection": None,
    "maps": None,
    "card": None,
    "patch": None,
    "peeked": None,
    "entries": None,
    "cursor": None,
    "annotations": Annotations(),
    "offer": Offer(),
    "presented": None,
    "selected_mark": None,
}


class ReadingDesk(QObject):
    """Answers the user's selections by changing the session."""

    away = TypedSignal[Path]()  # a folder that cannot be reached; the selected image waits for `source_back`
    file_gone = TypedSignal[Path]()  # the file of the selected image, which waits for `source_back` too
    read_otherwise = TypedSignal[list[str]]()  # images of a study whose file names its patient in other characters
    result_missing = TypedSignal[str]()  # image key: it counts as scored, but its result cannot be read back

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        readers: ReaderPool,
        bundles: Bundles,
        courier: Courier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database = holder, store, database
        self._bundles, self._courier = bundles, courier
        self.source = ImageSource(readers, courier)
        self._reads: LatestWins[ImageItem, Radiograph] = LatestWins(
            courier, self.source.read, self._on_read, self._on_unreadable
        )
        self._previews: LatestWins[ImageItem, Preview | None] = LatestWins(
            courier, self.source.preview, self._on_preview, lambda *_: None
        )
        self._unread: ImageItem | None = None  # that is selected and cannot be shown
        store.changed.connect(self._on_worklist)

    def select_study(self, uid: str) -> None:
        """Show a study, beginning with its most abnormal image."""
        study = self._store.worklist.study(uid)
        state = self._holder.state
        if study is not None and (uid != state.study_uid or state.error is not None):
            self.select_image(study.top_image.key)

    def select_image(self, key: str) -> None:
        """Show an image."""
        study = self._store.worklist.study_of(key)
        item = study.image(key) if study else None
        state = self._holder.state
        if study is not None and item is not None and not (key == state.image_key and state.error is None):
            self._show(study, item)

    def _show(self, study: Study, item: ImageItem) -> None:
        key = item.key
        radiograph = self.source.kept(item)
        self._holder.update(
            study=study,
            image_key=key,
            radiograph=radiograph,
            **NOTHING_SEEN,
            **self._greys(radiograph),
            invert=False,
            loading="" if radiograph else "Reading the image",
            error=None,
            notices=radiograph.notices if radiograph else (),
            weights_reason="",
        )
        self._database.tell(lambda database: database.record(Action.OPEN, key))
        if radiograph is None:
            self._previews.ask(item)
            self._reads.ask(item)
        else:
            self._previews.forget()
            self._reads.forget()
            item = self._known(item, radiograph)
        if not item.digest.startswith(STAND_IN):
            self._fetch_detection(item)

    def source_back(self, folder: Path) -> None:
        """A folder or file that was away can be reached again: read the selected image where it lies there."""
        state, unread = self._holder.state, self._unread
        if unread is None or state.error is None or folder not in (unread.path, *unread.path.parents):
            return
        study = self._store.worklist.study_of(unread.key)
        item = study.image(unread.key) if study else None
        if study is not None and item is not None and item.key == state.image_key:
            self._show(study, item)

    def read_again(self) -> None:
        """Read the shown image anew, in whose file text is read in other characters now; how it is shown stays."""
        state = self._holder.state
        study = self._store.worklist.study_of(state.image_key)
        item = study.image(state.image_key) if study else None
        if item is not None and state.radiograph is not None:
            self._courier.when_done(self.source.read(item), lambda done: self._on_read_again(item.key, done))

    def _on_read_again(self, key: str, done: Future[Radiograph]) -> None:
        state = self._holder.state
        shown = state.radiograph
        if key != state.image_key or shown is None or done.cancelled() or done.exception() is not None:
            return
        found = done.result()
        others = tuple(notice for notice in state.notices if notice not in shown.notices)
        now = replace(shown, identity=found.identity, notices=found.notices)  # the same pixels: nothing is drawn anew
        self._holder.update(radiograph=now, notices=(*found.notices, *others))

    def clear(self) -> None:
        """Show nothing: the selected study has left the worklist."""
        self._previews.forget()
        self._reads.forget()
        self._holder.update(
            study=None,
            image_key="",
            radiograph=None,
            **NOTHING_SEEN,
            **self._greys(None),
            loading="",
            error=None,
            notices=(),
            weights_reason="",
        )

    def _greys(self, radiograph: Radiograph | None) -> dict[str, Any]:
        """How the greys of an image begin."""
        if radiograph is None:
            return {"window": None, "window_replaced": False}
        window, replaced = starting_window(radiograph, self._holder.state.display)
        return {"window": window, "window_replaced": replaced}

    def show_result(self, key: str) -> None:
        """The queue has scored an image; if it is the shown one, its panes fill."""
        item = self._store.worklist.image(key) if key == self._holder.state.image_key else None
        if item is not None:
            self._fetch_detection(item)

    def _fetch_detection(self, item: ImageItem) -> None:
        if item.state is not JobState.SCORED:
            return

        def work(database: Database) -> Detection | None:
            self._bundles.names()  # reads the cards here and not on the window's thread
            return database.result_of(item)

        self._courier.when_done(self._database.ask(work), lambda done: self._on_fetched(item.key, done))

    def _on_fetched(self, key: str, future: Future[Detection | None]) -> None:
        if key != self._holder.state.image_key or future.cancelled() or future.exception() is not None:
            return
        if (detection := future.result()) is not None:
            self._take_detection(key, detection)
        else:
            self.result_missing.emit(key)

    def _take_detection(self, key: str, detection: Detection) -> None:
        """Show what was found in the shown image; never beside other bytes than it was found in."""
        state, study = self._holder.state, self._store.worklist.study_of(key)
        item = study.image(key) if study else None
        if study is None or item is None or key != state.image_key or item.digest != detection.digest:
            return
        if state.radiograph is not None and state.radiograph.content.digest != detection.digest:
            self._show(study, item)  # the file has changed since its picture was read
        else:
            self._holder.update(study=study)
            self._set_detection(detection)

    def _known(self, item: ImageItem, radiograph: Radiograph) -> ImageItem:
        """The image, with the digest that was not known yet, of what was stored before digests were."""
        if not item.digest.startswith(STAND_IN):
            return item
        known = replace(item, digest=radiograph.content.digest)
        self._store.upsert(known)
        self._database.tell(lambda database: database.take_over(known))
        self._database.tell(lambda database: database.save_images([known]))
        return known

    def _set_detection(self, detection: Detection) -> None:
        state = self._holder.state
        bundle = self._bundles.of(detection)
        notices = tuple(text for text in state.notices if text not in (*DOUBTS, NO_BUNDLE))
        notices += doubts(detection)
        if bundle is None:
            notices += (NO_BUNDLE,)
        self._holder.update(
            **NO_WHAT_IF,
            detection=detection,
            maps=None,
            card=bundle.card if bundle else None,
            entries=None,
            memory_slots=bundle.slots if bundle else None,
            weights_reason=self._reason(bundle),
            notices=notices,
        )

    def _reason(self, bundle: Bundle | None) -> str:
        image = self._holder.state.image
        if image is None or bundle is None:
            return ""
        weights, age = self._holder.state.weights, image.identity.patient_age
        return chosen_because(weights, age) if self._bundles.chooses(bundle, weights, age) else "scored earlier"

    def _on_preview(self, item: ImageItem, preview: Preview | None) -> None:
        """Stand in for the image while it is being read, and not longer."""
        state = self._holder.state
        if preview is not None and item.key == state.image_key and state.radiograph is None and state.loading:
            self._holder.update(preview=preview)

    def _on_read(self, item: ImageItem, radiograph: Radiograph) -> None:
        study = self._store.worklist.study_of(item.key)
        now = study.image(item.key) if study else None
        if study is None or now is None or item.key != self._holder.state.image_key:
            return
        if not now.is_in(radiograph.content, radiograph.identity):  # read anew by the queue meanwhile
            self._show(study, now)
            return
        if now.identity.patient != radiograph.identity.patient:  # of the same bytes: read in other characters then
            self.read_otherwise.emit([image.key for image in study.images])
        notices = (*radiograph.notices, *self._holder.state.notices)
        greys = self._greys(radiograph)
        self._holder.update(radiograph=radiograph, preview=None, **greys, loading="", notices=notices)
        if now.digest.startswith(STAND_IN):
            self._fetch_detection(self._known(now, radiograph))

    def _on_unreadable(self, item: ImageItem, error: SquidError) -> None:
        if item.key != self._holder.state.image_key:
            return
        if isinstance(error, OtherImageError):
            self._holder.update(**NOTHING_SEEN, notices=(), weights_reason="")
        elif item.digest.startswith(STAND_IN):
            self._fetch_detection(item)
        self._unread = item
        self._holder.update(preview=None, loading="", error=Notice.from_error(error))
        if isinstance(error, UnreachedError):
            is_gone = error.title == NOT_THERE
            self._courier.when_done(missing_folder(item.path), partial(self._on_looked, item, is_gone))

    def _on_looked(self, item: ImageItem, is_gone: bool, looked: Future[Path | None]) -> None:
        """Why an image could not be read: its folder may be away, or its file alone is gone."""
        folder = looked.result()
        if item is not self._unread or self._holder.state.error is None or (folder is None and not is_gone):
            return
        self._holder.update(error=replace(FILE_GONE if is_gone else AWAY, place=item.container))
        if folder is not None:
            self.away.emit(folder)
        else:
            self.file_gone.emit(item.path)

    def _on_worklist(self, _old: Worklist, new: Worklist) -> None:
        """The shown study may have a new state, or be gone; the selection itself never moves."""
        state = self._holder.state
        if not state.image_key:
            return
        study = new.study_of(state.image_key)
        image = study.image(state.image_key) if study else None
        if study is None or image is None:
            self._follow(new)
            return
        shown = state.radiograph.content.digest if state.radiograph is not None else ""
        other_bytes = shown and image.is_read and image.digest != shown
        unread = self._unread if state.error is not None else None
        if other_bytes or (unread is not None and unread.key == image.key and _file_of(unread) != _file_of(image)):
            self._show(study, image)
            return
        if image.state is not JobState.SCORED and state.detection is not None:
            self._holder.update(**NO_WHAT_IF, detection=None, maps=None, card=None)
        self._holder.update(study=study)

    def _follow(self, new: Worklist) -> None:
        """The shown image has left the worklist: its bytes may lie at another place, under another key."""
        state = self._holder.state
        study = new.study(state.study_uid)
        digest = state.radiograph.content.digest if state.radiograph is not None else ""
        same = [image for image in study.images if digest and image.digest == digest] if study else []
        if study is not None and same:
            self._show(study, same[0])
        else:
            self.clear()


def _file_of(item: ImageItem) -> tuple[object, ...]:
    """What changes when a file that could not be shown is imported anew, or found at another place."""
    return item.place, item.digest, item.size, item.modified_ns, item.replaced


def chosen_because(weights: str, age: float | None) -> str:
    """Why these weights read the image of a patient of this age (years), in plain words."""
    if weights != AUTO:
        return "chosen by you"
    return "age unknown, adult assumed" if age is None else f"chosen by age {age:.0f}"
