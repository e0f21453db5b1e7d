"""What files lay over an original: a shutter that hides a part of it, overlays, and what a presentation state draws.

Nothing of it reaches the detector.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLabel

from app.domain.presenting import Presented
from app.domain.session import Session
from app.i18n.language import tr
from app.ui.look.theme import font, tokens
from app.ui.panes.pane_view import PaneView
from app.ui.panes.view_link import ViewRect
from app.ui.panes.viewport_image import PaneLayer, ViewportImage
from squid_core.contracts.affine import IDENTITY
from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.contracts.presentation import Caption, Spot, Stroke
from squid_core.contracts.radiograph import PixelArray, Radiograph
from squid_core.graphics import COLOUR, FULL, hidden, opacity, strength

LINE, HALO = 1.4, 3.4  # widths in screen pixels
DOT = 3.0  # radius
FILL_ALPHA = 70  # of 255
WORD_POINTS = 8.5
PADDING = 3.0
AWAY = 10.0  # from an anchor to words that have no place of their own
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
SOLID = Qt.PenStyle.SolidLine
SHADE = QColor(0, 0, 0, 190)

ByteArray = NDArray[np.uint8]


def overlays_shown(session: Session) -> bool:
    """Whether overlays may be drawn: they often hold words, and a name in them cannot be masked."""
    return session.display.graphics and not session.mask_names


def laid_over(session: Session) -> tuple[Shutter | None, tuple[OverlayPlane, ...]]:
    """The shutter and the overlays of the shown image; a presentation state's shutter takes the place of its own."""
    radiograph, presented = session.radiograph, session.presented
    if radiograph is None:
        return None, ()
    if presented is None:
        return radiograph.shutter, radiograph.overlays
    return presented.presentation.shutter, radiograph.overlays + presented.presentation.overlays


def graphics_words(session: Session) -> tuple[str, ...]:
    """Lines on what is hidden: a part of the picture, or what the file would show over it."""
    shutter, planes = laid_over(session)
    state = session.presented.presentation if session.presented is not None else None
    drawn = state is not None and bool(state.strokes or state.captions)
    if shutter is None and not planes and not drawn:
        return ()
    if not session.display.graphics:
        return (tr("Graphics of the file are off"),)
    part = tr("The file's shutter hides a part") if state is None else tr("The state's shutter hides a part")
    masked = tr("Overlays left out: they may hold names") if planes and session.mask_names else ""
    words = tr("Words left out: they may hold names") if state is not None and state.captions else ""
    return part if shutter is not None else "", masked, words if session.mask_names else ""


class FileGraphics:
    """The shutter and the overlays of one pane's image."""

    def __init__(self, view: PaneView) -> None:
        self._view = view
        self.shutter, self.overlays = ViewportImage(PaneLayer.SHUTTER), ViewportImage(PaneLayer.OVERLAYS)
        for image in self.images:
            view.add_image(image)
        self._shown: tuple[Radiograph | None, Presented | None, bool, bool] = (None, None, False, False)

    @property
    def images(self) -> tuple[ViewportImage, ViewportImage]:
        """What lies over the original."""
        return self.shutter, self.overlays

    def follow(self, session: Session, *, original: bool) -> None:
        """Show those of the session's image; nothing while the `original` is not what is seen."""
        radiograph = session.radiograph
        shutter, overlays = original and session.display.graphics, original and overlays_shown(session)
        before, self._shown = self._shown, (radiograph, session.presented, shutter, overlays)
        if before[0] is radiograph and before[1:] == self._shown[1:]:
            return
        for image in self.images:
            image.clear()
        if radiograph is None:
            return
        shape = (radiograph.pixels.shape[0], radiograph.pixels.shape[1])
        cover, planes = laid_over(session)
        if shutter and cover is not None:
            covered = hidden(cover, shape, radiograph.aspect).astype(np.uint8) * np.uint8(FULL)
            self.shutter.set_source(covered, IDENTITY, _as_it_is, _shutter_table(cover.grey))
        if overlays and planes:
            self.overlays.set_source(strength(planes, shape), IDENTITY, _as_it_is, _overlay_table())
        self.refresh()

    def refresh(self) -> None:
        """Follow the view."""
        for image in self.images:
            self._view.refresh(image)


def _as_it_is(values: PixelArray) -> ByteArray:
    return values


def _shutter_table(grey: float) -> ByteArray:
    """(256, 4): the shutter's grey, as opaque as a pixel of the screen is covered."""
    table = np.full((FULL + 1, 4), round(FULL * grey), np.uint8)
    table[:, 3] = np.arange(FULL + 1)
    return table


@lru_cache(maxsize=1)
def _overlay_table() -> ByteArray:
    """(256, 4): the colour of overlays, as opaque as their strength asks."""
    table = np.empty((FULL + 1, 4), np.uint8)
    table[:, :3] = COLOUR
    table[:, 3] = np.rint(FULL * opacity(np.arange(FULL + 1, dtype=np.uint8)))
    table.setflags(write=False)
    return table


class StateDrawings:
    """An overlay of a PaneView."""

    def __init__(self, view: PaneView) -> None:
        self._view = view
        self._strokes: tuple[Stroke, ...] = ()
        self._captions: tuple[Caption, ...] = ()
        self._colour, self._font = QColor(tokens().image_text), font(WORD_POINTS)
        view.add_overlay(self.paint)

    def follow(self, session: Session, *, original: bool) -> None:
        """Draw those of the session's state; nothing while the `original` is not what is seen.

        Words may hold names, which cannot be masked: then they are left out.
        """
        state = session.presented.presentation if session.presented is not None else None
        shown = state is not None and original and session.display.graphics
        strokes = state.strokes if state is not None and shown else ()
        captions = state.captions if state is not None and shown and not session.mask_names else ()
        if (strokes, captions) != (self._strokes, self._captions):
            self._strokes, self._captions = strokes, captions
            self._view.viewport().update()

    def paint(self, painter: QPainter, view: ViewRect) -> None:
        """Draw in screen pixels."""
        if not (self._strokes or self._captions):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for stroke in self._strokes:
            self._paint_stroke(painter, view, stroke)
        for caption in self._captions:
            self._paint_caption(painter, view, caption)
        painter.restore()

    def _paint_stroke(self, painter: QPainter, view: ViewRect, stroke: Stroke) -> None:
        points = [_on_screen(view, place) for place in stroke.points]
        if len(points) == 1:
            painter.setPen(QPen(SHADE, HALO - LINE))
            painter.setBrush(self._colour)
            painter.drawEllipse(points[0], DOT, DOT)
            return
        if stroke.filled:
            inside = QColor(self._colour)
            inside.setAlpha(FILL_ALPHA)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(inside)
            painter.drawPolygon(QPolygonF(points))
        self._paint_line(painter, points)

    def _paint_line(self, painter: QPainter, points: list[QPointF]) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((SHADE, HALO), (self._colour, LINE)):
            painter.setPen(QPen(colour, width, SOLID, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(QPolygonF(points))

    def _paint_caption(self, painter: QPainter, view: ViewRect, caption: Caption) -> None:
        metrics = QFontMetricsF(painter.font())
        size = metrics.boundingRect(QRectF(), int(LEFT), caption.text).size()
        plate = QRectF(QPointF(), size + QSizeF(2 * PADDING, 2 * PADDING))
        anchor = None if caption.anchor is None else _on_screen(view, caption.anchor)
        if caption.box is not None:
            one, other = (_on_screen(view, corner) for corner in caption.box)
            plate.moveTo(min(one.x(), other.x()), min(one.y(), other.y()))
        elif anchor is not None:
            plate.moveTo(anchor + QPointF(AWAY, AWAY))
        plate = self._seen(plate, anchor, view)
        if caption.tied and anchor is not None:
            self._paint_line(painter, [plate.center(), anchor])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(SHADE)
        painter.drawRoundedRect(plate, 2, 2)
        painter.setPen(self._colour)
        painter.drawText(plate.adjusted(PADDING, PADDING, PADDING, PADDING), int(LEFT), caption.text)

    def _seen(self, plate: QRectF, anchor: QPointF | None, view: ViewRect) -> QRectF:
        """Where words stand that begin or are about a place on the screen: wholly on it, clear of the pane's words."""
        area = view.on_screen(view.top, view.left, view.height, view.width)
        if not plate.intersects(area) and (anchor is None or not area.contains(anchor)):
            return plate
        left = max(min(plate.left(), area.right() - plate.width()), area.left())
        top = max(min(plate.top(), area.bottom() - plate.height()), area.top())
        placed = QRectF(QPointF(left, top), plate.size())
        for words in self._view.findChildren(QLabel) if view == self._view.rect_shown else ():
            taken = QRectF(words.geometry())
            if not words.isVisible() or not placed.intersects(taken):
                continue
            if taken.center().y() < area.center().y():
                placed.moveTop(taken.bottom() + PADDING)
            else:
                placed.moveBottom(taken.top() - PADDING)
        return placed


def _on_screen(view: ViewRect, place: Spot) -> QPointF:
    return QPointF(*view.to_viewport(*place))
