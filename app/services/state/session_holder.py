"""Holds the session; the only way to change it."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QThread

from app.domain.session import Session
from app.services.threads.signals import TypedSignal


class SessionHolder(QObject):
    """The current session. Widgets connect to `changed` and render; only the window's thread calls `update`."""

    changed = TypedSignal[Session, Session]()  # old, new

    def __init__(self, session: Session | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session or Session()
        self._untold: deque[tuple[Session, Session]] = deque()

    @property
    def state(self) -> Session:
        """The session as it is now."""
        return self._session

    def update(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of Session, checked by it
        """Replace fields of the session and tell everybody; silent when nothing is different.

        A change made by somebody who is being told of another is told after it: whoever follows, and whenever they
        began to, hears of every change in its turn and never of an older one last.

        Raises:
            TypeError: there is no such field.
        """
        assert QThread.currentThread() is self.thread(), "only the window's thread changes the session"  # noqa: S101
        old = self._session
        new = replace(old, **changes)
        if not new.differs(old, *changes):
            return
        self._session = new
        self._untold.append((old, new))
        if len(self._untold) > 1:  # the change before it is being told
            return
        while self._untold:
            self.changed.emit(*self._untold[0])
            self._untold.popleft()
