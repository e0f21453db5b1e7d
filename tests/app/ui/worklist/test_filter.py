"""The filter over the worklist: typed, chosen by chips, and taken back, by real keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.jobs import JobState
from app.domain.listing.filter import Chip
from app.domain.settings import SortBy
from app.ui.worklist.model import PRIOR_ROLE
from squid_core.contracts.radiograph import Identity
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, LEFT, NONE, key


def shown(room: Room) -> list[str]:
    model = room.window.worklist.list.studies
    return [model.study(row).uid for row in range(model.rowCount())]


def named(number: int, name: str, **changes: object) -> Identity:
    return synthetic.identity(number, patient_name=name, **changes)


def test_words_leave_what_holds_all_of_them_and_escape_gives_the_keys_back(room: Room) -> None:
    room.fill(
        synthetic.item(0, 0.9, identity=named(0, "Müller, Zoë", accession_number="A77", study_description="Thorax pa")),
        synthetic.item(1, 0.8, identity=named(1, "Chen, Wei", study_date=date(2020, 3, 4))),
        synthetic.item(2, 0.7, identity=named(2, "Chen, Li")),
    )
    view = room.window.worklist
    view.list.setFocus()
    view.begin_filter("m")
    QTest.keyClicks(view.edit, "uller zoe a77")
    assert view.edit.text() == "muller zoe a77"
    assert shown(room) == ["1.2.3.0"]
    key(view.edit, Qt.Key.Key_Escape)
    assert view.edit.text() == ""
    assert shown(room) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]
    assert view.list.hasFocus()
    view.begin_filter()
    QTest.keyClicks(view.edit, "chen 2020/03/04")
    assert shown(room) == ["1.2.3.1"]
    assert view.all.text() == "1 of 3 shown, show all"
    QTest.mouseClick(view.all, LEFT)
    assert len(shown(room)) == 3
    assert view.edit.text() == ""


def test_enter_opens_the_first_that_was_found_to_be_read_with_one_key(room: Room) -> None:
    room.open(synthetic.radiograph(), item=synthetic.item(0, 0.9))
    room.fill(synthetic.item(1, 0.8), synthetic.item(2, 0.7))
    chosen: list[str] = []
    room.wishes.study_selected.connect(chosen.append)
    room.window.worklist.begin_filter("hartmann")
    assert shown(room) == ["1.2.3.0", "1.2.3.2"], "the open study never leaves the list"
    key(room.window.worklist.edit, Qt.Key.Key_Return)
    assert chosen == ["1.2.3.2"]
    picture = room.window.panes.original.view
    assert picture.hasFocus(), "a letter typed now is a command, not a filter"
    judged: list[object] = []
    room.wishes.judged.connect(lambda *said: judged.append(said))
    key(picture, Qt.Key.Key_Y)
    assert judged
    assert room.window.worklist.edit.text() == "hartmann"


def test_masked_names_are_found_as_they_are_shown_and_never_as_they_are(room: Room) -> None:
    room.fill(*(synthetic.item(number, 0.5 + number / 100) for number in range(3)))
    room.holder.update(mask_names=True, mask_key="secret")
    view = room.window.worklist
    view.begin_filter("lindqvist")
    assert shown(room) == []
    key(view.edit, Qt.Key.Key_Escape)
    pseudonym = room.holder.state.masking.identity(synthetic.identity(0)).patient_name.split()[1]
    view.begin_filter(pseudonym.lower())
    assert shown(room) == ["1.2.3.0"]


def test_chips_say_how_many_and_leave_those(room: Room) -> None:
    replaced = replace(synthetic.item(8, 0.3), replaced=True)
    room.fill(*(item for item in synthetic.reading_list() if item.key != "key-8"), replaced)
    view = room.window.worklist
    counts = {chip: button.text().split()[-1] for chip, button in view.chips.buttons.items()}
    assert counts == {
        Chip.UNREAD: "11", Chip.HIGH: "1", Chip.TODAY: "0", Chip.QUESTION: "1", Chip.ERROR: "1",
        Chip.REJECTED: "0", Chip.CHANGED: "1",
    }  # fmt: skip
    for chip, uid in ((Chip.QUESTION, "1.2.3.7"), (Chip.ERROR, "1.2.3.9"), (Chip.CHANGED, "1.2.3.8")):
        QTest.mouseClick(view.chips.buttons[chip], LEFT)
        assert shown(room) == [uid]
        QTest.mouseClick(view.chips.buttons[chip], LEFT)
    assert len(shown(room)) == 11


def test_a_score_that_comes_out_otherwise_is_a_change(room: Room) -> None:
    item = synthetic.item(0, 0.83)
    room.fill(item, synthetic.item(1, 0.5))
    room.fill(replace(item, state=JobState.QUEUED, score=None, percentile=None))
    room.fill(replace(item, score=0.4))
    QTest.mouseClick(room.window.worklist.chips.buttons[Chip.CHANGED], LEFT)
    assert shown(room) == ["1.2.3.0"]


@pytest.mark.parametrize("press", [(Qt.Key.Key_F, CTRL), (Qt.Key.Key_Slash, NONE)])
def test_a_key_begins_the_filter_from_the_list_and_from_a_pane(
    room: Room, press: tuple[Qt.Key, Qt.KeyboardModifier]
) -> None:
    room.open(synthetic.radiograph(), item=synthetic.item(0, 0.9))
    edit = room.window.worklist.edit
    for widget in (room.window.worklist.list, room.window.panes.original.view):
        widget.setFocus()
        key(widget, *press)
        assert edit.hasFocus()
        assert edit.text() == ""
        key(edit, Qt.Key.Key_Escape)
        assert widget.hasFocus()


def test_letters_typed_on_the_list_go_to_the_filter_and_command_nothing(room: Room) -> None:
    room.open(synthetic.radiograph(), item=synthetic.item(0, 0.9))
    room.fill(synthetic.item(3, 0.5))
    judged: list[object] = []
    room.wishes.judged.connect(lambda *said: judged.append(said))
    room.window.worklist.list.setFocus()
    QTest.keyClicks(room.window.worklist.list, "y")
    edit = room.window.worklist.edit
    assert edit.hasFocus()
    QTest.keyClicks(edit, "nf")
    assert edit.text() == "ynf"
    assert judged == []


def test_a_window_that_opens_gives_no_letter_to_the_filter(room: Room) -> None:
    room.fill(synthetic.item(0, 0.9))
    assert not room.window.worklist.edit.hasFocus()


def test_the_key_of_compact_rows_is_a_wish_that_the_list_follows(room: Room) -> None:
    room.fill(*(synthetic.item(number, 0.5) for number in range(6)))
    rows = room.window.worklist.list
    high = rows.visualRect(rows.studies.index(0)).height()
    room.window.actions_by_name["compact_rows"].trigger()
    assert room.holder.state.listing.compact
    assert rows.visualRect(rows.studies.index(0)).height() < high / 2
    room.window.actions_by_name["compact_rows"].trigger()
    assert rows.visualRect(rows.studies.index(0)).height() == high


def test_another_order_is_a_wish_and_the_heading_says_so(room: Room) -> None:
    room.fill(*(synthetic.item(number, 0.9 - number / 10) for number in range(3)))
    view = room.window.worklist
    assert view.title.whole == "Worklist"
    view.menu.sorts[SortBy.NAME].trigger()
    assert room.holder.state.listing.sort is SortBy.NAME
    assert shown(room) == ["1.2.3.2", "1.2.3.0", "1.2.3.1"]
    assert view.title.whole == "Worklist by name"
    assert view.list.accessibleName() == "Worklist, sorted by name and not by score"
    view.menu.sorts[SortBy.SCORE].trigger()
    assert shown(room) == ["1.2.3.0", "1.2.3.1", "1.2.3.2"]


def test_a_prior_hangs_below_its_patient_and_is_passed_over_on_the_way_to_the_next(room: Room) -> None:
    prior = synthetic.identity(0, study_instance_uid="1.2.3.9", study_date=date(2010, 1, 1))
    room.fill(
        synthetic.item(0, 0.5), synthetic.item(1, 0.4), synthetic.item(9, 0.3, identity=prior), synthetic.item(2, 0.2)
    )
    view = room.window.worklist
    assert shown(room) == ["1.2.3.0", "1.2.3.9", "1.2.3.1", "1.2.3.2"]
    assert view.list.studies.index(1).data(PRIOR_ROLE) is True
    assert view.count.text() == "3 studies, 3 scored"
    assert view.following("1.2.3.0") == ("1.2.3.1", "1.2.3.2", "1.2.3.0")
