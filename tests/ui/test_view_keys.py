"""Each key and gesture of the view, through real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.session import Progress
from app.domain.settings import CLAHE_RANGE, GAMMA_RANGE, DisplaySettings, Layout, PaneName
from app.domain.study import Study
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.magnifier import DIAMETER, loupe_view
from app.ui.view_link import ViewLink
from squid_core.contracts import Window
from tests.ui import synthetic
from tests.ui.conftest import Room
from tests.ui.test_hands import ALT, CTRL, LEFT, MIDDLE, NONE, SHIFT, drag, key, middle, send
from tests.ui.test_turned_and_mirrored import grabbed

Key = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def wheel(pane: ImagePane, delta: int, keys: Qt.KeyboardModifier = NONE, at: QPoint | None = None) -> None:
    viewport, at = pane.view.viewport(), at or middle(pane)
    event = QWheelEvent(
        QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def two_images(room: Room) -> None:
    first, second = synthetic.item(0, 0.4), synthetic.item(0, 0.3, key="key-0b", arrival=2)
    room.fill(first, second)
    room.holder.update(study=Study(first.study_uid, (first, second)), image_key=first.key)


# -- the wheel and the drags


def test_the_wheel_goes_to_the_next_image_where_there_are_several(opened: Room) -> None:
    two_images(opened)
    chosen: list[str] = []
    opened.window.image_selected.connect(chosen.append)
    pane = opened.window.panes.reconstruction
    wheel(pane, -120)
    assert chosen == ["key-0b"]
    for _ in range(4):  # a touch pad sends a notch in parts
        wheel(pane, -30)
    assert chosen == ["key-0b", "key-0b"]
    opened.holder.update(image_key="key-0b")
    wheel(pane, 120)
    assert chosen[-1] == "key-0"
    assert opened.window.panes.link.magnification == 1.0


def test_with_control_the_wheel_zooms_to_the_cursor_all_the_same(opened: Room, qtbot: QtBot) -> None:
    two_images(opened)
    pane, at = opened.window.panes.original, middle(opened.window.panes.original) + QPoint(30, 20)
    before = pane.view.rect_shown.to_original(at.x(), at.y())
    with qtbot.assertNotEmitted(opened.window.image_selected):
        wheel(pane, 240, CTRL, at)
    assert opened.window.panes.link.magnification == pytest.approx(1.0015**240)
    assert pane.view.rect_shown.to_original(at.x(), at.y()) == pytest.approx(before)


def test_shift_pressed_during_a_window_drag_makes_it_fine_without_a_jump(opened: Room) -> None:
    pane = opened.window.panes.original
    before = opened.holder.state.window
    assert before is not None
    start = middle(pane)
    send(pane, QEvent.Type.MouseButtonPress, start, LEFT, LEFT, NONE)
    send(pane, QEvent.Type.MouseMove, start + QPoint(25, 0), Qt.MouseButton.NoButton, LEFT, NONE)
    send(pane, QEvent.Type.MouseMove, start + QPoint(50, 0), Qt.MouseButton.NoButton, LEFT, NONE)
    coarse = opened.holder.state.window
    send(pane, QEvent.Type.MouseMove, start + QPoint(50, 0), Qt.MouseButton.NoButton, LEFT, SHIFT)
    assert opened.holder.state.window == coarse
    send(pane, QEvent.Type.MouseMove, start + QPoint(100, 0), Qt.MouseButton.NoButton, LEFT, SHIFT)
    fine = opened.holder.state.window
    send(pane, QEvent.Type.MouseButtonRelease, start + QPoint(100, 0), LEFT, Qt.MouseButton.NoButton, SHIFT)
    assert coarse is not None
    assert fine is not None
    assert coarse.width == pytest.approx(before.width * 1.2)
    assert fine.width == pytest.approx(coarse.width * (1 + 0.2 * 50 / 250))
    assert opened.window.panes.link.centre == pytest.approx((299.5, 249.5))  # and nothing was panned


def test_a_middle_drag_pans_a_turned_picture_with_the_hand(opened: Room) -> None:
    panes = opened.window.panes
    key(opened.window, Key.Key_R, ALT)
    panes.link.zoom_about(300, 250, 3.0)
    at = panes.original.view.rect_shown.to_viewport(300, 250)
    drag(panes.original, middle(panes.original), QPoint(30, -20), MIDDLE)
    assert panes.original.view.rect_shown.to_viewport(300, 250) == pytest.approx((at[0] + 30, at[1] - 20))


# -- keys instead of the mouse


@pytest.mark.parametrize(
    ("which", "direction"),
    [(Key.Key_Left, (-1, 0)), (Key.Key_Right, (1, 0)), (Key.Key_Up, (0, -1)), (Key.Key_Down, (0, 1))],
)
def test_shift_and_arrows_pan(opened: Room, which: Qt.Key, direction: tuple[int, int]) -> None:
    view = opened.window.panes.original.view
    opened.window.panes.link.zoom_about(300, 250, 3.0)
    size = view.viewport().size()
    centre = view.rect_shown.to_original(
        size.width() * (0.5 + 0.1 * direction[0]), size.height() * (0.5 + 0.1 * direction[1])
    )
    key(view, which, SHIFT)
    assert opened.window.panes.link.centre == pytest.approx(centre)


def test_the_crosshair_is_moved_by_keys(opened: Room) -> None:
    view = opened.window.panes.original.view
    key(view, Key.Key_Right, CTRL | SHIFT)
    zoom = view.rect_shown.zoom
    assert opened.holder.state.cursor == pytest.approx((299.5, 249.5 + 8 / zoom))
    key(view, Key.Key_Up, CTRL | SHIFT)
    assert opened.holder.state.cursor == pytest.approx((299.5 - 8 / zoom, 249.5 + 8 / zoom))
    assert "value" in opened.window.panes.original.readout.whole
    opened.window.panes.link.zoom_about(300, 250, 60.0)
    before = opened.holder.state.cursor
    key(view, Key.Key_Left, CTRL | SHIFT)
    assert before is not None
    assert opened.holder.state.cursor == pytest.approx((before[0], before[1] - 1))  # never less than a pixel


def test_alt_and_arrows_change_window_and_level(opened: Room) -> None:
    before = opened.holder.state.window
    assert before is not None
    key(opened.window, Key.Key_Right, ALT)
    wider = opened.holder.state.window
    key(opened.window, Key.Key_Down, ALT)
    darker = opened.holder.state.window
    assert wider is not None
    assert darker is not None
    assert wider.width == pytest.approx(before.width * 1.04)
    assert darker.center > wider.center
    key(opened.window, Key.Key_Up, ALT)
    key(opened.window, Key.Key_Left, ALT)
    shown = opened.holder.state.window
    assert shown is not None
    assert shown.center == pytest.approx(before.center, rel=1e-3)


def test_gamma_and_clahe_by_key_are_said_on_the_panes_they_change(opened: Room) -> None:
    panes = opened.window.panes
    plain = grabbed(panes.original)
    assert not panes.original.state.isVisible()
    key(opened.window, Key.Key_BracketRight)
    key(opened.window, Key.Key_BracketRight)
    key(opened.window, Key.Key_E)
    display = opened.holder.state.display
    assert (display.gamma, display.clahe) == (1.2, True)
    for pane in (panes.original, panes.reconstruction):
        assert pane.state.text() == "Gamma 1.20  ·  CLAHE 2.0"
        assert pane.state.isVisible()
    assert panes.difference.state.text() == panes.memory.state.text() == ""
    assert np.abs(grabbed(panes.original).astype(int) - plain).mean() > 3
    opened.holder.update(display=display.model_copy(update={"corner_text": False}))
    assert panes.original.state.isVisible()  # whatever else is hidden
    key(opened.window, Key.Key_R, CTRL)
    assert (opened.holder.state.display.gamma, opened.holder.state.display.clahe) == (1.0, False)
    assert not panes.original.state.isVisible()


def test_gamma_stays_within_its_range(opened: Room) -> None:
    for _ in range(40):
        key(opened.window, Key.Key_BracketLeft)
    assert opened.holder.state.display.gamma == GAMMA_RANGE[0]


def test_gamma_and_clahe_by_slider(opened: Room) -> None:
    greys = opened.window.settings.greys
    greys.gamma.setValue(30)
    greys.clahe.click()
    greys.limit.setValue(12)
    display = opened.holder.state.display
    assert (display.gamma, display.clahe, display.clahe_limit) == (1.5, True, CLAHE_RANGE[1])
    assert greys._gamma_value.text() == "1.50"


def test_inverting_inverts_the_reconstruction_too_and_says_so(opened: Room) -> None:
    pane = opened.window.panes.reconstruction
    before = grabbed(pane)[140, 180]
    key(opened.window, Key.Key_I)
    assert (255 - before).tolist() == pytest.approx(grabbed(pane)[140, 180].tolist(), abs=2)
    assert pane.state.text() == "Inverted"


# -- magnifier


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


# -- swipe and flicker


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


# -- layouts


def shown(room: Room) -> list[PaneName]:
    panes = room.window.panes
    return [panes.name_of(pane) for pane in panes.panes if pane.isVisible()]


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


# -- whose key it is


def test_arrows_belong_to_the_list_and_the_slider_that_have_the_focus(opened: Room, qtbot: QtBot) -> None:
    two_images(opened)
    opened.fill(synthetic.item(3, 0.2))
    listed = opened.window.worklist.list
    listed.setFocus()
    with qtbot.assertNotEmitted(opened.window.image_selected), qtbot.waitSignal(opened.window.study_selected):
        key(listed, Key.Key_Down)
    slider = opened.window.settings.display.threshold
    slider.setFocus()
    before = slider.value()
    with qtbot.assertNotEmitted(opened.window.image_selected):
        key(slider, Key.Key_Up)
    assert slider.value() > before
    box = opened.window.settings.display.patch_grid
    box.setFocus()
    checked = box.isChecked()
    key(box, Key.Key_Space)
    assert box.isChecked() != checked
    assert not opened.window.panes.original.flickering


def test_from_the_worklist_other_keys_still_reach_the_picture(opened: Room, qtbot: QtBot) -> None:
    two_images(opened)
    listed = opened.window.worklist.list
    listed.setFocus()
    key(listed, Key.Key_Space)
    assert opened.window.panes.original.flickering
    key(listed, Key.Key_I)
    assert opened.holder.state.invert
    with qtbot.waitSignal(opened.window.image_selected):
        key(listed, Key.Key_PageDown)


def test_escape_takes_one_step_at_a_time_and_stops_the_queue_last(opened: Room, settle: Callable[[], None]) -> None:
    window, panes = opened.window, opened.window.panes
    window.patch_selected.connect(lambda patch: opened.holder.update(patch=None if patch < 0 else patch))
    cancelled: list[bool] = []
    window.cancel_requested.connect(lambda: cancelled.append(True))
    opened.holder.update(patch=3, progress=Progress(1, 9), swipe=0.5)
    opened.holder.update(display=opened.holder.state.display.model_copy(update={"magnifier": True}))
    panes.toggle_maximised(panes.original)
    settle()
    window.actions_by_name["full_screen"].trigger()
    settle()

    def state() -> tuple[bool, ...]:
        session = opened.holder.state
        held = (session.patch, session.swipe, session.display.magnifier or None, panes.maximised)
        return (*(part is not None for part in held), window.isFullScreen(), not cancelled)

    assert state() == (True,) * 6
    for step in range(1, 7):
        key(window, Key.Key_Escape)
        settle()
        assert state() == (False,) * step + (True,) * (6 - step)


def test_full_screen_goes_back_to_a_maximised_window(opened: Room, settle: Callable[[], None]) -> None:
    window = opened.window
    window.showMaximized()
    settle()
    key(window, Key.Key_F11)
    settle()
    assert window.isFullScreen()
    key(window, Key.Key_F11)
    settle()
    assert window.isMaximized()
    assert not window.actions_by_name["full_screen"].isChecked()


def test_every_action_has_a_place_in_the_menus(opened: Room) -> None:
    listed = set()
    menus = [action.menu() for action in opened.window.menuBar().actions()]
    while menus:
        menu = menus.pop()
        for action in menu.actions():  # type: ignore[attr-defined]
            if action.menu() is not None:
                menus.append(action.menu())
            listed.add(action.objectName())
    assert set(opened.window.actions_by_name) <= listed


# -- two images of different sizes


def test_a_prior_of_another_size_shows_the_same_share_of_itself() -> None:
    link = ViewLink()
    prior = ViewLink(leader=link)
    link.set_image((600, 400))
    prior.set_image((3000, 2000))
    link.zoom_about(149.5, 99.5, 4.0)
    shares = [
        ((view.top + 0.5) / height, (view.left + 0.5) / width, view.height / height, view.width / width)
        for view, (height, width) in ((link.rect(400, 600), link.shape), (prior.rect(400, 600), prior.shape))
    ]
    assert shares[0] == pytest.approx(shares[1])
    before = link.magnification
    prior.zoom_about(*prior.centre, 2.0)
    prior.pan(300, 0)
    assert link.magnification == pytest.approx(2 * before)
    assert (link.centre[0] + 0.5) / 600 == pytest.approx((prior.centre[0] + 0.5) / 3000)
    prior.set_image((1000, 1000))
    assert link.magnification == pytest.approx(2 * before)  # a prior that arrives moves nothing
