"""What drags and the wheel do is the user's choice, and how fast; the table in Help says what was chosen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint

from app.domain.layers.chosen import load_chosen
from app.domain.settings import DragDeed, MouseSettings, Settings, WheelDeed
from app.domain.study import Study
from app.ui.dialogs.keys import KeysDialog
from app.ui.keys.mouse_rows import mouse_rows
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, MIDDLE, RIGHT, SHIFT, drag, middle, wheel
from tests.app.ui.window.test_what_the_window_says import cell

BUTTONS = {"left": LEFT, "middle": MIDDLE, "right": RIGHT}
BY = QPoint(40, 64)  # two images down


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    """A study of three images, the first one shown, zoomed so that there is something to pan."""
    image = synthetic.radiograph()
    items = tuple(synthetic.item(0, 0.4, key=f"key-0{letter}", arrival=number) for number, letter in enumerate("abc"))
    room.fill(*items)
    room.holder.update(
        study=Study(items[0].study_uid, items), image_key=items[0].key, radiograph=image, window=image.window,
        detection=synthetic.detection(image),
    )  # fmt: skip
    room.window.panes.link.zoom_about(300.0, 250.0, 3.0)
    settle()
    return room


def done(room: Room, does: Callable[[], None]) -> set[str]:
    """What a gesture has changed."""
    link, window = room.window.panes.link, room.holder.state.window
    zoom, centre = link.magnification, link.centre
    steps: list[str] = []
    room.wishes.image_selected.connect(steps.append)
    does()
    found = {
        "zoom": link.magnification != pytest.approx(zoom),
        "pan": link.magnification == pytest.approx(zoom) and link.centre != pytest.approx(centre),
        "window": room.holder.state.window != window,
        "image": bool(steps),
    }
    return {name for name, so in found.items() if so}


@pytest.mark.parametrize("button", list(BUTTONS))
@pytest.mark.parametrize("deed", list(DragDeed))
def test_each_button_does_what_was_chosen(opened: Room, button: str, deed: DragDeed) -> None:
    opened.holder.update(mouse=MouseSettings(**{button: deed}))
    pane = opened.window.panes.original
    assert done(opened, lambda: drag(pane, middle(pane), BY, BUTTONS[button])) == {deed.value}


def test_where_there_is_no_window_a_drag_pans_and_with_one_image_it_zooms(opened: Room) -> None:
    opened.holder.update(mouse=MouseSettings(right=DragDeed.WINDOW, middle=DragDeed.IMAGE))
    pane = opened.window.panes.reconstruction
    assert done(opened, lambda: drag(pane, middle(pane), BY, RIGHT)) == {"pan"}
    study = opened.holder.state.study
    assert study is not None
    opened.holder.update(study=Study(study.uid, study.images[:1]))
    assert done(opened, lambda: drag(pane, middle(pane), BY, MIDDLE)) == {"zoom"}


def test_a_drag_to_the_next_image_goes_one_image_a_step(opened: Room) -> None:
    opened.holder.update(mouse=MouseSettings(middle=DragDeed.IMAGE))
    steps: list[str] = []
    opened.wishes.image_selected.connect(steps.append)
    opened.wishes.image_selected.connect(lambda key: opened.holder.update(image_key=key))
    pane = opened.window.panes.original
    drag(pane, middle(pane), QPoint(0, 20), MIDDLE)
    assert steps == []
    drag(pane, middle(pane), QPoint(0, 70), MIDDLE)
    assert steps == ["key-0b", "key-0c"]
    drag(pane, middle(pane), QPoint(0, -40), MIDDLE)
    assert steps[2:] == ["key-0b"]


def test_the_wheel_does_what_was_chosen_and_control_zooms_all_the_same(opened: Room) -> None:
    pane = opened.window.panes.original
    for deed in WheelDeed:
        opened.holder.update(mouse=MouseSettings(wheel=deed))
        assert done(opened, lambda: wheel(pane, -120)) == {deed.value}
        assert done(opened, lambda: wheel(pane, 120, CTRL)) == {"zoom"}


def test_shift_and_a_left_drag_pan_whatever_was_chosen(opened: Room) -> None:
    opened.holder.update(mouse=MouseSettings(left=DragDeed.ZOOM))
    pane = opened.window.panes.original
    assert done(opened, lambda: drag(pane, middle(pane), BY, LEFT, SHIFT)) == {"pan"}


def test_speeds_are_times_the_programs_own(opened: Room) -> None:
    pane, link = opened.window.panes.original, opened.window.panes.link
    before = opened.holder.state.window
    assert before is not None
    opened.holder.update(mouse=MouseSettings(window_speed=2.0, zoom_speed=0.5))
    drag(pane, middle(pane), QPoint(50, 0))
    after = opened.holder.state.window
    assert after is not None
    assert after.width == pytest.approx(before.width * (1 + 2.0 * 50 / 250))
    zoom = link.magnification
    drag(pane, middle(pane), QPoint(0, -60), RIGHT)
    assert link.magnification == pytest.approx(zoom * 1.008**30, rel=1e-3)
    zoom = link.magnification
    wheel(pane, 120, CTRL)
    assert link.magnification == pytest.approx(zoom * 1.0015**60)


def test_help_says_what_was_chosen(opened: Room) -> None:
    opened.holder.update(mouse=MouseSettings(right=DragDeed.IMAGE, wheel=WheelDeed.ZOOM))
    opened.window.actions_by_name["shortcuts"].trigger()
    dialog = opened.window.findChild(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    rows = {cell(dialog.table, row, 1): cell(dialog.table, row, 0) for row in range(dialog.table.rowCount())}
    assert rows["Left drag"].startswith("Window and level")
    assert rows["Right drag"].startswith("Next and previous image")
    assert rows["Wheel"] == "Zoom all panes to the cursor"
    dialog.close()
    gestures = [gesture for gesture, _ in mouse_rows(MouseSettings())]
    assert len(set(gestures)) == len(gestures)


def test_the_choice_outlives_the_program_and_a_damaged_one_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    chosen = Settings().with_value("mouse.right", "window").with_value("mouse.zoom_speed", 2.0)
    path.write_text(chosen.model_dump_json())
    assert load_chosen(path)[0].settings().mouse == MouseSettings(right=DragDeed.WINDOW, zoom_speed=2.0)
    stored = json.loads(chosen.model_dump_json())
    stored["mouse"] |= {"left": "fly", "window_speed": 99}
    path.write_text(json.dumps(stored))
    kept, notice = load_chosen(path)
    settings = kept.settings()
    assert notice is not None
    assert settings.mouse == MouseSettings(right=DragDeed.WINDOW, zoom_speed=2.0)
