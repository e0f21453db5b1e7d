"""What was opened last, as a menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.wishes import Wishes

WIDTH = 420  # pixels that one line may take; the middle of a longer path is left out


class RecentMenu(QObject):
    """Fills a menu from the session, above what is in it already."""

    def __init__(self, menu: QMenu, forget: QAction, wishes: Wishes) -> None:
        super().__init__(menu)
        self._menu, self._forget, self._wishes = menu, forget, wishes
        self._lines: list[QAction] = []

    def render_session(self, old: Session | None, new: Session) -> None:
        """Offer what the session remembers, but with names masked nothing; a menu without a line is disabled."""
        if not new.differs(old, "recent", "mask_names"):
            return
        for line in self._lines:
            self._menu.removeAction(line)
            line.deleteLater()
        self._lines = [self._line(number, path) for number, path in enumerate(() if new.mask_names else new.recent, 1)]
        self._menu.insertActions(self._first(), self._lines)
        self._menu.setEnabled(bool(self._lines))
        self._forget.setEnabled(bool(self._lines) and not new.is_fixed("recent"))

    def _first(self) -> QAction:
        """The first of what was in the menu before: the line above `forget`, or itself."""
        return next(action for action in self._menu.actions() if action not in self._lines)

    def _line(self, number: int, path: Path) -> QAction:
        metrics = self._menu.fontMetrics()
        words = metrics.elidedText(str(path), Qt.TextElideMode.ElideMiddle, WIDTH).replace("&", "&&")
        line = QAction(f"&{number}  {words}" if number < 10 else words, self._menu)
        line.setToolTip(tr("Open {path} again").format(path=path))
        line.triggered.connect(lambda: self._wishes.recent_requested.emit(path))
        return line
