"""Latest wins: of many requests only the newest matters, and at most one is under way (after labelme's saver)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from app.services.threads.courier import Courier
from squid_core.contracts.errors import SquidError

R = TypeVar("R")
T = TypeVar("T")


class LatestWins(QObject, Generic[R, T]):
    """Asks for the newest request and drops every answer that is not to it. Window's thread only.

    Args:
        courier: brings answers back to this thread.
        start: begins the work of a request.
        answered: called with the newest request and its answer.
        failed: called with the newest request and why it has none.
        debounce_ms: a request waits this long for a newer one.
    """

    def __init__(
        self,
        courier: Courier,
        start: Callable[[R], Future[T]],
        answered: Callable[[R, T], None],
        failed: Callable[[R, SquidError], None],
        debounce_ms: int = 0,
    ) -> None:
        super().__init__(courier)
        self._courier, self._start, self._answered, self._failed = courier, start, answered, failed
        self._waiting: R | None = None
        self._under_way: Future[T] | None = None
        self._wanted = 0  # running number of the newest request; an answer to another is dropped
        self._timer = QTimer(self, singleShot=True, interval=debounce_ms)
        self._timer.timeout.connect(self._begin)

    def ask(self, request: R) -> None:
        """Want this and nothing asked for before."""
        self._wanted += 1
        self._waiting = request
        if self._timer.interval():
            self._timer.start()
        else:
            self._begin()

    def forget(self) -> None:
        """Want nothing."""
        self._wanted += 1
        self._waiting = None
        self._timer.stop()

    def _begin(self) -> None:
        if self._waiting is None or self._under_way is not None or self._timer.isActive():
            return
        request, self._waiting = self._waiting, None
        number = self._wanted
        self._under_way = future = self._start(request)
        self._courier.when_done(future, lambda done: self._end(request, number, done))

    def _end(self, request: R, number: int, future: Future[T]) -> None:
        self._under_way = None
        if number == self._wanted and not future.cancelled():
            error = future.exception()
            if error is None:
                self._answered(request, future.result())
            elif isinstance(error, SquidError):
                self._failed(request, error)
            else:
                self._failed(request, SquidError("This could not be done.", "Try again.", type(error).__name__))
        self._begin()
