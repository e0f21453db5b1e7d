"""Mouse and keys as a reader's hand: real events, sent to the panes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.panes.image_pane import ImagePane

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def send(
    pane: ImagePane,
    kind: QEvent.Type,
    at: QPoint,
    button: Qt.MouseButton,
    held: Qt.MouseButton,
    keys: Qt.KeyboardModifier,
) -> None:
    viewport = pane.view.viewport()
    event = QMouseEvent(kind, QPointF(at), QPointF(viewport.mapToGlobal(at)), button, held, keys)
    QApplication.sendEvent(viewport, event)


def drag(
    pane: ImagePane, start: QPoint, by: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE
) -> None:
    """Press, move in ten steps, release."""
    send(pane, QEvent.Type.MouseMove, start, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, keys)
    send(pane, QEvent.Type.MouseButtonPress, start, button, button, keys)
    for step in range(1, 11):
        here = QPoint(start.x() + by.x() * step // 10, start.y() + by.y() * step // 10)
        send(pane, QEvent.Type.MouseMove, here, Qt.MouseButton.NoButton, button, keys)
    send(pane, QEvent.Type.MouseButtonRelease, start + by, button, Qt.MouseButton.NoButton, keys)
    QApplication.processEvents()


def double_click(pane: ImagePane) -> None:
    """Press, release, press again within the interval, release: the four events that Qt delivers."""
    at, none = middle(pane), Qt.MouseButton.NoButton
    send(pane, QEvent.Type.MouseButtonPress, at, LEFT, LEFT, NONE)
    send(pane, QEvent.Type.MouseButtonRelease, at, LEFT, none, NONE)
    send(pane, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT, NONE)
    send(pane, QEvent.Type.MouseButtonRelease, at, LEFT, none, NONE)


def wheel(pane: ImagePane, delta: int, keys: Qt.KeyboardModifier = NONE, at: QPoint | None = None) -> None:
    """Turn the wheel, over the middle of the pane unless a place is given."""
    viewport, at = pane.view.viewport(), at or middle(pane)
    event = QWheelEvent(
        QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()


def middle(pane: ImagePane) -> QPoint:
    area = pane.view.viewport().rect()
    return QPoint(area.width() // 2, area.height() // 2)


def key(widget: QWidget, which: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(widget, which, keys)
