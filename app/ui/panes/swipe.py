"""Original and reconstruction in one pane, parted by a line that is moved with the mouse or the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import tokens
from app.ui.look.widgets import name_control
from app.ui.panes.pane_view import PaneView
from app.ui.panes.view_link import ViewRect
from app.ui.panes.viewport_image import PaneLayer, ViewportImage
from squid_core.contracts.affine import Matrix
from squid_core.contracts.radiograph import FloatArray, PixelArray

GRIP = 13  # screen pixels that can be taken hold of
KNOB = 9.0  # radius of the knob
STEP = 0.02  # of the pane's width for an arrow key
WORDS_GAP, WORDS_FOOT = 12, 34  # screen pixels of the words beside the line, and below them: above are others


class SwipeDivider(QWidget):
    """As high as the view that it lies in.

    Signals:
        moved: where it was moved to, 0 (left edge) to 1 (right edge).
    """

    moved = TypedSignal[float]()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        tip = tr("Drag it, or use the left and right arrow keys.")
        name_control(self, tr("Line between original and reconstruction"), tip)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._share = 0.5
        self.hide()

    @property
    def x_of_line(self) -> float:
        """Where the line is, in pixels of the view."""
        return self._share * self._view.width()

    def place(self, share: float) -> None:
        """Lie at this share of the view's width."""
        self._share = share
        self.setGeometry(round(self.x_of_line) - GRIP // 2, 0, GRIP, self._view.height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while a button is down."""
        self._move_to(self.mapToParent(event.position().toPoint()).x() / max(self._view.width(), 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move it."""
        steps = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._move_to(self._share + step)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """They no longer do."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line with a knob in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.width() / 2
        colour = QColor(tokens().image_accent)
        painter.setPen(QPen(QColor(tokens().image), 3))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        knob = QRectF(1, self.height() / 2 - KNOB, self.width() - 2, 2 * KNOB)
        painter.setBrush(colour if self.hasFocus() else QColor(tokens().image))
        painter.drawRoundedRect(knob, 4, 4)
        painter.end()

    def _move_to(self, share: float) -> None:
        self.moved.emit(min(max(share, 0.0), 1.0))


class Swipe(QObject):
    """The original left of the line, the reconstruction right of it; what lies under the other is not drawn.

    Signals:
        moved: where the line was moved to, 0 (left edge) to 1 (right edge).
    """

    moved = TypedSignal[float]()

    def __init__(self, view: PaneView, below: Sequence[ViewportImage]) -> None:
        super().__init__(view)
        self._view, self._below, self._share = view, tuple(below), 0.5
        self.image = ViewportImage(PaneLayer.SWIPED)
        view.add_image(self.image)
        view.add_overlay(self._paint_words)
        self.divider = SwipeDivider(view)
        self.divider.moved.connect(self.moved)

    def show(
        self, normal: FloatArray, place: Matrix, share: float, greys: Callable[[PixelArray], NDArray[np.uint8]]
    ) -> None:
        """Part the pane.

        Args:
            normal: (h, w) in 0..1, the reconstruction.
            place: from its pixels to those of the original.
            share: of the pane's width.
            greys: shows its values.
        """
        self._share = share
        if self.image.source is normal:
            self.image.redisplay(greys)
        else:
            self.image.set_source(normal, place, greys)
            self._view.refresh(self.image)
        self._place()
        self.divider.show()
        self._view.viewport().update()

    def hide(self) -> None:
        """The original alone."""
        if self.image.source is not None:
            self.image.clear()
            for image in self._below:
                image.clip(None)
            self.divider.hide()
            self._view.viewport().update()

    def refresh(self) -> None:
        """Follow the view."""
        if self.image.source is not None:
            self._view.refresh(self.image)
            self._place()

    def _place(self) -> None:
        self.divider.place(self._share)
        line = self.divider.x_of_line
        for image in self._below:
            image.clip((0.0, line))
        self.image.clip((line, float(self._view.viewport().width())))

    def _paint_words(self, painter: QPainter, view: ViewRect) -> None:
        """Say on either side of the line what is shown there."""
        if self.image.source is None or view != self._view.rect_shown:  # not again in the loupe
            return
        line, metrics = self.divider.x_of_line, painter.fontMetrics()
        for words, left in ((tr("Original"), True), (tr("Reconstruction"), False)):
            width = metrics.horizontalAdvance(words) + 10
            start = line - WORDS_GAP - width if left else line + WORDS_GAP
            plate = QRectF(
                start, self._view.viewport().height() - WORDS_FOOT - metrics.height(), width, metrics.height() + 2
            )
            painter.fillRect(plate, QColor(0, 0, 0, 170))
            painter.setPen(QColor(tokens().image_text))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
