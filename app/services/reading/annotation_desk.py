"""Marks drawn on images: fetched when an image is shown, kept at once when they change."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.marks.annotations import MAX_MARKS, Annotations, Marks
from app.domain.session import Session
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
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
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._database = holder, database
        self._courier, self._notifier = courier, notifier
        self._kept: OrderedDict[str, tuple[str, Annotations]] = OrderedDict()  # by digest: image key, and what is drawn
        self._asked: set[str] = set()
        holder.changed.connect(self._on_session)

    def save(self, key: str, annotations: Annotations) -> None:
        """Keep what has been drawn on the shown image: it belongs to the bytes that are on the screen."""
        digest = _digest(self._holder.state)
        if digest and key == self._holder.state.image_key:
            self._keep(digest, key, annotations)
            self._write(digest, key, annotations.marks)

    def save_all(self) -> None:
        """Write all that is known again: the database has begun a new file."""
        for digest, (key, known) in self._kept.items():
            if known.marks:
                self._write(digest, key, known.marks)

    def _on_session(self, old: Session, new: Session) -> None:
        """Bring the marks of the image that is shown now: those known, else from the database."""
        digest = _digest(new)
        if not digest or (new.radiograph is old.radiograph and new.image_key == old.image_key):
            return
        if digest in self._kept:
            self._holder.update(annotations=self._kept[digest][1], selected_mark=None)
        elif digest not in self._asked:
            self._asked.add(digest)
            key = new.image_key
            future = self._database.ask(lambda database: database.marks(digest))
            self._courier.when_done(future, lambda done: self._on_fetched(digest, key, done))

    def _on_fetched(self, digest: str, key: str, future: Future[Marks]) -> None:
        self._asked.discard(digest)
        if future.cancelled():
            return
        marks: Marks = ()
        if (error := future.exception()) is None:
            marks = future.result()
        elif isinstance(error, SquidError):
            self._notifier.post(Notice.from_error(error, Severity.WARNING))
        early = self._kept[digest][1] if digest in self._kept else None
        annotations = early or Annotations()
        if marks:  # what was drawn before the database answered comes on top
            annotations = Annotations((*marks, *annotations.marks)[:MAX_MARKS])
        self._keep(digest, key, annotations)
        if early is not None and marks:
            self._write(digest, key, annotations.marks)
        if digest == _digest(self._holder.state):
            self._holder.update(annotations=annotations, selected_mark=None)

    def _keep(self, digest: str, key: str, annotations: Annotations) -> None:
        self._kept[digest] = key, annotations
        self._kept.move_to_end(digest)
        while len(self._kept) > KEEP_HISTORIES:
            self._kept.popitem(last=False)

    def _write(self, digest: str, key: str, marks: Marks) -> None:
        future = self._database.ask(lambda database: database.save_marks(digest, key, marks))
        future.add_done_callback(self._on_written)

    def _on_written(self, future: Future[None]) -> None:
        """On the database's thread."""
        if not future.cancelled() and future.exception() is not None:
            self._notifier.post(NOT_SAVED)


def _digest(session: Session) -> str:
    return session.radiograph.content.digest if session.radiograph is not None else ""
