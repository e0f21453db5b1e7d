"""Drawing on the original of a room, and what has been drawn on it."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.domain.marks.annotations import Annotations, Marks
from app.domain.marks.measurements import Measurement, Point
from tests.app.ui.conftest import Room
from tests.app.ui.hands import LEFT, NONE, drag, send
from tests.app.ui.panes.test_panes_show_the_right_way_round import stamped_detection, stamped_radiograph

PIXELS = 3.0  # how near a mouse comes to an original pixel: the screen's are 2 of them here

K = Qt.Key


def open_stamped(room: Room) -> None:
    """Show the stamped phantom, with a result; the keys are the original's."""
    image = stamped_radiograph()
    room.open(image, stamped_detection(image))
    room.window.panes.original.view.setFocus()


def at(room: Room, point: Point) -> QPoint:
    x, y = room.window.panes.original.view.rect_shown.to_viewport(*point)
    return QPoint(round(x), round(y))


def click(room: Room, point: Point, keys: Qt.KeyboardModifier = NONE) -> None:
    pane, where, none = room.window.panes.original, at(room, point), Qt.MouseButton.NoButton
    send(pane, QEvent.Type.MouseMove, where, none, none, keys)
    send(pane, QEvent.Type.MouseButtonPress, where, LEFT, LEFT, keys)
    send(pane, QEvent.Type.MouseButtonRelease, where, LEFT, none, keys)
    QApplication.processEvents()


def pull(room: Room, start: Point, end: Point, keys: Qt.KeyboardModifier = NONE) -> None:
    drag(room.window.panes.original, at(room, start), at(room, end) - at(room, start), LEFT, keys)


def marks(room: Room) -> Marks:
    return room.holder.state.annotations.marks


def only(room: Room) -> Measurement:
    (mark,) = marks(room)
    return mark


def near(mark: Measurement, *points: Point) -> bool:
    return all(math.dist(a, b) <= PIXELS for a, b in zip(mark.points, points, strict=True))


def label(room: Room, index: int = 0) -> str:
    return "\n".join(room.window.measure.display.overlay.picture.labels[index])


def put(room: Room, *drawn: Measurement, selected: int | None = None) -> None:
    room.holder.update(annotations=Annotations(drawn), selected_mark=selected)
    QApplication.processEvents()
