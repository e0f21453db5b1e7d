"""Panes and the worklist in windows of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.settings import DisplaySettings
from app.ui.window.pulled_out import Outside
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, SHIFT, key

Key = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.holder.update(display=DisplaySettings())
    room.open(image, synthetic.detection(image))
    settle()
    return room


def outside(room: Room) -> list[Outside]:
    return [window for window in room.window.findChildren(Outside) if window.isVisible()]


def pull(room: Room, qtbot: QtBot) -> Outside:
    """The difference, into a window that has the keys."""
    view = room.window.panes.difference.view
    view.setFocus()
    key(view, Key.Key_P, CTRL | ALT)
    (window,) = outside(room)
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    view.setFocus()
    return window


def test_a_pane_has_a_window_of_its_own_and_the_others_have_its_room(
    opened: Room, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    panes = opened.window.panes
    before = panes.memory.height()
    window = pull(opened, qtbot)
    settle()
    assert panes.difference.window() is window
    assert all(pane.isVisible() for pane in panes.panes)
    assert panes.memory.height() > 1.3 * before
    key(panes.original.view, Key.Key_1, CTRL | SHIFT)
    settle()
    assert panes.difference.isVisible()
    assert not panes.memory.isVisible()


def test_keys_work_there_as_in_the_main_window(opened: Room, qtbot: QtBot) -> None:
    window = pull(opened, qtbot)
    view = opened.window.panes.difference.view
    key(view, Key.Key_I)
    assert opened.holder.state.invert
    key(view, Key.Key_P, CTRL | ALT)
    assert not window.isVisible()
    assert opened.window.panes.difference.window() is opened.window


def test_to_close_it_is_to_put_it_back_where_it_was(opened: Room, qtbot: QtBot, settle: Callable[[], None]) -> None:
    panes = opened.window.panes
    place = [pane.geometry() for pane in panes.panes]
    pull(opened, qtbot).close()
    settle()
    assert [pane.geometry() for pane in panes.panes] == place
    assert opened.window.pulled_out.places == {}


def test_the_list_goes_and_comes_back_and_reading_mode_leaves_it_alone(
    opened: Room, qtbot: QtBot, settle: Callable[[], None]
) -> None:
    window = opened.window
    sizes = window.divider.sizes()
    window.panes.original.view.setFocus()
    key(window.panes.original.view, Key.Key_W, CTRL | ALT)
    (list_window,) = outside(opened)
    assert window.worklist.window() is list_window
    assert not window.divider.list_place.isVisible()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.panes.original.view.setFocus()
    for _ in range(2):
        key(window.panes.original.view, Key.Key_Tab)
        assert window.worklist.isVisible()
    assert not window.divider.list_place.isVisible()
    list_window.close()
    settle()
    assert window.worklist.window() is window
    assert window.divider.sizes() == sizes


def test_the_windows_go_with_the_main_window_and_are_remembered(opened: Room, qtbot: QtBot) -> None:
    told: list[dict[str, str]] = []
    opened.window.pulled_out.changed.connect(told.append)
    pull(opened, qtbot)
    assert list(told[-1]) == ["difference"]
    opened.window.close()
    assert list(told[-1]) == ["difference"]
    assert not any(isinstance(window, Outside) and window.isVisible() for window in QApplication.topLevelWidgets())
