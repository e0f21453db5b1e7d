"""To keep studies for so many days is asked about before: how many go now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.layers.chosen import load_chosen
from app.domain.settings import Settings
from app.main import Program, application, dress
from app.paths import AppPaths
from app.ui.preferences.dialog import SettingsDialog
from app.ui.preferences.keeping import STUDIES_KEPT
from squid_core.home import DATABASE
from tests.app.samples import image


@pytest.fixture
def program(qapp: object, tmp_path: Path) -> Iterator[Program]:
    """With three studies that came long ago; its services have not begun."""
    application()
    made = Program(AppPaths(tmp_path / "home"), "cpu", keep_layout=False)
    items = [image(f"{number}", f"1.2.{number}") for number in range(3)]
    made.store.upsert(*items)
    made.services.database.ask(lambda database: database.save_images(items)).result()
    with closing(sqlite3.connect(tmp_path / "home" / DATABASE, isolation_level=None)) as db:
        db.execute("UPDATE arrivals SET at = '2020-01-01T00:00:00+00:00'")
    made.window.show()
    yield made
    made.close()
    dress(Settings())


def combo(dialog: SettingsDialog) -> QComboBox:
    found = dialog.rows[STUDIES_KEPT].control.findChild(QComboBox)
    assert isinstance(found, QComboBox)
    return found


def choose(dialog: SettingsDialog, value: str) -> None:
    """By keys."""
    box = combo(dialog)
    box.setFocus()
    while box.currentData() != value:
        QTest.keyClick(box, Qt.Key.Key_Down if box.findData(value) > box.currentIndex() else Qt.Key.Key_Up)


def question(qtbot: QtBot, dialog: SettingsDialog) -> QMessageBox:
    qtbot.waitUntil(lambda: any(box.isVisible() for box in dialog.findChildren(QMessageBox)))
    return next(box for box in dialog.findChildren(QMessageBox) if box.isVisible())


def test_it_says_how_many_go_and_enter_keeps_them(qtbot: QtBot, program: Program) -> None:
    dialog = program.preferences.show_dialog(program.window)
    choose(dialog, "30")
    box = question(qtbot, dialog)
    assert box.text() == "3 studies came more than 30 days ago. They are removed now."
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert program.settings.now.studies_kept == 0
    assert combo(dialog).currentData() == "0"
    dialog.close()


def test_once_that_is_confirmed_it_counts(qtbot: QtBot, program: Program, tmp_path: Path) -> None:
    dialog = program.preferences.show_dialog(program.window)
    choose(dialog, "30")
    box = question(qtbot, dialog)
    yes = next(button for button in box.buttons() if "Remove" in button.text())
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert program.settings.now.studies_kept == 30
    assert combo(dialog).currentData() == "30"
    program.services.expiry.start()
    qtbot.waitUntil(lambda: not list(program.store.worklist.images()))
    choose(dialog, "0")
    assert program.settings.now.studies_kept == 0, "to keep them longer is no question"
    dialog.close()
    program.close()
    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().studies_kept == 0


def test_where_none_would_go_nothing_is_asked(qtbot: QtBot, program: Program) -> None:
    program.store.remove([one.key for one in program.store.worklist.images()])
    dialog = program.preferences.show_dialog(program.window)
    program.preferences.use(STUDIES_KEPT, "365")
    qtbot.waitUntil(lambda: program.settings.now.studies_kept == 365)
    assert not dialog.findChildren(QMessageBox)
    dialog.close()


def test_a_number_of_days_that_is_no_choice_of_the_list_is_shown(program: Program) -> None:
    program.settings.replace(program.settings.now.with_value(STUDIES_KEPT, 45))
    dialog = program.preferences.show_dialog(program.window)
    assert combo(dialog).currentText() == "45 days"
    dialog.close()


def test_a_recent_folder_of_which_everything_has_gone_is_forgotten(program: Program, tmp_path: Path) -> None:
    old, other = tmp_path / "NIGHTINGALE", tmp_path / "others"
    program.preferences.remember_opened([old, other])
    program.store.upsert(replace(image("4", "1.4"), key="there", path=other / "there.dcm"))
    program.services.expiry.gone.emit((old / "one.dcm", other / "one.dcm"))
    assert program.settings.now.recent == (other,)
