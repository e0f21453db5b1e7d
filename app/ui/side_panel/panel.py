"""The panel on the right: what-if, how the difference is drawn, device and weights."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.domain.session import Session
from app.i18n.language import tr
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
        column = QVBoxLayout(body)
        column.setContentsMargins(10, 10, 6, 12)
        column.setSpacing(18)
        for section in (self.what_if, self.display, self.greys, self.detector):
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(body)
        # The sections scroll down, never sideways, whatever the language.
        self.setMinimumWidth(max(WIDTH, body.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()))

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what changed between two sessions."""
        self.what_if.render_session(old, new)
        self.display.render_session(old, new)
        self.greys.render_session(old, new)
        self.detector.render_session(old, new)
