"""Brings what other threads have finished to the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class Courier(QObject):
    """Calls functions on the thread it was made on, whichever thread asks; after `close` it calls none."""

    _posted = Signal(object)

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

    def close(self) -> None:
        """Deliver nothing any more, not even what is under way."""
        self._open = False

    def _deliver(self, function: Callable[[], Any]) -> None:
        if self._open:
            function()
