"""What the export actions open, offer and save, through real events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.app.ui import synthetic
from tests.app.ui.conftest import Room


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
    assert [action.objectName() for action in menu.actions()] == ["export", "remove"]
    menu.close()


def test_the_picture_is_header_and_panes_as_on_the_screen(
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
    assert picture.size() == opened.window.reading.size() * opened.window.devicePixelRatioF()
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
