"""Brings what other threads have finished to the window's thread."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future
from typing import Any, TypeAlias, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer

from app.services.threads.signals import TypedSignal

T = TypeVar("T")
Steps: TypeAlias = Generator[Future[Any], Any, T]


def answer(future: Future[T]) -> Steps[T]:
    """What a future brings, with its type, to steps that `Courier.run` goes through: `yield from` waits for it.

    Raises:
        CancelledError: it was cancelled; otherwise whatever it failed with.
    """
    result: T = yield future
    return result


class Courier(QObject):
    """Calls functions on the thread it was made on, whichever thread asks; after `close` it calls none."""

    _posted = TypedSignal[Callable[[], Any]]()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def call(self, function: Callable[[], Any]) -> None:
        """Have `function` called soon, on this object's thread. Safe from any thread."""
        if not self._open:
            return
        try:
            self._posted.emit(function)
        except RuntimeError:  # Qt's half of this object is gone: the program is at its end
            self._open = False

    def when_done(self, future: Future[T], function: Callable[[Future[T]], Any]) -> None:
        """Have `function(future)` called on this object's thread once the future is done or cancelled."""
        future.add_done_callback(lambda done: self.call(lambda: function(done)))

    def run(self, steps: Steps[None], wanted: Callable[[], bool] = lambda: True) -> None:
        """Go through `steps` on this object's thread; while they wait for a future, the thread does other things.

        Args:
            steps: begun at once; each future they yield is sent back as its result, or thrown in as its exception.
            wanted: asked before they go on; when they are wanted no more they are closed, and the answer is dropped.
        """
        self._wait(next(steps, None), steps, wanted)

    def pause(self, seconds: float) -> Future[None]:
        """A future that is done after a while."""
        future: Future[None] = Future()
        QTimer.singleShot(round(1000 * seconds), self, lambda: future.set_result(None))
        return future

    def close(self) -> None:
        """Deliver nothing any more, not even what is under way."""
        self._open = False

    def _wait(self, future: Future[Any] | None, steps: Steps[None], wanted: Callable[[], bool]) -> None:
        if future is not None:
            self.when_done(future, lambda done: self._go_on(done, steps, wanted))

    def _go_on(self, done: Future[Any], steps: Steps[None], wanted: Callable[[], bool]) -> None:
        if not wanted():
            steps.close()
            return
        error = CancelledError() if done.cancelled() else done.exception()
        try:
            future = steps.send(done.result()) if error is None else steps.throw(error)
        except StopIteration:
            return
        self._wait(future, steps, wanted)

    def _deliver(self, function: Callable[[], Any]) -> None:
        if self._open:
            function()
