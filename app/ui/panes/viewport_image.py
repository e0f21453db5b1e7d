"""An image that is resampled to what the screen can show before its values become colours.

A 3000 x 3000 radiograph in a pane of 500 pixels costs 500 x 500 at every step of a window/level drag; the
resampled values are kept until zoom or place change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from app.domain.orientation import UPRIGHT
from app.ui.panes.picture_source import PictureSource, Sample, source_of
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.affine import Matrix
from squid_core.contracts.radiograph import PixelArray

FAR = 1e5  # viewport pixels beyond any screen

ByteArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """What a view shows of an image.

    Attributes:
        pixels: as they lie on the screen: grey or RGB(A), (h, w) or (h, w, 3 or 4).
        place: where, in the viewport.
        outline: what of it is to be seen; None for all.
    """

    pixels: ByteArray
    place: QRectF
    outline: QPolygonF | None


class ViewportImage(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph has no types
    """One source in the scene of a pane, placed by the map from its pixels to those of the original.

    The scene is in viewport pixels; what is resampled is turned and mirrored as the view asks, after its values
    have become colours. Of what lies aslant in the original nothing is drawn beyond its own corners.
    """

    def __init__(self) -> None:
        super().__init__(axisOrder="row-major")
        self._source: PictureSource | None = None
        self._display: Callable[[PixelArray], ByteArray] | None = None
        self._sample: Sample | None = None
        self._resampled: PixelArray | None = None
        self._place = QRectF()
        self._outline: QPolygonF | None = None  # on the screen
        self._orientation = UPRIGHT
        self._clip: tuple[float, float] | None = None
        self.setVisible(False)

    @property
    def source(self) -> PixelArray | None:
        """What is shown, at its own size."""
        return None if self._source is None else self._source.pixels

    def set_source(self, source: PixelArray, place: Matrix, display: Callable[[PixelArray], ByteArray]) -> None:
        """Show `source` from the next `refresh` on.

        Args:
            source: (h, w) or (h, w, 3).
            place: from its pixel centres to those of the original.
            display: turns its values into uint8 (h, w) or (h, w, 3).
        """
        self._source, self._display = source_of(source, place), display
        self._sample = self._resampled = None

    def clear(self) -> None:
        """Show nothing."""
        self._source = self._sample = self._resampled = None
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
        sample = None if self._source is None else self._source.sample(view, ratio)
        if sample is None:
            self.setVisible(False)
            return
        self._place, self._outline = view.on_screen(*sample.extent), self._on_screen(view)
        resampled = sample != self._sample or self._resampled is None
        if resampled:
            self._sample, self._resampled = sample, sample.take()
        if resampled or view.orientation != self._orientation:
            self._orientation = view.orientation
            self._draw()
        else:
            self.setRect(self._place)
            self.setVisible(True)

    def picture(self, view: ViewRect, ratio: float) -> ShownPicture | None:
        """What another view of the same source shows; None where nothing of it is visible."""
        sample = None if self._source is None else self._source.sample(view, ratio)
        if sample is None or self._display is None:
            return None
        shown = view.orientation.picture(self._display(sample.take()))
        coloured = shown if self.lut is None else np.asarray(self.lut, np.uint8)[shown]
        return ShownPicture(coloured, view.on_screen(*sample.extent), self._on_screen(view))

    def _on_screen(self, view: ViewRect) -> QPolygonF | None:
        """The corners of a source that lies aslant."""
        if self._source is None or self._source.corners is None:
            return None
        return QPolygonF([QPointF(*view.to_viewport(*corner)) for corner in self._source.corners])

    def _draw(self) -> None:
        if self._resampled is None or self._display is None:
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
        if self._outline is not None:
            path = QPainterPath()
            path.addPolygon(self.mapFromScene(self._outline))
            painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)
