"""The six pictures of the page "How SQUID works"."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.domain.settings import ColourMap
from app.ui.help.how_parts import HowParts
from app.ui.look import colour_maps
from app.ui.look.theme import font, tokens
from app.ui.panes.difference_map import to_index
from app.ui.panes.image_pane import unit_to_uint8
from app.ui.panes.viewport_image import to_image
from squid_core.contracts.radiograph import FloatArray

SIDE = 178  # logical pixels of a picture
DOTS = 10  # a hundred normals in rows of ten
SMALL_POINTS = 8.0
SCORE_POINTS = 15.0

Painting = Callable[[QPainter, HowParts], None]


def pictures(parts: HowParts, ratio: float) -> list[QPixmap]:
    """Image, patches, memory, normal, difference, score; `ratio`: device pixels per logical one."""
    return [_painted(paint, parts, ratio) for paint in (_image, _patches, _memory, _normal, _difference, _score)]


def _painted(paint: Painting, parts: HowParts, ratio: float) -> QPixmap:
    made = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(QColor(tokens().image))
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    paint(painter, parts)
    painter.end()
    return made


def _draw(painter: QPainter, values: FloatArray, area: QRectF) -> None:
    """(h, w) of 0..1 as greys."""
    painter.drawImage(area, to_image(unit_to_uint8(values)))


def _image(painter: QPainter, parts: HowParts) -> None:
    _draw(painter, parts.picture, QRectF(0, 0, SIDE, SIDE))


def _normal(painter: QPainter, parts: HowParts) -> None:
    _draw(painter, parts.normal, QRectF(0, 0, SIDE, SIDE))


def _patches(painter: QPainter, parts: HowParts) -> None:
    _image(painter, parts)
    step = SIDE / parts.grid
    line = QColor(tokens().image_accent)
    line.setAlpha(170)
    painter.setPen(QPen(line, 1))
    for number in range(1, parts.grid):
        painter.drawLine(QPointF(number * step, 0), QPointF(number * step, SIDE))
        painter.drawLine(QPointF(0, number * step), QPointF(SIDE, number * step))
    row, column = divmod(parts.patch, parts.grid)
    painter.setPen(QPen(QColor(tokens().image_accent), 3))
    painter.drawRect(QRectF(column * step, row * step, step, step))


def _memory(painter: QPainter, parts: HowParts) -> None:
    """The patch on the left, its entries on the right with bars as long as their weights."""
    own = SIDE * 0.4
    area = QRectF(6, (SIDE - own) / 2, own, own)
    _draw(painter, parts.patch_picture, area)
    painter.setPen(QPen(QColor(tokens().image_accent), 2))
    painter.drawRect(area)
    if not parts.weights:
        return
    shown = len(parts.entries) > 0
    height = min((SIDE - 8) / len(parts.weights) - 6, 38)
    left = own + 36
    painter.setFont(font(SMALL_POINTS))
    top = (SIDE - len(parts.weights) * (height + 6)) / 2
    for number, weight in enumerate(parts.weights):
        place = QRectF(left, top + number * (height + 6), height, height)
        painter.setPen(QPen(QColor(tokens().image_muted), 1))
        painter.drawLine(QPointF(own + 10, SIDE / 2), QPointF(left - 3, place.center().y()))
        if number < len(parts.entries):
            _draw(painter, parts.entries[number], place)
        if shown:
            painter.drawRect(place)
        else:
            place.setWidth(0)
        room = SIDE - place.right() - 10
        bar = QRectF(place.right() + 5, place.center().y() + 5, max(room * weight, 1), 4)
        painter.fillRect(bar, QColor(tokens().image_accent))
        painter.setPen(QColor(tokens().image_text))
        painter.drawText(QPointF(place.right() + 5, place.center().y() + 1), f"{weight:.0%}")


def _difference(painter: QPainter, parts: HowParts) -> None:
    """Signed, blue below normal and orange above, as in the pane."""
    coloured = colour_maps.table(ColourMap.DARK_CENTRE)[to_index(parts.difference, threshold=0, signed=True)]
    painter.drawImage(QRectF(0, 0, SIDE, SIDE), to_image(coloured))


def _score(painter: QPainter, parts: HowParts) -> None:
    """A hundred normals as dots; those that score lower than this image are filled."""
    below = int(min(max(parts.percentile, 0.0), 100.0))
    step = (SIDE - 56) / DOTS
    painter.setFont(font(SCORE_POINTS, bold=True))
    painter.setPen(QColor(tokens().image_text))
    words = "" if parts.drawn else f"{parts.score:.2f}"
    painter.drawText(QRectF(0, 6, SIDE, 30), Qt.AlignmentFlag.AlignCenter, words)
    painter.setPen(QPen(QColor(tokens().image_accent), 1))
    for number in range(DOTS * DOTS):
        row, column = divmod(number, DOTS)
        filled = number < below
        painter.setBrush(QColor(tokens().image_accent) if filled else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(28 + (column + 0.5) * step, 44 + (row + 0.5) * step), step * 0.32, step * 0.32)
