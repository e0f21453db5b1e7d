"""What Ctrl+C does: the active pane as a picture, and a sentence on it, on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QAction, QGuiApplication

from app.domain.errors import Notice, Severity
from app.domain.session import Session
from app.i18n.language import tr
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.ui.keys.specs import on_triggered
from app.ui.panes.pane_grid import PaneGrid
from app.ui.words.copied_words import copied_sentence


class CopyActions(QObject):
    """Copies what is on the screen, but for who the patient is; the program pasted into takes picture or words."""

    def __init__(
        self, actions: dict[str, QAction], holder: SessionHolder, panes: PaneGrid, notifier: Notifier, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._actions, self._holder, self._panes, self._notifier = actions, holder, panes, notifier
        on_triggered(actions, {"copy_image": self.copy})
        holder.changed.connect(self._on_session)
        self._on_session(None, holder.state)

    def copy(self) -> None:
        """Put the active pane, with its letters and without its bar, and the sentence on the clipboard."""
        content, sentence = QMimeData(), copied_sentence(self._holder.state)
        content.setImageData(self._panes.active.picture())
        if sentence:
            content.setText(sentence)
        QGuiApplication.clipboard().setMimeData(content)
        self._notifier.post(Notice(Severity.INFO, tr("The image is on the clipboard."), sentence))

    def _on_session(self, old: Session | None, new: Session) -> None:
        if new.differs(old, "extent", "preview"):
            self._actions["copy_image"].setEnabled(new.extent is not None and new.preview is None)
