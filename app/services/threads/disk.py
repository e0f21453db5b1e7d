"""Questions to a disk that may not answer: a network folder whose server is gone holds its asker for minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from squid_core.processes.pool import settle

T = TypeVar("T")


def ask_disk(question: Callable[[], T], seconds: float | None = None, late: Callable[[], T] | None = None) -> Future[T]:
    """The answer of `question`, called on a thread of its own that does not keep the program from ending.

    Args:
        question: may hang.
        seconds: how long its answer is waited for; None for ever.
        late: gives the answer once that time is over; without it the future fails with TimeoutError.
    """
    future: Future[T] = Future()

    def ask(work: Callable[[], T]) -> None:
        try:
            settle(future, work())
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            settle(future, error=error)

    if seconds is not None:
        timer = threading.Timer(seconds, ask, (late or _too_late,))
        timer.daemon = True
        future.add_done_callback(lambda _: timer.cancel())
        timer.start()
    threading.Thread(target=ask, args=(question,), name="disk question", daemon=True).start()
    return future


def _too_late() -> Any:  # noqa: ANN401 - it has no answer
    raise TimeoutError
