"""The detector's patches drawn over an image, each with its percentile of memory distance."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

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
                colour = tokens().image_text if marked != self.selected else tokens().image_accent
                painter.setPen(QPen(QColor(colour), width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolygon(patch_on_screen(self.detection, view, marked))
        painter.restore()

    def _paint_patch(self, painter: QPainter, view: ViewRect, patch: int) -> None:
        assert self.detection is not None  # noqa: S101 - painted only with a detection
        outline = patch_on_screen(self.detection, view, patch)
        percentile = float(self.detection.patch_percentiles.flat[patch])
        colour = QColor(*(int(part) for part in table(ColourMap.DARK_CENTRE)[_warm(percentile)]))
        fill = QColor(colour)
        fill.setAlpha(int(FILL_ALPHA * max(percentile - 50, 0) / 50))
        painter.setBrush(fill)
        unusual = percentile >= UNUSUAL
        edge = QColor(colour if unusual else tokens().image_outline)
        edge.setAlpha(255 if unusual else 140)
        painter.setPen(QPen(edge, 2.0 if unusual else 1.0))
        painter.drawPolygon(outline)
        room = _room(outline)
        if min(room.width(), room.height()) >= NUMBER_ROOM:
            self._paint_number(painter, room, f"{math.floor(percentile)}", unusual)

    @staticmethod
    def _paint_number(painter: QPainter, room: QRectF, text: str, bold: bool) -> None:
        font = QFont(painter.font())
        font.setBold(bold)
        font.setPointSizeF(NUMBER_POINTS)
        painter.setFont(font)
        metrics = painter.fontMetrics()
        marked = f"{text} ▲"
        if bold and metrics.horizontalAdvance(marked) + 8 <= room.width():
            text = marked
        plate = QRectF(room.left() + 3, room.top() + 3, metrics.horizontalAdvance(text) + 6, metrics.height())
        painter.fillRect(plate, QColor(0, 0, 0, 170))
        painter.setPen(QColor(tokens().image_text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def patch_on_screen(detection: Detection, view: ViewRect, patch: int) -> QPolygonF:
    """The corners of a patch (row-major index) in the viewport."""
    return QPolygonF([QPointF(*view.to_viewport(*corner)) for corner in detection.patch_outline(patch)])


def _room(outline: QPolygonF) -> QRectF:
    """An upright rectangle within four corners that lie a little aslant: between the inner two of each direction."""
    corners = [outline.at(number) for number in range(outline.count())]
    across, down = sorted(corner.x() for corner in corners), sorted(corner.y() for corner in corners)
    return QRectF(QPointF(across[1], down[1]), QPointF(across[2], down[2]))


def _warm(percentile: float) -> int:
    """Entry of the warm arm of the diverging map for a percentile."""
    return min(128 + int(percentile / 100 * (ENTRIES - 129)), ENTRIES - 1)
