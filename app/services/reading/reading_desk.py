"""What happens when the user looks at something: the image is read and its result fetched.

Lives on the window's thread; every answer comes later and counts only if the user is still looking at its image.
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.domain.marks.annotations import Annotations
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.reading.image_source import ImageSource
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
from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.readers import ReaderPool

OUTSIDE_MEMORY = "This image resembles nothing in the detector's memory: the score means little here."

# What was found and drawn on the image that was shown, forgotten when another takes its place.
NOTHING_SEEN: dict[str, Any] = {
    **NO_WHAT_IF,
    "detection": None,
    "maps": None,
    "card": None,
    "patch": None,
    "peeked": None,
    "entries": None,
    "cursor": None,
    "annotations": Annotations(),
    "selected_mark": None,
}


class ReadingDesk(QObject):
    """Answers the user's selections by changing the session."""

    image_shown = TypedSignal[ImageItem]()  # that the user has chosen; its pixels may still be on their way
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
        if study is None or item is None or (key == state.image_key and state.error is None):
            return
        radiograph = self.source.kept(item)
        self._holder.update(
            study=study,
            image_key=key,
            radiograph=radiograph,
            **NOTHING_SEEN,
            window=radiograph.window if radiograph else None,
            invert=False,
            loading="" if radiograph else "Reading the image",
            error=None,
            notices=radiograph.notices if radiograph else (),
            weights_reason="",
        )
        self.image_shown.emit(item)
        self._database.tell(lambda database: database.record(Action.OPEN, key))
        if radiograph is None:
            self._reads.ask(item)
        else:
            self._reads.forget()
        self._fetch_detection(item)

    def clear(self) -> None:
        """Show nothing: the selected study has left the worklist."""
        self._reads.forget()
        self._holder.update(
            study=None,
            image_key="",
            radiograph=None,
            **NOTHING_SEEN,
            window=None,
            loading="",
            error=None,
            notices=(),
            weights_reason="",
        )

    def show_result(self, key: str, detection: Detection) -> None:
        """The queue has scored an image; if it is the shown one, its panes fill."""
        if key == self._holder.state.image_key:
            self._set_detection(detection)

    def _fetch_detection(self, item: ImageItem) -> None:
        if item.state is not JobState.SCORED:
            return

        def work(database: Database) -> Detection | None:
            self._bundles.names()  # reads the cards here and not on the window's thread
            return database.latest_result(item)

        self._courier.when_done(self._database.ask(work), lambda done: self._on_fetched(item.key, done))

    def _on_fetched(self, key: str, future: Future[Detection | None]) -> None:
        if key != self._holder.state.image_key or future.cancelled() or future.exception() is not None:
            return
        if (detection := future.result()) is not None:
            self._set_detection(detection)
        else:
            self.result_missing.emit(key)

    def _set_detection(self, detection: Detection) -> None:
        state = self._holder.state
        bundle = self._bundles.of(detection)
        notices = tuple(text for text in state.notices if text not in (OUTSIDE_MEMORY, NO_BUNDLE))
        if detection.outside_memory:
            notices += (OUTSIDE_MEMORY,)
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
        try:
            chosen = self._bundles.choose(weights, age)
        except SquidError:
            return ""
        return chosen_because(weights, age) if chosen.folder == bundle.folder else "scored earlier"

    def _on_read(self, item: ImageItem, radiograph: Radiograph) -> None:
        if item.key == self._holder.state.image_key:
            notices = (*radiograph.notices, *self._holder.state.notices)
            self._holder.update(radiograph=radiograph, window=radiograph.window, loading="", notices=notices)

    def _on_unreadable(self, item: ImageItem, error: SquidError) -> None:
        if item.key == self._holder.state.image_key:
            self._holder.update(loading="", error=Notice.from_error(error))

    def _on_worklist(self, _old: Worklist, new: Worklist) -> None:
        """The shown study may have a new state, or be gone; the selection itself never moves."""
        state = self._holder.state
        if not state.image_key:
            return
        study = new.study_of(state.image_key)
        if study is None:
            self.clear()
            return
        image = study.image(state.image_key)
        if image is not None and image.state is not JobState.SCORED and state.detection is not None:
            self._holder.update(**NO_WHAT_IF, detection=None, maps=None, card=None)
        self._holder.update(study=study)


def chosen_because(weights: str, age: float | None) -> str:
    """Why these weights read the image of a patient of this age (years), in plain words."""
    if weights != AUTO:
        return "chosen by you"
    return "age unknown, adult assumed" if age is None else f"chosen by age {age:.0f}"
