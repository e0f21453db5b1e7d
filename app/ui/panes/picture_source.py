"""Pictures that lie in the original, resampled to what the screen can show. Pure arrays and places, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np

from app.ui.panes.view_link import ViewRect
from squid_core.contracts.affine import Matrix, inverse, mapped, resized, then
from squid_core.contracts.radiograph import PixelArray
from squid_core.warping import warped

MARGIN = 2  # source pixels beyond the edge of the screen, so that interpolation is right at the edge
SMALLEST = 256  # sources are not halved below this edge
ROOM = 64  # device pixels beyond the edges of the screen that are drawn with what lies there, while that costs nothing

Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """What a view shows of a source; equal ones are the same pixels.

    Attributes:
        extent: (top, left, height, width) in original pixels that it covers, edges.
        shape: (h, w) in device pixels.
        take: makes it, upright as the original lies.
    """

    extent: Extent
    shape: tuple[int, int]
    take: Callable[[], PixelArray] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Crop:
    """Which source pixels are on the screen and how large they become.

    Attributes:
        rows, columns: half-open ranges of source pixels.
        height, width: device pixels to resample them to.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    height: int
    width: int


def visible_crop(shape: tuple[int, int], extent: Extent, view: ViewRect, ratio: float) -> Crop | None:
    """The part of a source on the screen.

    Args:
        shape: (h, w) of the source.
        extent: (top, left, height, width) that the source covers in original pixels, edges.
        view: what the viewport shows.
        ratio: device pixels per logical pixel.

    Returns:
        None where nothing of it is visible.
    """
    ranges, sizes = [], []
    for length, start, size, low, span, zoom in (
        (shape[0], extent[0], extent[2], view.top, view.height, view.row_zoom),
        (shape[1], extent[1], extent[3], view.left, view.width, view.zoom),
    ):
        per_pixel = size / length  # original pixels per source pixel
        first = max(int(np.floor((low - start) / per_pixel)) - MARGIN, 0)
        last = min(int(np.ceil((low + span - start) / per_pixel)) + MARGIN, length)
        if first >= last:
            return None
        ranges.append((first, last))
        sizes.append(max(round((last - first) * per_pixel * zoom * ratio), 1))
    return Crop(ranges[0], ranges[1], sizes[0], sizes[1])


def resample(pixels: PixelArray, crop: Crop) -> PixelArray:
    """The crop of (h, w) or (h, w, 3) pixels at its screen size, dtype kept.

    Area mean when shrinking, so that fine structure does not alias; linear when enlarging, so that no detail
    appears that is not there.
    """
    part = pixels[slice(*crop.rows), slice(*crop.columns)]
    if part.shape[:2] == (crop.height, crop.width):
        return part
    shrinking = crop.height < part.shape[0] or crop.width < part.shape[1]
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (crop.width, crop.height), interpolation=method))


def covered(shape: tuple[int, int], extent: Extent, crop: Crop) -> Extent:
    """(top, left, height, width) in original pixels that a crop of a source of `shape` over `extent` covers."""
    top, left, height, width = extent
    row_size, column_size = height / shape[0], width / shape[1]
    return (
        top + crop.rows[0] * row_size,
        left + crop.columns[0] * column_size,
        (crop.rows[1] - crop.rows[0]) * row_size,
        (crop.columns[1] - crop.columns[0]) * column_size,
    )


class UprightSource:
    """A picture along the axes of the original: the original itself, and what was not turned."""

    corners = None  # nothing needs cutting off

    def __init__(self, pixels: PixelArray, place: Matrix) -> None:
        self._halved = [pixels]  # then each half the size of the one before
        self._place = place
        (down, _, row), (_, across, column) = place
        height, width = down * pixels.shape[0], across * pixels.shape[1]
        self._extent = row - down / 2, column - across / 2, height, width

    @property
    def pixels(self) -> PixelArray:
        """At its own size."""
        return self._halved[0]

    def sample(self, view: ViewRect, ratio: float) -> Sample | None:
        """The part of it on the screen; None where there is none."""
        source = self._level(view, ratio)
        shape = (source.shape[0], source.shape[1])
        crop = visible_crop(shape, self._extent, view, ratio)
        if crop is None:
            return None
        screen = view.height * view.row_zoom * ratio, view.width * view.zoom * ratio
        if crop.height > screen[0] + ROOM or crop.width > screen[1] + ROOM:  # its pixels are larger than the room
            return _on_the_screen(self.pixels, self._place, self._extent, view, ratio)
        return Sample(covered(shape, self._extent, crop), (crop.height, crop.width), partial(resample, source, crop))

    def _level(self, view: ViewRect, ratio: float) -> PixelArray:
        """The smallest of the halved sources that is not smaller than the screen needs; made when first wanted.

        Means of means are means, so this only makes zooming out of large images faster.
        """
        height, width = self.pixels.shape[:2]
        down, across = view.row_zoom * self._extent[2] / height, view.zoom * self._extent[3] / width
        shrink = 1 / max(down * ratio, across * ratio, 1e-6)
        level = 0
        while shrink >= 2 ** (level + 1) and min(self._halved[level].shape[:2]) >= 2 * SMALLEST:
            level += 1
            if level == len(self._halved):
                above = self._halved[level - 1]
                size = (above.shape[1] // 2, above.shape[0] // 2)
                self._halved.append(np.asarray(cv2.resize(above, size, interpolation=cv2.INTER_AREA)))
        return self._halved[level]


class TurnedSource:
    """A picture that lies aslant in the original, as one of the model does. It is small, and drawn in one go."""

    def __init__(self, pixels: PixelArray, place: Matrix) -> None:
        self.pixels, self._place = pixels, place
        bottom, right = pixels.shape[0] - 0.5, pixels.shape[1] - 0.5
        edges = ((-0.5, -0.5), (-0.5, right), (bottom, right), (bottom, -0.5))
        self.corners = tuple(mapped(place, row, column) for row, column in edges)

    def sample(self, view: ViewRect, ratio: float) -> Sample | None:
        """The rectangle round what of it is on the screen; None where there is nothing.

        Outside its corners it goes on with the values of its edges.
        """
        rows, columns = zip(*self.corners, strict=True)
        top, left = min(rows), min(columns)
        extent = (top, left, max(rows) - top, max(columns) - left)
        return _on_the_screen(self.pixels, self._place, extent, view, ratio)


def _on_the_screen(pixels: PixelArray, place: Matrix, extent: Extent, view: ViewRect, ratio: float) -> Sample | None:
    """What of a picture over `extent` is on the screen, cut off at its edges; None where there is nothing."""
    top, left = max(extent[0], view.top), max(extent[1], view.left)
    height = min(extent[0] + extent[2], view.top + view.height) - top
    width = min(extent[1] + extent[3], view.left + view.width) - left
    if height <= 0 or width <= 0:
        return None
    zoom = view.row_zoom * ratio, view.zoom * ratio
    shape = max(round(height * zoom[0]), 1), max(round(width * zoom[1]), 1)
    shown = (top, left, height, width)
    return Sample(shown, shape, partial(_drawn, pixels, place, shown, shape, zoom))


def _drawn(
    pixels: PixelArray, place: Matrix, extent: Extent, shape: tuple[int, int], zoom: tuple[float, float]
) -> PixelArray:
    """(h, w) of `shape`: first shrunk by area means where the screen is coarser, then turned."""
    (a, b, _), (c, d, _) = place
    own = (pixels.shape[0], pixels.shape[1])
    needed = [np.hypot(down * zoom[0], across * zoom[1]) for down, across in ((a, c), (b, d))]  # device pixels each
    size = max(round(own[0] * min(needed[0], 1)), 1), max(round(own[1] * min(needed[1], 1)), 1)
    if size != own:
        pixels = np.asarray(cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA))
        place = resized(place, own, size)
    top, left, height, width = extent
    down, across = height / shape[0], width / shape[1]
    of_screen: Matrix = ((down, 0.0, top + down / 2), (0.0, across, left + across / 2))
    return warped(pixels, then(of_screen, inverse(place)), shape)


PictureSource = UprightSource | TurnedSource


def source_of(pixels: PixelArray, place: Matrix) -> PictureSource:
    """A picture by the map from its pixel centres to those of the original."""
    upright = place[0][1] == place[1][0] == 0
    return UprightSource(pixels, place) if upright else TurnedSource(pixels, place)
