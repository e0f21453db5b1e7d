"""What a presentation state draws over the original: lines and words, in screen pixels, on places of the image."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLabel

from app.domain.session import Session
from app.ui.look.theme import font, tokens
from app.ui.panes.pane_view import PaneView
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.presentation import Caption, Spot, Stroke

LINE, HALO = 1.4, 3.4  # widths in screen pixels
DOT = 3.0  # radius
FILL_ALPHA = 70  # of 255
WORD_POINTS = 8.5
PADDING = 3.0
AWAY = 10.0  # from an anchor to words that have no place of their own
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
SOLID = Qt.PenStyle.SolidLine
DARK = QColor(0, 0, 0, 190)


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
            painter.setPen(QPen(DARK, HALO - LINE))
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
        for colour, width in ((DARK, HALO), (self._colour, LINE)):
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
        painter.setBrush(DARK)
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
