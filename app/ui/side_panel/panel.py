"""The panel on the right: what-if, how the difference is drawn, device and weights."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.look.widgets import in_column
from app.ui.side_panel.detector import DetectorSection
from app.ui.side_panel.display import DisplaySection
from app.ui.side_panel.greys import GreysSection
from app.ui.side_panel.what_if import WhatIfSection
from app.ui.wishes import Wishes

WIDTH = 248


class SettingsPanel(QScrollArea):
    """Four sections that render the session and emit wishes."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Settings"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.what_if = WhatIfSection(wishes)
        self.display = DisplaySection(wishes)
        self.greys = GreysSection(wishes)
        self.detector = DetectorSection(wishes)
        body = QWidget()
        sections = (self.what_if, self.display, self.greys, self.detector)
        in_column(*sections, 1, of=body, margins=(10, 10, 6, 12), spacing=18)
        self.setWidget(body)
        # The sections scroll down, never sideways, whatever the language.
        self.setMinimumWidth(max(WIDTH, body.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()))

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions."""
        self.what_if.render_session(old, new)
        self.display.render_session(old, new)
        self.greys.render_session(old, new)
        self.detector.render_session(old, new)
