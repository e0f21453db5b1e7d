"""The worklist: order, words, and that nothing moves under the reader's eyes."""

from __future__ import annotations

import random
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.listing.rows import WorklistRows
from app.domain.study import Study
from app.domain.worklist import Worklist
from app.ui.wishes import Wishes
from app.ui.words.words import row_words, state_icon, state_word
from app.ui.worklist.model import UID_ROLE, WorklistModel
from app.ui.worklist.view import WorklistView
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room


@pytest.fixture
def view(qtbot: QtBot, wishes: Wishes) -> WorklistView:
    widget = WorklistView(wishes)
    qtbot.addWidget(widget)
    widget.resize(268, 400)
    widget.show()
    return widget


def uids(view: WorklistView) -> list[str]:
    model = view.list.studies
    return [str(model.index(row).data(UID_ROLE)) for row in range(model.rowCount())]


def test_the_highest_score_is_on_top(view: WorklistView) -> None:
    view.set_worklist(Worklist(synthetic.reading_list()))
    assert uids(view)[:4] == ["1.2.3.0", "1.2.3.1", "1.2.3.2", "1.2.3.3"]
    assert view.count.text() == "11 studies, 4 scored"


def test_a_click_tells_the_study_and_a_program_does_not(view: WorklistView, wishes: Wishes, qtbot: QtBot) -> None:
    view.set_worklist(Worklist(synthetic.reading_list()))
    index = view.list.studies.index(2)
    with qtbot.waitSignal(wishes.study_selected) as blocker:
        QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=view.list.visualRect(index).center())
    assert blocker.args == ["1.2.3.2"]
    with qtbot.assertNotEmitted(wishes.study_selected, wait=20):
        view.list.select("1.2.3.3")
    assert view.list.selected_uid == "1.2.3.3"


def test_the_selection_follows_the_study_when_the_list_is_sorted_again(
    view: WorklistView, wishes: Wishes, qtbot: QtBot
) -> None:
    items = [synthetic.item(number) for number in range(8)]
    view.set_worklist(Worklist(items))
    view.list.select("1.2.3.5")
    worklist = Worklist(items)
    with qtbot.assertNotEmitted(wishes.study_selected, wait=20):
        for number, score in ((7, 0.9), (5, 0.4), (2, 0.7), (0, 0.1)):
            worklist = worklist.upsert(synthetic.item(number, score))
            view.set_worklist(worklist)
            assert view.list.selected_uid == "1.2.3.5"
    assert uids(view)[:4] == ["1.2.3.7", "1.2.3.2", "1.2.3.5", "1.2.3.0"]


def test_what_is_on_the_screen_does_not_jump(view: WorklistView) -> None:
    items = [synthetic.item(number, 0.5 - number / 100) for number in range(40)]
    worklist = Worklist(items)
    view.set_worklist(worklist)
    QApplication.processEvents()
    view.list.verticalScrollBar().setValue(700)
    view.list.select("1.2.3.14")
    QApplication.processEvents()
    at = view.list.studies.row_of("1.2.3.14")
    assert at is not None
    before = view.list.visualRect(view.list.studies.index(at)).top()
    assert view.list.viewport().rect().top() <= before <= view.list.viewport().rect().bottom()
    worklist = worklist.upsert(*(synthetic.item(number, 0.9) for number in range(40, 46)))
    view.set_worklist(worklist)
    QApplication.processEvents()
    moved = view.list.studies.row_of("1.2.3.14")
    assert moved == at + 6
    assert view.list.visualRect(view.list.studies.index(moved)).top() == before


def test_without_a_selection_the_top_line_stays(view: WorklistView) -> None:
    worklist = Worklist([synthetic.item(number, 0.5 - number / 100) for number in range(40)])
    view.set_worklist(worklist)
    QApplication.processEvents()
    view.list.verticalScrollBar().setValue(600)
    top = view.list.indexAt(view.list.viewport().rect().topLeft())
    uid, before = str(top.data(UID_ROLE)), view.list.visualRect(top).top()
    view.set_worklist(worklist.upsert(synthetic.item(50, 0.95)))
    QApplication.processEvents()
    row = view.list.studies.row_of(uid)
    assert row is not None
    assert view.list.visualRect(view.list.studies.index(row)).top() == before


def test_random_changes_leave_model_and_worklist_the_same(qtbot: QtBot) -> None:
    from PySide6.QtTest import QAbstractItemModelTester

    model = WorklistModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    random_numbers = random.Random(5)  # noqa: S311 - no secret
    worklist, rows = Worklist(), WorklistRows()
    for _ in range(120):
        number = random_numbers.randrange(20)
        if random_numbers.random() < 0.2:
            worklist = worklist.without(f"1.2.3.{number}")
        else:
            worklist = worklist.upsert(synthetic.item(number, random_numbers.choice((None, random_numbers.random()))))
        rows.follow(worklist, date(2026, 11, 30))
        model.set_studies(rows.shown)
        shown = [model.study(row) for row in range(model.rowCount())]
        assert shown == list(worklist.studies)
        assert all(model.row_of(study.uid) == row for row, study in enumerate(shown))
    del tester


def test_every_state_has_a_word_and_an_icon_of_its_own() -> None:
    studies = [Study(item.study_uid, (item,)) for item in synthetic.reading_list()]
    different = {state_word(study): state_icon(study) for study in studies}
    assert len(different) == len(set(different.values())) == 8


def test_a_line_is_said_in_words(room: Room) -> None:
    (item,) = (item for item in synthetic.reading_list() if item.key == "key-0")
    words = row_words(Study(item.study_uid, (item,)))
    assert words == (
        "Lindqvist, Astrid, ID P0000, 54 y, F, 2014-05-02, score 0.83, 97th percentile of held-out normals, Scored,"
        " unread"
    )


def test_a_score_that_means_little_is_marked_by_word_shape_and_brackets(room: Room) -> None:
    item = synthetic.item(0, 0.83, outside_memory=True)
    study = Study(item.study_uid, (item,))
    assert state_word(study) == "Unlike memory"
    assert state_icon(study) not in {state_icon(Study(i.study_uid, (i,))) for i in synthetic.reading_list()}
    assert "unlike anything in memory: the score means little, Unlike memory" in row_words(study)
    assert "percentile" not in row_words(study)
    room.fill(synthetic.item(1, 0.6), item)
    assert room.store.worklist.studies[0].outside_memory  # it keeps its place: nothing lowers a study
    sound = synthetic.item(0, 0.83)
    painted = []
    for shown in (item, sound):
        room.fill(shown)
        QApplication.processEvents()
        painted.append(room.window.worklist.grab().toImage())
    assert painted[0] != painted[1]


def test_control_and_arrows_walk_through_the_worklist(room: Room, qtbot: QtBot) -> None:
    room.fill(*synthetic.reading_list())
    chosen: list[str] = []
    room.wishes.study_selected.connect(chosen.append)
    for _ in range(2):
        QTest.keyClick(room.window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(room.window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert chosen == ["1.2.3.0", "1.2.3.1", "1.2.3.0"]


def test_text_from_a_file_is_never_markup(room: Room) -> None:
    bold = synthetic.identity(0, patient_name="<b>Bold</b><img src=x>")
    item = synthetic.item(0, 0.5, identity=bold)
    room.open(synthetic.radiograph(identity=bold), item=item)
    assert room.window.header.name.whole == "<b>Bold</b><img src=x>"
    assert room.window.header.name.textFormat() == Qt.TextFormat.PlainText
    tip = str(room.window.worklist.list.studies.index(0).data(Qt.ItemDataRole.ToolTipRole))
    assert "<b>" not in tip
    assert "&lt;b&gt;" in tip
