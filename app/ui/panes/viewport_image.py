"""An image that is resampled to what the screen can show before its values become colours.

A 3000 x 3000 radiograph in a pane of 500 pixels costs 500 x 500 at every step of a window/level drag; the
resampled values are kept until zoom or place change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.domain.orientation import UPRIGHT
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.radiograph import PixelArray

MARGIN = 2  # source pixels beyond the edge of the screen, so that interpolation is right at the edge
SMALLEST = 256  # sources are not halved below this edge
MAX_SCREEN = 4096  # longest edge ever resampled to
FAR = 1e5  # viewport pixels beyond any screen

ByteArray = NDArray[np.uint8]
Extent = tuple[float, float, float, float]


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
        sizes.append(min(max(round((last - first) * per_pixel * zoom * ratio), 1), MAX_SCREEN))
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


class ViewportImage(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph has no types
    """One source in the scene of a pane, placed by its extent in original pixels.

    The scene is in viewport pixels; what is resampled is turned and mirrored as the view asks, after its values
    have become colours.
    """

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._halved: list[PixelArray] = []  # the source, then each half the size of the one before
        self._extent: Extent = (0.0, 0.0, 1.0, 1.0)
        self._display: Callable[[PixelArray], ByteArray] | None = None
        self._crop: Crop | None = None
        self._resampled: PixelArray | None = None
        self._place: QRectF | None = None
        self._orientation = UPRIGHT
        self._clip: tuple[float, float] | None = None
        self.setVisible(False)

    @property
    def source(self) -> PixelArray | None:
        """What is shown, at its own size."""
        return self._halved[0] if self._halved else None

    def set_source(self, source: PixelArray, extent: Extent, display: Callable[[PixelArray], ByteArray]) -> None:
        """Show `source` from the next `refresh` on; `display` turns its values into uint8 (h, w) or (h, w, 3)."""
        self._halved, self._extent, self._display = [source], extent, display
        self._crop = self._resampled = None

    def clear(self) -> None:
        """Show nothing."""
        self._halved, self._crop, self._resampled = [], None, None
        self.setVisible(False)

    def redisplay(self, display: Callable[[PixelArray], ByteArray]) -> None:
        """The same values shown otherwise (a new window): nothing is resampled again."""
        self._display = display
        self._draw()

    @property
    def clipped(self) -> tuple[float, float] | None:
        """The two x of the viewport between which it is shown; None where nothing cuts it off."""
        return self._clip

    def clip(self, between: tuple[float, float] | None) -> None:
        """Show only what lies between two x of the viewport; None for all of it."""
        if between != self._clip:
            self._clip = between
            self.update()

    def refresh(self, view: ViewRect, ratio: float) -> None:
        """Follow the view."""
        found = self._find(view, ratio)
        if found is None:
            self.setVisible(False)
            return
        source, crop = found
        self._place = view.on_screen(*covered((source.shape[0], source.shape[1]), self._extent, crop))
        resampled = crop != self._crop or self._resampled is None
        if resampled:
            self._crop, self._resampled = crop, resample(source, crop)
        if resampled or view.orientation != self._orientation:
            self._orientation = view.orientation
            self._draw()
        else:
            self.setRect(self._place)
            self.setVisible(True)

    def picture(self, view: ViewRect, ratio: float) -> tuple[ByteArray, QRectF] | None:
        """What another view of the same source shows: its colours as they lie on the screen, and where.

        Returns:
            None where nothing of it is visible. Grey or RGB(A), (h, w) or (h, w, 3 or 4).
        """
        found = self._find(view, ratio)
        if found is None or self._display is None:
            return None
        source, crop = found
        shown = view.orientation.picture(self._display(resample(source, crop)))
        place = view.on_screen(*covered((source.shape[0], source.shape[1]), self._extent, crop))
        return (shown if self.lut is None else np.asarray(self.lut, np.uint8)[shown]), place

    def _find(self, view: ViewRect, ratio: float) -> tuple[PixelArray, Crop] | None:
        """The source at the size that the view needs, and the part of it on the screen."""
        if not self._halved:
            return None
        source = self._level(view, ratio)
        crop = visible_crop((source.shape[0], source.shape[1]), self._extent, view, ratio)
        return None if crop is None else (source, crop)

    def _level(self, view: ViewRect, ratio: float) -> PixelArray:
        """The smallest of the halved sources that is not smaller than the screen needs; made when first wanted.

        Means of means are means, so this only makes zooming out of large images faster.
        """
        height, width = self._halved[0].shape[:2]
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

    def _draw(self) -> None:
        if self._resampled is None or self._display is None or self._place is None:
            return
        self.setImage(self._orientation.picture(self._display(self._resampled)), autoLevels=False, levels=None)
        self.setRect(self._place)
        self.setVisible(True)

    def paint(self, painter: QPainter, *args: Any) -> None:  # noqa: ANN401 - pyqtgraph's signature
        """Draw with smooth edges where the screen's pixels do not fall on ours."""
        if self._clip is not None:
            left, right = self._clip
            area = self.mapRectFromScene(QRectF(left, 0.0, right - left, FAR))
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)
