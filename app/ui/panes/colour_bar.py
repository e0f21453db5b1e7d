"""The key to the colours of a map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.settings import DisplaySettings, EvidenceMap
from app.i18n.language import tr
from app.ui.look import colour_maps
from app.ui.look.theme import tokens
from app.ui.panes.difference_map import to_index
from app.ui.panes.evidence_map import colour_scale
from app.ui.panes.magnifier import to_image

MARGIN, GAP = 8, 7


class ColourBar(QWidget):
    """One line: the ends in words and numbers, the colours between, with what lies below the threshold as zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display, self._scale = DisplaySettings(), colour_scale(EvidenceMap.DIFFERENCE, DisplaySettings())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.follow(EvidenceMap.DIFFERENCE, self._display)

    def follow(self, kind: EvidenceMap, display: DisplaySettings) -> None:
        """Be the key to a map under the colour map and threshold of the settings."""
        self._display, self._scale = display, colour_scale(kind, display)
        words = tr("Colours from {low} to {high}; below {threshold} as none")
        self.setAccessibleName(
            words.format(low=self._scale.low, high=self._scale.high, threshold=f"{display.difference_threshold:.2f}")
        )
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(160, self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.setPen(QColor(tokens().muted))
        low, high = self._scale.low, self._scale.high
        inside = self.rect().adjusted(MARGIN, 0, -MARGIN, 0)
        left = self.fontMetrics().horizontalAdvance(low) + GAP
        right = self.fontMetrics().horizontalAdvance(high) + GAP
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | middle, low)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | middle, high)
        bar = QRect(inside.left() + left, self.height() // 2 - 5, max(inside.width() - left - right, 1), 10)
        painter.drawImage(bar, self._gradient(bar.width()))
        painter.setPen(QColor(tokens().outline))
        painter.drawRect(bar)
        painter.end()

    def _gradient(self, width: int) -> QImage:
        scale = self._scale
        values = np.linspace(scale.bottom, scale.top, max(width, 2), dtype=np.float32)[None]
        index = to_index(values, self._display.difference_threshold, scale.signed, scale.top)
        return to_image(colour_maps.table(self._display.colour_map)[index])
