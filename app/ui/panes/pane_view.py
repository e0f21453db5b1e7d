"""The canvas of a pane: its images in viewport pixels, and the reading room's mouse mapping."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from app.domain.settings import DragDeed, MouseSettings, WheelDeed
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import tokens
from app.ui.panes.magnifier import Magnifier, Overlay
from app.ui.panes.view_link import ViewLink, ViewRect
from app.ui.panes.viewport_image import ViewportImage

WHEEL_BASE = 1.0015  # zoom per unit of angle delta; one notch is 120
DRAG_ZOOM_BASE = 1.008  # zoom per screen pixel of a right drag
DRAG_IMAGE = 32.0  # screen pixels of a drag, downwards, that go to the next image
NOTCH = 120.0  # angle delta of one notch of the wheel
DRAG_FROM, DRAG_SECONDS = 5.0, 0.5  # screen pixels that a click may move, within this time
CROSSHAIR_GAP = 7  # screen pixels left free round the cursor
# From the corner of the screen's pixel under the mouse to its middle: at 1:1, and mirrored, the corner is on an edge.
HALF_PIXEL = QPointF(0.5, 0.5)
FINE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
ARROWS = {  # (down, right) of one step
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Hand(Protocol):
    """Gets mouse and keys before the pane's own mapping; each method says whether it took the event."""

    def press(self, event: QMouseEvent) -> bool:
        """A button went down."""
        ...

    def move(self, event: QMouseEvent) -> bool:
        """The mouse moved."""
        ...

    def release(self, event: QMouseEvent) -> bool:
        """A button came up."""
        ...

    def double_click(self, event: QMouseEvent) -> bool:
        """A second click came soon after the first."""
        ...

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is for the hand rather than for a shortcut of the window."""
        ...

    def key(self, event: QKeyEvent) -> bool:
        """A key went down."""
        ...


@dataclass(slots=True)
class _Press:
    """A button that is down: a click, until it has been moved or held."""

    button: Qt.MouseButton
    at: QPointF  # of the viewport
    began: float  # s
    double: bool
    last: QPointF  # where a drag has come to
    dragged: bool = False


class PaneView(QAbstractScrollArea):
    """Shows original pixels at the link's zoom; draws the crosshair and overlays in screen pixels."""

    hovered = TypedSignal[tuple[float, float] | None]()  # (row, column) in the original, None when the mouse leaves
    clicked = TypedSignal[float, float]()  # left click at (row, column)
    double_clicked = TypedSignal[()]()
    window_dragged = TypedSignal[bool, float, float, bool]()  # begins anew; right, down since it began; fine
    stepped = TypedSignal[int]()  # wheel or drag ask for the next (1) or previous (-1) image
    view_changed = TypedSignal[ViewRect]()
    focused = TypedSignal[bool]()
    key_pressed = TypedSignal[QKeyEvent]()  # that nobody else wanted
    menu_wanted = TypedSignal[QPoint]()  # at a place of the screen: a right click without a drag, or by key

    # On the class, for Qt sends events while the base is still being built.
    takes_escape = False  # whether Esc is for the pane rather than for the window's "stop"
    takes_arrows = False  # whether the arrow keys are for the pane rather than for the next image
    leaves_tab = True  # to the window: see keys/focus_rules.py
    takes_enter = False  # whether Enter is for the pane rather than for the next study
    mouse = MouseSettings()
    has_window = False  # whether a drag can change the greys; else it pans
    hand: Hand | None = None
    has_images = False  # whether there is a next image to go to; else the mouse zooms

    def __init__(self, link: ViewLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._overlays: list[Overlay] = []
        self._cursor: tuple[float, float] | None = None
        self._images: list[ViewportImage] = []
        self._magnifier = Magnifier()
        self._press: _Press | None = None
        self._drag = DragDeed.PAN
        self._fine = False
        self._drag_began, self._dragged = QPointF(), QPointF()  # since the press: of window/level, and by now
        self._rest = 0.0  # of a drag or the wheel on its way to the next image
        self.setMinimumSize(96, 96)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        link.changed.connect(self.apply_link)

    def add_image(self, image: ViewportImage) -> None:
        """Show an image, on its layer."""
        image.setParent(self)
        image.changed.connect(self.viewport().update)
        self._images.append(image)
        self._images.sort(key=lambda shown: shown.layer)

    def add_overlay(self, paint: Overlay) -> None:
        """Have `paint` draw over the image in screen pixels."""
        self._overlays.append(paint)

    @property
    def rect_shown(self) -> ViewRect:
        """What is on the screen."""
        size = self.viewport().size()
        return self._link.rect(max(size.width(), 1), max(size.height(), 1))

    @property
    def pointed_at(self) -> tuple[float, float] | None:
        """Where the crosshair is."""
        return self._cursor

    def refresh(self, image: ViewportImage) -> None:
        """Have one of its images follow what is shown; nothing is resampled before the view is known."""
        if self._link.has_image:
            image.refresh(self.rect_shown, self.devicePixelRatioF())

    def set_cursor(self, cursor: tuple[float, float] | None) -> None:
        """Move the crosshair to original (row, column); None hides it."""
        if cursor != self._cursor:
            self._cursor = cursor
            self.viewport().update()

    def set_magnifier(self, times: int) -> None:
        """Show a loupe over the cursor that enlarges this many times; 0 for none."""
        if times != self._magnifier.times:
            self._magnifier.times = times
            self.viewport().update()

    def apply_link(self) -> None:
        """Show what the link says."""
        view = self.rect_shown
        self.view_changed.emit(view)
        self.viewport().update()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Keep the anatomy in the middle."""
        super().resizeEvent(ev)
        self.apply_link()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Tell where the mouse is; then the hand, then a drag."""
        position = ev.position() + HALF_PIXEL
        self.hovered.emit(self.rect_shown.to_original(position.x(), position.y()))
        if (self.hand is None or not self.hand.move(ev)) and self._press is not None:
            if ev.buttons() & self._press.button:
                self._drag_on(self._press, ev)
            else:
                self._press = None  # its release went elsewhere

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """The hand first, then what may become a click or a drag."""
        if self.hand is None or not self.hand.press(ev):
            self._press_down(ev, double=False)

    def mouseDoubleClickEvent(self, ev: QMouseEvent) -> None:
        """As a press."""
        if self.hand is None or not self.hand.double_click(ev):
            self._press_down(ev, double=True)

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """The hand first, then the end of a drag, or a click."""
        press = self._press
        if (self.hand is not None and self.hand.release(ev)) or press is None or press.button != ev.button():
            return
        if press.dragged:
            self._drag_on(press, ev)
        elif press.double:
            self.double_clicked.emit()
        else:
            self._on_click(press.button, press.at)
        self._press = None

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Zoom, or go to another image."""
        ev.accept()
        turned = ev.angleDelta()
        delta = turned.x() if abs(turned.x()) > abs(turned.y()) else turned.y()  # Alt turns it on its side
        self._on_wheel(ev.position(), float(delta), ev.modifiers())

    def leaveEvent(self, ev: QEvent) -> None:
        """The cursor is gone from here."""
        super().leaveEvent(ev)
        self.hovered.emit(None)

    def event(self, ev: QEvent) -> bool:
        """Claim keys before the window's shortcuts: the hand's, arrows and Enter, Esc where it lets go of something."""
        if ev.type() == QEvent.Type.ShortcutOverride and isinstance(ev, QKeyEvent):
            bare = not ev.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            escape = self.takes_escape and ev.key() == Qt.Key.Key_Escape
            arrow = self.takes_arrows and bare and ev.key() in ARROWS
            enter = self.takes_enter and bare and ev.key() in ENTER
            if escape or arrow or enter or (self.hand is not None and self.hand.wants(ev)):
                ev.accept()
                return True
        return bool(super().event(ev))

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Offer the key to the hand, then to the pane; nothing is to be scrolled."""
        if self.hand is not None and self.hand.key(ev):
            ev.accept()
            return
        self.key_pressed.emit(ev)
        if not ev.isAccepted():
            QWidget.keyPressEvent(self, ev)

    def contextMenuEvent(self, ev: QContextMenuEvent) -> None:
        """By key, at the crosshair or in the middle; a right press may yet become a drag, and is no click."""
        ev.accept()
        if ev.reason() == QContextMenuEvent.Reason.Keyboard:
            at = QPointF(self.viewport().rect().center())
            if self._cursor is not None:
                at = QPointF(*self.rect_shown.to_viewport(*self._cursor))
            self.menu_wanted.emit(self.viewport().mapToGlobal(at.toPoint()))

    def focusInEvent(self, ev: QFocusEvent) -> None:
        """Show the focus ring."""
        super().focusInEvent(ev)
        self.focused.emit(True)

    def focusOutEvent(self, ev: QFocusEvent) -> None:
        """Hide the focus ring."""
        super().focusOutEvent(ev)
        self.focused.emit(False)

    def paintEvent(self, ev: QPaintEvent) -> None:
        """The images, then in screen pixels the crosshair, and over it the overlays, whose words it would cross."""
        view = self.rect_shown
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(tokens().image))
        for image in self._images:
            image.paint(painter)
        if self._cursor is not None:
            self._draw_crosshair(painter, view, self._cursor)
        for paint in self._overlays:
            paint(painter, view)
        if self._cursor is not None and self._magnifier.times:
            self._magnifier.paint(painter, view, self._cursor, self._images, self._overlays)
        painter.end()

    def _draw_crosshair(self, painter: QPainter, view: ViewRect, cursor: tuple[float, float]) -> None:
        x, y = view.to_viewport(*cursor)
        width, height = self.viewport().width(), self.viewport().height()
        colour = QColor(tokens().image_accent)
        colour.setAlpha(150)
        painter.setPen(QPen(colour, 1))
        gap = CROSSHAIR_GAP
        painter.drawLine(QPointF(0, y), QPointF(x - gap, y))
        painter.drawLine(QPointF(x + gap, y), QPointF(width, y))
        painter.drawLine(QPointF(x, 0), QPointF(x, y - gap))
        painter.drawLine(QPointF(x, y + gap), QPointF(x, height))

    def _press_down(self, ev: QMouseEvent, *, double: bool) -> None:
        if self._press is None or not ev.buttons() & self._press.button:  # one button at a time
            self._press = _Press(ev.button(), ev.position(), time.perf_counter(), double, ev.position())

    def _drag_on(self, press: _Press, ev: QMouseEvent) -> None:
        here, modifiers = ev.position(), ev.modifiers()
        step, total = here - press.last, here - press.at
        started = not press.dragged
        if started:
            far = math.hypot(total.x(), total.y())
            if far == 0 or (far < DRAG_FROM and time.perf_counter() - press.began < DRAG_SECONDS):
                return
            press.dragged = True
            self._drag = self._kind_of_drag(press.button, modifiers)
            self._drag_began = self._dragged = QPointF()
            self._rest = 0.0
        press.last = here
        view = self.rect_shown
        if self._drag is DragDeed.ZOOM:
            speed = -step.y() * self.mouse.zoom_speed
            self._link.zoom_about(*view.to_original(press.at.x(), press.at.y()), DRAG_ZOOM_BASE**speed)
        elif self._drag is DragDeed.PAN:
            rows, columns = view.step(step.x(), step.y())
            self._link.pan(-rows, -columns)
        elif self._drag is DragDeed.IMAGE:
            self._go_on(step.y() / DRAG_IMAGE)
        else:
            self._drag_window(started, total, bool(modifiers & FINE))

    def _kind_of_drag(self, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> DragDeed:
        """Settled when a drag begins, so that Shift pans if it is down by then, and later makes a window drag fine."""
        left, right = button == Qt.MouseButton.LeftButton, button == Qt.MouseButton.RightButton
        if left and modifiers & Qt.KeyboardModifier.ShiftModifier:
            return DragDeed.PAN
        deed = self.mouse.left if left else self.mouse.right if right else self.mouse.middle
        if deed is DragDeed.WINDOW and not self.has_window:
            return DragDeed.PAN
        return DragDeed.ZOOM if deed is DragDeed.IMAGE and not self.has_images else deed

    def _drag_window(self, started: bool, total: QPointF, fine: bool) -> None:
        if not started and fine != self._fine:  # goes on from here at the other speed
            self._drag_began, started = self._dragged, True
        self._fine, self._dragged = fine, QPointF(total)
        moved = (total - self._drag_began) * self.mouse.window_speed
        self.window_dragged.emit(started, moved.x(), moved.y(), fine)

    def _on_click(self, button: Qt.MouseButton, position: QPointF) -> None:
        if button == Qt.MouseButton.LeftButton:
            self.clicked.emit(*self.rect_shown.to_original(position.x(), position.y()))
        elif button == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(self.viewport().mapToGlobal(position.toPoint()))

    def _on_wheel(self, position: QPointF, delta: float, modifiers: Qt.KeyboardModifier) -> None:
        ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if ctrl or not self.has_images or self.mouse.wheel is WheelDeed.ZOOM:
            times = WHEEL_BASE ** (delta * self.mouse.zoom_speed)
            self._link.zoom_about(*self.rect_shown.to_original(position.x(), position.y()), times)
        else:
            self._go_on(-delta / NOTCH)

    def _go_on(self, images: float) -> None:
        """To the next (1) or previous (-1) image; touch pads send a notch in many parts, and drags come in steps."""
        if images * self._rest < 0:
            self._rest = 0.0
        self._rest += images
        if whole := int(self._rest):
            self._rest -= whole
            self.stepped.emit(1 if whole > 0 else -1)
