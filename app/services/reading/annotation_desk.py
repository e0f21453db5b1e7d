"""Marks drawn on images: fetched when an image is shown, kept at once when they change."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from functools import partial

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.marks.annotations import MAX_MARKS, Annotations, Marks
from app.domain.session import Session
from app.domain.undoing import Deed
from app.services.state.history import History, UndoStep
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.contracts.errors import SquidError

KEEP_IMAGES = 64  # whose marks are known without asking the database

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
        history: History,
    ) -> None:
        super().__init__()
        self._holder, self._database, self._history = holder, database, history
        self._courier, self._notifier = courier, notifier
        self._kept: OrderedDict[str, tuple[str, Annotations]] = OrderedDict()  # by digest: image key, and what is drawn
        self._asked: set[str] = set()
        self._digest_of: dict[str, str] = {}  # of images that have been on the screen, by key
        holder.changed.connect(self._on_session)

    def save(self, key: str, annotations: Annotations) -> None:
        """Keep what has been drawn on an image: it belongs to the bytes that were on the screen under this key.

        What is half done when the reader goes on to another image comes after that one is shown.
        """
        digest = self._digest_of.get(key)
        if digest:
            self._keep(digest, key, annotations)
            self._write(digest, key, annotations.marks)
            undo = partial(self._put, digest, key, annotations.before)
            self._history.did(UndoStep(Deed.MARK, key, undo, partial(self._put, digest, key, annotations.marks)))

    def _put(self, digest: str, key: str, marks: Marks) -> None:
        """Have these marks on an image, whether it is shown or not."""
        annotations = Annotations(marks)
        self._keep(digest, key, annotations)
        self._write(digest, key, marks)
        if digest == _digest(self._holder.state):
            self._holder.update(annotations=annotations, selected_mark=None)

    def save_all(self) -> None:
        """Write all that is known again: the database has begun a new file."""
        for digest, (key, known) in self._kept.items():
            if known.marks:
                self._write(digest, key, known.marks)

    def _on_session(self, old: Session, new: Session) -> None:
        """Bring the marks of the image that is shown now: those known, else from the database."""
        digest = _digest(new)
        if digest:
            self._digest_of[new.image_key] = digest
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
            self._history.forget(Deed.MARK, key)
        self._keep(digest, key, annotations)
        if early is not None and marks:
            self._write(digest, key, annotations.marks)
        if digest == _digest(self._holder.state):
            self._holder.update(annotations=annotations, selected_mark=None)

    def _keep(self, digest: str, key: str, annotations: Annotations) -> None:
        self._kept[digest] = key, annotations
        self._kept.move_to_end(digest)
        while len(self._kept) > KEEP_IMAGES:
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
