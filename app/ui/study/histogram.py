"""The scores of held-out normals as a histogram, with this image's score in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n.language import tr
from app.ui.look.levels import level_colour, level_marks
from app.ui.look.theme import font, tokens

BINS = 25
SMALL_POINTS = 8.0
HEIGHT, TOP, BOTTOM, SIDE = 184, 48, 34, 12  # screen pixels


def shares(quantiles: tuple[float, ...], bins: int = BINS) -> NDArray[np.float64]:
    """Share of held-out normals whose score falls into each of equal bins of 0..1.

    Args:
        quantiles: of the scores, at equal steps of probability from 0 to 1 (`Calibration.quantiles`); linear between.
        bins: how many.

    Returns:
        (bins,), sums to 1.
    """
    steps = np.linspace(0, 1, len(quantiles))
    below = np.interp(np.linspace(0, 1, bins + 1), quantiles, steps, left=0, right=1)
    below[0], below[-1] = 0, 1
    found: NDArray[np.float64] = np.diff(below)
    return found


@dataclass(frozen=True)
class ScorePointers:
    """What is drawn over the bars; scores in 0..1.

    Attributes:
        level: how many operating points the score reaches; None where it means little.
        lines: operating points, (share of normals below in %, score).
        what_if: None while there is none.
    """

    score: float
    level: int | None = None
    lines: tuple[tuple[int, float], ...] = ()
    what_if: float | None = None


class Histogram(QWidget):
    """Bars, dashed lines with their percentage, and a pointer at the score; the words beside it say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: NDArray[np.float64] | None = None
        self._pointers = ScorePointers(0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(tr("Histogram of the scores of held-out normal images"))

    def show_scores(self, quantiles: tuple[float, ...], pointers: ScorePointers, words: str) -> None:
        """Draw these; `words` are what a screen reader says."""
        self._shares, self._pointers = shares(quantiles), pointers
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(460, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._shares is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(SMALL_POINTS))
        plot = QRectF(SIDE, TOP, self.width() - 2 * SIDE, self.height() - TOP - BOTTOM)
        self._paint_bars(painter, plot, self._shares)
        self._paint_axis(painter, plot)
        free = plot.right() + painter.fontMetrics().maxWidth()
        for percent, score in reversed(self._pointers.lines):
            free = self._paint_line(painter, plot, percent, score, free)
        if self._pointers.what_if is not None:
            self._paint_pointer(painter, plot, self._pointers.what_if, tokens().what_if, hollow=True)
        level = self._pointers.level
        colour = tokens().text if level is None else level_colour(level)
        self._paint_pointer(painter, plot, self._pointers.score, colour, marks=level_marks(level or 0))
        painter.end()

    @staticmethod
    def _paint_bars(painter: QPainter, plot: QRectF, shares_: NDArray[np.float64]) -> None:
        width = plot.width() / len(shares_)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens().outline))
        for at, share in enumerate(shares_ / max(float(shares_.max()), 1e-9)):
            height = share * plot.height()
            painter.drawRect(QRectF(plot.left() + at * width + 1, plot.bottom() - height, width - 2, height))

    @staticmethod
    def _paint_axis(painter: QPainter, plot: QRectF) -> None:
        painter.setPen(QColor(tokens().muted))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        room = QRectF(
            plot.left(), plot.bottom() + 13, plot.width(), BOTTOM - 13
        )  # Chinese is higher than the metrics say
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, tr("0, like normal"))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, tr("1, unlike normal"))
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, tr("bars: normal images held out"))

    @staticmethod
    def _paint_line(painter: QPainter, plot: QRectF, percent: int, score: float, free: float) -> float:
        """Draw one; its percentage only where it ends before `free`. Where the next one must end."""
        x = plot.left() + score * plot.width()
        painter.setPen(QPen(QColor(tokens().warning), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, plot.top() - 4), QPointF(x, plot.bottom()))
        text = f"{percent}%"
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(x - width / 2, plot.right() - width)
        if left + width > free:
            return free
        painter.drawText(QPointF(left, plot.top() - 7), text)
        return left - 4

    @staticmethod
    def _paint_pointer(
        painter: QPainter, plot: QRectF, score: float, colour: str, marks: str = "", *, hollow: bool = False
    ) -> None:
        """The score, solid; or the what-if, dotted and hollow, its words a line higher."""
        x = plot.left() + min(max(score, 0.0), 1.0) * plot.width()
        pen = QPen(QColor(colour), 2.0, Qt.PenStyle.DotLine if hollow else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.setBrush(QColor(colour) if not hollow else Qt.BrushStyle.NoBrush)
        tip = QPointF(x, plot.bottom() + 1)
        painter.drawConvexPolygon(QPolygonF([tip, tip + QPointF(-5, 9), tip + QPointF(5, 9)]))
        text = tr("what-if {score:.2f}") if hollow else tr("this image {score:.2f}")
        text = f"{text.format(score=score)} {marks}".rstrip()
        width = painter.fontMetrics().horizontalAdvance(text)
        left = min(max(x - width / 2, plot.left()), plot.right() - width)
        painter.drawText(QPointF(left, plot.top() - 22 - 14 * hollow), text)
