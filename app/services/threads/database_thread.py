"""The thread that owns the database: one writer, and the window never waits for the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import Notice
from app.storage.database import Database

log = logging.getLogger(__name__)
T = TypeVar("T")


class DatabaseThread:
    """A `Database` on a thread of its own, opened with the first question.

    Args:
        path: the database file; None for one in memory.
        notify: called on that thread with what the user should know.
    """

    def __init__(self, path: Path | None, notify: Callable[[Notice], None]) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._database: Database | None = None
        self._path, self._notify = path, notify
        self._opened: Future[None] | None = None

    def ask(self, work: Callable[[Database], T]) -> Future[T]:
        """Do `work` with the database, in the order asked for; what it wrote is committed when the future is done."""
        if self._opened is None:
            self._opened = self._thread.submit(self._open)
        return self._thread.submit(self._run, self._opened, work)

    def tell(self, work: Callable[[Database], Any]) -> None:
        """The same, when nobody waits for the answer; a fault goes to the log."""
        self.ask(work).add_done_callback(_log_fault)

    def close(self) -> None:
        """Finish what was asked for, then close the database."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _open(self) -> None:
        self._database = Database(self._path, self._notify)

    def _run(self, opened: Future[None], work: Callable[[Database], T]) -> T:
        if self._database is None:
            opened.result()  # raises what opening raised
            raise RuntimeError("the database is closed")
        return work(self._database)

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _log_fault(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("The database failed: %s", type(error).__name__)
