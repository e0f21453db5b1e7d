"""Keys go to the control that has the focus, else to the window; Esc takes one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.jobs import JobState
from app.domain.session import Progress
from app.domain.study import Study
from squid_core.contracts.radiograph import Decision, Verdict
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, SHIFT, key

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


def test_arrows_belong_to_the_list_and_the_slider_that_have_the_focus(opened: Room, qtbot: QtBot) -> None:
    two_images(opened)
    opened.fill(synthetic.item(3, 0.2))
    listed = opened.window.worklist.list
    listed.setFocus()
    with qtbot.assertNotEmitted(opened.wishes.image_selected), qtbot.waitSignal(opened.wishes.study_selected):
        key(listed, Key.Key_Down)
    slider = opened.window.settings.display.threshold
    slider.setFocus()
    before = slider.value()
    with qtbot.assertNotEmitted(opened.wishes.image_selected):
        key(slider, Key.Key_Up)
    assert slider.value() > before
    box = opened.window.settings.display.patch_grid
    box.setFocus()
    checked = box.isChecked()
    key(box, Key.Key_Space)
    assert box.isChecked() != checked
    assert not opened.window.panes.original.flickering


def test_from_the_worklist_what_is_no_text_still_reaches_the_picture(opened: Room) -> None:
    two_images(opened)
    listed = opened.window.worklist.list
    listed.setFocus()
    key(listed, Key.Key_Space)
    assert opened.window.panes.original.flickering
    key(listed, Key.Key_I)
    assert not opened.holder.state.invert


def test_at_first_the_keys_are_the_pictures(room: Room, settle: Callable[[], None]) -> None:
    assert not room.window.panes.isVisible()
    room.open(synthetic.radiograph())
    settle()
    assert room.window.focusWidget() is room.window.panes.original.view


def test_escape_takes_one_step_at_a_time_and_stops_the_queue_last(opened: Room, settle: Callable[[], None]) -> None:
    window, panes = opened.window, opened.window.panes
    opened.wishes.patch_selected.connect(lambda patch: opened.holder.update(patch=None if patch < 0 else patch))
    cancelled: list[bool] = []
    opened.wishes.cancel_requested.connect(lambda: cancelled.append(True))
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


def test_a_question_is_answered_by_key_too(opened: Room, qtbot: QtBot) -> None:
    held = [opened.window.actions_by_name[name] for name in ("analyse_anyway", "analyse_alike")]
    assert not any(action.isEnabled() for action in held)
    image = synthetic.radiograph(verdict=Verdict(Decision.ASK, "Is this a chest?"))
    asking = replace(synthetic.item(1), state=JobState.VIEWABLE, verdict=image.verdict)
    opened.open(image, None, asking)
    with qtbot.waitSignal(opened.wishes.analyse_anyway) as blocker:
        key(opened.window.panes.original.view, Key.Key_Return, CTRL)
    assert blocker.args == [asking.key]
    with qtbot.waitSignal(opened.wishes.analyse_alike) as blocker:
        key(opened.window.worklist.list, Key.Key_Return, CTRL | SHIFT)
    assert blocker.args == [asking.key]
    entries = opened.window.panes.memory.list
    opened.holder.update(detection=synthetic.detection(image), patch=5)
    entries.setFocus()
    with qtbot.waitSignal(opened.wishes.analyse_anyway), qtbot.assertNotEmitted(opened.wishes.entry_toggled):
        key(entries, Key.Key_Return, CTRL)
