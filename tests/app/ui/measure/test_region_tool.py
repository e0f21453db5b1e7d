"""A region is drawn on the original to be scored as if it were normal there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.marks.measurements import Roi, RoiShape
from app.domain.marks.tools import Tool, region_of
from squid_core.contracts.detection import Region, RegionShape
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import drag

SHIFT, NONE = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.holder.update(maps=explained.maps(), card=explained.card())
    settle()
    return room


@pytest.mark.parametrize(("keys", "shape"), [(NONE, RegionShape.ELLIPSE), (SHIFT, RegionShape.RECTANGLE)])
def test_r_then_a_drag_gives_the_region_in_original_pixels(
    opened: Room, qtbot: QtBot, keys: Qt.KeyboardModifier, shape: RegionShape
) -> None:
    pane = opened.window.panes.original
    window = opened.holder.state.window
    QTest.keyClick(opened.window, Qt.Key.Key_R, keys)
    view = pane.view.rect_shown
    start = QPoint(*(round(part) for part in view.to_viewport(150, 100)))
    with qtbot.waitSignal(opened.wishes.region_drawn) as blocker:
        drag(pane, start, QPoint(70, 40))
    region = blocker.args[0]
    assert region.shape is shape
    pixel = 1 / view.zoom
    assert (region.top, region.left) == pytest.approx((150, 100), abs=pixel)
    assert region.bottom - region.top == pytest.approx(40 * pixel, abs=pixel)
    assert region.right - region.left == pytest.approx(70 * pixel, abs=pixel)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL, "the hand is free again"
    assert opened.holder.state.annotations.marks == (), "it is no mark"
    assert opened.holder.state.window is window


def test_the_keyboard_draws_one_too(opened: Room, qtbot: QtBot) -> None:
    view = opened.window.panes.original.view
    opened.holder.update(cursor=(200.0, 150.0))
    QTest.keyClick(opened.window, Qt.Key.Key_R)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    with qtbot.waitSignal(opened.wishes.region_drawn) as blocker:
        QTest.keyClick(view, Qt.Key.Key_Return)
    region = blocker.args[0]
    assert (region.top, region.left) == (200.0, 150.0)
    assert region.bottom - region.top == pytest.approx(3 * (region.right - region.left))


def test_escape_puts_the_tool_away_and_no_score_no_tool(opened: Room, qtbot: QtBot) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_R)
    taken = opened.holder.state
    assert taken.tool is Tool.REPLACE_ELLIPSE
    QTest.keyClick(opened.window.panes.original.view, Qt.Key.Key_Escape)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL
    opened.holder.update(detection=None)
    assert not opened.window.actions_by_name["tool_replace_ellipse"].isEnabled()


def test_the_region_is_outlined_on_every_pane_and_named_on_the_original(
    opened: Room, settle: Callable[[], None]
) -> None:
    found = opened.holder.state.detection
    assert found is not None
    panes = opened.window.panes.panes
    before = [pane.view.grab().toImage() for pane in panes]
    region = Region(RegionShape.RECTANGLE, 150.0, 100.0, 300.0, 220.0)
    opened.holder.update(trial=replace(found.trial, region=region))
    settle()
    for pane, was in zip(panes, before, strict=True):
        now = pane.view.grab().toImage()
        view = pane.view.rect_shown
        for row, column in ((150, 160), (225, 100), (225, 220), (300, 160)):
            assert differs(now, was, view.to_viewport(row, column)), pane.accessibleName()
        assert not differs(now, was, view.to_viewport(225, 160)), "the middle is not covered"
        assert not differs(now, was, view.to_viewport(225, 420))
    opened.holder.update(trial=None)
    settle()
    assert panes[0].view.grab().toImage() == before[0]


def differs(now: QImage, was: QImage, at: tuple[float, float]) -> bool:
    """Whether two pictures differ round a point."""
    x, y = (round(part) for part in at)
    return any(now.pixel(x + dx, y + dy) != was.pixel(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def test_a_line_is_no_region() -> None:
    assert region_of(Roi(((5.0, 5.0), (5.0, 90.0)), RoiShape.ELLIPSE)) is None
    assert region_of(Roi(((50.0, 9.0), (5.0, 90.0)), RoiShape.RECTANGLE)) == Region(
        RegionShape.RECTANGLE, 5.0, 9.0, 50.0, 90.0
    )
