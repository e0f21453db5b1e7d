"""Forget everything: it says what there is, nothing goes by habit, and a page says what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.session import Session
from app.ui.dialogs import forgetting
from app.ui.dialogs.forgetting import ForgetDialog, ForgottenDialog, forget_with_page
from app.ui.wishes import Wishes
from squid_core.forgetting import Forgotten, Held, Kind, is_ordered, order_forgetting

HELD = (Held(Kind.STUDIES, 37, 41_000_000), Held(Kind.OUTBOX, 2, 1000), Held(Kind.SETTINGS, 1, 3000))
BOX = Qt.Key.Key_Space


@pytest.fixture
def asked(wishes: Wishes) -> list[bool]:
    wanted: list[bool] = []
    wishes.forgetting_wanted.connect(wanted.append)
    return wanted


@pytest.fixture
def dialog(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> Iterator[ForgetDialog]:
    made = ForgetDialog(wishes)
    qtbot.addWidget(made)
    made.render_session(None, Session(held=HELD))
    made.show()
    yield made
    made.close()


def question(dialog: ForgetDialog) -> QMessageBox:
    return next(box for box in dialog.findChildren(QMessageBox) if box.isVisible())


def button(box: QMessageBox, words: str) -> QAbstractButton:
    return next(one for one in box.buttons() if words in one.text().replace("&", ""))


def cells(dialog: ForgetDialog, row: int) -> list[str]:
    found = (dialog.of_patients.item(row, column) for column in range(3))
    return [cell.text() for cell in found if cell is not None]


def test_it_says_what_there_is_and_what_is_not_sent_yet(dialog: ForgetDialog) -> None:
    assert cells(dialog, 0) == ["Studies on the worklist", "37", "41.0 MB"]
    assert dialog.of_settings.rowCount() == 1
    assert dialog.unsent.isVisible()
    assert dialog.unsent.text().startswith("2 of the results")
    dialog.render_session(Session(held=HELD), Session(held=HELD[:1]))
    assert not dialog.unsent.isVisible()
    assert not dialog.of_settings.isVisible()


def test_it_is_asked_for_when_it_opens(qtbot: QtBot, styled: QApplication, wishes: Wishes) -> None:
    with qtbot.waitSignal(wishes.held_asked):
        qtbot.addWidget(ForgetDialog(wishes))


def test_enter_by_habit_forgets_nothing(dialog: ForgetDialog, asked: list[bool]) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.forget.isEnabled()
    assert not dialog.settings.isEnabled()
    QTest.keyClick(dialog.patients, BOX)
    assert dialog.forget.isEnabled()
    QTest.keyClick(dialog.patients, Qt.Key.Key_Return)
    assert not [box for box in dialog.findChildren(QMessageBox) if box.isVisible()]
    QTest.mouseClick(dialog.forget, Qt.MouseButton.LeftButton)
    assert "37 studies" in question(dialog).text()
    QTest.keyClick(question(dialog), Qt.Key.Key_Return)
    assert asked == []


@pytest.mark.parametrize("settings", [False, True])
def test_what_was_ticked_is_asked_once_more_and_then_wished_for(
    dialog: ForgetDialog, asked: list[bool], settings: bool
) -> None:
    QTest.keyClick(dialog.patients, BOX)
    if settings:
        QTest.keyClick(dialog.settings, BOX)
    QTest.mouseClick(dialog.forget, Qt.MouseButton.LeftButton)
    box = question(dialog)
    QTest.mouseClick(button(box, "Forget everything"), Qt.MouseButton.LeftButton)
    assert asked == [settings]


def test_without_patient_data_settings_are_not_forgotten(dialog: ForgetDialog) -> None:
    QTest.keyClick(dialog.patients, BOX)
    QTest.keyClick(dialog.settings, BOX)
    QTest.keyClick(dialog.patients, BOX)
    assert not dialog.settings.isChecked()


def test_before_it_is_counted_nothing_can_be_forgotten(dialog: ForgetDialog) -> None:
    dialog.patients.setChecked(True)
    dialog.render_session(Session(held=HELD), replace(Session(), held=None))
    assert not dialog.forget.isEnabled()


def test_the_page_says_what_went_and_what_could_not(
    qtbot: QtBot, styled: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Forgotten(HELD[:2], ("incoming/x.dcm: Permission denied",), 3)
    monkeypatch.setattr(forgetting, "forget", lambda _: found)
    page = ForgottenDialog(tmp_path)
    qtbot.addWidget(page)
    page.show()
    page.reject()
    assert page.isVisible(), "it stays until there is something to be read"
    qtbot.waitUntil(lambda: page.table.rowCount() == 2)
    assert "stay: 3" in page.state.text()
    assert "ends now" in page.state.text()
    assert page.state.text().startswith("Removed, but for")
    assert page.failed.text().endswith("incoming/x.dcm: Permission denied")
    page.reject()
    assert not page.isVisible()


def test_a_page_that_finds_the_disk_gone_says_so(
    qtbot: QtBot, styled: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Path) -> Forgotten:
        raise OSError

    monkeypatch.setattr(forgetting, "forget", gone)
    page = ForgottenDialog(tmp_path)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: "once more" in page.state.text())


def test_what_was_ordered_is_done_and_the_page_waited_for(qtbot: QtBot, styled: QApplication, tmp_path: Path) -> None:
    forget_with_page(tmp_path, goes_on=False)  # nothing was ordered
    (tmp_path / "logs").mkdir()
    order_forgetting(tmp_path)

    def close() -> None:
        for page in QApplication.topLevelWidgets():
            if isinstance(page, ForgottenDialog) and not is_ordered(tmp_path):
                page.reject()
                return
        QTimer.singleShot(50, close)

    QTimer.singleShot(50, close)
    forget_with_page(tmp_path, goes_on=True)
    went_on: list[bool] = []
    QTimer.singleShot(50, lambda: went_on.append(True))
    qtbot.waitUntil(lambda: bool(went_on))
    assert not (tmp_path / "logs").exists()
