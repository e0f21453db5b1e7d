"""Tools and marks without a mouse: the keys, the tool bar, and what Esc puts away."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.marks.measurements import Length, Note
from app.domain.marks.tools import Tool
from app.domain.session import Progress
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, SHIFT, key
from tests.app.ui.marking import PIXELS, K, click, marks, only, open_stamped, put


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    open_stamped(room)
    settle()
    return room


def test_escape_puts_away_the_drawing_then_the_tool_then_the_selection_then_stops_the_queue(
    opened: Room, qtbot: QtBot
) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    opened.holder.update(progress=Progress(1, 9))

    def tool() -> Tool:
        return opened.holder.state.tool

    key(opened.window, K.Key_D)
    click(opened, (400.0, 100.0))
    with qtbot.assertNotEmitted(opened.wishes.cancel_requested):
        key(opened.window, K.Key_Escape)
        assert not opened.window.measure.drawing
        assert tool() is Tool.LENGTH
        opened.window.worklist.list.setFocus()  # wherever the keys are
        key(opened.window, K.Key_Escape)
        assert tool() is Tool.WINDOW_LEVEL
        click(opened, (300.0, 150.0))
        assert opened.holder.state.selected_mark == 0
        key(opened.window, K.Key_Escape)
        assert opened.holder.state.selected_mark is None
    with qtbot.waitSignal(opened.wishes.cancel_requested):
        key(opened.window, K.Key_Escape)


def test_the_key_of_the_tool_in_hand_puts_it_away_and_w_does_too(opened: Room) -> None:
    actions = opened.window.actions_by_name
    key(opened.window, K.Key_A)
    assert actions["tool_angle"].isChecked()
    key(opened.window, K.Key_A)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL
    assert [name for name, action in actions.items() if name.startswith("tool_") and action.isChecked()] == [
        "tool_window_level"
    ]
    key(opened.window, K.Key_C)
    key(opened.window, K.Key_W)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL


def test_the_tool_bar_does_what_the_keys_do(opened: Room) -> None:
    buttons = opened.window.tool_bar.buttons
    assert all(button.accessibleName() and not button.icon().isNull() for button in buttons.values())
    assert "Region, ellipse  (O)" in buttons["tool_roi_ellipse"].toolTip()
    QTest.mouseClick(buttons["tool_roi_ellipse"], LEFT)
    assert opened.holder.state.tool is Tool.ROI_ELLIPSE
    assert buttons["tool_roi_ellipse"].isChecked()
    QTest.mouseClick(buttons["tool_roi_ellipse"], LEFT)
    assert not buttons["tool_roi_ellipse"].isChecked()
    assert buttons["tool_window_level"].isChecked()


@pytest.mark.parametrize("wanted", [K.Key_D, K.Key_Period, K.Key_F2], ids=["a tool", "the next mark", "words"])
def test_nobody_draws_on_an_original_that_is_not_on_the_screen(opened: Room, wanted: Qt.Key) -> None:
    panes = opened.window.panes
    put(opened, Note(((80.0, 80.0),), "here"), selected=0)
    panes.toggle_maximised(panes.difference)
    key(opened.window, wanted)
    assert panes.original.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.isVisible()
    assert panes.original.isAncestorOf(focus)


def test_every_tool_works_without_a_mouse(opened: Room) -> None:
    view = opened.window.panes.original.view
    step = max(1.0, round(1 / view.rect_shown.zoom))
    opened.holder.update(cursor=(200.0, 100.0))
    key(opened.window, K.Key_D)
    key(view, K.Key_Return)
    for _ in range(3):
        key(view, K.Key_Right, SHIFT)
    key(view, K.Key_Down)
    key(view, K.Key_Return)
    assert only(opened) == Length(((200, 100), (200 + step, 100 + 30 * step)))
    assert opened.holder.state.cursor == (200 + step, 100 + 30 * step)
    key(opened.window, K.Key_L)
    key(view, K.Key_Return)
    QTest.keyClicks(opened.window.measure.writer.editor, "here")
    key(opened.window.measure.writer.editor, K.Key_Return)
    assert marks(opened)[1] == Note(((200 + step, 100 + 30 * step),), "here")


def test_without_a_cursor_drawing_by_key_begins_in_the_middle(opened: Room) -> None:
    view = opened.window.panes.original.view
    key(opened.window, K.Key_D)
    key(view, K.Key_Return)
    key(view, K.Key_Left)
    key(view, K.Key_Return)
    assert math.dist(only(opened).points[0], (299.5, 199.5)) <= 2 * PIXELS


def test_a_selected_mark_is_moved_by_arrow_keys_and_its_handles_by_enter(opened: Room, qtbot: QtBot) -> None:
    view = opened.window.panes.original.view
    put(opened, Length(((300, 100), (300, 200))), Length(((400, 100), (400, 200))))
    key(opened.window, K.Key_Period)
    key(opened.window, K.Key_Period)
    assert opened.holder.state.selected_mark == 1
    key(opened.window, K.Key_Comma)
    assert opened.holder.state.selected_mark == 0
    with qtbot.assertNotEmitted(opened.wishes.image_selected), qtbot.waitSignal(opened.wishes.marks_changed) as kept:
        key(view, K.Key_Down)
        key(view, K.Key_Right, SHIFT)
    assert marks(opened)[0] == Length(((301, 110), (301, 210)))
    assert kept.args is not None
    assert kept.args[1].marks == marks(opened)
    key(view, K.Key_Return)
    key(view, K.Key_Return)
    key(view, K.Key_Up)
    assert marks(opened)[0] == Length(((301, 110), (300, 210)))
    key(opened.window, K.Key_Z, CTRL)
    key(opened.window, K.Key_Z, CTRL)
    assert marks(opened)[0] == Length(((300, 100), (300, 200)))  # keys held down are one step


def test_what_the_keys_moved_is_kept_when_the_window_closes(opened: Room, qtbot: QtBot) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    key(opened.window.panes.original.view, K.Key_Down)
    with qtbot.waitSignal(opened.wishes.marks_changed) as kept:
        opened.window.close()
    assert kept.args is not None
    assert kept.args[1].marks == (Length(((301, 100), (301, 200))),)


def test_without_an_image_there_is_nothing_to_measure(room: Room) -> None:
    actions = room.window.actions_by_name
    for name in ("tool_length", "undo", "redo", "delete_mark", "next_mark", "delete_marks"):
        assert not actions[name].isEnabled()
