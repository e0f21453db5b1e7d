"""The key to the difference's colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.settings import DisplaySettings
from app.services.language import tr
from app.ui import colour_maps
from app.ui.panes.difference_map import DIFFERENCE_RANGE, to_index
from app.ui.theme import tokens

MARGIN, GAP = 8, 7


class ColourBar(QWidget):
    """One line: the ends in words and numbers, the colours between, with what lies below the threshold as zero."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display = DisplaySettings()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_display(self._display)

    def set_display(self, display: DisplaySettings) -> None:
        """Follow colour map and threshold."""
        self._display = display
        low, high = self._ends()
        words = tr("Colours from {low} to {high}; below {threshold} as zero")
        self.setAccessibleName(words.format(low=low, high=high, threshold=f"{display.difference_threshold:.2f}"))
        self.update()

    def sizeHint(self) -> QSize:
        """One line of text."""
        return QSize(160, self.fontMetrics().height() + 6)

    def _ends(self) -> tuple[str, str]:
        if colour_maps.is_signed(self._display.colour_map):
            low, high = tr("darker −{value}"), tr("+{value} brighter")
        else:
            low, high = tr("same 0"), tr("{value} different")
        return low.format(value=f"{DIFFERENCE_RANGE:g}"), high.format(value=f"{DIFFERENCE_RANGE:g}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().panel))
        painter.setPen(QColor(tokens().muted))
        low, high = self._ends()
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
        signed = colour_maps.is_signed(self._display.colour_map)
        low = -DIFFERENCE_RANGE if signed else 0.0
        values = np.linspace(low, DIFFERENCE_RANGE, max(width, 2), dtype=np.float32)[None]
        index = to_index(values, self._display.difference_threshold, signed)
        colours = np.ascontiguousarray(colour_maps.table(self._display.colour_map)[index])
        return QImage(colours.data, colours.shape[1], 1, colours.strides[0], QImage.Format.Format_RGB888).copy()
