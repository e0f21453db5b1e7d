"""Draws marks over a pane in screen pixels: a bright line on a dark one, so that it can be seen on any grey."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.domain.marks.mark_geometry import handles, outline
from app.domain.marks.measurements import Arrow, CardiothoracicRatio, Measurement, Note, Roi, usual_heart
from app.ui.look.theme import font, tokens
from app.ui.measure.label_layout import BAR, PADDING, TEXT_FLAGS, Label, lay_out
from app.ui.measure.marks_picture import MarksPicture, on_screen
from app.ui.panes.view_link import ViewRect

LINE, HALO = 1.6, 3.8  # widths in screen pixels
FAINT_ALPHA = 120  # of 255, on the panes that are not measured
HANDLE = 3.5  # half the edge of a handle
ARROW_HEAD = 11.0
TICK = 6.0  # half the length of the cross strokes at a line's ends
LABEL_POINTS = 8.5
HINT_DROP = 28.0  # of the hint below the upper edge, clear of the orientation mark


class MarksOverlay:
    """An overlay of a PaneView.

    Args:
        view: the widget drawn on, for its size and the words already on it.
        faint: thin lines only, on a pane that shows something else than what was measured.
    """

    def __init__(self, view: QWidget, *, faint: bool = False) -> None:
        self._view, self._faint = view, faint
        self.picture = MarksPicture()
        self._labels: tuple[Label, ...] = ()
        self._basis: object = None  # what the labels were laid out for
        self._bright, self._chosen = QColor(tokens().mark), QColor(tokens().image_accent)
        self._dark, self._words = QColor(0, 0, 0, 190), QColor(tokens().image_text)
        self._plate = QColor(0, 0, 0, 205)
        self._font = font(LABEL_POINTS)

    def set_picture(self, picture: MarksPicture) -> None:
        """Draw this from now on."""
        if picture != self.picture:
            self.picture = picture
            self._view.update()

    def label_at(self, at: QPointF) -> int | None:
        """The mark whose words lie at a point of the viewport."""
        return next((label.index for label in reversed(self._labels) if label.place.contains(at)), None)

    def label_place(self, index: int) -> QRectF | None:
        """Where the words of a mark stand."""
        return next((label.place for label in self._labels if label.index == index), None)

    def paint(self, painter: QPainter, view: ViewRect) -> None:
        """Draw in screen pixels."""
        picture = self.picture
        if not (picture.marks or picture.draft or picture.ends or picture.hint):
            self._labels, self._basis = (), None
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        for index, mark in enumerate(picture.marks):
            self._paint_mark(painter, view, mark, chosen=index == picture.selected)
        if not self._faint:
            for line in picture.draft:
                self._stroke(painter, [on_screen(view, point) for point in line], self._chosen)
            for point in picture.ends:
                self._paint_handle(painter, on_screen(view, point), filled=True)
            self._paint_words(painter, view)
        painter.restore()

    def _paint_mark(self, painter: QPainter, view: ViewRect, mark: Measurement, *, chosen: bool) -> None:
        colour = QColor(self._chosen if chosen and not self._faint else self._bright)
        if self._faint:
            colour.setAlpha(FAINT_ALPHA)
        for line in outline(mark):
            points = [on_screen(view, point) for point in line]
            self._stroke(painter, points, colour)
            if isinstance(mark, Arrow):
                self._paint_head(painter, points[0], points[1], colour)
            elif not isinstance(mark, Roi) and len(points) == 2:
                for end, other in ((points[0], points[1]), (points[1], points[0])):
                    self._paint_tick(painter, end, other, colour)
        if isinstance(mark, CardiothoracicRatio) and not self._faint:
            self._paint_usual(painter, view, mark, colour)
        if isinstance(mark, Note):
            self._stroke_dot(painter, on_screen(view, mark.points[0]), colour)
        if chosen and not self._faint:
            for number, point in enumerate(handles(mark)):
                self._paint_handle(painter, on_screen(view, point), filled=number == self.picture.active)

    def _stroke(self, painter: QPainter, points: list[QPointF], colour: QColor) -> None:
        dark = QColor(self._dark)
        dark.setAlpha(dark.alpha() * colour.alpha() // 255)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (_pen(dark, HALO), _pen(colour, LINE)):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(points))

    def _stroke_dot(self, painter: QPainter, at: QPointF, colour: QColor) -> None:
        painter.setPen(QPen(self._dark, HALO - LINE))
        painter.setBrush(colour)
        painter.drawEllipse(at, HANDLE, HANDLE)

    def _paint_tick(self, painter: QPainter, end: QPointF, other: QPointF, colour: QColor) -> None:
        """A stroke across the end of a line, so that its very end can be seen."""
        across = _across(end, other) * TICK
        self._stroke(painter, [end - across, end + across], colour)

    def _paint_head(self, painter: QPainter, tip: QPointF, tail: QPointF, colour: QColor) -> None:
        along, across = _along(tip, tail), _across(tip, tail)
        foot = tip + along * ARROW_HEAD
        head = QPolygonF([tip, foot + across * (ARROW_HEAD * 0.42), foot - across * (ARROW_HEAD * 0.42)])
        painter.setPen(_pen(self._dark, HALO - LINE))
        painter.setBrush(colour)
        painter.drawPolygon(head)

    def _paint_usual(self, painter: QPainter, view: ViewRect, mark: CardiothoracicRatio, colour: QColor) -> None:
        """Where the heart's line would end at the usual ratio: the mark of 0.5, dashed."""
        ends = usual_heart(mark, self.picture.scale)
        if ends is None:
            return
        first, second = (on_screen(view, end) for end in ends)
        across = _across(first, second) * (2 * TICK)
        for end in (first, second):
            painter.setPen(_pen(self._dark, HALO))
            painter.drawLine(end - across, end + across)
            dashed = _pen(colour, LINE)
            dashed.setDashPattern([2.0, 2.0])
            painter.setPen(dashed)
            painter.drawLine(end - across, end + across)

    def _paint_handle(self, painter: QPainter, at: QPointF, *, filled: bool) -> None:
        painter.setPen(QPen(self._dark, HALO - LINE))
        painter.setBrush(self._words if filled else self._chosen)
        size = HANDLE + (1.0 if filled else 0.0)
        painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))

    def _paint_words(self, painter: QPainter, view: ViewRect) -> None:
        area = QRectF(self._view.rect())
        taken = [QRectF(child.geometry()) for child in self._own_words()]
        if self.picture.hint:
            taken.append(self._paint_hint(painter, area))
        basis = (self.picture, view, area, tuple(place.getRect() for place in taken))
        if basis != self._basis:  # most paints are of a crosshair that moved
            self._basis, self._labels = basis, lay_out(self.picture, view, area, taken, self._font)
        for label in self._labels:
            chosen = label.index is None or label.index == self.picture.selected
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._plate)
            painter.drawRoundedRect(label.place, 2, 2)
            edge = QRectF(label.place.topLeft(), QSizeF(BAR, label.place.height()))
            painter.fillRect(edge, self._chosen if chosen else self._bright)
            painter.setPen(self._words)
            inner = label.place.adjusted(PADDING + BAR, PADDING / 2, -PADDING, -PADDING / 2)
            painter.drawText(inner, TEXT_FLAGS, label.text)

    def _paint_hint(self, painter: QPainter, area: QRectF) -> QRectF:
        metrics = QFontMetricsF(self._font)
        text = metrics.elidedText(self.picture.hint, Qt.TextElideMode.ElideRight, area.width() - 8 * PADDING)
        width, height = metrics.horizontalAdvance(text) + 4 * PADDING, metrics.height() + PADDING
        place = QRectF(area.center().x() - width / 2, area.top() + HINT_DROP, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._plate)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(self._words)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        return place

    def _own_words(self) -> list[QWidget]:
        """Labels of the pane that lie over the image: corner texts and orientation marks."""
        parent = self._view.parentWidget()
        children = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly) if parent else []
        return [child for child in children if child is not self._view and child.isVisible()]


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _along(start: QPointF, end: QPointF) -> QPointF:
    """A step of one pixel from `start` towards `end`."""
    way = end - start
    length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-9)
    return QPointF(way.x() / length, way.y() / length)


def _across(start: QPointF, end: QPointF) -> QPointF:
    along = _along(start, end)
    return QPointF(-along.y(), along.x())
