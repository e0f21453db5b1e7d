"""Where the figures of a mark stand: near it, off its handles, off other labels, inside the pane."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

GAP = 10.0  # screen pixels between a mark and its label
HANDLE_ROOM = 7.0  # kept free round a handle
LINE_COST = 12.0  # square pixels of other words that are as bad as covering one point of a line
MARGIN = 3.0  # to the pane's edge


def place_label(
    size: QSizeF,
    anchors: Sequence[QPointF],
    handles: Sequence[QPointF],
    taken: Sequence[QRectF],
    area: QRectF,
    lines: Sequence[QPointF] = (),
) -> QRectF:
    """A place for a label.

    Args:
        size: of the label.
        anchors: points of the mark that it may stand beside, the best first.
        handles: points that it must not cover.
        taken: places of other words.
        area: the pane.
        lines: points along what is drawn, which it had better not cover.

    Returns:
        The first place beside an anchor that covers nothing, else the one that covers least; always inside `area` as
        far as it fits.
    """
    rooms = [QRectF(at.x() - HANDLE_ROOM, at.y() - HANDLE_ROOM, 2 * HANDLE_ROOM, 2 * HANDLE_ROOM) for at in handles]
    best, least = QRectF(), float("inf")
    for anchor in anchors:
        for place in _beside(anchor, size):
            inside = _moved_inside(place, area)
            covers = sum(_overlap(inside, other) for other in (*rooms, *taken))
            covers += LINE_COST * sum(inside.contains(point) for point in lines)
            if covers < least:
                best, least = inside, covers
            if covers == 0:
                return best
    return best


def _beside(anchor: QPointF, size: QSizeF) -> list[QRectF]:
    """Right, left, below and above of a point, and the four corners."""
    width, height, x, y = size.width(), size.height(), anchor.x(), anchor.y()
    rights, lefts, middles = x + GAP, x - GAP - width, x - width / 2
    belows, aboves, centres = y + GAP, y - GAP - height, y - height / 2
    corners = (
        (rights, centres), (rights, belows), (rights, aboves), (middles, belows),
        (middles, aboves), (lefts, centres), (lefts, belows), (lefts, aboves),
    )  # fmt: skip
    return [QRectF(left, top, width, height) for left, top in corners]


def _moved_inside(place: QRectF, area: QRectF) -> QRectF:
    room = area.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    left = max(min(place.left(), room.right() - place.width()), room.left())
    top = max(min(place.top(), room.bottom() - place.height()), room.top())
    return QRectF(left, top, place.width(), place.height())


def _overlap(a: QRectF, b: QRectF) -> float:
    common = a.intersected(b)
    return common.width() * common.height()
