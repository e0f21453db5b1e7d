"""Lays out the words of all marks of a pane: which, how large, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPolygonF

from app.domain.marks.mark_geometry import Line, handles, outline
from app.domain.marks.measurements import Arrow, Measurement, Roi
from app.ui.measure.label_places import Floats, place_label
from app.ui.measure.marks_picture import MarksPicture, on_screen
from app.ui.panes.view_link import ViewRect

LABEL_WIDTH = 210.0  # words are wrapped beyond it
PADDING = 4.0
BAR = 2.0  # the coloured edge of a label
SPACED = 8.0  # screen pixels between the points of a line that labels keep off
MAX_POINTS = 200  # of one straight piece, most of which may be off the screen
CROWDED = 480.0  # below this width only the selected mark shows more than its first line
SHORT_WIDTH = 130.0  # of that line
TEXT_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Label:
    """Words with their place in the viewport.

    Attributes:
        index: of their mark; None for the drawing that is under way.
    """

    index: int | None
    place: QRectF
    text: str


def lay_out(
    picture: MarksPicture, view: ViewRect, area: QRectF, taken: Sequence[QRectF], face: QFont
) -> tuple[Label, ...]:
    """Places for the words of every mark on the screen, the selected one's first.

    Args:
        picture: the marks.
        view: what the viewport shows.
        area: the viewport itself.
        taken: places of other words over the image.
        face: the typeface.
    """
    kept_off = [*taken]
    lines = _points_drawn(picture, view, area)
    found: list[Label] = []
    for index in sorted(range(len(picture.marks)), key=lambda index: index != picture.selected):
        mark, words = picture.marks[index], picture.labels[index]
        if area.width() < CROWDED and index != picture.selected:
            words = tuple(_shortened(line, face) for line in words[:1])
        held = [on_screen(view, point) for point in handles(mark)]
        if words and _visible(mark, held, view, area):
            size = _size("\n".join(words), face, area)
            place = place_label(size, _anchors(mark, held, area), held, kept_off, area, lines)
            found.append(Label(index, place, "\n".join(words)))
            kept_off.append(place)
    if picture.draft_label and picture.draft:
        held = [on_screen(view, point) for line in picture.draft for point in line]
        text = "\n".join(picture.draft_label)
        found.append(Label(None, place_label(_size(text, face, area), held[-1:], held, kept_off, area, lines), text))
    return tuple(found)


def _visible(mark: Measurement, held: list[QPointF], view: ViewRect, area: QRectF) -> bool:
    box = QPolygonF([*held, *(on_screen(view, point) for line in outline(mark) for point in line)]).boundingRect()
    return area.intersects(box.adjusted(-1, -1, 1, 1))


def _anchors(mark: Measurement, held: list[QPointF], area: QRectF) -> list[QPointF]:
    """Points that the label may stand beside, the best first; on the screen where one is."""
    if isinstance(mark, Arrow):
        order = [held[1], held[0]]
    elif isinstance(mark, Roi):
        box = QPolygonF(held).boundingRect()
        order = [QPointF(box.right(), box.center().y()), QPointF(box.center().x(), box.bottom()), *held]
    else:
        order = sorted(held, key=lambda point: (-point.x(), -point.y()))
    shown = [point for point in order if area.contains(point)]
    return shown or [QPolygonF(held).boundingRect().intersected(area).center()]


def _points_drawn(picture: MarksPicture, view: ViewRect, area: QRectF) -> Floats:
    """(n, 2) x, y: points along all lines on the screen, a few pixels apart."""
    chains: list[Line] = [line for mark in picture.marks for line in outline(mark)] + list(picture.draft)
    found = [np.empty((0, 2))]
    for chain in chains:
        for start, end in pairwise([view.to_viewport(*point) for point in chain]):
            way = np.subtract(end, start)
            steps = min(int(np.hypot(*way) / SPACED) + 1, MAX_POINTS)
            found.append(np.asarray(start) + np.arange(steps)[:, None] / steps * way)
    points = np.concatenate(found)
    low, high = (area.left(), area.top()), (area.right(), area.bottom())
    shown: Floats = points[((points >= low) & (points <= high)).all(axis=1)]
    return shown


def _shortened(words: str, face: QFont) -> str:
    return QFontMetricsF(face).elidedText(words, Qt.TextElideMode.ElideRight, SHORT_WIDTH)


def _size(text: str, face: QFont, area: QRectF) -> QSizeF:
    width = min(LABEL_WIDTH, area.width() - 4 * PADDING)
    bounds = QFontMetricsF(face).boundingRect(QRectF(0, 0, width, 10_000), TEXT_FLAGS, text)
    return QSizeF(bounds.width() + 1 + 2 * PADDING + BAR, bounds.height() + PADDING)
