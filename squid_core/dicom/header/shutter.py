"""The display shutter of a data set: an image's, or a presentation state's (PS3.3 C.7.6.11 and C.7.6.15)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pydicom.dataset import Dataset

from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.values import values
from squid_core.graphics import hidden

FARTHEST = 100_000  # pixels from an image that a shape can reach
WHITE = 65535  # P-value of white (C.7.6.11)
NO_SENSE = "The file's shutter makes no sense and is not applied."
READS_WITHIN = "The file has a shutter: the detector reads nothing outside of the rectangle round what it leaves."
HIDES_ALL = "The file's shutter would hide the whole picture and is not applied."


def shutter_of(
    dataset: Dataset, shape: tuple[int, int], aspect: float, bitmaps: Mapping[int, OverlayPlane]
) -> tuple[Shutter | None, tuple[str, ...]]:
    """Read a shutter.

    Shutter Presentation Color CIELab Value is not read: the grey beside it is.

    Args:
        dataset: of the image, or of a presentation state.
        shape: (H, W) of the image.
        aspect: height of a pixel of it over its width.
        bitmaps: the overlay planes of the data set by their group, one of which may be the shutter.

    Returns:
        None where there is none, or none that can be applied; and plain sentences.
    """
    stated = [name for value in values(dataset, "ShutterShape") if (name := str(value).strip().upper()) != "NONE"]
    read: dict[str, Callable[[], Shutter | None]] = {
        "RECTANGULAR": partial(_rectangle, dataset),
        "CIRCULAR": partial(_circle, dataset),
        "POLYGONAL": partial(_polygon, dataset),
        "BITMAP": partial(_bitmap, dataset, bitmaps),
    }
    if not any(stated):
        return None, ()
    found = [read[name]() if name in read else None for name in stated]
    shapes = [shutter for shutter in found if shutter is not None]
    if len(shapes) < len(found):
        return None, (NO_SENSE,)
    made = shapes[0]
    for other in shapes[1:]:
        made = Shutter(
            made.rectangle or other.rectangle,
            made.circle or other.circle,
            made.polygon or other.polygon,
            made.bitmap or other.bitmap,
        )
    (grey,) = numbers(dataset, "ShutterPresentationValue")[:1] or (0.0,)
    made = replace(made, grey=min(max(grey / WHITE, 0.0), 1.0) if math.isfinite(grey) else 0.0)
    covered = hidden(made, shape, aspect)
    if covered.all():
        return None, (HIDES_ALL,)
    return (made if covered.any() else None), ()


def _places(dataset: Dataset, keyword: str, count: int | None = None) -> list[int] | None:
    """The values of an element as pixels; None where one is none, or there are not `count` of them."""
    found = numbers(dataset, keyword)
    if (count is not None and len(found) != count) or not all(abs(value) <= FARTHEST for value in found):
        return None  # a nan is not within reach either
    return [round(value) for value in found]


def _rectangle(dataset: Dataset) -> Shutter | None:
    names = ("UpperHorizontal", "LeftVertical", "LowerHorizontal", "RightVertical")
    edges = [_places(dataset, f"Shutter{name}Edge", 1) for name in names]
    top, left, bottom, right = (None if edge is None else edge[0] - 1 for edge in edges)
    if top is None or left is None or bottom is None or right is None:
        return None
    return Shutter(rectangle=(min(top, bottom), min(left, right), max(top, bottom), max(left, right)))


def _circle(dataset: Dataset) -> Shutter | None:
    centre, radius = (
        _places(dataset, "CenterOfCircularShutter", 2),
        _places(dataset, "RadiusOfCircularShutter", 1),
    )
    if centre is None or radius is None or radius[0] < 0:
        return None
    return Shutter(circle=(centre[0] - 1, centre[1] - 1, radius[0]))


def _polygon(dataset: Dataset) -> Shutter | None:
    places = _places(dataset, "VerticesOfThePolygonalShutter")
    if places is None or len(places) < 6 or len(places) % 2:
        return None
    return Shutter(polygon=tuple((row - 1, column - 1) for row, column in zip(places[::2], places[1::2], strict=True)))


def _bitmap(dataset: Dataset, bitmaps: Mapping[int, OverlayPlane]) -> Shutter | None:
    group = _places(dataset, "ShutterOverlayGroup", 1)
    plane = bitmaps.get(group[0]) if group is not None else None
    return None if plane is None else Shutter(bitmap=plane)
