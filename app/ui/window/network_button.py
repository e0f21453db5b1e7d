"""In the footer: what the node here does, what is fetched and sent, and what failed; a way to where it is put right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import icon, tokens
from app.ui.look.widgets import name_control
from app.ui.wishes import Wishes
from app.ui.words.network_words import network_line

# Fields of a session that are shown here.
READS = ("network", "network_fault", "node", "peer_faults", "fetching", "outbox")


class NetworkButton(QToolButton):
    """Hidden while there is nothing to say.

    Signals:
        outbox_requested: show what waits to be sent.
    """

    outbox_requested = TypedSignal[()]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._to_outbox = False
        self.setProperty("flat", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(lambda _=False: self._open())
        name_control(self, tr("Network"))
        self.hide()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Say how the network goes."""
        if not new.differs(old, *READS):
            return
        words, tip, wrong = network_line(new)
        self._to_outbox = bool(new.outbox.waiting or new.outbox.refused or new.outbox.writing)
        self.setVisible(bool(words))
        self.setText(words)
        self.setIcon(icon("error", tokens().warning) if wrong else icon("network"))
        name_control(self, words or tr("Network"), tip)

    def _open(self) -> None:
        if self._to_outbox:
            self.outbox_requested.emit()
        else:
            self._wishes.network_settings_requested.emit()
