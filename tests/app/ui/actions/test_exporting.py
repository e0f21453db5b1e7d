"""What the export actions open, offer and save, through real events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.orientation import Orientation
from app.services.exporting.export_service import as_png
from app.services.exporting.printing import PrintJob
from app.ui.actions.panes_picture import panes_picture
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

GREEN = (0, 255, 1)


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    settle()
    return room


def test_nothing_can_be_exported_before_a_study_is_chosen(room: Room) -> None:
    for name in ("export", "export_panes", "export_worklist"):
        assert not room.window.actions_by_name[name].isEnabled()


def test_a_right_click_in_the_worklist_offers_it(opened: Room) -> None:
    index = opened.window.worklist.list.studies.index(0)
    opened.window.worklist.list.select("1.2.3.0")
    opened.window.worklist.list.customContextMenuRequested.emit(opened.window.worklist.list.visualRect(index).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = [action.objectName() for action in menu.actions()]
    assert names == ["export", "send_results", "analyse_anyway", "mark_read", "mark_unread", "remove"]
    menu.close()


def test_the_picture_goes_where_the_user_says(
    opened: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def choose(_parent: object, _title: str, start: str, _pattern: str) -> tuple[str, str]:
        offered.append(start)
        return str(tmp_path / "shown"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with qtbot.waitSignal(opened.wishes.picture_ordered) as told:
        opened.window.actions_by_name["export_panes"].trigger()
    path, picture = told.args or [None, None]
    assert path == tmp_path / "shown.png"
    assert isinstance(picture, QImage)
    assert picture.width() == round(opened.window.panes.width() * opened.window.devicePixelRatioF())
    assert offered == ["squid-panes.png"]


def test_the_worklist_goes_where_the_user_says(
    opened: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "list.csv"), ""))
    with qtbot.waitSignal(opened.wishes.worklist_ordered) as told:
        opened.window.actions_by_name["export_worklist"].trigger()
    assert told.args == [tmp_path / "list.csv"]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    with qtbot.assertNotEmitted(opened.wishes.worklist_ordered, wait=20):
        opened.window.actions_by_name["export_worklist"].trigger()


def picture_of(room: Room) -> QImage:
    window = room.window
    return panes_picture(window.header, window.banners.said, window.panes)


def test_the_picture_has_no_button_and_no_tool_bar(opened: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every button, painted in a colour that nothing else has, is not to be seen in it; on the screen it is."""
    panes = opened.window.panes
    opened.window.tool_bar.setStyleSheet("background: #00ff01")
    for button in opened.window.reading.findChildren(QAbstractButton):
        button.setStyleSheet("background: #00ff01")
    QApplication.processEvents()
    assert has_colour(opened.window.reading.grab().toImage(), GREEN)
    for pane in (None, panes.original, panes.memory):
        if pane is not None:
            panes.toggle_maximised(pane)
            QApplication.processEvents()
        assert not has_colour(picture_of(opened), GREEN)
        if pane is not None:
            panes.toggle_maximised(pane)


def test_every_pane_of_the_layout_is_in_its_place_in_the_picture(opened: Room) -> None:
    panes = opened.window.panes
    picture = picture_of(opened)
    head = picture.height() - panes.height()
    for pane in panes.shown:
        on_screen = pane.view.grab().toImage()
        at = pane.view.mapTo(panes, QPoint())
        shown = picture.copy(QRect(at + QPoint(0, head), pane.view.size()))
        assert pixels(shown)[20:-20, 20:-20].tolist() == pixels(on_screen)[20:-20, 20:-20].tolist()


def test_the_picture_says_that_it_is_for_research_and_what_the_banners_say(
    opened: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    real = QPainter.drawText

    def noted(painter: QPainter, *how: object) -> None:
        drawn.append(str(how[-1]))
        real(painter, *how)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawText", noted)
    window = opened.window
    panes_picture(window.header, ("This chest seems mirrored.",), window.panes)
    assert "Research use only. Not a medical device." in drawn
    assert "This chest seems mirrored." in drawn
    assert window.header.name.whole in drawn


def test_masked_the_picture_names_nobody(opened: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    named = opened.window.header.name.whole
    opened.window.actions_by_name["mask_names"].trigger()
    QApplication.processEvents()
    drawn: list[str] = []
    real = QPainter.drawText

    def noted(painter: QPainter, *how: object) -> None:
        drawn.append(str(how[-1]))
        real(painter, *how)  # type: ignore[call-overload]

    monkeypatch.setattr(QPainter, "drawText", noted)
    picture_of(opened)
    assert named
    assert not any(named in words for words in drawn)


def test_the_pointer_is_not_in_the_picture(opened: Room) -> None:
    without = picture_of(opened)
    opened.holder.update(cursor=(100.0, 100.0))
    QApplication.processEvents()
    view = opened.window.panes.original.view
    assert view.pointed_at == (100.0, 100.0)
    assert picture_of(opened) == without
    assert view.pointed_at == (100.0, 100.0)


def pixels(picture: QImage) -> NDArray[np.uint8]:
    """(H, W, 3) of a picture."""
    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : 3 * rgb.width()].reshape(rgb.height(), rgb.width(), 3).copy()


def has_colour(picture: QImage, colour: tuple[int, int, int]) -> bool:
    return bool((pixels(picture) == colour).all(axis=2).any())


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("keys", [CTRL, CTRL | SHIFT], ids=["the page", "the panes"])
def test_without_a_printer_there_is_a_sentence(
    opened: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, keys: Qt.KeyboardModifier
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    told: list[Notice] = []
    opened.notifier.posted.connect(told.append)
    with qtbot.assertNotEmitted(opened.wishes.page_wanted):
        QTest.keyClick(opened.window, Qt.Key.Key_P, keys)
    assert [notice.title for notice in told] == ["This computer has no printer."]


def test_ctrl_p_prints_the_report_page_as_the_image_lies(
    opened: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["one"])
    opened.window.panes.link.flip()
    with qtbot.waitSignal(opened.wishes.page_wanted) as wanted:
        QTest.keyClick(opened.window, Qt.Key.Key_P, CTRL)
    assert wanted.args == [Orientation(mirrored=True)]
    page = QImage(40, 60, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    opened.window.exports.print_page(as_png(page))
    job = accepted(opened, qtbot)
    assert (job.of_page, job.picture.width(), job.picture.height()) == (True, 40, 60)
    assert job.printer.pageLayout().orientation() == QPageLayout.Orientation.Portrait
    assert job.printer.docName() == "SQUID Viewer"


def test_the_picture_of_the_panes_is_printed_as_it_would_be_saved(
    opened: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["one"])
    saved = picture_of(opened)
    QTest.keyClick(opened.window, Qt.Key.Key_P, CTRL | SHIFT)
    job = accepted(opened, qtbot)
    assert not job.of_page
    assert job.picture == saved


def accepted(room: Room, qtbot: QtBot) -> PrintJob:
    """What the dialog of printers orders."""
    dialog = room.window.findChild(QPrintDialog)
    assert isinstance(dialog, QPrintDialog)
    with qtbot.waitSignal(room.wishes.print_ordered) as told:
        dialog.done(QPrintDialog.DialogCode.Accepted)
    (job,) = told.args or [None]
    assert isinstance(job, PrintJob)
    return job
