"""The editor of keys: what is changed holds at once, is kept, and says what stands in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.domain.layers.chosen import load_chosen
from app.domain.settings import Settings
from app.ui.dialogs.keys import KeysDialog
from app.ui.keys.bindings import (
    RESERVED,
    Keys,
    all_keys,
    default_keys,
    holder_of,
    may_have,
    own_keys,
    portable,
    read_keys,
    with_keys,
)
from app.ui.keys.specs import SPECS
from app.ui.wishes import Wishes
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, key
from tests.app.ui.window.test_what_the_window_says import cell

Index = QModelIndex | QPersistentModelIndex
NAMES = [spec.name for spec in SPECS]
FREE = "Ctrl+Alt+Shift+K"


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> KeysDialog:
    made = KeysDialog({}, wishes)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def type_key(dialog: KeysDialog, place: int, which: Qt.Key, keys: Qt.KeyboardModifier) -> None:
    """As a user does it: into the field, and the key."""
    edit = dialog.edits[place]
    edit.setFocus()
    QTest.keyClick(edit, which, keys)


def test_a_new_key_works_at_once_and_the_old_one_no_longer(room: Room, qtbot: QtBot) -> None:
    room.open(synthetic.radiograph())
    room.window.actions_by_name["shortcuts"].trigger()
    dialog = room.window.findChild(KeysDialog)
    assert isinstance(dialog, KeysDialog)
    dialog.choose("flip")
    with qtbot.waitSignal(room.wishes.keys_changed) as blocker:
        type_key(dialog, 0, Qt.Key.Key_J, CTRL | ALT)
    assert blocker.args == [{"flip": ("Ctrl+Alt+J",)}]
    dialog.close()
    room.window.activateWindow()
    qtbot.waitUntil(room.window.isActiveWindow)
    link = room.window.panes.link
    key(room.window, Qt.Key.Key_H)
    assert not link.orientation.mirrored
    key(room.window, Qt.Key.Key_J, CTRL | ALT)
    assert link.orientation.mirrored
    assert room.window.actions_by_name["flip"].shortcut() == QKeySequence("Ctrl+Alt+J")


def test_a_key_that_is_taken_is_named_and_can_be_taken_over(dialog: KeysDialog, wishes: Wishes, qtbot: QtBot) -> None:
    dialog.choose("flip")
    with qtbot.assertNotEmitted(wishes.keys_changed):
        type_key(dialog, 0, Qt.Key.Key_I, Qt.KeyboardModifier.NoModifier)
    assert dialog.message.text().startswith("I is already the key of “Invert greys”.")
    assert dialog.take.isVisible()
    dialog.take.click()
    assert dialog.own == {"flip": ("I",), "invert": ()}
    assert not dialog.take.isVisible()
    row = NAMES.index("invert")
    assert cell(dialog.table, row, 1) == "– (changed)"


class Counting(QStyledItemDelegate):
    """Counts how often a cell is measured."""

    times = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802 - Qt's name
        self.times += 1
        return super().sizeHint(option, index)


def test_a_change_does_not_measure_the_whole_list_anew_for_each_of_its_cells(dialog: KeysDialog) -> None:
    counting = Counting(dialog.table)
    dialog.table.setItemDelegate(counting)
    QApplication.processEvents()
    counting.times = 0
    dialog.choose("flip")
    type_key(dialog, 0, Qt.Key.Key_J, CTRL | ALT)
    QApplication.processEvents()
    assert dialog.own
    cells = dialog.table.rowCount() * dialog.table.columnCount()
    assert counting.times < 5 * cells  # it was 820 times as many: two seconds a key


def test_one_and_all_are_reset(dialog: KeysDialog) -> None:
    for name, which in (("flip", Qt.Key.Key_J), ("invert", Qt.Key.Key_K)):
        dialog.choose(name)
        type_key(dialog, 0, which, CTRL | ALT)
    dialog.choose("flip")
    dialog.reset_one.click()
    assert dialog.own == {"invert": ("Ctrl+Alt+K",)}
    assert not dialog.reset_one.isEnabled()
    dialog.reset_all.click()
    assert dialog.own == {}
    assert not dialog.reset_all.isEnabled()


def test_a_second_key_and_a_cleared_one(dialog: KeysDialog) -> None:
    dialog.choose("flip")
    type_key(dialog, 1, Qt.Key.Key_J, CTRL | ALT)
    assert dialog.own == {"flip": ("H", "Ctrl+Alt+J")}
    dialog.edits[0].clear()
    dialog.edits[0].editingFinished.emit()
    assert dialog.own == {"flip": ("Ctrl+Alt+J",)}


def test_the_fields_are_no_trap_and_escape_leaves_them_as_they_were(dialog: KeysDialog, qtbot: QtBot) -> None:
    dialog.choose("flip")
    edit = dialog.edits[0]
    edit.setFocus()
    qtbot.waitUntil(lambda: dialog.isActiveWindow())
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()
    assert dialog.own == {}
    edit.setFocus()
    edit.setKeySequence(QKeySequence("Ctrl+Alt+J"))  # half typed
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    edit.editingFinished.emit()
    assert edit.keySequence() == QKeySequence("H")
    assert dialog.own == {}


def test_the_list_is_searched_by_word_and_by_key(dialog: KeysDialog) -> None:
    def found() -> list[str]:
        rows = range(dialog.table.rowCount())
        return [cell(dialog.table, row, 0) for row in rows if not dialog.table.isRowHidden(row)]

    dialog.search.setText("mirror, left")
    assert found() == ["Mirror, left to right"]
    dialog.search.setText("alt+l")
    assert "Turn left" in found()
    dialog.search.setText("double click")
    assert "One pane alone, and back" in found()


def test_gestures_of_the_mouse_are_listed_but_not_changed(dialog: KeysDialog) -> None:
    dialog.table.selectRow(dialog.table.rowCount() - 1)
    assert not any(edit.isEnabled() for edit in dialog.edits)
    assert not dialog.reset_one.isEnabled()


# -- by numbers


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["I", "H", "Ctrl+R", FREE, "F1"])), max_size=6))
def test_no_key_ever_does_two_things(changes: list[tuple[str, str]]) -> None:
    own: Keys = {}
    for name, wanted in changes:
        own = with_keys(own, name, (wanted,))
        assert all_keys(own)[name] == (wanted,)
    keys = [one for held in all_keys(own).values() for one in held]
    assert len(keys) == len(set(keys))
    assert own_keys(all_keys(own)) == own
    stored = json.loads(Settings(keys=dict(own)).model_dump_json())
    assert read_keys(stored["keys"]) == (own, 0)


def test_what_is_damaged_or_unknown_is_left_out_with_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    stored = {
        "flip": ["Ctrl+Alt+J"], "no_such_action": ["J"], "invert": "I", "reset": [7], "fit": ["Blah+"],
        "zoom_in": ["Tab"], "corner_text": ["Ctrl+Alt+J"], "clahe": [],
    }  # fmt: skip
    path.write_text(json.dumps({"keys": stored}))
    chosen, damaged = load_chosen(path)
    settings = chosen.settings()
    assert damaged is None
    own, left_out = read_keys(settings.keys)
    assert own == {"flip": ("Ctrl+Alt+J",), "clahe": ()}
    assert left_out == 6
    assert all_keys(own)["invert"] == default_keys()["invert"]


def test_reserved_keys_are_only_for_the_actions_that_the_program_gives_them_to() -> None:
    assert default_keys()["analyse_anyway"] == ("Ctrl+Return",)  # with Ctrl it presses nothing
    for reserved in RESERVED:
        holders = [name for name in NAMES if may_have(name, reserved)]
        assert holders == [name for name in NAMES if reserved in default_keys()[name]]
        assert "flip" not in holders
    assert read_keys({"flip": ["Return"]}) == ({}, 1)


def test_keys_are_stored_in_words_that_do_not_depend_on_the_machine() -> None:
    words = ("ctrl+r", "x", "Blah", "", "Ctrl+K, Ctrl+C", "Del")
    assert [portable(word) for word in words] == ["Ctrl+R", "X", "", "", "", "Del"]
    assert holder_of(default_keys(), "Ctrl+R", besides="fit") == "reset"
    assert holder_of(default_keys(), FREE, besides="fit") is None
