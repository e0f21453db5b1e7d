"""The one place through which the user is told something (after qutebrowser's utils/message.py)."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Qt

from app.domain.errors import Notice, Severity
from app.services.threads.signals import TypedSignal

MAX_NOTICES = 200  # kept for the list of notices
log = logging.getLogger(__name__)

_LEVELS = {Severity.INFO: logging.INFO, Severity.WARNING: logging.WARNING, Severity.ERROR: logging.ERROR}


class Notifier(QObject):
    """Hands notices to the window; keeps them until there is one. `post` is safe from any thread."""

    posted = TypedSignal[Notice]()
    _incoming = TypedSignal[Notice]()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Notice] | None = []
        self._history: list[Notice] = []
        self._incoming.connect(self._take, Qt.ConnectionType.AutoConnection)

    @property
    def history(self) -> tuple[Notice, ...]:
        """The notices of this run, oldest first."""
        return tuple(self._history)

    def post(self, notice: Notice) -> None:
        """Say it, or keep it until a window shows it."""
        try:
            self._incoming.emit(notice)
        except RuntimeError:  # Qt's half of this object is gone: the program is at its end
            _write(notice)

    def flush(self) -> None:
        """A window is connected and shown: give it what was kept, and from now on everything at once."""
        waiting, self._waiting = self._waiting or [], None
        for notice in waiting:
            self.posted.emit(notice)

    def _take(self, notice: Notice) -> None:
        _write(notice)
        self._history = [*self._history, notice][-MAX_NOTICES:]
        if self._waiting is None:
            self.posted.emit(notice)
        else:
            self._waiting.append(notice)


def _write(notice: Notice) -> None:
    log.log(_LEVELS[notice.severity], "%s %s", notice.title, notice.detail)
