"""The outbox: what waits, what was refused and why; tried again or given up by the user only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.network import OutboxPage
from app.domain.session import Session
from app.domain.study import Study
from app.ui.dialogs.outbox import KIND, NEXT, SAID, STATE, TRIES, WHO, OutboxDialog
from app.ui.wishes import Wishes
from squid_core.network import words
from squid_core.network.sending.answers import NO_SUCH_KIND
from tests.app.ui import networked, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import ALT, CTRL, LEFT, SHIFT

WAITING = networked.WAITING


def study_of(uid: str) -> Study | None:
    item = synthetic.item(1)
    return Study(uid, (item,)) if uid == "1.2.3.1" else None


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> Iterator[OutboxDialog]:
    made = OutboxDialog(wishes, study_of)
    qtbot.addWidget(made)
    made.render_session(None, WAITING)
    made.show()
    yield made
    made.close()


def row(dialog: OutboxDialog, number: int) -> list[str]:
    cells = (dialog.table.item(number, column) for column in range(dialog.table.columnCount()))
    return [cell.text() for cell in cells if cell is not None]


def test_each_row_says_what_goes_where_and_how_it_stands(dialog: OutboxDialog) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=4)  # from now, and not from when this was imported
    items = tuple(replace(item, next_try=item.next_try and soon) for item in WAITING.outbox.items)
    dialog.render_session(WAITING, replace(WAITING, outbox=replace(WAITING.outbox, items=items)))
    said = row(dialog, 1)
    assert (said[WHO], said[KIND], said[TRIES], said[NEXT]) == (
        "Okafor, Chidi",
        "Picture of the panes (SC)",
        "2",
        "in 4 minutes",
    )
    assert said[SAID] == words.CLOSED_PORT
    said = row(dialog, 3)
    assert (said[WHO], said[STATE], said[NEXT]) == ("ID P0003", "refused", "not by itself")
    assert said[SAID] == NO_SUCH_KIND
    assert dialog.state.text().startswith("3 objects wait to be sent. 1 object was not taken;")


def test_the_one_switch_holds_here(dialog: OutboxDialog) -> None:
    dialog.render_session(WAITING, replace(WAITING, mask_names=True, mask_key="a key"))
    said = "\n".join(text for number in range(4) for text in row(dialog, number))
    assert "Okafor" not in said
    assert "P000" not in said
    assert said.count("Patient ") == 4


def test_the_chosen_or_all_are_tried_again(dialog: OutboxDialog, wishes: Wishes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wishes.outbox_retried) as told:
        QTest.mouseClick(dialog.retry, LEFT)
    assert told.args == [(0, 1, 2, 3)]
    dialog.table.setFocus()
    dialog.table.setCurrentCell(2, 0)
    QTest.keyClick(dialog.table, Qt.Key.Key_Down, SHIFT)
    with qtbot.waitSignal(wishes.outbox_retried) as told:
        QTest.mouseClick(dialog.retry, LEFT)
    assert told.args == [(2, 3)]


def test_giving_up_is_asked_for_before(dialog: OutboxDialog, wishes: Wishes, qtbot: QtBot) -> None:
    assert not dialog.give_up.isEnabled()
    dialog.table.selectRow(3)
    QTest.mouseClick(dialog.give_up, LEFT)
    question = dialog.findChild(QMessageBox)
    assert isinstance(question, QMessageBox)
    assert question.text() == "Not send this result?"
    yes = next(button for button in question.buttons() if button.text() == "Give up")
    with qtbot.waitSignal(wishes.outbox_given_up) as told:
        QTest.mouseClick(yes, LEFT)
    assert told.args == [(3,)]


def test_a_choice_stays_while_the_outbox_goes_on(dialog: OutboxDialog, wishes: Wishes, qtbot: QtBot) -> None:
    dialog.table.selectRow(2)
    page = WAITING.outbox
    shorter = replace(WAITING, outbox=replace(page, items=page.items[1:], waiting=2, sending=True))
    dialog.render_session(WAITING, shorter)
    assert dialog.state.text().startswith("2 objects are being sent.")
    with qtbot.waitSignal(wishes.outbox_retried) as told:
        QTest.mouseClick(dialog.retry, LEFT)
    assert told.args == [(2,)], "the row was the third and is the second now"


def test_an_empty_outbox_says_so(dialog: OutboxDialog) -> None:
    dialog.render_session(WAITING, replace(WAITING, outbox=OutboxPage(sent=1)))
    assert dialog.state.text() == "Nothing waits to be sent. 1 object was sent."
    assert not dialog.retry.isEnabled()


def test_it_opens_by_its_key_and_follows_the_session(room: Room, qtbot: QtBot) -> None:
    QTest.keyClick(room.window, Qt.Key.Key_B, CTRL | ALT)
    outbox = room.window.dialogs.outbox
    assert outbox is not None
    room.holder.update(outbox=WAITING.outbox)
    assert outbox.table.rowCount() == 4
    outbox.close()
    assert room.window.dialogs.outbox is None
    assert isinstance(room.holder.state, Session)
