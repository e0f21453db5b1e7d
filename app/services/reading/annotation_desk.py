"""Marks drawn on images: fetched when an image is shown, kept at once when they change."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.marks.annotations import MAX_MARKS, Annotations, Marks
from app.domain.study import ImageItem
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.contracts.errors import SquidError

KEEP_HISTORIES = 64  # images whose steps can still be undone after going away and coming back

NOT_SAVED = Notice(
    Severity.WARNING,
    "The measurements of this image could not be saved.",
    "They stay on the screen until the program closes. Check that the disk is not full.",
)


class AnnotationDesk(QObject):
    """Keeps what is drawn. Every change goes to the database's thread at once, which finishes before it closes."""

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database = holder, store, database
        self._courier, self._notifier = courier, notifier
        self._kept: OrderedDict[tuple[str, str], tuple[ImageItem, Annotations]] = OrderedDict()
        self._asked: set[tuple[str, str]] = set()

    def show(self, item: ImageItem) -> None:
        """Bring the marks of the image that is shown now: those known, else from the database."""
        name = _name(item)
        if name in self._kept:
            self._holder.update(annotations=self._kept[name][1], selected_mark=None)
        elif name not in self._asked:
            self._asked.add(name)
            future = self._database.ask(lambda database: database.marks(item))
            self._courier.when_done(future, lambda done: self._on_fetched(item, done))

    def save(self, key: str, annotations: Annotations) -> None:
        """Keep what has been drawn on an image."""
        item = self._store.worklist.image(key)
        if item is not None:
            self._keep(item, annotations)
            self._write(item, annotations.marks)

    def save_all(self) -> None:
        """Write all that is known again: the database has begun a new file."""
        for item, known in self._kept.values():
            if known.marks:
                self._write(item, known.marks)

    def _on_fetched(self, item: ImageItem, future: Future[Marks]) -> None:
        self._asked.discard(_name(item))
        if future.cancelled():
            return
        marks: Marks = ()
        if (error := future.exception()) is None:
            marks = future.result()
        elif isinstance(error, SquidError):
            self._notifier.post(Notice.from_error(error, Severity.WARNING))
        early = self._kept[_name(item)][1] if _name(item) in self._kept else None
        annotations = early or Annotations()
        if marks:  # what was drawn before the database answered comes on top
            annotations = Annotations((*marks, *annotations.marks)[:MAX_MARKS])
        self._keep(item, annotations)
        if early is not None and marks:
            self._write(item, annotations.marks)
        if item.key == self._holder.state.image_key:
            self._holder.update(annotations=annotations, selected_mark=None)

    def _keep(self, item: ImageItem, annotations: Annotations) -> None:
        self._kept[_name(item)] = item, annotations
        self._kept.move_to_end(_name(item))
        while len(self._kept) > KEEP_HISTORIES:
            self._kept.popitem(last=False)

    def _write(self, item: ImageItem, marks: Marks) -> None:
        future = self._database.ask(lambda database: database.save_marks(item, marks))
        future.add_done_callback(self._on_written)

    def _on_written(self, future: Future[None]) -> None:
        """On the database's thread."""
        if not future.cancelled() and future.exception() is not None:
            self._notifier.post(NOT_SAVED)


def _name(item: ImageItem) -> tuple[str, str]:
    return item.key, item.file_id
