"""The key to the colours of a map that lies over the original, where no pane beside it has that key.

It stands on the image as the corner texts do, so that nothing moves when the map comes and goes.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.domain.settings import DisplaySettings, EvidenceMap
from app.i18n.language import tr
from app.ui.look import colour_maps
from app.ui.look.theme import tokens
from app.ui.panes.difference_map import to_index
from app.ui.panes.evidence_map import colour_scale, map_name
from app.ui.panes.viewport_image import to_image

WIDTH, BAR_WIDTH, MARGIN = 104, 12, 4
BAR_HEIGHTS = (20, 110)  # screen pixels; with less room there is no key
PLATE = QColor(0, 0, 0, 150)
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextWordWrap


class OverlayKey(QWidget):
    """High values above, low ones below, in words and numbers; between them the colours."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._kind, self._display = EvidenceMap.DIFFERENCE, DisplaySettings()
        self._wanted = False
        self.setObjectName("overlayKey")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def follow(self, kind: EvidenceMap, display: DisplaySettings, *, wanted: bool) -> None:
        """Be the key to a map as it is drawn over the original; or not be there."""
        self._kind, self._display, self._wanted = kind, display, wanted
        scale = colour_scale(kind, display)
        words = tr("{map} over the original: colours from {low} to {high}")
        self.setAccessibleName(words.format(map=map_name(kind), low=scale.low, high=scale.high))
        self.update()

    def place(self, right: int, top: int, bottom: int) -> None:
        """Stand at the right, between two heights; hidden where that is too little room."""
        scale = colour_scale(self._kind, self._display)
        words = self._height_of(scale.low) + self._height_of(scale.high) + 4 * MARGIN
        bar = min(bottom - top - words, BAR_HEIGHTS[1])
        self.setGeometry(right - WIDTH, top, WIDTH, max(bar, 0) + words)
        self.setVisible(self._wanted and bar >= BAR_HEIGHTS[0])

    def _height_of(self, words: str) -> int:
        inside = QRect(0, 0, WIDTH - 2 * MARGIN, 1000)
        return self.fontMetrics().boundingRect(inside, int(RIGHT), words).height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        scale = colour_scale(self._kind, self._display)
        inside = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        upper, lower = self._height_of(scale.high), self._height_of(scale.low)
        high = QRect(inside.left(), inside.top(), inside.width(), upper)
        low = QRect(inside.left(), inside.bottom() + 1 - lower, inside.width(), lower)
        height = low.top() - high.bottom() - 2 * MARGIN
        bar = QRect(inside.right() + 1 - BAR_WIDTH, high.bottom() + 1 + MARGIN, BAR_WIDTH, height)
        painter = QPainter(self)
        for plate, words in ((high, scale.high), (low, scale.low)):
            lines = painter.fontMetrics().boundingRect(plate, int(RIGHT), words)
            painter.fillRect(lines.adjusted(-MARGIN, -1, MARGIN, 1), PLATE)
        painter.setPen(QColor(tokens().image_text))
        painter.drawText(high, int(RIGHT | Qt.AlignmentFlag.AlignTop), scale.high)
        painter.drawText(low, int(RIGHT | Qt.AlignmentFlag.AlignBottom), scale.low)
        painter.fillRect(bar, QColor(0, 0, 0))
        painter.drawImage(bar, self._gradient(bar.height()))
        painter.setPen(QColor(tokens().image_muted))
        painter.drawRect(bar.adjusted(0, 0, -1, -1))
        painter.end()

    def _gradient(self, height: int) -> QImage:
        scale, display = colour_scale(self._kind, self._display), self._display
        values = np.linspace(scale.top, scale.bottom, max(height, 2), dtype=np.float32)[:, None]
        index = to_index(values, display.difference_threshold, scale.signed, scale.top)
        return to_image(colour_maps.overlay_table(display.colour_map, 1.0)[index])  # on black, where it is palest
