"""A loupe over the cursor: the same place in true pixels of the source, a few times larger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.ui.look.theme import tokens
from app.ui.panes.view_link import ViewRect
from app.ui.panes.viewport_image import ViewportImage

DIAMETER = 220  # screen pixels
SHARE = 0.6  # of the pane's shorter side at most
Overlay = Callable[[QPainter, ViewRect], None]


def loupe_view(view: ViewRect, cursor: tuple[float, float], diameter: float, times: float) -> ViewRect:
    """What a square of `diameter` screen pixels shows round the cursor at `times` the zoom of `view`."""
    zoom = view.zoom * times
    across, down = diameter / zoom, diameter / (zoom * view.aspect)
    row, column = cursor
    return ViewRect(row - down / 2, column - across / 2, down, across, zoom, view.aspect, view.orientation)


class Magnifier:
    """Draws the loupe. `times` 0: there is none."""

    def __init__(self) -> None:
        self.times = 0

    def paint(
        self,
        painter: QPainter,
        view: ViewRect,
        cursor: tuple[float, float],
        images: Sequence[ViewportImage],
        overlays: Sequence[Overlay],
    ) -> None:
        """Draw in screen pixels what `images` and `overlays` have round the cursor.

        Args:
            painter: of the viewport.
            view: what the viewport shows.
            cursor: original (row, column) under the middle of the loupe.
            images: from below.
            overlays: drawn over them at the loupe's zoom.
        """
        device = painter.device()
        shorter = min(device.width(), device.height())
        diameter = min(float(DIAMETER), SHARE * shorter)
        centre = QPointF(*view.to_viewport(*cursor))
        near = loupe_view(view, cursor, diameter, self.times)
        corner = centre - QPointF(diameter / 2, diameter / 2)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addEllipse(centre, diameter / 2, diameter / 2)
        painter.setClipPath(path)
        painter.fillPath(path, QColor(tokens().image))
        painter.translate(corner)
        for image in images:
            shown = image.picture(near, device.devicePixelRatioF()) if image.shown is not None else None
            if shown is not None:
                between = image.clipped
                if between is not None:  # a swipe's line is where it is on the screen, enlarged round the cursor
                    left, right = (diameter / 2 + (x - centre.x()) * self.times for x in between)
                    between = left, right
                shown.paint(painter, between)
        for paint in overlays:
            paint(painter, near)
        painter.setClipping(False)
        self._paint_ring(painter, diameter)
        painter.restore()

    def _paint_ring(self, painter: QPainter, diameter: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens().image_accent), 1.5))
        painter.drawEllipse(QRectF(QPointF(0, 0), QSizeF(diameter, diameter)))
        words = f"×{self.times}"
        metrics = painter.fontMetrics()
        plate = QRectF(0, 0, metrics.horizontalAdvance(words) + 8, metrics.height())
        plate.moveCenter(QPointF(diameter / 2, diameter - metrics.height() / 2))
        painter.fillRect(plate, QColor(0, 0, 0, 190))
        painter.setPen(QColor(tokens().image_text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
