"""Damaged files are named with their folder, masked by the switch, and can be read once more."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.importing import FailedFile, ImportReport
from app.domain.jobs import JobState
from app.domain.study import Study
from app.ui.dialogs.import_report import ImportReportDialog
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

BROKEN = FailedFile(Path("/films/Chen^Li/lateral.dcm"), "The file ends before its picture does.")
MEMBER = FailedFile(Path("/films/disc.zip"), "The picture is damaged.", "DICOM/IM2")


@pytest.fixture
def damaged(room: Room) -> Room:
    item = synthetic.item(9, state=JobState.ERROR, message=BROKEN.reason, path=BROKEN.path)
    room.fill(item)
    room.holder.update(study=Study(item.study_uid, (item,)), image_key=item.key)
    return room


def test_the_banner_names_the_file_and_its_folder(damaged: Room) -> None:
    (line,) = damaged.window.banners.lines
    assert line.text.text() == f"{BROKEN.reason} File lateral.dcm in /films/Chen^Li."


def test_with_names_masked_no_file_is_named(damaged: Room) -> None:
    damaged.holder.update(mask_names=True)
    (line,) = damaged.window.banners.lines
    assert "lateral" not in line.text.text()
    assert "Chen" not in line.text.text()


def test_a_file_that_cannot_be_shown_is_named_too(damaged: Room) -> None:
    damaged.holder.update(error=Notice(Severity.ERROR, "The picture is damaged.", "Ask for it again."))
    (line,) = damaged.window.banners.lines
    assert line.text.text() == "The picture is damaged. Ask for it again. File lateral.dcm in /films/Chen^Li."


def test_a_click_reads_it_again(damaged: Room, qtbot: QtBot) -> None:
    (line,) = damaged.window.banners.lines
    with qtbot.waitSignal(damaged.wishes.again_requested) as told:
        QTest.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert told.args == [[BROKEN.path]]


def opened_report(room: Room) -> ImportReportDialog:
    room.holder.update(import_report=ImportReport(9, 7, ((MEMBER.reason, 1), (BROKEN.reason, 1)), failed=(MEMBER,)))
    room.window.actions_by_name["import_report"].trigger()
    dialog = room.window.findChild(ImportReportDialog)
    assert dialog is not None
    return dialog


def rows(dialog: ImportReportDialog) -> list[list[str]]:
    model = dialog.damaged.model()
    return [[str(model.index(row, at).data()) for at in range(3)] for row in range(model.rowCount())]


def test_the_report_lists_what_is_damaged_and_sorts_it(damaged: Room) -> None:
    dialog = opened_report(damaged)
    zipped, lateral = ["IM2", "/films/disc.zip", MEMBER.reason], ["lateral.dcm", "/films/Chen^Li", BROKEN.reason]
    assert rows(dialog) == [lateral, zipped]  # by folder
    dialog.damaged.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert rows(dialog) == [zipped, lateral]
    dialog.close()


def test_the_list_is_copied_with_the_key_of_copying(damaged: Room) -> None:
    dialog = opened_report(damaged)
    dialog.damaged.setFocus()
    dialog.damaged.selectRow(1)
    QTest.keyClick(dialog.damaged, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"IM2\t/films/disc.zip\t{MEMBER.reason}"
    QGuiApplication.clipboard().clear()
    dialog.close()


def test_a_masked_report_names_no_file(damaged: Room) -> None:
    damaged.holder.update(mask_names=True)
    dialog = opened_report(damaged)
    assert [row[:2] for row in rows(dialog)] == [["masked", "masked"]] * 2
    dialog.copy()
    assert "lateral" not in QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()
    dialog.close()


def test_all_of_them_are_read_again_at_once(damaged: Room, qtbot: QtBot) -> None:
    dialog = opened_report(damaged)
    with qtbot.waitSignal(damaged.wishes.again_requested) as told:
        dialog._try_again()
    assert sorted((told.args or [[]])[0]) == [BROKEN.path, MEMBER.path]
