"""Ctrl+I: the header of the shown file, searched and copied, masked by the one switch, following the image."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.header_page import HeaderPage
from app.ui.dialogs.header import HeaderDialog
from squid_core.contracts.header import ElementKind, HeaderLine
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import key

LINES = (
    HeaderLine(0, ElementKind.TEXT, "(0008,0060)", "Modality", "CS", "DX"),
    HeaderLine(0, ElementKind.TEXT, "(0010,0010)", "Patient's Name", "PN", "Chen^Li", hidden=True),
    HeaderLine(0, ElementKind.SEQUENCE, "(0008,2218)", "Anatomic Region Sequence", "SQ", count=1),
    HeaderLine(1, ElementKind.ITEM, count=1),
    HeaderLine(2, ElementKind.TEXT, "(0008,0104)", "Code Meaning", "LO", "chest"),
    HeaderLine(0, ElementKind.BINARY, "(7FE0,0010)", "Pixel Data", "OW", count=64000),
)


@pytest.fixture
def dialog(room: Room, qtbot: QtBot) -> HeaderDialog:
    room.open(synthetic.radiograph())
    view = room.window.panes.original.view
    view.setFocus()
    with qtbot.waitSignal(room.wishes.header_wanted) as told:
        key(view, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [True]
    room.holder.update(header=HeaderPage("key-0", LINES))
    opened = room.window.dialogs.header
    assert opened is not None
    return opened


def rows(dialog: HeaderDialog, parent: QModelIndex | None = None) -> list[str]:
    """Name and value of every row that is shown."""
    above, made = parent or QModelIndex(), []
    for at in range(dialog.found.rowCount(above)):
        row = dialog.found.index(at, 0, above)
        made += [f"{row.siblingAtColumn(1).data()}={row.siblingAtColumn(3).data()}", *rows(dialog, row)]
    return made


def test_it_is_a_tree_of_everything(dialog: HeaderDialog) -> None:
    assert rows(dialog) == [
        "Modality=DX", "Patient's Name=Chen^Li", "Anatomic Region Sequence=1 item", "=", "Code Meaning=chest",
        "Pixel Data=64000 bytes",
    ]  # fmt: skip
    assert dialog.found.rowCount() == 4


def test_a_search_finds_names_tags_and_values_in_sequences(dialog: HeaderDialog) -> None:
    QTest.keyClicks(dialog.search, "CHEST")
    assert rows(dialog) == ["Anatomic Region Sequence=1 item", "=", "Code Meaning=chest"]
    dialog.search.clear()
    QTest.keyClicks(dialog.search, "0010,0010")
    assert rows(dialog) == ["Patient's Name=Chen^Li"]


def test_the_switch_masks_it_and_no_search_finds_what_is_masked(room: Room, dialog: HeaderDialog) -> None:
    room.holder.update(mask_names=True)
    assert "Patient's Name=masked" in rows(dialog)
    QTest.keyClicks(dialog.search, "Chen")
    assert rows(dialog) == []
    dialog.search.clear()
    dialog.copy()
    assert "Chen" not in QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()


def test_chosen_rows_are_copied(dialog: HeaderDialog) -> None:
    dialog.tree.setCurrentIndex(dialog.found.index(0, 0))
    QTest.keyClick(dialog.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "(0008,0060)\tModality\tCS\tDX"
    QGuiApplication.clipboard().clear()


def test_why_there_is_none_is_said(room: Room, dialog: HeaderDialog) -> None:
    room.holder.update(header=HeaderPage("key-0", (), error=Notice(Severity.ERROR, "Not a DICOM file: a picture.")))
    assert dialog.state.text() == "Not a DICOM file: a picture."
    assert rows(dialog) == []


def test_closing_it_says_so(room: Room, dialog: HeaderDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(room.wishes.header_wanted) as told:
        key(dialog, Qt.Key.Key_Escape)
    assert told.args == [False]
    assert room.window.dialogs.header is None
