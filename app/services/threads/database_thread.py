"""The thread that owns the database: one writer, and the window never waits for the disk.

What the database cannot do now (`UnavailableError`) is asked again in its order; what waits to be saved is tried
again with growing pauses, between the questions.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import Notice
from app.storage.database import Database
from app.storage.faults import UnavailableError

log = logging.getLogger(__name__)
T = TypeVar("T")
FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 10.0
LAST_SECONDS = 5.0  # at the end, to save what waits


@dataclass(frozen=True, slots=True)
class _Question:
    work: Callable[[Database], Any]
    future: Future[Any]

    def answered(self, database: Database) -> bool:
        """Ask it; False when it must be asked again."""
        try:
            result = self.work(database)
        except UnavailableError:
            return False
        except BaseException as error:  # noqa: BLE001 - handed to whoever asked
            self.future.set_exception(error)
        else:
            self.future.set_result(result)
        return True


class DatabaseThread:
    """A `Database` on a thread of its own, opened with the first question.

    Args:
        path: the database file; None for one in memory.
        notify: called on that thread with what the user should know.
        renewed: called there when a damaged file has been replaced by what could be salvaged.
    """

    def __init__(
        self, path: Path | None, notify: Callable[[Notice], None], renewed: Callable[[], None] = lambda: None
    ) -> None:
        self._path, self._notify, self._renewed = path, notify, renewed
        self._questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._waiting: deque[_Question] = deque()  # the database could not answer them yet
        self._database: Database | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._lock = threading.Lock()  # over the two above: a question comes before the end or not at all

    def ask(self, work: Callable[[Database], T]) -> Future[T]:
        """Do `work` with the database, in the order asked for.

        What it wrote is committed when the future is done, or kept beside the database (`Database.unsaved`) until
        it can be. It may be called twice where the database was not available at first.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the database is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="database", daemon=True)
                self._thread.start()
            self._questions.put(_Question(work, future))
        return future

    def tell(self, work: Callable[[Database], Any]) -> None:
        """The same, when nobody waits for the answer; a fault goes to the log."""
        self.ask(work).add_done_callback(_log_fault)

    def close(self) -> None:
        """Finish what was asked for, save what waits if that succeeds within some seconds, then close the database."""
        with self._lock:
            self._closed = True
            self._questions.put(None)
        if self._thread is not None:
            self._thread.join()

    def _serve(self) -> None:
        self._database = database = Database(self._path, self._notify, self._renewed)
        pause, due = FIRST_PAUSE, 0.0
        while True:
            troubled = bool(self._waiting) or database.troubled
            if not troubled:
                pause, due = FIRST_PAUSE, 0.0
            elif not due:
                due = time.monotonic() + pause
            try:
                question = self._questions.get(timeout=max(0.0, due - time.monotonic()) if troubled else None)
            except queue.Empty:
                pass
            else:
                if question is None:
                    break
                self._take(database, question)
            if due and time.monotonic() >= due:
                self._try_again(database)
                pause, due = min(2 * pause, LONGEST_PAUSE), 0.0
        self._end(database)

    def _take(self, database: Database, question: _Question) -> None:
        if question.future.set_running_or_notify_cancel() and not question.answered(database):
            self._waiting.append(question)

    def _try_again(self, database: Database) -> None:
        database.retry()
        for _ in range(len(self._waiting)):
            if not self._waiting[0].answered(database):
                return
            self._waiting.popleft()

    def _end(self, database: Database) -> None:
        until = time.monotonic() + LAST_SECONDS
        while True:
            if self._waiting or database.troubled:
                self._try_again(database)
            if not (self._waiting or database.troubled) or time.monotonic() >= until:
                break
            time.sleep(FIRST_PAUSE)
        lost = database.close()
        for question in self._waiting:
            question.future.set_exception(UnavailableError("The worklist could not be saved.", ""))
        if lost or self._waiting:
            log.error("The worklist was closed with %d changes unsaved.", lost + len(self._waiting))


def _log_fault(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("The database failed: %s", type(error).__name__)
