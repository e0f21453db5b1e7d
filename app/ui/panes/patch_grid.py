"""The detector's patches drawn over an image, each with its percentile of memory distance."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from app.domain.settings import ColourMap
from app.i18n.language import tr
from app.ui.look.colour_maps import ENTRIES, table
from app.ui.look.theme import tokens
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.detection import UNUSUAL, Detection
from squid_core.contracts.radiograph import FloatArray

FILL_ALPHA = 110  # of 255 at the 100th percentile
NUMBER_POINTS = 8.0
NUMBER_ROOM = 30  # screen pixels a patch must have to carry its number


def patch_rect(detection: Detection, patch: int) -> QRectF:
    """Edges of a patch (row-major index) in original pixels, as (x, y, width, height)."""
    row, column = divmod(patch, detection.grid)
    rows, columns = (side / detection.grid for side in detection.geometry.model_shape)
    top, left = detection.geometry.to_original(row * rows - 0.5, column * columns - 0.5)
    bottom, right = detection.geometry.to_original((row + 1) * rows - 0.5, (column + 1) * columns - 0.5)
    return QRectF(left, top, right - left, bottom - top)


def patch_at(detection: Detection, row: float, column: float) -> int | None:
    """The patch that covers original (row, column); None outside the model's image."""
    model_row, model_column = detection.geometry.to_model(row, column)
    height, width = detection.geometry.model_shape
    i = int((model_row + 0.5) // (height / detection.grid))
    j = int((model_column + 0.5) // (width / detection.grid))
    if 0 <= i < detection.grid and 0 <= j < detection.grid:
        return i * detection.grid + j
    return None


def patch_name(detection: Detection, patch: int) -> str:
    """A patch in words, counted from one."""
    row, column = divmod(patch, detection.grid)
    return tr("row {row}, column {column}").format(row=row + 1, column=column + 1)


def patch_pixels(picture: FloatArray, grid: int, patch: int) -> FloatArray:
    """(P, P): the part of a picture of the model that a patch of its `grid` x `grid` sees."""
    row, column = divmod(patch, grid)
    height, width = (side // grid for side in picture.shape)
    cut: FloatArray = picture[row * height : (row + 1) * height, column * width : (column + 1) * width]
    return cut


class PatchGrid:
    """An overlay of a PaneView. Colour is never the only signal: the percentile is written in each patch."""

    def __init__(self) -> None:
        self.detection: Detection | None = None
        self.selected: int | None = None
        self.hovered: int | None = None
        self.shown = True

    def paint(self, painter: QPainter, view: ViewRect) -> None:
        """Draw in screen pixels."""
        if self.detection is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = self.detection.grid**2
        for patch in range(count if self.shown else 0):
            self._paint_patch(painter, view, patch)
        for marked, width in ((self.hovered, 1.5), (self.selected, 2.5)):
            if marked is not None and marked < count:
                painter.setPen(
                    QPen(QColor(tokens().image_text if marked != self.selected else tokens().image_accent), width)
                )
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._on_screen(view, marked).adjusted(1, 1, -1, -1))
        painter.restore()

    def _on_screen(self, view: ViewRect, patch: int) -> QRectF:
        assert self.detection is not None  # noqa: S101 - painted only with a detection
        rect = patch_rect(self.detection, patch)
        return view.on_screen(rect.top(), rect.left(), rect.height(), rect.width())

    def _paint_patch(self, painter: QPainter, view: ViewRect, patch: int) -> None:
        assert self.detection is not None  # noqa: S101 - painted only with a detection
        rect = self._on_screen(view, patch)
        percentile = float(self.detection.patch_percentiles.flat[patch])
        colour = QColor(*(int(part) for part in table(ColourMap.DARK_CENTRE)[_warm(percentile)]))
        fill = QColor(colour)
        fill.setAlpha(int(FILL_ALPHA * max(percentile - 50, 0) / 50))
        painter.fillRect(rect, fill)
        unusual = percentile >= UNUSUAL
        edge = QColor(colour if unusual else tokens().image_outline)
        edge.setAlpha(255 if unusual else 140)
        painter.setPen(QPen(edge, 2.0 if unusual else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
        if min(rect.width(), rect.height()) >= NUMBER_ROOM:
            self._paint_number(painter, rect, f"{math.floor(percentile)}", unusual)

    @staticmethod
    def _paint_number(painter: QPainter, rect: QRectF, text: str, bold: bool) -> None:
        font = QFont(painter.font())
        font.setBold(bold)
        font.setPointSizeF(NUMBER_POINTS)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        marked = f"{text} ▲"
        if bold and metrics.horizontalAdvance(marked) + 8 <= rect.width():
            text = marked
        plate = QRectF(rect.left() + 3, rect.top() + 3, metrics.horizontalAdvance(text) + 6, metrics.height())
        painter.fillRect(plate, QColor(0, 0, 0, 170))
        painter.setPen(QColor(tokens().image_text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _warm(percentile: float) -> int:
    """Entry of the warm arm of the diverging map for a percentile."""
    return min(128 + int(percentile / 100 * (ENTRIES - 129)), ENTRIES - 1)
