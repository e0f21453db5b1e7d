"""Several studies chosen at once by mouse and keys: which is open, what the context menu does to all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from app.domain.listing.filter import Chip, Filter
from app.domain.study import Reading
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, NONE, RIGHT, SHIFT, key


@pytest.fixture
def listed(room: Room) -> Iterator[Room]:
    """A list as the program keeps it: who is chosen alone is opened."""
    room.fill(*synthetic.reading_list())
    room.wishes.study_selected.connect(lambda uid: room.holder.update(study=room.store.worklist.study(uid)))
    yield room
    if room.window.worklist_actions.menu is not None:
        room.window.worklist_actions.menu.close()


def click(room: Room, uid: str, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> QPoint:
    listed = room.window.worklist.list
    row = listed.studies.row_of(uid)
    assert row is not None
    index = listed.studies.index(row)
    listed.scrollTo(index)
    at = listed.visualRect(index).center()
    QTest.mouseClick(listed.viewport(), button, keys, at)
    return at


def menu_of(room: Room, at: QPoint) -> dict[str, QAction]:
    room.window.worklist.list.customContextMenuRequested.emit(at)
    menu = room.window.worklist_actions.menu
    assert menu is not None
    return {action.text(): action for action in menu.actions()}


def test_with_control_and_shift_several_are_chosen_and_the_open_one_stays_open(listed: Room) -> None:
    view = listed.window.worklist.list
    click(listed, "1.2.3.1")
    click(listed, "1.2.3.3", CTRL)
    assert list(view.selected_uids) == ["1.2.3.1", "1.2.3.3"]
    assert listed.holder.state.study_uid == "1.2.3.1"
    click(listed, "1.2.3.0")
    click(listed, "1.2.3.2", SHIFT)
    assert list(view.selected_uids) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]
    assert listed.holder.state.study_uid == "1.2.3.0"
    view.setFocus()
    key(view, Qt.Key.Key_Down, SHIFT)
    assert len(view.selected_uids) == 4
    assert listed.holder.state.study_uid == "1.2.3.0"
    click(listed, "1.2.3.2")
    assert list(view.selected_uids) == ["1.2.3.2"]
    assert listed.holder.state.study_uid == "1.2.3.2"


def test_what_was_chosen_survives_another_order_and_a_filter(listed: Room) -> None:
    view = listed.window.worklist.list
    click(listed, "1.2.3.1")
    click(listed, "1.2.3.3", CTRL)
    listed.fill(synthetic.item(3, 0.99), synthetic.item(40, 0.7))
    assert set(view.selected_uids) == {"1.2.3.1", "1.2.3.3"}
    listed.holder.update(filter=Filter("", frozenset({Chip.ERROR})))
    assert view.selected_uids == ("1.2.3.1",), "what is out of sight is not acted on"
    listed.holder.update(filter=Filter())
    assert set(view.selected_uids) == {"1.2.3.1", "1.2.3.3"}
    assert listed.holder.state.study_uid == "1.2.3.1"


def test_the_context_menu_names_how_many_and_acts_on_all(listed: Room) -> None:
    told: list[object] = []
    listed.wishes.remove_requested.connect(told.append)
    listed.wishes.marked.connect(lambda uids, reading: told.append((uids, reading)))
    listed.wishes.analyse_anyway.connect(told.append)
    click(listed, "1.2.3.1")
    click(listed, "1.2.3.7", CTRL)
    at = click(listed, "1.2.3.3", CTRL)
    chosen = ("1.2.3.1", "1.2.3.3", "1.2.3.7")
    for words, expected in (
        ("Mark 3 studies read", (chosen, Reading.READ)),
        ("Analyse 1 images anyway", "key-7"),
    ):
        menu_of(listed, at)[words].trigger()
        assert told.pop() == expected
    menu_of(listed, at)["Export 3 studies…"].trigger()
    dialog = listed.window.exports.dialog
    assert dialog is not None
    dialog.folder.setText("/tmp")  # noqa: S108 - nothing is written
    assert dialog.order().keys == ("key-1", "key-3", "key-7")
    dialog.reject()
    menu_of(listed, at)["Remove 3 studies from the worklist"].trigger()
    assert told.pop() == chosen


def test_a_right_click_on_one_that_is_not_chosen_means_that_one(listed: Room) -> None:
    click(listed, "1.2.3.1")
    click(listed, "1.2.3.3", CTRL)
    at = click(listed, "1.2.3.0", button=RIGHT)
    assert listed.window.worklist.list.selected_uids == ("1.2.3.0",)
    assert "remove" in [action.objectName() for action in menu_of(listed, at).values()], "the one of a single study"


def test_where_the_open_one_is_taken_off_its_neighbour_that_stays_is_opened(listed: Room) -> None:
    rows = listed.window.worklist.list.studies
    uids = [rows.study(row).uid for row in range(rows.rowCount())]
    for taken, then in (((0, 1), 2), ((len(uids) - 1,), len(uids) - 2)):
        click(listed, uids[taken[0]])
        listed.window.worklist.take_off([uids[row] for row in taken])
        assert listed.holder.state.study_uid == uids[then]
    listed.window.worklist.take_off([uids[0]])
    assert listed.holder.state.study_uid == uids[-2], "who reads another one stays there"
