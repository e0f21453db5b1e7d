"""Query a PACS: asked by keys alone, never waiting, and masked by the one switch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.network import Fetching, FetchItem, FetchState, QueryPage
from app.domain.session import Session
from app.ui.dialogs.found_table import ACCESSION, BORN, DESCRIPTION, HERE, NUMBER, PATIENT, WHEN
from app.ui.dialogs.query import QueryDialog
from app.ui.dialogs.query_form import RANGE, YESTERDAY
from app.ui.wishes import Wishes
from squid_core.contracts.network import Outcome, Question, Said
from squid_core.network import words
from tests.app.ui import networked, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, NONE, SHIFT

Key = Qt.Key
SHOWN = networked.fields(networked.CONFIGURED)


def today() -> date:
    return date.today()  # noqa: DTZ011 - the reader's day


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> QueryDialog:
    made = QueryDialog(wishes, networked.is_here)
    qtbot.addWidget(made)
    made.render_session(None, networked.CONFIGURED)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.begin()
    return made


def show(dialog: QueryDialog, session: Session, old: Session = networked.CONFIGURED) -> Session:
    dialog.render_session(old, session)
    return session


def cell(dialog: QueryDialog, row: int, column: int) -> str:
    return str(dialog.table.model().index(row, column).data() or "")


def whole_table(dialog: QueryDialog) -> str:
    model = dialog.table.model()
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    cells = (model.index(row, column) for row in range(model.rowCount()) for column in range(model.columnCount()))
    return "\n".join(str(index.data(role) or "") for index in cells for role in roles)


def press(key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, keys)


def test_a_study_is_asked_for_found_and_fetched_by_keys_alone(room: Room, qtbot: QtBot) -> None:
    room.holder.update(**SHOWN)
    QTest.keyClick(room.window, Key.Key_O, CTRL | SHIFT)
    query = room.window.dialogs.query
    assert query is not None
    qtbot.waitUntil(query.isActiveWindow)
    assert QApplication.focusWidget() is query.form.name
    QTest.keyClicks(query.form.name, "lindqvist, as")
    with qtbot.waitSignal(room.wishes.studies_asked) as asked:
        press(Key.Key_Return)
    assert asked.args == [
        "PACS",
        Question(today(), today(), modalities=("CR", "DX"), patient_name="lindqvist^as*"),
    ]
    room.holder.update(elsewhere=QueryPage("PACS"))
    assert not query.search.isEnabled()
    assert query.cancel.isVisible()
    room.holder.update(elsewhere=networked.FOUND)
    assert QApplication.focusWidget() is query.form.name, "an answer takes the keys from nobody"
    press(Key.Key_Down)
    assert QApplication.focusWidget() is query.table
    press(Key.Key_Down)
    with qtbot.waitSignal(room.wishes.studies_fetched) as fetched, qtbot.assertNotEmitted(room.wishes.studies_asked):
        press(Key.Key_Return)
    assert fetched.args == ["PACS", ("1.2.3.1",)]
    assert query.isVisible()
    press(Key.Key_Escape)
    assert room.window.dialogs.query is None


def test_nothing_configured_is_said_and_leads_to_the_settings(room: Room, qtbot: QtBot) -> None:
    QTest.keyClick(room.window, Key.Key_O, CTRL | SHIFT)
    query = room.window.dialogs.query
    assert query is not None
    qtbot.waitUntil(query.isActiveWindow)
    assert "No system is set up yet." in query.missing.text()
    assert query.missing.isVisible()
    assert not query.table.isVisible()
    with qtbot.waitSignal(room.wishes.network_settings_requested):
        press(Key.Key_Return)
    room.holder.update(**SHOWN)
    assert query.table.isVisible()
    room.holder.update(network_fault="The network settings are damaged.")
    assert query.missing.text() == "The network settings are damaged."


def test_every_field_becomes_part_of_the_question(dialog: QueryDialog, wishes: Wishes, qtbot: QtBot) -> None:
    form = dialog.form
    QTest.keyClicks(form.patient_id, "P0001")
    QTest.keyClicks(form.accession, "A118*")
    QTest.keyClicks(form.body_part, "chest")
    form.system.setFocus()
    press(Key.Key_Down)
    form.days.setFocus()
    press(Key.Key_Down)
    assert form.days.currentData() == YESTERDAY
    form.modality.setFocus()
    press(Key.Key_End)
    with qtbot.waitSignal(wishes.studies_asked) as asked:
        QTest.mouseClick(dialog.search, LEFT)
    day = today() - timedelta(days=1)
    expected = Question(day, day, patient_id="P0001", accession_number="A118*", body_part="CHEST")
    assert asked.args == ["Archive", expected]


def test_a_range_of_days_is_typed(dialog: QueryDialog) -> None:
    form = dialog.form
    assert not form.first.isVisible()
    before = form.modality.x()
    form.days.setCurrentIndex(form.days.findData(RANGE))
    assert form.first.isVisible()
    QApplication.processEvents()
    assert form.modality.x() == before, "the fields stay where they are"
    for edit, day in ((form.first, "20261102"), (form.last, "20261109")):
        edit.setFocus()
        edit.selectAll()
        QTest.keyClicks(edit, f"{day[:4]}-{day[4:6]}-{day[6:]}")
    assert form.question().first_day == date(2026, 11, 2)
    assert form.question().last_day == date(2026, 11, 9)


@pytest.mark.parametrize(("typed", "asked"), [("lin", "lin*"), ("Lin, Mei", "Lin^Mei*"), ("L?n*", "L?n*"), (" ", "")])
def test_the_beginning_of_a_name_is_enough(dialog: QueryDialog, typed: str, asked: str) -> None:
    QTest.keyClicks(dialog.form.name, typed)
    assert dialog.form.question().patient_name == asked


def test_several_are_fetched_at_once(dialog: QueryDialog, wishes: Wishes, qtbot: QtBot) -> None:
    show(dialog, networked.QUERIES["found"])
    dialog.table.begin()
    press(Key.Key_Down, SHIFT)
    press(Key.Key_Down, SHIFT)
    assert dialog.fetch.text() == "Fetch 3 studies"
    with qtbot.waitSignal(wishes.studies_fetched) as fetched:
        QTest.mouseClick(dialog.fetch, LEFT)
    assert fetched.args == ["PACS", ("1.2.3.0", "1.2.3.1", "1.2.3.2")]


def test_a_double_click_fetches(dialog: QueryDialog, wishes: Wishes, qtbot: QtBot) -> None:
    show(dialog, networked.QUERIES["found"])
    at = dialog.table.visualRect(dialog.table.model().index(4, PATIENT)).center()
    viewport = dialog.table.viewport()
    QTest.mouseClick(viewport, LEFT, NONE, at)
    with qtbot.waitSignal(wishes.studies_fetched) as fetched:
        QTest.mouseDClick(viewport, LEFT, NONE, at)
    assert fetched.args == ["PACS", ("1.2.3.4",)]


def test_what_is_here_already_is_said_and_follows_the_worklist(room: Room, qtbot: QtBot) -> None:
    room.holder.update(**{**SHOWN, "elsewhere": networked.FOUND})
    room.window.dialogs.show_query()
    query = room.window.dialogs.query
    assert query is not None
    assert [cell(query, row, HERE) for row in range(3)] == ["", "", ""]
    room.fill(synthetic.item(1, 0.5))
    assert [cell(query, row, HERE) for row in range(3)] == ["", "here already", ""]


def test_masked_names_are_masked_here_and_nothing_moves(dialog: QueryDialog) -> None:
    found = show(dialog, networked.QUERIES["found"])
    dialog.table.selectRow(2)
    assert "Hartmann, Emil" in whole_table(dialog)
    masked = show(dialog, networked.QUERIES["masked"], found)
    said = whole_table(dialog)
    for study in networked.STUDIES:
        who = (study.patient_name, study.patient_id, study.accession_number, study.description, study.birth_date)
        for secret in (*who, study.study_date, "2026-11-30", "14:37"):
            assert secret not in said
    assert cell(dialog, 0, WHEN) == "date masked"
    assert [cell(dialog, 0, column) for column in (NUMBER, BORN, DESCRIPTION, ACCESSION)] == ["", "", "", ""]
    assert dialog.table.chosen == ("1.2.3.2",)
    order = [cell(dialog, row, PATIENT) for row in range(len(networked.STUDIES))]
    assert len(set(order)) == len(order)
    dialog.table.sortByColumn(PATIENT, Qt.SortOrder.AscendingOrder)
    by_name = dialog.table.model().index(0, PATIENT).data()
    show(dialog, found, masked)
    assert cell(dialog, 0, PATIENT) == "Brown, Tom", "sorted by what is masked, as without the switch"
    assert by_name.startswith("Patient ")


def test_what_was_typed_of_a_patient_is_not_typed_again_under_the_switch(dialog: QueryDialog) -> None:
    question = Question(today(), today(), patient_name="Lindqvist*", patient_id="P1", body_part="CHEST")
    page = replace(networked.FOUND, question=question)
    masked = replace(networked.CONFIGURED, elsewhere=page, mask_names=True)
    dialog.render_session(None, masked)
    assert [line.text() for line in dialog.form.lines] == ["", "", "", "CHEST"]
    dialog.render_session(None, replace(masked, mask_names=False))
    assert [line.text() for line in dialog.form.lines] == ["Lindqvist*", "P1", "", "CHEST"]
    dialog.render_session(replace(masked, mask_names=False), masked)
    assert [line.text() for line in dialog.form.lines] == ["", "", "", "CHEST"], "nor does it stay there"


def test_it_says_how_far_the_fetching_is_and_can_be_cancelled(
    dialog: QueryDialog, wishes: Wishes, qtbot: QtBot
) -> None:
    found = show(dialog, networked.QUERIES["found"])
    dialog.table.sortByColumn(HERE, Qt.SortOrder.AscendingOrder)
    before = [cell(dialog, row, PATIENT) + cell(dialog, row, NUMBER) for row in range(9)]
    fetching = show(dialog, networked.QUERIES["fetching"], found)
    assert before == [cell(dialog, row, PATIENT) + cell(dialog, row, NUMBER) for row in range(9)], "no row moves"
    assert dialog.fetched.text.text() == "Fetching study 2 of 3…"
    assert (dialog.bar.value(), dialog.bar.maximum()) == (1, 3)
    states = {cell(dialog, row, NUMBER): cell(dialog, row, HERE) for row in range(9)}
    assert (states["P0001"], states["P0002"], states["P0004"]) == ("fetched", "1 file here", "waits")
    with qtbot.waitSignal(wishes.fetch_cancelled), qtbot.assertNotEmitted(wishes.query_cancelled):
        QTest.mouseClick(dialog.cancel, LEFT)
    items = tuple(replace(item, state=FetchState.CANCELLED) for item in fetching.fetching.items)
    show(dialog, replace(fetching, fetching=Fetching(items)), fetching)
    assert "Stopped: 3 studies are not here." in dialog.fetched.text.text()
    assert not dialog.cancel.isVisible()


def test_asking_can_be_cancelled(dialog: QueryDialog, wishes: Wishes, qtbot: QtBot) -> None:
    asking = show(dialog, networked.QUERIES["asking"])
    assert dialog.found.text.text() == "Asking PACS…"
    with qtbot.assertNotEmitted(wishes.studies_asked, wait=10):
        dialog.form.name.setFocus()
        press(Key.Key_Return)
    with qtbot.waitSignal(wishes.query_cancelled), qtbot.assertNotEmitted(wishes.fetch_cancelled):
        QTest.mouseClick(dialog.cancel, LEFT)
    said = Said(Outcome.CANCELLED, "The search was stopped.")
    show(dialog, replace(asking, elsewhere=QueryPage("PACS", said=said)), asking)
    assert dialog.found.text.text() == "The search was stopped."


@pytest.mark.parametrize(
    ("state", "words", "sign"),
    [
        ("nothing", "PACS has no study like that.", False),
        ("found", "9 studies at PACS, newest first.", False),
        ("failed", f"PACS: {networked.NOT_KNOWN}", True),
        ("partly", "9 studies at PACS, newest first. It has more studies than are shown.", False),
    ],
)
def test_what_came_of_it_is_said_in_words(dialog: QueryDialog, state: str, words: str, sign: bool) -> None:
    show(dialog, networked.QUERIES[state])
    assert words in dialog.found.text.text()
    assert dialog.found.sign.isVisible() == sign
    if sign:
        assert dialog.found.sign.accessibleName() == "fault"


def test_a_study_that_did_not_come_whole_is_said_with_its_reason(dialog: QueryDialog) -> None:
    show(dialog, networked.QUERIES["partly"])
    said = dialog.fetched.text.text()
    assert "1 study was fetched" in said
    assert f"1 of 2 studies did not come whole. {words.BROKEN_OFF}" in said
    assert dialog.fetched.sign.accessibleName() == "fault"
    states = [cell(dialog, row, HERE) for row in range(3)]
    assert states == ["here already", "fetched", "failed"]


def test_a_new_list_of_systems_keeps_the_chosen_one(dialog: QueryDialog) -> None:
    dialog.form.system.setCurrentIndex(1)
    network = networked.NETWORK
    turned = network.model_copy(update={"peers": network.peers[::-1]})
    show(dialog, replace(networked.CONFIGURED, network=turned))
    assert dialog.form.peer == "Archive"


def test_a_fetched_study_that_reached_the_worklist_is_here(dialog: QueryDialog) -> None:
    done = Fetching((FetchItem("PACS", "1.2.3.3", FetchState.DONE, files=1),))
    show(dialog, replace(networked.QUERIES["found"], fetching=done))
    assert cell(dialog, 3, HERE) == "here already"
    assert dialog.fetched.text.text() == "1 study was fetched; it comes into the worklist by itself."


def test_it_stands_open_beside_a_new_window(room: Room) -> None:
    room.holder.update(**{**SHOWN, "elsewhere": networked.FOUND})
    room.window.dialogs.show_query()
    room.window.dialogs.show_outbox()
    kept = room.window.dialogs.open_windows
    assert (kept.query, kept.outbox) == (True, True)
    for dialog in (room.window.dialogs.query, room.window.dialogs.outbox):
        assert dialog is not None
        dialog.close()
    assert not room.window.dialogs.open_windows.query
    room.window.dialogs.open_again(kept)
    query, outbox = room.window.dialogs.query, room.window.dialogs.outbox
    assert query is not None
    assert outbox is not None
    assert query.table.model().rowCount() == len(networked.STUDIES)
    for dialog in (query, outbox):
        dialog.close()


def test_a_click_on_a_heading_sorts(dialog: QueryDialog) -> None:
    show(dialog, networked.QUERIES["found"])
    header = dialog.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(PATIENT) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, NONE, at)
    assert cell(dialog, 0, PATIENT) == "Brown, Tom"
