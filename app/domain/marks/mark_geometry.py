"""Outlines, handles and grips of marks, in original pixels; pure, so that every hit can be tested without a screen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from app.domain.marks.measurements import CardiothoracicRatio, Mark, Measurement, Note, Point, Roi, RoiShape

ELLIPSE_STEPS = 72  # straight pieces that an ellipse is drawn with
SNAP_DEGREES = 45.0

Line = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Grip:
    """What of a mark has been taken hold of.

    Attributes:
        handle: index of the handle; None for the body.
        points: indices of the points that move with the body.
    """

    handle: int | None
    points: tuple[int, ...] = ()


def handles(mark: Mark) -> tuple[Point, ...]:
    """Where a mark can be taken hold of to change it: its points; of a region the four corners of its box."""
    if isinstance(mark, Roi):
        (a, b), (c, d) = mark.points
        return (a, b), (a, d), (c, d), (c, b)
    return mark.points


def outline(mark: Mark) -> tuple[Line, ...]:
    """The lines of a mark, each a chain of points; closed ones end where they begin. A note has none."""
    if isinstance(mark, Note):
        return ()
    if isinstance(mark, CardiothoracicRatio):
        return mark.heart, mark.thorax
    if isinstance(mark, Roi):
        if mark.shape is RoiShape.RECTANGLE:
            corners = handles(mark)
            return ((*corners, corners[0]),)
        return (_ellipse(mark),)
    return (mark.points,)


def _ellipse(mark: Roi) -> Line:
    top, left, bottom, right = mark.box
    turns = [2 * math.pi * step / ELLIPSE_STEPS for step in range(ELLIPSE_STEPS + 1)]
    return tuple(
        ((top + bottom - (bottom - top) * math.cos(turn)) / 2, (left + right + (right - left) * math.sin(turn)) / 2)
        for turn in turns
    )


def grip_at(mark: Mark, point: Point, reach: float, *, body: bool = True, aspect: float = 1.0) -> Grip | None:
    """What of a mark lies at a point. Of a cardiothoracic ratio the body is one of its two lines.

    Args:
        mark: what is asked.
        point: (row, column).
        reach: widths of a pixel within which a handle, else the body, counts as hit.
        body: whether the body counts at all.
        aspect: height of a pixel over its width, as the picture is drawn.
    """
    point = _square(point, aspect)
    away, handle = min((math.dist(point, _square(place, aspect)), at) for at, place in enumerate(handles(mark)))
    if away <= reach:
        return Grip(handle)
    if not body:
        return None
    for index, line in enumerate(outline(mark)):
        if distance_to_line(point, tuple(_square(place, aspect) for place in line)) <= reach:
            one_line = isinstance(mark, CardiothoracicRatio)
            return Grip(None, (2 * index, 2 * index + 1) if one_line else tuple(range(len(mark.points))))
    return None


def whole(mark: Mark) -> Grip:
    """The grip that moves all of it."""
    return Grip(None, tuple(range(len(mark.points))))


def distance_to_line(point: Point, line: Line) -> float:
    """Pixels from a point to a chain of straight pieces."""
    return min((_distance_to_piece(point, a, b) for a, b in pairwise(line)), default=math.inf)


def _distance_to_piece(point: Point, a: Point, b: Point) -> float:
    rows, columns = b[0] - a[0], b[1] - a[1]
    length = rows * rows + columns * columns
    along = 0.0 if length == 0 else ((point[0] - a[0]) * rows + (point[1] - a[1]) * columns) / length
    along = min(max(along, 0.0), 1.0)
    return math.dist(point, (a[0] + along * rows, a[1] + along * columns))


def with_handle(mark: Measurement, handle: int, place: Point) -> Measurement:
    """The mark with one handle at another place; the corner of a region opposite to it stays."""
    if isinstance(mark, Roi):
        (a, b), (c, d) = mark.points
        row, column = place
        moved = {0: ((row, column), (c, d)), 1: ((row, b), (c, column)), 2: ((a, b), place), 3: ((a, column), (row, d))}
        return replace(mark, points=moved[handle])
    return replace(mark, points=(*mark.points[:handle], place, *mark.points[handle + 1 :]))


def shifted(mark: Measurement, points: Iterable[int], by: Point, shape: tuple[int, int]) -> Measurement:
    """The mark with these points moved together by (rows, columns), no farther than the image of `shape` reaches."""
    moving = set(points)
    low, high = _room([mark.points[index] for index in moving], shape)
    rows, columns = (min(max(step, least), most) for step, least, most in zip(by, low, high, strict=True))
    return replace(
        mark,
        points=tuple(
            (point[0] + rows, point[1] + columns) if index in moving else point
            for index, point in enumerate(mark.points)
        ),
    )


def _room(points: list[Point], shape: tuple[int, int]) -> tuple[Point, Point]:
    """The least and greatest step in rows and columns that keep all points on the image."""
    tops, lefts = zip(*points, strict=True)
    low = (-0.5 - min(tops), -0.5 - min(lefts))
    high = (shape[0] - 0.5 - max(tops), shape[1] - 0.5 - max(lefts))
    return (min(low[0], 0.0), min(low[1], 0.0)), (max(high[0], 0.0), max(high[1], 0.0))


def clamped(point: Point, shape: tuple[int, int]) -> Point:
    """The nearest point of an image of `shape`, edges included."""
    return min(max(point[0], -0.5), shape[0] - 0.5), min(max(point[1], -0.5), shape[1] - 0.5)


def snapped(anchor: Point, point: Point, aspect: float = 1.0) -> Point:
    """The point nearest to `point` that is seen from `anchor` at 0, 45, 90... degrees, as the picture is drawn."""
    rows, columns = (point[0] - anchor[0]) * aspect, point[1] - anchor[1]
    step = math.radians(SNAP_DEGREES)
    turn = round(math.atan2(rows, columns) / step) * step
    # The foot of the perpendicular: the line follows the mouse.
    length = rows * math.sin(turn) + columns * math.cos(turn)
    return anchor[0] + length * math.sin(turn) / aspect, anchor[1] + length * math.cos(turn)


def _square(point: Point, aspect: float) -> Point:
    """A point in widths of a pixel both ways."""
    return point[0] * aspect, point[1]
