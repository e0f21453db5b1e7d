"""A right click on a picture, or the key of the context menu, opens what a reader does with it; a right drag zooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.ui.panes.image_pane import ImagePane
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import NONE, RIGHT, drag, middle


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Iterator[Room]:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    yield room
    room.window.image_menu.close()


def right_click(pane: ImagePane, at: QPoint | None = None) -> QPoint:
    at = at or middle(pane)
    QTest.mouseClick(pane.view.viewport(), RIGHT, NONE, at)
    QApplication.processEvents()
    return at


def lines(menu: QMenu) -> list[str]:
    found = []
    for action in menu.actions():
        inner = action.menu()
        found += lines(inner) if isinstance(inner, QMenu) else [action.objectName()]
    return [name for name in found if name]


@pytest.mark.parametrize("name", ["original", "reconstruction", "difference", "memory"])
def test_a_right_click_opens_it_where_it_was(opened: Room, name: str, qtbot: QtBot) -> None:
    pane: ImagePane = getattr(opened.window.panes, name)
    before = opened.window.panes.link.state
    with qtbot.waitSignal(pane.view.menu_wanted) as asked:
        at = right_click(pane, QPoint(60, 50))
    assert opened.window.image_menu.isVisible()
    assert asked.args == [pane.view.viewport().mapToGlobal(at)]
    assert opened.window.panes.active is pane
    assert opened.window.panes.link.state == before


def test_a_right_drag_zooms_and_opens_nothing(opened: Room) -> None:
    pane, link = opened.window.panes.original, opened.window.panes.link
    drag(pane, middle(pane), QPoint(0, -60), RIGHT)
    assert link.magnification > 1.2
    assert not opened.window.image_menu.isVisible()


def test_the_mouse_event_of_the_desktop_opens_nothing_by_itself(opened: Room) -> None:
    """X11 sends it with the press, before anybody knows whether it will be a drag."""
    viewport = opened.window.panes.original.view.viewport()
    at = QPoint(60, 50)
    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at)))
    assert not opened.window.image_menu.isVisible()


def test_the_key_opens_it_at_the_crosshair(opened: Room, qtbot: QtBot) -> None:
    pane = opened.window.panes.original
    opened.holder.update(cursor=(300.0, 200.0))
    viewport = pane.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), viewport.mapToGlobal(QPoint()))
    with qtbot.waitSignal(pane.view.menu_wanted) as asked:
        QApplication.sendEvent(viewport, event)
    x, y = pane.view.rect_shown.to_viewport(300.0, 200.0)
    assert opened.window.image_menu.isVisible()
    assert asked.args is not None
    where = viewport.mapFromGlobal(asked.args[0])
    assert (where.x(), where.y()) == pytest.approx((x, y), abs=1)


def test_it_has_what_a_reader_does_with_a_picture(opened: Room) -> None:
    found = lines(opened.window.image_menu)
    for name in (
        "preset_0", "preset_2", "invert", "fit", "flip", "upend", "tool_length", "tool_ctr", "tool_calibrate",
        "corner_text", "graphics", "copy_image", "export",
    ):  # fmt: skip
        assert name in found
    assert len(found) == len(set(found))
    assert all(opened.window.actions_by_name[name].text() for name in found)


def test_a_line_of_it_does_what_its_key_does(opened: Room) -> None:
    right_click(opened.window.panes.original)
    QTest.mouseClick(
        opened.window.image_menu,
        Qt.MouseButton.LeftButton,
        NONE,
        opened.window.image_menu.actionGeometry(opened.window.actions_by_name["invert"]).center(),
    )
    assert opened.holder.state.invert
    assert not opened.window.image_menu.isVisible()
