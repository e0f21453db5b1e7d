"""How percentiles are spread over ten equal parts, against the even spread that is right for normals."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n.language import tr
from app.ui.look.theme import font, tokens

SMALL_POINTS = 8.0
HEIGHT, TOP, BOTTOM, SIDE = 132, 20, 30, 8  # screen pixels


class TenthsPlot(QWidget):
    """Ten bars and the dashed line at which all of them should end; the last one in the colour of a warning."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._tenths: Sequence[int] = ()
        self._highest = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(title)

    def show_tenths(self, tenths: Sequence[int], highest: float, words: str) -> None:
        """Draw these.

        Args:
            tenths: how many in each, lowest percentiles first.
            highest: the number at the top, the same for plots that are compared.
            words: what a screen reader says.
        """
        self._tenths, self._highest = tenths, highest
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Half of a dialog."""
        return QSize(270, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if not self._tenths:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL_POINTS))
        plot = QRectF(SIDE, TOP, self.width() - 2 * SIDE, self.height() - TOP - BOTTOM)
        painter.setPen(QColor(tokens().text))
        painter.drawText(QPointF(plot.left(), TOP - 7), self._title)
        width = plot.width() / len(self._tenths)
        painter.setPen(Qt.PenStyle.NoPen)
        for at, count in enumerate(self._tenths):
            last = at == len(self._tenths) - 1
            painter.setBrush(QColor(tokens().warning if last else tokens().outline))
            height = plot.height() * count / self._highest
            painter.drawRect(QRectF(plot.left() + at * width + 1, plot.bottom() - height, width - 2, height))
        right = plot.bottom() - plot.height() * sum(self._tenths) / len(self._tenths) / self._highest
        painter.setPen(QPen(QColor(tokens().accent), 1.4, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), right), QPointF(plot.right(), right))
        painter.setPen(QColor(tokens().muted))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        room = QRectF(plot.left(), plot.bottom() + 6, plot.width(), BOTTOM - 6)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, "0")
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, tr("percentile of your normals"))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, "100")
        painter.end()
