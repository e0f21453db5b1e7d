"""Graphic annotations, displayed area and turn of a presentation state, as places of the image.

Units (PS3.3 C.10.5.1.2): PIXEL counts (column, row) from the upper left corner of the image's first pixel, whose centre
is 0.5 there and 0 here; DISPLAY is a share of the displayed area as it lies on the screen, turned and mirrored. Both
become places of the image, so that what was drawn keeps pointing at the same anatomy whatever the reader does with the
picture. Deviation: DISPLAY is meant to stay where it is on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from squid_core.contracts.presentation import Area, Caption, Outline, Spot, Stroke
from squid_core.dicom.header.values import sequence_items, text, values
from squid_core.dicom.limits import MAX_DRAWN, MAX_DRAWN_POINTS
from squid_core.dicom.presentation.items import items_for, number, pair, pairs
from squid_core.text import clean_text

TOO_MANY = "It holds more drawings than are shown."
BAD_DRAWING = "Some of its drawings are damaged and are not shown."
UNKNOWN_DRAWING = "Some of its drawings are of a kind that is not known here and are not shown."
COMPOUND = "Some of its drawings are compound graphics without a plain form and are not shown."
BAD_AREA = "Its displayed area is damaged; the whole image is shown."
TRUE_SIZE = "It asks for true size, which needs the size of the screen; its area fills the pane."
CORNERS = 96  # of a circle or ellipse
BETWEEN = 12  # points between two of a smooth line
MAX_LINES = 40  # of a text


@dataclass(frozen=True, slots=True)
class Lie:
    """How the picture lies on the screen: first mirrored, then turned by quarters clockwise."""

    mirrored: bool
    quarters: int


def lie_of(state: Dataset) -> Lie:
    """Spatial Transformation (PS3.3 C.10.6), which turns first and mirrors then: the turn runs the other way here."""
    turn = number(state, "ImageRotation") or 0.0
    quarters = round(turn / 90) % 4
    mirrored = text(state, "ImageHorizontalFlip").upper() == "Y"
    return Lie(mirrored, -quarters % 4 if mirrored else quarters)


def area_of(state: Dataset, sop_instance_uid: str, shape: tuple[int, int], notices: list[str]) -> Area | None:
    """The displayed area of the image (PS3.3 C.10.4); None for the whole image, fitted.

    Its corners are pixels as they lie on the screen, (column, row) from 1; some files give them as in the image. Both
    are corners of the same rectangle. `shape` is rows and columns of the image.
    """
    for item in items_for(state, "DisplayedAreaSelectionSequence", sop_instance_uid)[:1]:
        one, other = pair(item, "DisplayedAreaTopLeftHandCorner"), pair(item, "DisplayedAreaBottomRightHandCorner")
        if one is None or other is None:
            notices.append(BAD_AREA)
            return None
        left, right = sorted((one[0] - 1, other[0] - 1))
        top, bottom = sorted((one[1] - 1, other[1] - 1))
        mode = text(item, "PresentationSizeMode").upper()
        zoom = None
        if mode == "TRUE SIZE":
            notices.append(TRUE_SIZE)
        elif mode == "MAGNIFY":
            zoom = number(item, "PresentationPixelMagnificationRatio")
            zoom = zoom if zoom is not None and zoom > 0 else None
        if zoom is None and (top, left, bottom, right) == (0, 0, shape[0] - 1, shape[1] - 1):
            return None
        return Area(top - 0.5, left - 0.5, bottom + 0.5, right + 0.5, zoom)
    return None


class _Drawer:
    """Goes through the annotations of one image; `strokes`, `captions` and `faults` fill."""

    def __init__(self, area: Area, lie: Lie, aspect: float) -> None:
        self._area, self._lie, self._aspect = area, lie, aspect
        self.strokes: list[Stroke] = []
        self.captions: list[Caption] = []
        self.faults: dict[str, None] = {}
        self._points = 0

    def place(self, x: float, y: float, units: str) -> Spot:
        """A place of the file -> (row, column)."""
        if units != "DISPLAY":
            return y - 0.5, x - 0.5
        for _ in range(self._lie.quarters):
            x, y = y, 1 - x
        x = 1 - x if self._lie.mirrored else x
        area = self._area
        return area.top + y * (area.bottom - area.top), area.left + x * (area.right - area.left)

    def graphic(self, item: Dataset) -> None:
        """A graphic object (PS3.3 C.10.5.1)."""
        found = pairs(item, "GraphicData")
        if found is None:
            self.faults[BAD_DRAWING] = None
            return
        units = text(item, "GraphicAnnotationUnits").upper()
        points = tuple(self.place(x, y, units) for x, y in found)
        kind = text(item, "GraphicType").upper()
        if kind not in _KINDS:
            self.faults[UNKNOWN_DRAWING] = None
            return
        least, drawn = _KINDS[kind]
        if len(points) < least:
            self.faults[BAD_DRAWING] = None
        elif len(self.strokes) >= MAX_DRAWN or self._points + len(points) > MAX_DRAWN_POINTS:
            self.faults[TOO_MANY] = None
        else:
            self._points += len(points)
            self.strokes.append(Stroke(drawn(points, self._aspect), text(item, "GraphicFilled").upper() == "Y"))

    def caption(self, item: Dataset) -> None:
        """A text object (PS3.3 C.10.5.1)."""
        words = _lines_of(item)
        if not words:
            return
        units, anchor_units = (
            text(item, name).upper() for name in ("BoundingBoxAnnotationUnits", "AnchorPointAnnotationUnits")
        )
        one = pair(item, "BoundingBoxTopLeftHandCorner")
        other = pair(item, "BoundingBoxBottomRightHandCorner") or one
        point = pair(item, "AnchorPoint")
        box = None if one is None or other is None else (self.place(*one, units), self.place(*other, units))
        anchor = None if point is None else self.place(*point, anchor_units)
        if box is None and anchor is None:
            self.faults[BAD_DRAWING] = None
        elif len(self.captions) >= MAX_DRAWN:
            self.faults[TOO_MANY] = None
        else:
            tied = box is not None and anchor is not None and text(item, "AnchorPointVisibility").upper() == "Y"
            self.captions.append(Caption(words, box, anchor, tied))


def drawings_of(
    state: Dataset, sop_instance_uid: str, area: Area, lie: Lie, aspect: float, notices: list[str]
) -> tuple[tuple[Stroke, ...], tuple[Caption, ...]]:
    """Graphic annotations of the image (PS3.3 C.10.5), the lowest layer first.

    `area` is what of the image is displayed, `lie` how it lies there, `aspect` the height of its pixels over their
    width: a circle is round on the screen.
    """
    drawer = _Drawer(area, lie, aspect)
    order = {
        text(layer, "GraphicLayer"): number(layer, "GraphicLayerOrder") or 0.0
        for layer in sequence_items(state, "GraphicLayerSequence")
    }
    annotations = items_for(state, "GraphicAnnotationSequence", sop_instance_uid)
    for annotation in sorted(annotations, key=lambda item: order.get(text(item, "GraphicLayer"), 0.0)):
        graphics = sequence_items(annotation, "GraphicObjectSequence")
        captions = sequence_items(annotation, "TextObjectSequence")
        for item in graphics:
            drawer.graphic(item)
        for item in captions:
            drawer.caption(item)
        plain = {number(item, "CompoundGraphicInstanceID") for item in (*graphics, *captions)}
        compounds = sequence_items(annotation, "CompoundGraphicSequence")
        if any(number(item, "CompoundGraphicInstanceID") not in plain for item in compounds):
            drawer.faults[COMPOUND] = None
    notices += drawer.faults
    return tuple(drawer.strokes), tuple(drawer.captions)


def _lines_of(item: Dataset) -> str:
    stated = values(item, "UnformattedTextValue")
    whole = "\\".join(str(part) for part in stated)
    lines = (clean_text(line) for line in whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:MAX_LINES])
    return "\n".join(lines).strip("\n")


def _as_given(points: Outline, _: float) -> Outline:
    return points


def _dot(points: Outline, _: float) -> Outline:
    return points[:1]


def _circle(points: Outline, aspect: float) -> Outline:
    """Its centre and a point on it."""
    (row, column), (other_row, other_column) = points[:2]
    radius = math.hypot((other_row - row) * aspect, other_column - column)
    return _ellipse((row, column), (0.0, radius), (radius / aspect, 0.0))


def _axes(points: Outline, _: float) -> Outline:
    """The ends of its major axis, then those of its minor axis."""
    one, two, three, four = points[:4]
    middle = ((one[0] + two[0]) / 2, (one[1] + two[1]) / 2)
    major = ((two[0] - one[0]) / 2, (two[1] - one[1]) / 2)
    minor = ((four[0] - three[0]) / 2, (four[1] - three[1]) / 2)
    return _ellipse(middle, major, minor)


def _ellipse(middle: Spot, major: Spot, minor: Spot) -> Outline:
    angles = np.linspace(0, 2 * math.pi, CORNERS + 1)
    rows = middle[0] + major[0] * np.cos(angles) + minor[0] * np.sin(angles)
    columns = middle[1] + major[1] * np.cos(angles) + minor[1] * np.sin(angles)
    return tuple(zip(rows.tolist(), columns.tolist(), strict=True))


def _smooth(points: Outline, _: float) -> Outline:
    """A smooth line through all points (Catmull and Rom 1974); the standard leaves open which."""
    if len(points) < 3:
        return points
    known = np.array(points)
    closed = points[0] == points[-1]
    before, after = (known[-2], known[1]) if closed else (2 * known[0] - known[1], 2 * known[-1] - known[-2])
    padded = np.vstack((before, known, after))
    steps = np.linspace(0, 1, BETWEEN, endpoint=False)[:, None]
    drawn = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        curve = 2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2 + (3 * b - a - 3 * c + d) * steps**3
        drawn.append(curve / 2)
    rows, columns = np.vstack((*drawn, known[-1:])).T
    return tuple(zip(rows.tolist(), columns.tolist(), strict=True))


_KINDS: dict[str, tuple[int, Callable[[Outline, float], Outline]]] = {
    "POINT": (1, _dot),
    "POLYLINE": (2, _as_given),
    "INTERPOLATED": (2, _smooth),
    "CIRCLE": (2, _circle),
    "ELLIPSE": (4, _axes),
}
