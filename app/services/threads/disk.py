"""Questions to a disk that may not answer: a network folder whose server is gone holds its asker for minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def ask_disk(question: Callable[[], T]) -> Future[T]:
    """The answer of `question`, called on a thread of its own that does not keep the program from ending."""
    future: Future[T] = Future()

    def ask() -> None:
        try:
            future.set_result(question())
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            future.set_exception(error)

    threading.Thread(target=ask, name="disk question", daemon=True).start()
    return future
