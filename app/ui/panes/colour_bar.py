"""The key to the colours of a map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.settings import DisplaySettings, EvidenceMap
from app.i18n.language import tr
from app.ui.look import colour_maps
from app.ui.look.theme import tokens
from app.ui.panes.difference_map import to_index
from app.ui.panes.evidence_map import colour_scale
from app.ui.panes.viewport_image import to_image

MARGIN, GAP = 8, 7
LEAST = 24  # pixels of the colours between their words


class ColourBar(QWidget):
    """One line: the ends in words and numbers, the colours between, with what lies below the threshold as zero.

    It is the first to give way: where the words beside it leave it no room there is nothing of it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display, self._scale = DisplaySettings(), colour_scale(EvidenceMap.DIFFERENCE, DisplaySettings())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
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
        """One line; where there is no room for that, the words over the colours and below them."""
        return QSize(160, self._line * (3 if self._narrow else 1) + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words may need lines of their own now."""
        super().resizeEvent(event)
        self.updateGeometry()

    @property
    def _line(self) -> int:
        """Pixels from above; letters of another font than the window's may be higher than its own."""
        return self.fontMetrics().size(0, self._scale.low + self._scale.high).height()

    @property
    def _narrow(self) -> bool:
        words = sum(self.fontMetrics().horizontalAdvance(text) for text in (self._scale.low, self._scale.high))
        return words + 2 * (MARGIN + GAP) + LEAST > self.width() > 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        if self.height() < self.sizeHint().height():
            return
        painter.setPen(QColor(tokens().muted))
        low, high = self._scale.low, self._scale.high
        inside = self.rect().adjusted(MARGIN, 0, -MARGIN, 0)
        if self._narrow:
            self._paint_narrow(painter, inside)
            return
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

    def _paint_narrow(self, painter: QPainter, inside: QRect) -> None:
        line = self._line
        for text, side, top in (
            (self._scale.low, Qt.AlignmentFlag.AlignLeft, 0),
            (self._scale.high, Qt.AlignmentFlag.AlignRight, 2 * line + 6),
        ):
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(QRect(inside.left(), top, inside.width(), line), side | Qt.AlignmentFlag.AlignTop, shown)
        bar = QRect(inside.left(), line + 3, inside.width(), max(line - 2, 8))
        painter.drawImage(bar, self._gradient(bar.width()))
        painter.setPen(QColor(tokens().outline))
        painter.drawRect(bar)
        painter.end()

    def _gradient(self, width: int) -> QImage:
        scale = self._scale
        values = np.linspace(scale.bottom, scale.top, max(width, 2), dtype=np.float32)[None]
        index = to_index(values, self._display.difference_threshold, scale.signed, scale.top)
        return to_image(colour_maps.table(self._display.colour_map)[index])
