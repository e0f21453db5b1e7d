"""A morning in short: forty studies through the real window and services, with one key each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.study import Judgement, Reading
from app.main import Program
from app.paths import AppPaths
from app.ui.keys.mnemonics import words_of
from tests.app.world import CodeDetector, DirectReaders, Face

K, SHIFT, CTRL = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
KEYS = ((K.Key_Y, Judgement.ACCEPTED), (K.Key_N, Judgement.REJECTED), (K.Key_F, Judgement.NORMAL))
FORTY = 40
WAIT_MS = 20_000

Start = Callable[[], Program]


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path) -> Iterator[Start]:
    """The program on its own folder; the detector counts bright rows, files are parsed in this process."""
    programs: list[Program] = []

    def begin() -> Program:
        with patch("app.services.services.InferenceClient", CodeDetector):
            program = Program(AppPaths(tmp_path / "home"), keep_layout=False, readers=DirectReaders())
        programs.append(program)
        program.start()
        window = program.window
        qtbot.waitExposed(window)
        window.activateWindow()
        window.windowHandle().requestActivate()
        qtbot.waitUntil(window.isActiveWindow)
        return program

    yield begin
    for program in programs:
        program.close()


@pytest.fixture
def morning(qtbot: QtBot, start: Start, tmp_path: Path) -> Program:
    """Forty scored studies, the highest one open."""
    disk = tmp_path / "disk"
    disk.mkdir()
    for number in range(FORTY):
        (disk / f"{number:02}.dcm").write_bytes(Face(number, number, 1, code=16 + 2 * number).data)
    program = start()
    program.open([disk])
    settle(qtbot, program)
    top = program.store.worklist.studies[0]
    program.wishes.study_selected.emit(top.uid)
    settle(qtbot, program)
    return program


def settle(qtbot: QtBot, program: Program) -> None:
    def calm() -> bool:
        program.services.database.ask(lambda _: None).result(5)
        told = program.store._worklist is program.store._told
        return program.idle and told and not program.holder.state.loading

    qtbot.waitUntil(calm, timeout=WAIT_MS)


def press(program: Program, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or program.window, key, modifier)


def said(program: Program) -> list[Judgement]:
    return [study.judgement for study in program.store.worklist.studies]


def place(program: Program) -> int:
    """Of the open study in the list."""
    return [study.uid for study in program.store.worklist.studies].index(program.holder.state.study_uid)


def test_forty_studies_with_one_key_each_are_forty_judgements(qtbot: QtBot, start: Start, morning: Program) -> None:
    morning.window.panes.original.view.setFocus()
    order = [study.uid for study in morning.store.worklist.studies]
    for number in range(FORTY):
        assert place(morning) == number
        press(morning, KEYS[number % 3][0])
    settle(qtbot, morning)
    expected = [KEYS[number % 3][1] for number in range(FORTY)]
    assert said(morning) == expected
    assert [study.uid for study in morning.store.worklist.studies] == order, "nothing moves"
    assert morning.notifier.history[-1].title == "All 40 studies have been read."
    stored = morning.services.database.ask(lambda database: database.judgements()).result(5)
    assert len(stored) == FORTY
    morning.close()
    again = start()
    settle(qtbot, again)
    assert said(again) == expected
    assert {study.reading for study in again.store.worklist.studies} == {Reading.READ}


def test_a_judgement_is_set_never_flipped_and_shift_stays(qtbot: QtBot, morning: Program) -> None:
    morning.window.panes.original.view.setFocus()
    for _ in range(2):
        press(morning, K.Key_Y, SHIFT)
    settle(qtbot, morning)
    assert (place(morning), said(morning)[0]) == (0, Judgement.ACCEPTED)
    press(morning, K.Key_N, SHIFT)
    assert (place(morning), said(morning)[0]) == (0, Judgement.REJECTED)
    press(morning, K.Key_U)
    assert (place(morning), said(morning)[0]) == (0, Judgement.NONE)
    assert morning.store.worklist.studies[0].reading is Reading.READING


def test_undo_goes_back_to_the_study_and_takes_back_the_last_thing_of_each(qtbot: QtBot, morning: Program) -> None:
    morning.window.panes.original.view.setFocus()
    press(morning, K.Key_Y)
    press(morning, K.Key_N)
    settle(qtbot, morning)
    done = morning.window.footer.done
    assert (done.words.whole, done.button.isVisible()) == ("Finding rejected.", True)
    assert words_of(morning.window.actions_by_name["undo"]) == "Undo: judgement"
    press(morning, K.Key_Z, CTRL)
    settle(qtbot, morning)
    assert (place(morning), said(morning)[:3]) == (1, [Judgement.ACCEPTED, Judgement.NONE, Judgement.NONE])
    assert done.words.whole == "Undone: judgement. Its study is shown."
    assert words_of(morning.window.actions_by_name["redo"]) == "Redo: judgement"
    press(morning, K.Key_Y, CTRL)
    press(morning, K.Key_Z, CTRL)
    press(morning, K.Key_Z, CTRL)
    settle(qtbot, morning)
    assert (place(morning), set(said(morning))) == (0, {Judgement.NONE})
    assert morning.store.worklist.studies[0].reading is Reading.READING


def test_the_footer_takes_back_what_it_says_and_moves_nothing(qtbot: QtBot, morning: Program) -> None:
    footer = morning.window.footer
    before = [(widget.pos(), widget.size()) for widget in (footer.notice, footer.done)]
    press(morning, K.Key_F)
    settle(qtbot, morning)
    assert [(widget.pos(), widget.size()) for widget in (footer.notice, footer.done)] == before
    assert footer.done.words.whole == "Called normal."
    QTest.mouseClick(footer.done.button, Qt.MouseButton.LeftButton)
    settle(qtbot, morning)
    assert (place(morning), set(said(morning))) == (0, {Judgement.NONE})


@pytest.mark.parametrize("where", ["list", "pane", "tool bar"])
def test_next_unread_and_back_are_the_same_wherever_the_focus_is(qtbot: QtBot, morning: Program, where: str) -> None:
    window = morning.window
    focus: dict[str, QWidget] = {
        "list": window.worklist.list,
        "pane": window.panes.original.view,
        "tool bar": window.tool_bar.buttons["undo"],
    }
    focus[where].setFocus()
    morning.wishes.marked.emit(tuple(study.uid for study in morning.store.worklist.studies[1:4]), Reading.READ)
    settle(qtbot, morning)
    press(morning, K.Key_Return)
    assert place(morning) == 4, "past those that are read"
    press(morning, K.Key_PageDown)
    assert place(morning) == 5
    press(morning, K.Key_Backspace)
    assert place(morning) == 4
    press(morning, K.Key_PageUp)
    assert place(morning) == 0
    assert morning.store.worklist.studies[4].reading is Reading.READING, "left without a word it is work still"
    window.panes.original.view.setFocus()  # in the list letters are for its filter
    press(morning, K.Key_J)
    settle(qtbot, morning)
    assert (place(morning), morning.store.worklist.studies[0].reading) == (4, Reading.READ)
    assert set(said(morning)) == {Judgement.NONE}


def test_a_study_taken_off_comes_back_with_all_that_was_said_of_it(
    qtbot: QtBot, start: Start, morning: Program
) -> None:
    press(morning, K.Key_N, SHIFT)
    settle(qtbot, morning)
    uid, score = morning.holder.state.study_uid, morning.store.worklist.studies[0].score
    morning.window.actions_by_name["remove"].trigger()
    settle(qtbot, morning)
    assert morning.store.worklist.study(uid) is None
    assert place(morning) == 0, "its neighbour is shown, and no black panes"
    assert morning.window.footer.done.words.whole == "Removed from the worklist."
    press(morning, K.Key_Z, CTRL)
    settle(qtbot, morning)
    back = morning.store.worklist.study(uid)
    assert back is not None
    assert (back.judgement, back.reading, back.score) == (Judgement.REJECTED, Reading.READ, score)
    assert morning.holder.state.study_uid == uid
    qtbot.waitUntil(lambda: morning.holder.state.detection is not None)
    morning.close()
    again = start()
    settle(qtbot, again)
    assert again.store.worklist.study(uid) is not None


def test_the_line_over_the_list_counts_and_its_chips_go_there(qtbot: QtBot, morning: Program, tmp_path: Path) -> None:
    line, worklist = morning.window.worklist.progress, morning.store.worklist
    high = sum(study.is_high for study in worklist.studies)
    assert (line.read.text(), line.high.whole) == ("0 of 40 read", f"{high} above the 95% line left")
    assert not line.above.isVisible()
    press(morning, K.Key_Y)
    settle(qtbot, morning)
    assert line.read.text() == "1 of 40 read"
    lines = line.read.pos(), line.high.pos(), line.height()
    (tmp_path / "disk" / "late.dcm").write_bytes(Face(90, 90, 1, code=112).data)
    shown = morning.holder.state.study_uid
    morning.open([tmp_path / "disk"])
    settle(qtbot, morning)
    assert morning.holder.state.study_uid == shown
    assert (line.above.text(), line.new.text()) == ("1 higher above", "1 new")
    assert (line.read.pos(), line.high.pos(), line.height()) == lines
    QTest.mouseClick(line.new, Qt.MouseButton.LeftButton)
    settle(qtbot, morning)
    assert place(morning) == 0
    assert not line.new.isVisible()
