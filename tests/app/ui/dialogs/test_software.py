"""The page on the software inside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.ui.dialogs.lists import AboutDialog
from app.ui.dialogs.software import SoftwareDialog


def test_the_about_box_asks_for_the_page(qtbot: QtBot) -> None:
    about = AboutDialog()
    qtbot.addWidget(about)
    (button,) = (button for button in about.findChildren(QPushButton) if button.text() == "Software inside…")
    with qtbot.waitSignal(about.software_wanted):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_each_part_is_listed_and_its_licence_read_when_it_is_chosen(qtbot: QtBot) -> None:
    page = SoftwareDialog()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.text.toPlainText() != "")
    names = [part.name for part in page.parts]
    assert page.table.rowCount() == len(names)
    torch, qt = names.index("torch"), names.index("PySide6_Essentials")
    page.table.setCurrentCell(qt, 0)
    qtbot.waitUntil(lambda: "GNU LESSER GENERAL PUBLIC LICENSE" in page.text.toPlainText())
    while page.table.currentRow() != torch:
        QTest.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "From PyTorch" in page.text.toPlainText())
    assert page.text.toPlainText().startswith(f"torch {page.parts[torch].version}\n{page.parts[torch].licence}\n")


def test_a_page_closed_before_its_list_has_come_does_no_harm(qtbot: QtBot) -> None:
    page = SoftwareDialog()
    page.show()
    page.close()
    page.deleteLater()
    qtbot.wait(300)
