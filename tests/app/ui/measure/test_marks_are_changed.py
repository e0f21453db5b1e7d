"""Marks are taken hold of, moved, deleted and brought back, shown and hidden."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Length, Note, Point
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, MIDDLE, NONE, RIGHT, SHIFT, double_click, drag, key, send
from tests.app.ui.marking import K, at, click, marks, near, only, open_stamped, pull, put


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    open_stamped(room)
    settle()
    return room


def test_a_mark_is_taken_by_its_line_and_by_its_end(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    window = opened.holder.state.window
    pull(opened, (300.0, 150.0), (350.0, 170.0))
    assert near(only(opened), (350, 120), (350, 220))
    pull(opened, (350.0, 220.0), (400.0, 300.0))
    assert near(only(opened), (350, 120), (400, 300))
    assert opened.holder.state.window is window  # no drag reached window and level
    pull(opened, (500.0, 300.0), (520.0, 350.0))
    assert opened.holder.state.window is not window
    assert opened.holder.state.selected_mark is None


def test_a_click_that_shakes_moves_nothing(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    drag(opened.window.panes.original, at(opened, (300, 150)), QPoint(2, 1))
    assert only(opened) == Length(((300, 100), (300, 200)))
    assert opened.holder.state.selected_mark == 0
    assert opened.holder.state.undoing.undo is None


def test_with_a_tool_a_new_line_may_begin_on_another(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 150.0), (400.0, 150.0))
    assert len(marks(opened)) == 2
    pull(opened, (300.0, 200.0), (300.0, 260.0))  # but an end is taken hold of
    assert len(marks(opened)) == 2
    assert near(marks(opened)[0], (300, 100), (300, 260))


def test_marks_stay_on_the_image(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, -40.0))
    assert only(opened).points[1][1] == -0.5


def test_other_buttons_keep_their_meaning_with_a_tool(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pane, link = opened.window.panes.original, opened.window.panes.link
    drag(pane, at(opened, (300, 200)), QPoint(0, -60), RIGHT)
    assert link.magnification == pytest.approx(1.008**60, rel=1e-3)
    centre = link.centre
    drag(pane, at(opened, (300, 200)), QPoint(20, 0), MIDDLE)
    drag(pane, at(opened, (300, 200)), QPoint(20, 0), LEFT, SHIFT)
    assert link.centre[1] == pytest.approx(centre[1] - 40 / pane.view.rect_shown.zoom)
    assert not marks(opened)


def test_zoomed_and_panned_the_points_are_the_originals(opened: Room) -> None:
    opened.window.panes.link.zoom_about(130, 140, 4.0)
    QApplication.processEvents()
    key(opened.window, K.Key_D)
    pull(opened, (120.0, 130.0), (150.0, 160.0))
    assert all(math.dist(a, b) < 0.5 for a, b in zip(only(opened).points, ((120, 130), (150, 160)), strict=True))


def test_del_deletes_the_selected_mark_and_backspace_does_not(opened: Room) -> None:
    first, second = Length(((300, 100), (300, 200))), Length(((400, 100), (400, 200)))
    put(opened, first, second)
    key(opened.window, K.Key_Delete)
    assert len(marks(opened)) == 2  # nothing is selected
    click(opened, (300.0, 150.0))
    key(opened.window, K.Key_Backspace)
    assert len(marks(opened)) == 2  # goes back to the study before
    key(opened.window, K.Key_Delete)
    assert marks(opened) == (second,)
    key(opened.window, K.Key_Z, CTRL)
    assert marks(opened) == (first, second)


def test_undo_and_redo_walk_through_what_was_drawn(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    pull(opened, (400.0, 100.0), (400.0, 200.0))
    pull(opened, (400.0, 200.0), (400.0, 300.0))
    last = marks(opened)
    steps = []
    for _ in range(4):
        key(opened.window, K.Key_Z, CTRL)
        steps.append(len(marks(opened)))
    assert steps == [2, 1, 0, 0]
    key(opened.window, K.Key_Y, CTRL)
    key(opened.window, K.Key_Z, CTRL | SHIFT)
    key(opened.window, K.Key_Y, CTRL)
    assert marks(opened) == last
    assert not opened.window.actions_by_name["redo"].isEnabled()


def test_undo_while_drawing_drops_the_drawing_only(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    click(opened, (400.0, 100.0))
    key(opened.window, K.Key_Z, CTRL)
    assert len(marks(opened)) == 1
    assert not opened.window.measure.drawing


def test_all_marks_go_at_once_and_come_back(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))), Note(((9, 9),), "a"))
    opened.window.actions_by_name["delete_marks"].trigger()
    assert not marks(opened)
    key(opened.window, K.Key_Z, CTRL)
    assert len(marks(opened)) == 2


def test_every_change_is_handed_on_to_be_kept(opened: Room, qtbot: QtBot) -> None:
    kept: list[tuple[str, Annotations]] = []
    opened.wishes.marks_changed.connect(lambda name, annotations: kept.append((name, annotations)))
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    key(opened.window, K.Key_Delete)
    key(opened.window, K.Key_Z, CTRL)
    assert [(name, len(annotations.marks), len(annotations.before)) for name, annotations in kept] == [
        ("key-0", 1, 0),
        ("key-0", 0, 1),
    ]
    assert len(marks(opened)) == 1


def test_the_mouse_says_what_a_press_would_do(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    pane, none = opened.window.panes.original, Qt.MouseButton.NoButton

    def over(point: Point) -> Qt.CursorShape:
        send(pane, QEvent.Type.MouseMove, at(opened, point), none, none, NONE)
        shape: Qt.CursorShape = pane.view.viewport().cursor().shape()
        return shape

    assert over((300, 150)) is Qt.CursorShape.OpenHandCursor
    assert over((300, 200)) is Qt.CursorShape.SizeAllCursor
    assert over((500, 200)) is Qt.CursorShape.ArrowCursor
    key(opened.window, K.Key_D)
    assert over((500, 200)) is Qt.CursorShape.CrossCursor
    assert over((300, 150)) is Qt.CursorShape.CrossCursor
    assert over((300, 200)) is Qt.CursorShape.SizeAllCursor


def test_the_line_is_bright_on_dark_where_it_was_drawn(opened: Room, settle: Callable[[], None]) -> None:
    put(opened, Length(((300, 100), (300, 300))))
    opened.holder.update(cursor=None)
    settle()
    view = opened.window.panes.original.view
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    x, y = at(opened, (300, 200)).x(), at(opened, (300, 200)).y()
    column = [picture.pixelColor(x, y + step) for step in range(-6, 7)]
    assert max(colour.red() for colour in column) > 200
    assert min(colour.red() for colour in column) < 20  # the halo, darker than the ground of 26
    brightest = max(range(13), key=lambda index: column[index].red())
    assert brightest in (5, 6, 7)


def test_the_other_pictures_show_it_faintly_without_figures(opened: Room, settle: Callable[[], None]) -> None:
    pane = opened.window.panes.reconstruction
    before = pane.view.grab().toImage()
    put(opened, Length(((300, 100), (300, 300))))
    settle()
    after = pane.view.grab().toImage()
    x, y = (round(part) for part in pane.view.rect_shown.to_viewport(300, 200))
    assert max(after.pixelColor(x, y + step).red() - before.pixelColor(x, y + step).red() for step in (-1, 0, 1)) > 20
    changed = sum(
        before.pixelColor(i, j) != after.pixelColor(i, j) for i in range(before.width()) for j in range(before.height())
    )
    assert changed < 200 * pane.view.rect_shown.zoom * 12  # a line and its ends, no plate of words


def test_a_selected_mark_is_said_to_a_screen_reader(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    assert opened.window.panes.original.view.accessibleDescription() == "Length, 14.3 mm, at detector"
    put(opened)
    key(opened.window, K.Key_D)
    assert opened.window.panes.original.view.accessibleDescription() == "Length: one end"


def test_a_double_click_still_maximises_where_there_is_no_mark(opened: Room) -> None:
    put(opened, Length(((30, 100), (30, 200))))
    double_click(opened.window.panes.original)
    assert opened.window.panes.maximised is opened.window.panes.original


def test_marks_are_hidden_and_said_to_be(opened: Room, settle: Callable[[], None]) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    key(opened.window, K.Key_T, SHIFT)
    settle()
    picture = opened.window.measure.display.overlay.picture
    assert (picture.marks, picture.hint) == ((), "Marks are hidden")
    assert opened.holder.state.selected_mark is None
    click(opened, (300.0, 150.0))
    key(opened.window, K.Key_Period)
    key(opened.window, K.Key_Delete)
    assert opened.holder.state.selected_mark is None
    assert len(marks(opened)) == 1
    key(opened.window, K.Key_D)  # nobody draws over what he does not see
    assert len(opened.window.measure.display.overlay.picture.marks) == 1
    key(opened.window, K.Key_D)
    key(opened.window, K.Key_T, SHIFT)
    assert len(opened.window.measure.display.overlay.picture.marks) == 1


def test_a_button_that_came_up_elsewhere_ends_the_drag(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    pane, none = opened.window.panes.original, Qt.MouseButton.NoButton
    send(pane, QEvent.Type.MouseButtonPress, at(opened, (300, 150)), LEFT, LEFT, NONE)
    send(pane, QEvent.Type.MouseMove, at(opened, (350, 150)), none, LEFT, NONE)
    assert opened.window.measure.drawing
    send(pane, QEvent.Type.MouseMove, at(opened, (400, 150)), none, none, NONE)
    assert not opened.window.measure.drawing
    assert only(opened) == Length(((300, 100), (300, 200)))


def test_no_more_marks_than_fit(opened: Room) -> None:
    many = tuple(Length(((100, float(column)), (200, float(column)))) for column in range(200))
    put(opened, *many)
    key(opened.window, K.Key_D)
    assert "No more marks fit" in opened.window.measure.display.overlay.picture.hint
    pull(opened, (400.0, 100.0), (400.0, 200.0))
    assert len(marks(opened)) == 200
