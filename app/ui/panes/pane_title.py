"""The name of a pane and the badge beside it, which give way to each other without losing half a letter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle, QStyleOption

ROOM = 48  # screen pixels; longer words are shortened: they must not move the splitters


class PaneTitle(QLabel):
    """A plain label as wide as its words where there is room; `text` stays whole where they end in an ellipsis."""

    def __init__(self, text: str, name: str = "paneTitle") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setMinimumWidth(ROOM)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        if shown == self.text():
            super().paintEvent(event)
            return
        option, painter = QStyleOption(), QPainter(self)
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        self.style().drawItemText(
            painter,
            self.contentsRect(),
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
