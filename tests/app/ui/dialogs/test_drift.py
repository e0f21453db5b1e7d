"""The drift watch asks, shows what is answered, and says it in words that hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableWidget
from pytestqt.qtbot import QtBot

from app.domain.drift.watch import Concern, DriftPage, DriftQuestion
from app.domain.layers.chosen import load_chosen
from app.domain.session import Session
from app.domain.settings import Settings
from app.domain.study import Judgement
from app.main import Program, dress
from app.paths import AppPaths
from app.ui.dialogs.drift import DriftDialog
from app.ui.dialogs.drift_plots import allowed, staircase
from app.ui.wishes import Wishes
from app.ui.words.drift_words import explanation, headline, how_tested, page_text
from tests.app.ui import drifting
from tests.app.ui.conftest import Room

Asked = list[DriftQuestion]


@pytest.fixture
def asked(wishes: Wishes) -> Asked:
    heard: Asked = []
    wishes.drift_asked.connect(heard.append)
    return heard


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes, asked: Asked) -> DriftDialog:
    made = DriftDialog(wishes, DriftQuestion())
    qtbot.addWidget(made)
    made.show()
    return made


def shown(dialog: DriftDialog, page: DriftPage) -> DriftDialog:
    dialog.render_session(Session(drift=page))
    QApplication.processEvents()
    return dialog


def cells(table: QTableWidget) -> list[list[str]]:
    found = [[table.item(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]
    return [[cell.text() if cell else "" for cell in row] for row in found]


def test_it_opens_from_the_menu_and_is_answered_through_the_session(room: Room, qtbot: QtBot) -> None:
    heard: Asked = []
    room.wishes.drift_asked.connect(heard.append)
    room.window.actions_by_name["drift"].trigger()
    dialog = room.window.dialogs.drift
    assert dialog is not None
    assert dialog.headline.text() == "Looking…"
    assert heard == [DriftQuestion()]
    room.holder.update(drift=drifting.as_expected())
    assert dialog.headline.text() == "As expected."
    dialog.close()
    assert room.window.dialogs.drift is None
    room.holder.update(drift=drifting.drifted())  # nobody listens any more


def test_the_program_answers_and_remembers_what_the_reader_says(qtbot: QtBot, tmp_path: Path) -> None:
    paths = AppPaths(tmp_path / "home")
    program = Program(paths, "cpu")  # without its services
    program.window.dialogs.show_drift()
    dialog = program.window.dialogs.drift
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.headline.text() == "Nothing has been scored yet.")
    dialog.abnormal.setValue(30)
    qtbot.waitUntil(lambda: (page := program.holder.state.drift) is not None and page.question.abnormal == 0.3)
    program.close()
    dress(Settings())
    assert load_chosen(paths.settings)[0].settings().drift_abnormal == 0.3


def test_as_expected(dialog: DriftDialog) -> None:
    shown(dialog, drifting.as_expected())
    assert dialog.explanation.text().startswith("Of the 200 newest studies, each patient once, ")
    assert not dialog.proposal.isVisible()
    assert not dialog.learn.isVisible()
    stations = cells(dialog.stations)
    assert [row[0] for row in stations] == ["All stations", "ROOM 1", "ROOM 2", "Station not known"]
    assert stations[3][-1] == "Too few studies to say: 31 of 50."
    assert cells(dialog.reasons) == [["14", drifting.SHIN], ["2", "no reason is known"]]
    assert "The percentiles rest on 1271 normals." in dialog.tested.text()
    assert "Left out: 3 images" in dialog.tested.text()
    assert dialog.weights.currentText() == "adult (640 results)"


def test_a_drift_at_one_station_is_told_with_what_to_do(dialog: DriftDialog) -> None:
    page = drifting.drifted()
    shown(dialog, page)
    assert dialog.headline.text() == "Too many look unusual."
    assert "Only at: ROOM 2." in dialog.explanation.text()
    assert dialog.proposal.isVisible()
    assert dialog.learn.isVisible()
    assert cells(dialog.stations)[2][5] == "< 0.0001"
    assert dialog.spread.accessibleDescription().startswith("Too many look unusual.")


def test_too_few_and_nothing(dialog: DriftDialog) -> None:
    shown(dialog, drifting.page(drifting.studies("", 31)))
    assert dialog.headline.text() == "Too few studies to say: 31 of 50."
    assert not dialog.tested.isVisible()
    shown(dialog, DriftPage(DriftQuestion()))
    assert dialog.headline.text() == "Nothing has been scored yet."
    assert not any(part.isVisible() for part in (dialog.spread, dialog.weeks, dialog.stations, dialog.copy))
    shown(dialog, drifting.as_expected())
    assert dialog.spread.isVisible()


def test_every_choice_asks_anew_and_an_answer_to_another_question_is_not_shown(
    dialog: DriftDialog, asked: Asked
) -> None:
    shown(dialog, drifting.as_expected())
    dialog.last.setCurrentIndex(0)
    dialog.last.activated.emit(0)
    dialog.abnormal.setValue(30)
    dialog.weights.setCurrentIndex(1)
    dialog.weights.activated.emit(1)
    dialog.again.click()
    assert asked.pop() == asked[-1]
    assert [(one.last, one.abnormal, one.bundle) for one in asked[1:]] == [
        (50, 0.5, ""),
        (50, 0.3, ""),
        (50, 0.3, drifting.CHILDREN.fingerprint),
    ]
    shown(dialog, drifting.drifted())
    assert dialog.headline.text() == "As expected."
    shown(dialog, drifting.page(drifting.studies("", 31), question=replace(asked[-1], bundle="a" * 64)))
    assert dialog.headline.text().startswith("Too few")


def test_it_scrolls_where_the_screen_is_low(dialog: DriftDialog) -> None:
    shown(dialog, drifting.drifted())
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.area.verticalScrollBar().maximum() > 0


def test_the_page_is_copied_as_text_without_formulas(dialog: DriftDialog) -> None:
    shown(dialog, drifting.page(drifting.studies("=cmd()", 60), drifting.studies("ROOM", 60)))
    dialog.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "\n'=cmd()\t60\t" in text
    assert "Week from\tStudies" in text
    assert f"\n14\t{drifting.SHIN}\n" in text


def test_what_is_said_of_the_readers_normals() -> None:
    normal = drifting.studies("", 40, judgement=Judgement.NORMAL)
    page = drifting.page(normal, drifting.studies("", 90, seed=1))
    assert "You called 40 of them normal" in explanation(page)
    assert "from 50 on" in explanation(page)
    many = drifting.page(
        drifting.studies("", 300, 1.6, Judgement.NORMAL), question=DriftQuestion("a" * 64, abnormal=0.9)
    )
    assert Concern.NORMALS_HIGH in many.concerns
    assert headline(many) == "Too many of your normals look unusual."


def test_a_second_concern_has_a_line_of_its_own() -> None:
    before, after = drifting.studies("", 200, seed=2), drifting.studies("x", 200, 2.0)
    page = drifting.page(after, [replace(one, station="x", day=one.day.replace(year=2025)) for one in before])
    assert page.concerns == (Concern.TOO_HIGH, Concern.CHANGED)
    lines = explanation(page).splitlines()
    assert len(lines) == 3
    assert lines[2].startswith("The newest studies are spread otherwise")
    assert "Compared with the 200 studies before them." in how_tested(page)


def test_what_is_odd_is_said_of_how_many() -> None:
    scored = drifting.studies("", 60)
    odd = [replace(one, doubt="This chest looks mirrored.") for one in scored[:2]]
    assert explanation(drifting.page(odd + scored[2:])).splitlines()[-1] == "2 of 60: This chest looks mirrored."


def test_the_line_is_drawn_where_the_percentiles_lie() -> None:
    at, below = staircase(np.array([10.0, 10.0, 40.0, 90.0]))
    assert list(at) == [0, 10, 10, 40, 40, 90, 90, 100]
    assert list(below) == [0, 0, 50, 50, 75, 75, 100, 100]


def test_it_may_run_between_nobody_and_all_that_are_abnormal_at_most() -> None:
    page = drifting.as_expected()
    low, high = allowed(np.array([0.0, 50.0, 100.0]), page)
    band = 100 * page.band
    assert 8 < band < 11, "1.36 over the root of the effective size, 171"
    assert low == pytest.approx([0, 25 - band, 50 - band])
    assert high == pytest.approx([band, 50 + band, 100])


def test_the_text_has_no_patient() -> None:
    text, found = page_text(drifting.as_expected()), drifting.studies("ROOM 1", 420)
    assert [one.patient for one in found if one.patient in text] == []
