"""What is typed where text can be meant is text: no command fires. In a pane, on a button or slider every key works."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSpinBox, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.domain.marks.measurements import Arrow, Note
from app.ui.keys.focus_rules import CHOICES, LINES
from app.ui.panes.pane_view import PaneView
from tests.app.ui import screens, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import LEFT, SHIFT, key
from tests.app.ui.marking import K, click, only, open_stamped, pull

LETTERS = string.ascii_lowercase + string.ascii_uppercase
TYPED = LETTERS + string.digits + ".,/?=+-[]"


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    first = synthetic.item(0, 0.83)
    room.fill(first, synthetic.item(3, 0.2))
    room.open(image, synthetic.detection(image), first)
    room.holder.update(patch=5)  # so that the list of memory entries is there
    settle()
    return room


@pytest.fixture
def commands(opened: Room) -> list[str]:
    """The names of the actions that are triggered from now on; all are possible, and none does anything."""
    found: list[str] = []
    for name, action in opened.window.actions_by_name.items():
        action.triggered.disconnect()
        if action.isCheckable():
            action.toggled.connect(print)  # so that there is something to let go of
            action.toggled.disconnect()
        action.setEnabled(True)
        action.triggered.connect(lambda _=False, name=name: found.append(name))
    return found


def held_by(room: Room, typed: str) -> str | None:
    """The action whose key a character is."""
    keys = f"Shift+{typed}" if typed.isupper() else typed.upper()
    return next((name for name, held in room.holder.state.keys.items() if keys in held), None)


def stops(root: QWidget) -> list[QWidget]:
    """What can have the keys."""
    return [
        part
        for part in root.findChildren(QWidget)
        if part.isVisible() and part.isEnabled() and part.window() is root.window() and part.focusProxy() is None
        and part.focusPolicy() is not Qt.FocusPolicy.NoFocus
    ]  # fmt: skip


def wrote(part: QWidget, text: str) -> None:
    part.setFocus()
    for typed in text:
        focus = QApplication.focusWidget()  # typing into a list may move on to a line
        assert focus is not None
        QTest.keyClicks(focus, typed, SHIFT if typed.isupper() else Qt.KeyboardModifier.NoModifier)


def test_no_command_fires_where_text_can_be_meant_and_all_elsewhere(opened: Room, commands: list[str]) -> None:
    texts, others = 0, 0
    expected = [name for typed in TYPED if (name := held_by(opened, typed)) is not None]
    assert len(expected) > 25
    for part in stops(opened.window):
        commands.clear()
        wrote(part, TYPED)
        if isinstance(part, LINES + CHOICES):
            texts += 1
            assert commands == [], part
        else:
            others += 1
            assert commands == expected, part
    assert texts >= 5  # the worklist, memory's entries, counts and choices of the panel
    assert others >= 20


def test_a_pane_has_every_key(opened: Room, commands: list[str]) -> None:
    panes = [part for part in stops(opened.window) if isinstance(part, PaneView)]
    assert len(panes) == 4
    for pane in panes:
        commands.clear()
        wrote(pane, LETTERS)
        assert commands == [name for typed in LETTERS if (name := held_by(opened, typed)) is not None]


@pytest.mark.parametrize("made", [QLineEdit, QSpinBox, QTextEdit])
def test_no_key_of_a_line_is_a_command_but_esc_and_the_function_keys(
    opened: Room, commands: list[str], made: type[QWidget], settle: Callable[[], None]
) -> None:
    line = made(opened.window.reading)
    if isinstance(line, QTextEdit):
        line.setReadOnly(True)
    line.show()
    settle()
    wrote(line, TYPED + " ")
    for which in (K.Key_Up, K.Key_Down, K.Key_PageUp, K.Key_PageDown, K.Key_Delete, K.Key_Backspace, K.Key_Return):
        for keys in (Qt.KeyboardModifier.NoModifier, SHIFT):
            line.setFocus()
            key(line, which, keys)
    assert commands == []
    for which in (K.Key_F11, K.Key_Escape):
        line.setFocus()
        key(line, which)
    assert commands == ["full_screen", "escape"]


def test_letters_typed_in_the_worklist_go_to_its_filter_line(opened: Room, commands: list[str]) -> None:
    line = opened.window.worklist.findChild(QLineEdit, "worklistFilter")
    assert line is not None
    listed = opened.window.worklist.list
    QTest.mouseClick(listed.viewport(), LEFT, pos=listed.visualRect(listed.studies.index(0)).center())
    assert QApplication.focusWidget() is listed
    wrote(listed, "c")
    assert QApplication.focusWidget() is line
    QTest.keyClicks(line, "hen L")
    assert line.text() == "chen L"
    assert commands == []


def test_nothing_typed_into_a_dialog_reaches_the_window(
    opened: Room, commands: list[str], qtbot: QtBot, settle: Callable[[], None]
) -> None:
    for name in ("dialog-settings", "dialog-keys", "dialog-export"):
        dialog = screens.dialogs(opened.window)[name]
        dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        settle()
        for part in stops(dialog):
            if isinstance(part, LINES + CHOICES):
                wrote(part, "chenCHEN")
        dialog.close()
        opened.window.activateWindow()
        qtbot.waitUntil(opened.window.isActiveWindow)
    assert commands == []


def test_after_a_note_or_an_arrow_is_placed_a_line_opens_and_has_the_keys(
    room: Room, settle: Callable[[], None]
) -> None:
    open_stamped(room)
    settle()
    link = room.window.panes.link
    key(room.window, K.Key_L)
    click(room, (200.0, 200.0))
    wrote(room.window.measure.writer.editor, "chen")
    key(room.window.measure.writer.editor, K.Key_Return)
    assert only(room) == Note(only(room).points, "chen")
    room.holder.update(annotations=type(room.holder.state.annotations)(), selected_mark=None)
    key(room.window, K.Key_P)
    pull(room, (200.0, 200.0), (280.0, 330.0))
    editor = QApplication.focusWidget()
    assert editor is room.window.measure.writer.editor
    for typed in "chen":
        QTest.keyClicks(editor, typed)
    assert not link.orientation.mirrored
    key(editor, K.Key_Return)
    assert only(room) == Arrow(only(room).points, "chen")


def test_an_arrow_needs_no_words(room: Room, settle: Callable[[], None]) -> None:
    open_stamped(room)
    settle()
    for leave in (K.Key_Return, K.Key_Escape):
        room.holder.update(annotations=type(room.holder.state.annotations)(), selected_mark=None)
        if not room.window.actions_by_name["tool_arrow"].isChecked():
            key(room.window, K.Key_P)
        pull(room, (200.0, 200.0), (280.0, 330.0))
        key(room.window.measure.writer.editor, leave)
        assert not room.window.measure.drawing
        assert only(room) == Arrow(only(room).points)
