"""The outline of a region that the what-if replaces by normal; drawn over every pane, in screen pixels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.look.theme import font, tokens
from app.ui.panes.view_link import ViewRect
from squid_core.contracts.detection import Region, RegionShape

POINTS, HALO, LINE = 8.5, 4.0, 1.6


class RegionOutline:
    """An overlay of a PaneView. Dashed, and named where it was drawn, so that it is not taken for a measurement."""

    def __init__(self, named: bool) -> None:
        self._named = named
        self.what: Region | None = None

    def follow(self, session: Session) -> bool:
        """Draw the region of this session from now on; whether that is another one."""
        trial = session.trial if session.shown_detection is not None else None
        former, self.what = self.what, trial.region if trial is not None else None
        return former is not self.what

    def paint(self, painter: QPainter, view: ViewRect) -> None:
        """Draw it; on an image everything is bright on a dark edge, whatever the theme."""
        if self.what is None:
            return
        height, width = self.what.bottom - self.what.top, self.what.right - self.what.left
        box = view.on_screen(self.what.top, self.what.left, height, width)
        colour = QColor(tokens().image_what_if)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(QColor(0, 0, 0, 170), HALO), QPen(colour, LINE, Qt.PenStyle.DashLine)):
            painter.setPen(pen)
            painter.drawEllipse(box) if self.what.shape is RegionShape.ELLIPSE else painter.drawRect(box)
        if self._named:
            self._paint_name(painter, box, colour)
        painter.restore()

    @staticmethod
    def _paint_name(painter: QPainter, box: QRectF, colour: QColor) -> None:
        painter.setFont(font(POINTS))
        text = tr("replaced by normal")
        metrics = painter.fontMetrics()
        plate = QRectF(box.left(), box.bottom() + 4, metrics.horizontalAdvance(text) + 10, metrics.height() + 2)
        painter.fillRect(plate, QColor(0, 0, 0, 190))
        painter.setPen(colour)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
