"""An image that is resampled to what the screen can show before its values become colours.

A 3000 x 3000 radiograph in a pane of 500 pixels costs 500 x 500 at every step of a window/level drag; the
resampled values are kept until zoom or place change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPolygonF

from app.domain.orientation import UPRIGHT, Orientation
from app.services.threads.signals import TypedSignal
from app.ui.panes.picture_source import PictureSource, Sample, source_of
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.affine import Matrix
from squid_core.contracts.radiograph import PixelArray

FAR = 1e5  # viewport pixels beyond any screen

ByteArray = NDArray[np.uint8]


class PaneLayer(IntEnum):
    """What lies in a pane, from below."""

    PICTURE = 0
    SHUTTER = 1
    MAP = 2
    OVERLAYS = 3
    SWIPED = 4  # what is uncovered by a swipe


def to_image(picture: ByteArray) -> QImage:
    """(h, w) grey, (h, w, 3) RGB or (h, w, 4) RGBA bytes -> an image that owns them."""
    return _as_image(np.ascontiguousarray(picture)).copy()


def _as_image(picture: ByteArray) -> QImage:
    """The same without a copy: contiguous bytes, which must outlive the image."""
    formats = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    kind = QImage.Format.Format_Grayscale8 if picture.ndim == 2 else formats[picture.shape[2]]
    return QImage(picture.data, picture.shape[1], picture.shape[0], picture.strides[0], kind)


@dataclass(frozen=True, slots=True, eq=False)
class ShownPicture:
    """What a view shows of an image.

    Attributes:
        pixels: as they lie on the screen: grey or RGB(A), (h, w) or (h, w, 3 or 4), contiguous.
        place: where, in the viewport.
        outline: what of it is to be seen; None for all.
    """

    pixels: ByteArray
    place: QRectF
    outline: QPolygonF | None

    def paint(self, painter: QPainter, between: tuple[float, float] | None) -> None:
        """Draw it, with smooth edges where the screen's pixels do not fall on its own.

        Args:
            painter: in pixels of the viewport.
            between: the two x that it is cut off at; None for all of it.
        """
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if between is not None:
            left, right = between
            painter.setClipRect(QRectF(left, -FAR, right - left, 2 * FAR), Qt.ClipOperation.IntersectClip)
        if self.outline is not None:
            path = QPainterPath()
            path.addPolygon(self.outline)
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.drawImage(self.place, _as_image(self.pixels))
        painter.restore()


class ViewportImage(QObject):
    """One source in a pane, placed by the map from its pixels to those of the original.

    What is resampled is turned and mirrored as the view asks, after its values have become colours. Of what lies aslant
    in the original nothing is drawn beyond its own corners.

    Signals:
        changed: it is to be drawn anew.
    """

    changed = TypedSignal[()]()

    def __init__(self, layer: PaneLayer = PaneLayer.PICTURE) -> None:
        super().__init__()
        self.layer = layer
        self.shown: ShownPicture | None = None  # what the view shows of it; None for nothing
        self._source: PictureSource | None = None
        self._display: Callable[[PixelArray], ByteArray] | None = None
        self._table: ByteArray | None = None
        self._sample: Sample | None = None
        self._resampled: PixelArray | None = None
        self._orientation = UPRIGHT
        self._clip: tuple[float, float] | None = None

    @property
    def source(self) -> PixelArray | None:
        """What is shown, at its own size."""
        return None if self._source is None else self._source.pixels

    def set_source(
        self,
        source: PixelArray,
        place: Matrix,
        display: Callable[[PixelArray], ByteArray],
        table: ByteArray | None = None,
    ) -> None:
        """Show `source` from the next `refresh` on.

        Args:
            source: (h, w) or (h, w, 3).
            place: from its pixel centres to those of the original.
            display: turns its values into uint8 (h, w) or (h, w, 3).
            table: (256, 3 or 4) the colours of what `display` makes; None where those are greys or colours themselves.
        """
        self._source, self._display, self._table = source_of(source, place), display, table
        self._sample = self._resampled = None

    def clear(self) -> None:
        """Show nothing."""
        self._source = self._sample = self._resampled = None
        self._show(None)

    def redisplay(self, display: Callable[[PixelArray], ByteArray]) -> None:
        """The same values shown otherwise (a new window): nothing is resampled again."""
        self._display = display
        if self.shown is not None and self._resampled is not None:
            pixels = self._coloured(self._resampled, self._orientation, display)
            self._show(replace(self.shown, pixels=pixels))

    @property
    def clipped(self) -> tuple[float, float] | None:
        """The two x of the viewport between which it is shown; None where nothing cuts it off."""
        return self._clip

    def clip(self, between: tuple[float, float] | None) -> None:
        """Show only what lies between two x of the viewport; None for all of it."""
        if between != self._clip:
            self._clip = between
            self.changed.emit()

    def refresh(self, view: ViewRect, ratio: float) -> None:
        """Follow the view."""
        sample = None if self._source is None else self._source.sample(view, ratio)
        if sample is None or self._display is None:
            self._show(None)
            return
        before = self.shown
        if sample != self._sample or self._resampled is None:
            self._sample, self._resampled, before = sample, sample.take(), None
        if before is None or view.orientation != self._orientation:
            self._orientation = view.orientation
            pixels = self._coloured(self._resampled, view.orientation, self._display)
        else:
            pixels = before.pixels
        self._show(ShownPicture(pixels, view.on_screen(*sample.extent), self._on_screen(view)))

    def picture(self, view: ViewRect, ratio: float) -> ShownPicture | None:
        """What another view of the same source shows; None where nothing of it is visible."""
        sample = None if self._source is None else self._source.sample(view, ratio)
        if sample is None or self._display is None:
            return None
        pixels = self._coloured(sample.take(), view.orientation, self._display)
        return ShownPicture(pixels, view.on_screen(*sample.extent), self._on_screen(view))

    def paint(self, painter: QPainter) -> None:
        """Draw it in pixels of the viewport."""
        if self.shown is not None:
            self.shown.paint(painter, self._clip)

    def _show(self, shown: ShownPicture | None) -> None:
        if shown is not self.shown:
            self.shown = shown
            self.changed.emit()

    def _coloured(
        self, values: PixelArray, orientation: Orientation, display: Callable[[PixelArray], ByteArray]
    ) -> ByteArray:
        picture = orientation.picture(display(values))
        return picture if self._table is None else self._table[picture]

    def _on_screen(self, view: ViewRect) -> QPolygonF | None:
        """The corners of a source that lies aslant."""
        if self._source is None or self._source.corners is None:
            return None
        return QPolygonF([QPointF(*view.to_viewport(*corner)) for corner in self._source.corners])
