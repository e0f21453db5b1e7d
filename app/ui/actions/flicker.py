"""Flicker: the reconstruction in the original's place while Space is held, or until the next tap; Esc ends it first."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.settings import PaneName
from app.ui.actions.held_key import HeldKey
from app.ui.panes.pane_grid import PaneGrid


class Flicker(QObject):
    """Connects the action with the original's pane, and its check mark with what is shown there.

    While the reconstruction is seen, Esc is for nothing else in the window, whoever has the keys.
    """

    def __init__(self, action: QAction, panes: PaneGrid, parent: QObject) -> None:
        super().__init__(parent)
        self._action, self._panes = action, panes
        self._held = HeldKey(action, self)
        self._held.let_go.connect(self.end)
        action.triggered.connect(self._toggle)
        panes.original.flicker_changed.connect(self._on_changed)

    def end(self) -> None:
        """The original again."""
        self._panes.original.set_flicker(False)

    def _toggle(self) -> None:
        """Where the original is not on the screen it comes first."""
        original = self._panes.original
        if original in self._panes.shown:
            original.toggle_flicker()
            self._held.watch(original.flickering)
        else:
            self._panes.ask_for(PaneName.ORIGINAL)
        self._action.setChecked(original.flickering)  # Qt has turned the check mark round already

    def _on_changed(self, on: bool) -> None:
        self._action.setChecked(on)
        application = QCoreApplication.instance()
        if application is None:
            return
        if on:
            application.installEventFilter(self)
        else:
            application.removeEventFilter(self)
            self._held.watch(on=False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Esc before anybody in the window does."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_Escape or not self._is_ours(watched):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.end()
        return True

    def _is_ours(self, watched: QObject) -> bool:
        """Whether a key is for a window with a pane in it, and not for a menu or a dialog over it."""
        windows = [self._panes.window(), *(pane.window() for pane in self._panes.all_panes)]
        own = isinstance(watched, QWidget) and watched.window() in windows
        return own and QApplication.activePopupWidget() is None
