"""Studies are hung as they are opened, and what the reader changes stays with the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.hanging.rules import Rule
from app.domain.jobs import JobState
from app.domain.settings import Hanging, Layout
from app.domain.study import ImageItem
from app.main import Program
from tests.app.test_living_with_it import start  # noqa: F401 - a fixture
from tests.app.ui import synthetic
from tests.app.ui.hands import CTRL, SHIFT

Start = Callable[..., Program]
LATERAL = {"view_position": "LL", "patient_orientation": ("P", "F")}


def film(number: int, study: int, score: float | None = 0.5, **identity: object) -> ImageItem:
    made = synthetic.item(number, score, identity=synthetic.identity(study, patient_id=f"P{study % 10}", **identity))
    return made if score is not None else replace(made, state=JobState.VIEWABLE)


@pytest.fixture
def program(start: Start, qtbot: QtBot) -> Program:  # noqa: F811
    """With a frontal alone (10), frontal and lateral (11), a prior of it (21), and one that was not analysed (13)."""
    made = start(tour_seen=True)
    qtbot.waitUntil(lambda: made.services.is_restored)
    made.store.upsert(
        film(0, 10), film(1, 12, patient_name="Wu"), film(2, 12, None, **LATERAL, patient_name="Wu"), film(3, 13, None),
        film(4, 11, study_date=date(2024, 1, 1), patient_name="Li"),
        film(5, 21, study_date=date(2022, 1, 1), patient_name="Li"),
    )  # fmt: skip
    qtbot.waitUntil(lambda: made.window.divider.isVisible())
    made.window.resize(1280, 800)
    return made


def rule(program: Program) -> Rule | None:
    return program.holder.state.hung


def opened(program: Program, number: int) -> list[bool]:
    """Open a study; which of original, reconstruction, difference, memory and the pane beside are shown."""
    program.wishes.study_selected.emit(f"1.2.3.{number}")
    return [pane.isVisible() for pane in program.window.panes.all_panes]


def test_each_kind_of_study_is_hung_by_its_rule(program: Program) -> None:
    assert opened(program, 10) == [True, True, True, True, False]
    assert rule(program) is Rule.FRONTAL
    assert opened(program, 12) == [True, True, True, True, True]
    beside = program.holder.state.beside
    assert beside is not None
    assert (beside.image_key, beside.other_view) == ("key-2", True)
    assert program.window.panes.prior.title.text() == "LATERAL LL"
    assert opened(program, 11) == [True, False, True, False, True]
    beside = program.holder.state.beside
    assert beside is not None
    assert beside.study.uid == "1.2.3.21"
    assert program.window.panes.prior.title.text() == "PRIOR 2022-01-01"
    assert opened(program, 13) == [True, False, False, False, False]
    assert rule(program) is Rule.NO_SCORE


def test_frontal_and_lateral_change_places_when_the_lateral_is_looked_at(program: Program) -> None:
    opened(program, 12)
    program.wishes.image_selected.emit("key-2")
    beside = program.holder.state.beside
    assert beside is not None
    assert beside.image_key == "key-1"
    assert program.window.panes.prior.title.text() == "FRONTAL PA"


def test_what_becomes_of_a_study_moves_nothing_while_it_is_open(program: Program, qtbot: QtBot) -> None:
    before = opened(program, 13)
    program.store.upsert(film(3, 13, 0.9))
    study = program.store.worklist.study("1.2.3.13")
    program.holder.update(study=study)
    assert [pane.isVisible() for pane in program.window.panes.all_panes] == before
    assert rule(program) is Rule.NO_SCORE


def test_what_is_changed_stays_with_the_rule_and_goes_back_to_the_shipped(program: Program) -> None:
    opened(program, 12)
    view = program.window.panes.original.view
    QTest.keyClick(view, Qt.Key.Key_1, CTRL | SHIFT)
    assert program.holder.state.beside is not None  # a layout does not send the lateral away
    assert opened(program, 10) == [True, True, True, True, False]
    assert opened(program, 12) == [True, False, False, False, True]
    assert program.settings.now.hanging.lateral.layout is Layout.ONE
    QTest.keyClick(view, Qt.Key.Key_0, CTRL | SHIFT)
    assert program.settings.now.hanging.lateral == Hanging()
    assert [pane.isVisible() for pane in program.window.panes.all_panes] == [True, True, True, True, True]


def test_a_rule_is_changed_in_the_settings_and_the_open_study_follows(program: Program) -> None:
    opened(program, 11)
    dialog = program.preferences.show_dialog(program.window)
    combo = dialog.rows["hanging.prior"].control.combo  # type: ignore[attr-defined]
    combo.setCurrentIndex(combo.findData(Layout.MAIN.value))
    combo.activated.emit(combo.currentIndex())
    assert [pane.isVisible() for pane in program.window.panes.all_panes] == [True, True, True, True, True]
    combo.setCurrentIndex(combo.findData(""))
    combo.activated.emit(combo.currentIndex())
    assert rule(program) is Rule.FRONTAL
    assert program.holder.state.beside is None
    dialog.rows["hanging.prior"].reset.click()
    assert rule(program) is Rule.PRIOR
    assert [pane.isVisible() for pane in program.window.panes.all_panes] == [True, False, True, False, True]
    dialog.close()
