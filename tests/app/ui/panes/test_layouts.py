"""Which panes are on the screen, and what is laid over them: layouts, one pane alone, swipe, flicker, magnifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.priors import Beside
from app.domain.settings import DisplaySettings, Layout, PaneName
from app.domain.study import Study
from app.ui.panes.image_pane import ImagePane, Place
from app.ui.panes.magnifier import DIAMETER, loupe_view
from app.ui.panes.memory_pane import LEAST_LIST
from app.ui.panes.view_link import ViewLink
from squid_core.contracts.radiograph import Window
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, LEFT, NONE, SHIFT, key
from tests.app.ui.panes.test_turned_and_mirrored import grabbed

Key = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def shown(room: Room) -> list[PaneName]:
    panes = room.window.panes
    return [panes.name_of(pane) for pane in panes.panes if pane.isVisible()]


def test_the_magnifier_shows_the_pixels_under_the_cursor_larger(opened: Room) -> None:
    image = np.zeros((600, 500), np.float32)
    image[300:320, 250:270] = 4000
    opened.open(synthetic.radiograph(image, window=Window(2000, 4000)))
    pane = opened.window.panes.original
    plain = opened.holder.state.display.model_copy(update={"corner_text": False})
    opened.holder.update(cursor=(309.5, 259.5), display=plain)
    before = int((grabbed(pane)[:, :, 0] > 200).sum())
    key(opened.window, Key.Key_Z)
    assert opened.holder.state.display.magnifier
    twice = int((grabbed(pane)[:, :, 0] > 200).sum())
    key(opened.window, Key.Key_4, CTRL | ALT)
    four = int((grabbed(pane)[:, :, 0] > 200).sum())
    assert twice == pytest.approx(4 * before, rel=0.15)
    assert four == pytest.approx(16 * before, rel=0.15)
    key(opened.window, Key.Key_Escape)
    assert not opened.holder.state.display.magnifier


def test_the_magnifier_turns_with_the_picture(opened: Room) -> None:
    link = ViewLink()
    link.set_image((600, 500), 1.2)
    link.turn(1)
    link.flip()
    view = link.rect(400, 300)
    near = loupe_view(view, (100.0, 200.0), DIAMETER, 3)
    assert near.to_viewport(100, 200) == pytest.approx((DIAMETER / 2, DIAMETER / 2))
    for row, column in ((101.0, 200.0), (100.0, 201.0)):
        step = np.subtract(view.to_viewport(row, column), view.to_viewport(100, 200))
        assert np.subtract(near.to_viewport(row, column), DIAMETER / 2) == pytest.approx(3 * step)


def test_swipe_shows_the_original_left_of_the_line_and_the_reconstruction_right(opened: Room) -> None:
    panes = opened.window.panes
    opened.holder.update(display=opened.holder.state.display.model_copy(update={"corner_text": False}))
    original = grabbed(panes.original).astype(int)
    key(panes.original.view, Key.Key_Space)
    reconstruction = grabbed(panes.original).astype(int)
    key(panes.original.view, Key.Key_Space)
    key(opened.window, Key.Key_X)
    assert opened.holder.state.swipe == 0.5
    shown = grabbed(panes.original).astype(int)
    line = round(panes.original.swipe.divider.x_of_line)
    rows = slice(90, 140)  # below the words, above the knob
    assert np.array_equal(shown[rows, : line - 8], original[rows, : line - 8])
    assert np.array_equal(shown[rows, line + 8 :], reconstruction[rows, line + 8 :])
    assert panes.original.badge.text() == "128 px, enlarged"
    key(opened.window, Key.Key_Period, ALT)
    assert opened.holder.state.swipe == pytest.approx(0.55)
    key(opened.window, Key.Key_Escape)
    assert opened.holder.state.swipe is None
    assert np.array_equal(grabbed(panes.original), original)
    assert panes.original.badge.text() == ""


def test_the_line_follows_the_mouse_and_the_arrow_keys(opened: Room) -> None:
    key(opened.window, Key.Key_X)
    divider = opened.window.panes.original.swipe.divider
    width = opened.window.panes.original.view.width()
    here = QPoint(divider.width() // 2, 40)
    QTest.mousePress(divider, LEFT, NONE, here)
    QTest.mouseMove(divider, here + QPoint(60, 0))
    QTest.mouseRelease(divider, LEFT, NONE, here)
    assert opened.holder.state.swipe == pytest.approx(0.5 + 60 / width, abs=1.5 / width)
    before = opened.holder.state.swipe
    divider.setFocus()
    QTest.keyClick(divider, Key.Key_Left)
    assert before is not None
    assert opened.holder.state.swipe == pytest.approx(before - 0.02)


def test_swipe_and_flicker_wait_for_a_reconstruction(room: Room) -> None:
    room.open(synthetic.radiograph())
    actions = room.window.actions_by_name
    assert not any(actions[name].isEnabled() for name in ("swipe", "flicker"))
    room.holder.update(swipe=0.5)
    assert not room.window.panes.original.swiping


def test_flicker_and_swipe_bring_the_original_onto_the_screen_first(opened: Room) -> None:
    key(opened.window, Key.Key_1, CTRL | SHIFT)
    key(opened.window, Key.Key_4, ALT)
    assert shown(opened) == [PaneName.MEMORY]
    key(opened.window, Key.Key_Space)
    assert shown(opened) == [PaneName.ORIGINAL]
    assert not opened.window.panes.original.flickering
    key(opened.window, Key.Key_Space)
    assert opened.window.panes.original.flickering


def test_layouts_by_key(opened: Room, settle: Callable[[], None]) -> None:
    key(opened.window, Key.Key_2, CTRL | SHIFT)
    assert shown(opened) == [PaneName.ORIGINAL, PaneName.RECONSTRUCTION]
    key(opened.window, Key.Key_1, CTRL | SHIFT)
    assert shown(opened) == [PaneName.ORIGINAL]
    assert opened.window.actions_by_name["layout_1x1"].isChecked()
    key(opened.window, Key.Key_3, ALT)
    assert shown(opened) == [PaneName.DIFFERENCE]
    assert opened.window.panes.difference.view.hasFocus()
    key(opened.window, Key.Key_4, CTRL | SHIFT)
    settle()
    assert len(shown(opened)) == 4
    order = [opened.window.panes.panes.index(pane) for pane in opened.window.panes.shown]
    assert order == [0, 1, 2, 3]
    widths = [pane.width() for pane in opened.window.panes.panes]
    assert max(widths) < 1.05 * min(widths)


def test_panes_side_by_side_are_chosen_from_the_bar(opened: Room) -> None:
    key(opened.window, Key.Key_2, CTRL | SHIFT)
    panes = opened.window.panes
    chooser = panes._choosers[PaneName.RECONSTRUCTION]
    assert chooser.isVisible()
    chooser.menu().actions()[3].trigger()
    assert [panes.name_of(pane) for pane in panes.shown] == [PaneName.ORIGINAL, PaneName.MEMORY]
    assert panes.original.x() < panes.memory.x()
    assert panes.original.parent() is panes.memory.parent()
    panes._choosers[PaneName.ORIGINAL].menu().actions()[3].trigger()
    assert [panes.name_of(pane) for pane in panes.shown] == [PaneName.MEMORY, PaneName.ORIGINAL]


def test_the_layout_comes_from_the_settings(room: Room) -> None:
    display = DisplaySettings(layout=Layout.TWO, layout_panes=(PaneName.ORIGINAL, PaneName.DIFFERENCE))
    room.holder.update(display=display)
    room.open(synthetic.radiograph())
    assert shown(room) == [PaneName.ORIGINAL, PaneName.DIFFERENCE]


def test_maximise_and_the_next_pane_by_key(opened: Room) -> None:
    panes = opened.window.panes
    key(opened.window, Key.Key_F6)
    assert panes.reconstruction.view.hasFocus()
    key(opened.window, Key.Key_M, CTRL)
    assert shown(opened) == [PaneName.RECONSTRUCTION]
    assert opened.window.actions_by_name["maximise"].isChecked()
    key(opened.window, Key.Key_Escape)
    assert len(shown(opened)) == 4
    assert not opened.window.actions_by_name["maximise"].isChecked()
    key(opened.window, Key.Key_F6, SHIFT)
    assert panes.original.view.hasFocus()


def test_a_layout_chosen_beside_another_study_has_equal_panes_when_that_leaves(
    opened: Room, settle: Callable[[], None]
) -> None:
    """The widths from before are those of the layout from before."""
    holder, panes = opened.holder, opened.window.panes
    display = holder.state.display
    holder.update(display=display.model_copy(update={"layout": Layout.TWO}))
    other = synthetic.item(1, 0.5)
    holder.update(beside=Beside(Study(other.study_uid, (other,)), other.key))
    settle()
    holder.update(display=display.model_copy(update={"layout": Layout.FOUR}))
    holder.update(beside=None)
    settle()
    widths = [pane.width() for pane in panes.panes]
    assert max(widths) - min(widths) <= 2


def on_one_scale(panes: Sequence[ImagePane]) -> bool:
    """But for the pixel that does not go into three."""
    zooms = [pane.view.rect_shown.zoom for pane in panes]
    return max(zooms) < 1.01 * min(zooms)


@pytest.fixture
def default(room: Room, settle: Callable[[], None]) -> Room:
    """The layout that a new user has."""
    room.window.actions_by_name["settings_panel"].setChecked(False)
    room.holder.update(display=DisplaySettings())
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    return room


def test_the_original_has_sixty_per_cent_and_three_panes_on_one_scale_stand_beside_it(
    default: Room, settle: Callable[[], None]
) -> None:
    panes = default.window.panes
    assert panes.original.width() == pytest.approx(0.6 * panes.width(), abs=8)
    three = panes.panes[1:]
    assert on_one_scale(three)
    lefts = {pane.view.mapTo(panes, QPoint()).x() for pane in three}
    assert len(lefts) == 1  # so that one place of the body lies on one line
    assert lefts.pop() > panes.original.geometry().right()
    default.holder.update(patch=5)  # its entries take no room from the picture
    settle()
    assert on_one_scale(three)


def test_a_window_that_is_higher_than_wide_has_the_original_above_the_three(
    default: Room, settle: Callable[[], None]
) -> None:
    default.window.resize(1200, 1600)
    settle()
    panes = default.window.panes
    three = panes.panes[1:]
    assert panes.original.height() == pytest.approx(0.6 * panes.height(), abs=8)
    assert on_one_scale(three)
    assert len({pane.mapTo(panes, QPoint()).y() for pane in three}) == 1
    assert three[0].mapTo(panes, QPoint()).y() > panes.original.geometry().bottom()
    default.window.resize(1280, 800)
    settle()
    assert panes.original.width() == pytest.approx(0.6 * panes.width(), abs=8)


def test_what_a_what_if_has_done_is_said_to_its_end_and_the_key_to_the_colours_gives_way(
    default: Room, settle: Callable[[], None]
) -> None:
    found, pane = default.holder.state.detection, default.window.panes.memory
    assert found is not None
    what_if = explained.shuffled(found)
    default.window.actions_by_name["settings_panel"].setChecked(True)  # as who tries something has it
    default.holder.update(patch=5)
    for size, all_fits in (((1280, 800), False), ((1280, 1600), True), ((1200, 1600), True), ((1280, 800), False)):
        default.window.resize(*size)
        settle()
        assert pane.legend.height() == pane.legend.sizeHint().height()
        default.holder.update(what_if=what_if, trial=what_if.trial)
        settle()
        assert pane.edit.height() >= pane.edit.heightForWidth(pane.edit.width())
        assert pane.list.height() >= LEAST_LIST, "the patch itself stays in sight"
        assert (pane.legend.height() == pane.legend.sizeHint().height()) is all_fits
        default.holder.update(what_if=None, trial=None)
        settle()


def test_two_by_two_is_a_key_away_and_so_is_the_way_back(default: Room, settle: Callable[[], None]) -> None:
    panes = default.window.panes
    panes.original.view.setFocus()
    key(default.window, Key.Key_4, CTRL | SHIFT)
    settle()
    assert panes.original.width() == pytest.approx(panes.reconstruction.width(), abs=8)
    key(default.window, Key.Key_3, CTRL | SHIFT)
    settle()
    assert panes.original.width() == pytest.approx(0.6 * panes.width(), abs=8)


def test_the_sizes_that_a_user_gives_the_panes_are_kept(
    default: Room, settle: Callable[[], None], qtbot: QtBot
) -> None:
    panes = default.window.panes
    handle = panes._whole.handle(1)
    here = handle.rect().center()
    QTest.mousePress(handle, LEFT, NONE, here)
    QTest.mouseMove(handle, here - QPoint(60, 0))
    QTest.mouseRelease(handle, LEFT, NONE, here - QPoint(60, 0))
    width = panes.original.width()
    assert width < 0.57 * panes.width()
    qtbot.waitUntil(lambda: bool(default.holder.state.display.shares))
    key(default.window, Key.Key_4, CTRL | SHIFT)
    key(default.window, Key.Key_3, CTRL | SHIFT)
    settle()
    assert panes.original.width() == pytest.approx(width, abs=4)


def test_the_pictures_beside_the_original_show_its_part_and_say_their_zoom(
    opened: Room, settle: Callable[[], None]
) -> None:
    display = opened.holder.state.display.model_copy(update={"layout": Layout.MAIN})
    opened.holder.update(display=display)
    panes = opened.window.panes
    panes.link.zoom_about(330.0, 180.0, 2.0)
    settle()
    lead = panes.original.view.rect_shown
    for pane in (panes.reconstruction, panes.difference, panes.memory):
        view = pane.view.rect_shown
        middle = pane.view.viewport().rect().center()
        at = panes.original.view.viewport().rect().center()
        expected = lead.to_original(at.x() + 0.5, at.y() + 0.5)
        assert view.to_original(middle.x() + 0.5, middle.y() + 0.5) == pytest.approx(expected, abs=3)
        assert view.width == pytest.approx(lead.width, rel=0.05), "as much of it from left to right"
        assert view.zoom < 0.8 * lead.zoom
        assert pane.text(Place.BOTTOM_RIGHT) == f"Zoom {view.zoom * 100:.0f}%"
        assert pane._texts[Place.BOTTOM_RIGHT].isVisible(), "however small the pane"
    key(opened.window, Key.Key_4, CTRL | SHIFT)
    settle()
    for pane in (panes.reconstruction, panes.difference):
        same = pane.view.rect_shown.zoom == pytest.approx(panes.original.view.rect_shown.zoom, rel=0.02)
        assert (pane.text(Place.BOTTOM_RIGHT) == "") == same
    assert panes.reconstruction.text(Place.BOTTOM_RIGHT) == "", "as large as the original"
