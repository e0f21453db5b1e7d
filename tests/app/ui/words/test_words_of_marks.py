"""Notes, and the words of arrows: written, changed, dropped and kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.marks.annotations import Annotations
from app.domain.marks.measurements import Arrow, Note
from app.domain.marks.tools import Tool
from app.domain.study import Study
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, NONE, key, send
from tests.app.ui.marking import K, click, marks, near, only, open_stamped, put


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    open_stamped(room)
    settle()
    return room


def test_l_writes_a_note_that_is_plain_text(opened: Room) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    editor = opened.window.measure.writer.editor
    assert editor.hasFocus()
    QTest.keyClicks(editor, "<b>nodule</b> d a c")  # letters are letters while one writes
    key(editor, K.Key_Return)
    mark = only(opened)
    assert isinstance(mark, Note)
    assert mark.text == "<b>nodule</b> d a c"
    assert near(mark, (200, 120))
    assert opened.window.panes.original.view.hasFocus()
    assert opened.holder.state.tool is Tool.NOTE


def test_escape_drops_the_words_and_an_empty_note_is_none(opened: Room) -> None:
    key(opened.window, K.Key_L)
    editor = opened.window.measure.writer.editor
    click(opened, (200.0, 120.0))
    QTest.keyClicks(editor, "half")
    key(editor, K.Key_Escape)
    assert not editor.isVisible()
    click(opened, (200.0, 120.0))
    key(editor, K.Key_Return)
    assert not marks(opened)
    assert opened.holder.state.tool is Tool.NOTE


def test_words_are_changed_by_double_click_and_by_f2(opened: Room) -> None:
    put(opened, Note(((200.0, 120.0),), "old"))
    pane = opened.window.panes.original
    place = opened.window.measure.display.overlay.label_place(0)
    assert place is not None
    where, none = place.center().toPoint(), Qt.MouseButton.NoButton
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
        send(pane, kind, where, LEFT, none if kind is QEvent.Type.MouseButtonRelease else LEFT, NONE)
    editor = opened.window.measure.writer.editor
    assert editor.isVisible()
    assert all(other.isVisible() for other in opened.window.panes.panes)  # and no pane was maximised
    QTest.keyClicks(editor, "new")
    key(editor, K.Key_Return)
    assert only(opened) == Note(((200.0, 120.0),), "new")
    key(opened.window, K.Key_F2)
    QTest.keyClicks(editor, "newer")
    click(opened, (400.0, 300.0))  # elsewhere: what was typed counts
    assert only(opened) == Note(((200.0, 120.0),), "newer")


def test_an_arrow_may_carry_words(opened: Room) -> None:
    put(opened, Arrow(((200, 200), (280, 330))), selected=0)
    key(opened.window, K.Key_F2)
    QTest.keyClicks(opened.window.measure.writer.editor, "nodule?")
    key(opened.window.measure.writer.editor, K.Key_Return)
    assert only(opened) == Arrow(((200, 200), (280, 330)), "nodule?")


def test_deleting_a_note_whose_words_have_just_been_emptied_takes_no_other_mark(opened: Room) -> None:
    put(opened, Note(((80.0, 80.0),), "first"), Note(((160.0, 90.0),), "second"), selected=0)
    opened.window.panes.original.view.setFocus()
    key(opened.window, K.Key_F2)
    opened.window.measure.writer.editor.clear()
    opened.window.actions_by_name["delete_mark"].trigger()  # from the menu, which leaves the line open
    assert [mark.text for mark in marks(opened) if isinstance(mark, Note)] == ["second"]
    key(opened.window, K.Key_Z, CTRL)
    assert [mark.text for mark in marks(opened) if isinstance(mark, Note)] == ["first", "second"]


def test_words_half_written_are_kept_when_the_window_closes(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    QTest.keyClicks(opened.window.measure.writer.editor, "half")
    with qtbot.waitSignal(opened.wishes.marks_changed) as kept:
        opened.window.close()
    assert kept.args is not None
    assert kept.args[1].marks[0].text == "half"


def test_words_half_written_stay_with_the_image_they_were_written_on(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    QTest.keyClicks(opened.window.measure.writer.editor, "half")
    other = synthetic.item(1)
    with qtbot.waitSignal(opened.wishes.marks_changed) as kept:
        opened.holder.update(
            study=Study(other.study_uid, (other,)), image_key=other.key, annotations=Annotations(), selected_mark=None
        )
    assert kept.args is not None
    assert kept.args[0] == "key-0"
    assert kept.args[1].marks[0].text == "half"
    assert not marks(opened)
    assert not opened.window.measure.writer.busy
