"""Two plots of percentiles: how those of the newest studies are spread, and how each week's were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from app.domain.drift.watch import DriftPage, DriftWeek
from app.i18n.language import tr
from app.ui.look.theme import font, tokens

SMALL_POINTS = 8.0
HEIGHT = 196  # logical pixels
LABELS = 6  # dates under the weeks, at most
QUARTERS = (25, 50, 75)


class _Plot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """In the colours of the theme; nothing in it moves."""

    def __init__(self, name: str, across: str, upwards: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=QColor(tokens().panel))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        small = font(SMALL_POINTS)
        for side, words in (("bottom", across), ("left", upwards)):
            axis = item.getAxis(side)
            axis.setStyle(tickFont=QFont(small), tickLength=-4)
            axis.setPen(QColor(tokens().outline))
            axis.setTextPen(QColor(tokens().muted))
            axis.setLabel(words, color=tokens().muted, **{"font-size": f"{SMALL_POINTS}pt"})
            axis.enableAutoSIPrefix(False)
        item.getAxis("left").setTicks([[(at, str(at)) for at in (0, *QUARTERS, 100)]])
        item.setYRange(0, 100, padding=0.02)
        self.item = item


class SpreadPlot(_Plot):
    """The share of studies below each percentile, over the area in which it may run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("How the percentiles of the newest studies are spread"),
            tr("Percentile"),
            tr("% of studies below"),
            parent,
        )
        self.item.getAxis("bottom").setTicks([[(at, str(at)) for at in (0, *QUARTERS, 95)]])
        self.item.setXRange(0, 100, padding=0.02)

    def show_page(self, page: DriftPage, words: str) -> None:
        """Draw it; `words` are what a screen reader says."""
        self.item.clear()
        self.setAccessibleDescription(words)
        line = np.linspace(0, 100, 101)
        even = pg.mkPen(QColor(tokens().muted), width=1, style=Qt.PenStyle.DashLine)
        if page.bundle is not None and page.whole.p is not None:
            low, high = allowed(line, page)
            edge = pg.mkPen(None)
            edges = [pg.PlotDataItem(line, at, pen=edge) for at in (low, high)]
            self.item.addItem(pg.FillBetweenItem(*edges, brush=QColor(tokens().border)))
        self.item.addItem(pg.PlotDataItem(line, line, pen=even))
        if len(page.whole.percentiles):
            colour = tokens().warning if page.whole.concerns else tokens().accent
            at, below = staircase(page.whole.percentiles)
            self.item.addItem(pg.PlotDataItem(at, below, pen=pg.mkPen(QColor(colour), width=2)))


class WeeksPlot(_Plot):
    """Of each week the middle of its percentiles, and where the middle half of them lies."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("The percentiles week by week"), tr("Week from"), tr("Percentile"), parent)

    def show_weeks(self, weeks: Sequence[DriftWeek], words: str) -> None:
        """Draw them, evenly spaced; `words` are what a screen reader says."""
        self.item.clear()
        self.setAccessibleDescription(words)
        for quarter in QUARTERS:
            pen = pg.mkPen(QColor(tokens().outline), width=1, style=Qt.PenStyle.DashLine)
            self.item.addItem(pg.InfiniteLine(quarter, angle=0, pen=pen))
        every = max(1, -(-len(weeks) // LABELS))
        ticks = [(at, week.monday.isoformat()) for at, week in enumerate(weeks) if at % every == 0]
        self.item.getAxis("bottom").setTicks([ticks])
        self.item.setXRange(-0.5, max(len(weeks), 2) - 0.5, padding=0.06)
        if not weeks:
            return
        at = np.arange(len(weeks))
        low, middle, high = np.array([week.quartiles for week in weeks]).T
        bar = pg.mkPen(QColor(tokens().accent), width=3)
        bars = pg.ErrorBarItem(x=at, y=middle, top=high - middle, bottom=middle - low, beam=0, pen=bar)
        self.item.addItem(bars)
        dots = pg.ScatterPlotItem(
            at, middle, size=8, pen=pg.mkPen(QColor(tokens().accent)), brush=QColor(tokens().panel)
        )
        self.item.addItem(dots)


def staircase(percentiles: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of the line of (n,) sorted percentiles: where, and the share in % that lies at or below."""
    values, count = np.unique(percentiles, return_counts=True)
    below = 100 * np.cumsum(count) / len(percentiles)
    at = np.concatenate(([0.0], np.repeat(values, 2), [100.0]))
    steps = np.concatenate(([0.0, 0.0], np.repeat(below, 2)))
    return at, steps


def allowed(percentile: NDArray[np.float64], page: DriftPage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Between which shares in % the line may run: of nobody abnormal, and of as many as there are at most."""
    band = 100 * page.band
    least = np.maximum((1 - page.question.abnormal) * percentile - band, 0)
    return least, np.minimum(percentile + band, 100)
