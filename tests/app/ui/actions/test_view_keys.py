"""Each key and gesture of the view, through real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from pytestqt.qtbot import QtBot

from app.domain.settings import CLAHE_RANGE, GAMMA_RANGE
from app.domain.study import Study
from app.ui.panes.view_link import ViewLink
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, LEFT, MIDDLE, NONE, SHIFT, drag, key, middle, send, wheel
from tests.app.ui.panes.test_turned_and_mirrored import grabbed

Key = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def two_images(room: Room) -> None:
    first, second = synthetic.item(0, 0.4), synthetic.item(0, 0.3, key="key-0b", arrival=2)
    room.fill(first, second)
    room.holder.update(study=Study(first.study_uid, (first, second)), image_key=first.key)


# -- the wheel and the drags


def test_the_wheel_goes_to_the_next_image_where_there_are_several(opened: Room) -> None:
    two_images(opened)
    chosen: list[str] = []
    opened.wishes.image_selected.connect(chosen.append)
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
    with qtbot.assertNotEmitted(opened.wishes.image_selected):
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
