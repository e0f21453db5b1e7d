"""The thread that owns the database: one writer, and the window never waits for the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from app.domain.errors import Notice
from app.storage.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")


class Archive:
    """A `Store` on a thread of its own, opened with the first question.

    Args:
        path: the database file; None for one in memory.
        notify: called on that thread with what the user should know.
    """

    def __init__(self, path: Path | None, notify: Callable[[Notice], None]) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")
        self._store: Store | None = None
        self._path, self._notify = path, notify
        self._opened: Future[None] | None = None

    def ask(self, work: Callable[[Store], T]) -> Future[T]:
        """Do `work` with the store, in the order asked for; what it wrote is committed when the future is done."""
        if self._opened is None:
            self._opened = self._thread.submit(self._open)
        return self._thread.submit(self._run, self._opened, work)

    def tell(self, work: Callable[[Store], Any]) -> None:
        """The same, when nobody waits for the answer; a fault goes to the log."""
        self.ask(work).add_done_callback(_log_fault)

    def close(self) -> None:
        """Finish what was asked for, then close the database."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _open(self) -> None:
        self._store = Store(self._path, self._notify)

    def _run(self, opened: Future[None], work: Callable[[Store], T]) -> T:
        if self._store is None:
            opened.result()  # raises what opening raised
            raise RuntimeError("the archive is closed")
        return work(self._store)

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None


def _log_fault(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error("The archive failed: %s", type(error).__name__)
