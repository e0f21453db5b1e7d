"""Mouse and keys through real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.session import EntryPictures, Progress
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.memory_pane import NO_PATCH
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, MIDDLE, NONE, RIGHT, SHIFT, double_click, drag, key, middle, send, wheel


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    return room


def test_a_left_drag_sets_window_and_level(opened: Room) -> None:
    before = opened.holder.state.window
    assert before is not None
    drag(opened.window.panes.original, middle(opened.window.panes.original), QPoint(50, 25))
    after = opened.holder.state.window
    assert after is not None
    assert after.width == pytest.approx(before.width * (1 + 50 / 250))
    assert after.center == pytest.approx(before.center + before.width * 25 / 250)


def test_with_control_it_is_finer(opened: Room) -> None:
    before = opened.holder.state.window
    drag(opened.window.panes.original, middle(opened.window.panes.original), QPoint(50, 0), keys=CTRL)
    after = opened.holder.state.window
    assert before is not None
    assert after is not None
    assert after.width == pytest.approx(before.width * (1 + 0.2 * 50 / 250))


@pytest.mark.parametrize(("button", "keys"), [(MIDDLE, NONE), (LEFT, SHIFT)])
def test_a_middle_or_shift_drag_pans_all_panes(opened: Room, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
    panes = opened.window.panes
    before, window = panes.link.centre, opened.holder.state.window
    zoom = panes.original.view.rect_shown.zoom
    drag(panes.original, middle(panes.original), QPoint(30, -20), button, keys)
    assert panes.link.centre == pytest.approx((before[0] + 20 / zoom, before[1] - 30 / zoom), rel=1e-6)
    assert opened.holder.state.window is window
    for pane in panes.panes:
        view = pane.view.rect_shown
        assert view.to_original(view.width * view.zoom / 2, view.height * view.zoom / 2) == pytest.approx(
            panes.link.centre
        )


def test_a_right_drag_upwards_magnifies(opened: Room) -> None:
    drag(opened.window.panes.original, middle(opened.window.panes.original), QPoint(0, -60), RIGHT)
    assert opened.window.panes.link.magnification == pytest.approx(1.008**60, rel=1e-3)


@pytest.mark.parametrize("name", ["original", "reconstruction", "difference", "memory"])
def test_the_wheel_zooms_to_the_cursor_in_every_pane(opened: Room, name: str) -> None:
    pane: ImagePane = getattr(opened.window.panes, name)
    at = middle(pane) + QPoint(40, 25)
    before = pane.view.rect_shown.to_original(at.x(), at.y())
    wheel(pane, 240, at=at)
    assert opened.window.panes.link.magnification == pytest.approx(1.0015**240, rel=1e-6)
    assert pane.view.rect_shown.to_original(at.x(), at.y()) == pytest.approx(before, abs=1e-6)
    ranges = [other.view.rect_shown for other in opened.window.panes.panes]
    fitted = [opened.window.panes.link.fit_zoom(view.width * view.zoom, view.height * view.zoom) for view in ranges]
    assert [view.zoom / fit for view, fit in zip(ranges, fitted, strict=True)] == pytest.approx([1.0015**240] * 4)


def test_the_picture_follows_the_zoom_in_the_scene(opened: Room) -> None:
    pane = opened.window.panes.original
    opened.window.panes.link.zoom_about(100, 100, 4.0)
    QApplication.processEvents()
    view = pane.view.rect_shown
    assert pane.image.shown is not None
    shown = pane.image.shown.place
    top, left = view.to_original(shown.left(), shown.top())
    bottom, right = view.to_original(shown.right(), shown.bottom())
    assert top == pytest.approx(max(np.floor(view.top + 0.5) - 2, 0) - 0.5)  # whole pixels, two beyond the edge
    assert left == pytest.approx(max(np.floor(view.left + 0.5) - 2, 0) - 0.5)
    assert bottom == pytest.approx(min(np.ceil(view.top + view.height + 0.5) + 2, 600) - 0.5)
    assert right == pytest.approx(min(np.ceil(view.left + view.width + 0.5) + 2, 500) - 0.5)


def test_the_cursor_is_one_over_all_panes(opened: Room) -> None:
    pane = opened.window.panes.reconstruction
    send(pane, QEvent.Type.MouseMove, middle(pane), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, NONE)
    cursor = opened.holder.state.cursor
    pixel = middle(pane)  # its middle
    assert cursor == pytest.approx(pane.view.rect_shown.to_original(pixel.x() + 0.5, pixel.y() + 0.5))
    assert "value" in opened.window.panes.original.readout.whole
    QApplication.sendEvent(pane.view, QEvent(QEvent.Type.Leave))
    assert opened.holder.state.cursor is None


def test_keys_for_greys_and_places(opened: Room) -> None:
    window = opened.window
    window.panes.original.view.setFocus()
    key(window, Qt.Key.Key_I)
    assert opened.holder.state.invert
    key(window, Qt.Key.Key_6)
    shown = opened.holder.state.window
    assert shown is not None
    assert shown.name == "Full range"
    window.panes.link.zoom_about(10, 10, 3.0)
    key(window, Qt.Key.Key_Equal)
    assert window.panes.link.magnification == 1.0
    window.panes.link.zoom_about(10, 10, 3.0)
    key(window, Qt.Key.Key_R, CTRL)
    assert window.panes.link.magnification == 1.0
    assert not opened.holder.state.invert
    radiograph = opened.holder.state.radiograph
    assert radiograph is not None
    assert opened.holder.state.window is radiograph.window


def test_actual_size_is_one_screen_pixel_a_pixel(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, Qt.Key.Key_1, CTRL)
    view = opened.window.panes.original.view
    assert view.rect_shown.zoom * view.devicePixelRatioF() == pytest.approx(1.0)


def test_space_flickers_and_says_so(opened: Room, qtbot: QtBot) -> None:
    pane = opened.window.panes.original
    key(pane.view, Qt.Key.Key_Space)
    assert pane.flickering
    assert "Reconstruction" in pane.title.text()
    assert pane.badge.text() == "128 px, enlarged"
    key(pane.view, Qt.Key.Key_Space)
    assert not pane.flickering
    assert pane.title.text() == "Original"


def test_a_double_click_shows_one_pane_alone_and_back(opened: Room) -> None:
    panes = opened.window.panes
    double_click(panes.difference)
    assert panes.maximised is panes.difference
    assert [pane.isVisible() for pane in panes.panes] == [False, False, True, False]
    double_click(panes.difference)
    assert all(pane.isVisible() for pane in panes.panes)


def test_clicking_a_patch_selects_it(opened: Room, qtbot: QtBot) -> None:
    pane = opened.window.panes.memory
    x, y = pane.view.rect_shown.to_viewport(600 * 0.62, 500 * 0.28)  # third row, second column of four
    with qtbot.waitSignal(opened.wishes.patch_selected) as blocker:
        QTest.mouseClick(pane.view.viewport(), LEFT, NONE, QPoint(round(x), round(y)))
    assert blocker.args == [2 * 4 + 1]


def test_arrow_keys_walk_over_the_patches(opened: Room, qtbot: QtBot) -> None:
    pane = opened.window.panes.memory
    chosen: list[int] = []
    opened.wishes.patch_selected.connect(chosen.append)
    opened.wishes.patch_selected.connect(lambda patch: opened.holder.update(patch=None if patch < 0 else patch))
    steps = (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up)
    for step in steps:
        key(pane.view, step)
    key(pane.view, Qt.Key.Key_Escape)
    assert chosen == [0, 1, 5, 4, 0, 0, NO_PATCH]


def test_escape_lets_go_of_the_patch_before_it_stops_the_queue(opened: Room, qtbot: QtBot) -> None:
    opened.holder.update(patch=3, progress=Progress(1, 9))
    pane = opened.window.panes.memory
    pane.view.setFocus()
    with qtbot.waitSignal(opened.wishes.patch_selected), qtbot.assertNotEmitted(opened.wishes.cancel_requested):
        key(pane.view, Qt.Key.Key_Escape)
    opened.holder.update(patch=None)
    with qtbot.waitSignal(opened.wishes.cancel_requested):
        key(pane.view, Qt.Key.Key_Escape)


def test_the_entries_of_the_patch_are_listed_with_numbers(opened: Room) -> None:
    found = opened.holder.state.detection
    assert found is not None
    opened.holder.update(patch=9)
    rows = opened.window.panes.memory.list.entries.rows
    assert len(rows) == 1 + 5
    assert rows[0].lines == ("row 3, column 2", "percentile 99")
    best = found.matches[9][0]
    assert rows[1].title == f"1.  weight {best.weight:.2f}"
    assert rows[1].lines == (f"similarity {best.similarity:.2f}", f"queue place {best.age + 1}")
    assert rows[1].picture is None  # on its way
    slots = tuple(match.slot for match in found.matches[9])
    opened.holder.update(entries=EntryPictures(9, slots, synthetic.pictures(found, 9), "adult"))
    assert all(row.picture is not None for row in opened.window.panes.memory.list.entries.rows)
    opened.holder.update(patch=8)
    assert all(row.picture is None for row in opened.window.panes.memory.list.entries.rows[1:])
