"""What is on while a key is held: a tap leaves it on, a held key takes it back when it is let go."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent

from app.services.threads.signals import TypedSignal

HOLD_MS = 350  # that a key is down before it counts as held


class HeldKey(QObject):
    """Watches the key of an action from when it went down. Only until then is every event looked at.

    Signals:
        let_go: the key was held and has come up; or the program lost the keys while it was down.
    """

    let_go = TypedSignal[()]()

    def __init__(self, action: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._action, self._down = action, QElapsedTimer()

    def watch(self, on: bool) -> None:
        """The key has just gone down; or it no longer matters."""
        application = QCoreApplication.instance()
        if application is None:
            return
        application.removeEventFilter(self)
        if on:
            self._down.start()
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the key to come up."""
        if event.type() == QEvent.Type.ApplicationDeactivate:
            self._end()
        elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            keys = {shortcut[0].key() for shortcut in self._action.shortcuts()}  # type: ignore[index]  # stubs
            if event.key() not in keys:
                return False
            if self._down.elapsed() >= HOLD_MS:
                self._end()
            else:
                self.watch(on=False)
        return False

    def _end(self) -> None:
        self.watch(on=False)
        self.let_go.emit()
