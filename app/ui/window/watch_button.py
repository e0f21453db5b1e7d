"""In the footer: that a folder is watched, whether it can be reached, and the way to stop."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.session import Session
from app.i18n.language import join, tr
from app.ui.look.fixed import lock_fixed
from app.ui.look.theme import icon, tokens
from app.ui.look.widgets import name_control
from app.ui.wishes import Wishes


class WatchButton(QToolButton):
    """Hidden while nothing is watched."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("flat", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.setMenu(menu)
        self.folder = menu.addAction("")
        self.folder.setEnabled(False)
        self.stop = menu.addAction(tr("Stop watching"))
        self.stop.triggered.connect(lambda: wishes.watch_requested.emit(None))
        name_control(self, tr("Watching a folder"))
        self.hide()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Say how the watching goes."""
        if not new.differs(old, "watch", "mask_names"):
            return
        watch = new.watch
        lock_fixed(new, {"watched": self.stop})
        self.setVisible(watch is not None)
        if watch is None:
            return
        lost = not watch.reachable
        self.setText(tr("Watched folder is away") if lost else tr("Watching a folder"))
        self.setIcon(icon("error", tokens().warning) if lost else icon("folder"))
        self.folder.setVisible(not new.mask_names)
        self.folder.setText(str(watch.folder).replace("&", "&&"))
        tip = tr("New DICOM files in this folder come into the worklist by themselves; {count} so far.")
        away = tr("It cannot be reached now and is looked for every few seconds.") if lost else ""
        name_control(self, self.text(), join((tip.format(count=watch.taken), away)))
