"""Where the figures of a mark stand: near it, off its handles, off other labels, inside the pane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF

GAPS = (10.0, 34.0)  # screen pixels between a mark and its label; the second where the first covers something
HANDLE_ROOM = 7.0  # kept free round a handle
MARGIN = 3.0  # to the pane's edge
# How bad it is to cover: a square pixel of a handle's room, one of other words, a point of a line.
HANDLE_COST, WORD_COST, LINE_COST = 20.0, 3.0, 12.0

Floats = NDArray[np.float64]


def place_label(
    size: QSizeF,
    anchors: Sequence[QPointF],
    handles: Sequence[QPointF],
    taken: Sequence[QRectF],
    area: QRectF,
    lines: Floats | None = None,
) -> QRectF:
    """A place for a label.

    Args:
        size: of the label.
        anchors: points of the mark that it may stand beside, the best first; at least one.
        handles: points that it must not cover.
        taken: places of other words.
        area: the pane.
        lines: (n, 2) float64, (x, y) along what is drawn, which it had better not cover.

    Returns:
        The first place beside an anchor that covers nothing, else the one that covers least; always inside `area` as
        far as it fits.
    """
    places = np.concatenate([_beside(anchor, size, area, gap) for gap in GAPS for anchor in anchors])
    rooms = [(at.x() - HANDLE_ROOM, at.y() - HANDLE_ROOM, at.x() + HANDLE_ROOM, at.y() + HANDLE_ROOM) for at in handles]
    words = [(other.left(), other.top(), other.right(), other.bottom()) for other in taken]
    covers = np.zeros(len(places))
    for weight, others in ((HANDLE_COST, rooms), (WORD_COST, words)):
        if others:
            covers += weight * _overlaps(places, np.array(others, np.float64))
    if lines is not None and len(lines):
        inside = (lines[None] >= places[:, None, :2]) & (lines[None] <= places[:, None, 2:])
        covers += LINE_COST * inside.all(axis=2).sum(axis=1)
    left, top, right, bottom = (float(edge) for edge in places[int(np.argmin(covers))])
    return QRectF(left, top, right - left, bottom - top)


def _beside(anchor: QPointF, size: QSizeF, area: QRectF, gap: float) -> Floats:
    """(8, 4): right, below and above of it, then left; each as left, top, right, bottom, moved inside the pane."""
    width, height, x, y = size.width(), size.height(), anchor.x(), anchor.y()
    rights, lefts, middles = x + gap, x - gap - width, x - width / 2
    belows, aboves, centres = y + gap, y - gap - height, y - height / 2
    corners = np.array(
        [
            (rights, centres), (rights, belows), (rights, aboves), (middles, belows),
            (middles, aboves), (lefts, centres), (lefts, belows), (lefts, aboves),
        ]
    )  # fmt: skip
    low = np.array((area.left() + MARGIN, area.top() + MARGIN))
    high = np.array((area.right() - MARGIN - width, area.bottom() - MARGIN - height))
    corners = np.maximum(np.minimum(corners, high), low)
    return np.concatenate((corners, corners + np.array((width, height))), axis=1)


def _overlaps(places: Floats, others: Floats) -> Floats:
    """(n,): how many square pixels of the others each place covers."""
    low = np.maximum(places[:, None, :2], others[None, :, :2])
    high = np.minimum(places[:, None, 2:], others[None, :, 2:])
    common: Floats = np.clip(high - low, 0, None).prod(axis=2).sum(axis=1)
    return common
