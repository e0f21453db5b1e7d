"""Reading mode: what goes, what stays, and that all comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.errors import Notice, Severity
from app.domain.settings import DisplaySettings
from app.domain.study import Judgement
from app.domain.undoing import Deed, DeedSaid, Effect, Undoing, Way
from app.ui.window.main_window import MainWindow
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, SHIFT, key

Key = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph()
    room.holder.update(display=DisplaySettings())
    room.open(image, synthetic.detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def rest(window: MainWindow) -> list[QWidget]:
    return [window.menuBar(), window.tool_bar, window.worklist, window.dock, window.statusBar()]


def seen(window: MainWindow) -> list[object]:
    panes = window.panes
    return [
        [part.isVisible() for part in (*rest(window), *panes.all_panes)],
        window.divider.sizes(),
        panes._whole.sizes(),
        QApplication.focusWidget(),
    ]


@pytest.mark.parametrize("back", [Key.Key_Tab, Key.Key_Escape])
def test_tab_leaves_image_name_and_score_and_all_comes_back_as_it_was(
    opened: Room, settle: Callable[[], None], back: Key
) -> None:
    window = opened.window
    before = seen(window)
    key(window.panes.original.view, Key.Key_Tab)
    settle()
    assert not any(part.isVisible() for part in rest(window))
    assert window.header.isVisible()
    assert [pane.isVisible() for pane in window.panes.panes] == [True, False, False, False]
    assert window.panes.original.width() > 0.98 * window.width()
    assert window.panes.original.view.hasFocus()
    key(window.panes.original.view, back)
    settle()
    assert seen(window) == before


def test_a_pane_that_was_alone_and_a_hidden_panel_are_so_again(opened: Room, settle: Callable[[], None]) -> None:
    window = opened.window
    key(window.panes.original.view, Key.Key_F9)
    window.panes.toggle_maximised(window.panes.difference)
    settle()
    before = seen(window)
    key(window.panes.difference.view, Key.Key_Tab)
    key(window.panes.original.view, Key.Key_Tab)
    settle()
    assert seen(window)[:3] == before[:3]


def test_tab_in_a_list_moves_the_focus(opened: Room) -> None:
    window = opened.window
    window.worklist.list.setFocus()
    QTest.keyClick(window.worklist.list, Key.Key_Tab)
    assert not window.reading_mode.on
    assert not window.worklist.list.hasFocus()


def test_the_worklist_that_goes_on_brings_nothing_back(opened: Room, settle: Callable[[], None]) -> None:
    window = opened.window
    key(window.panes.original.view, Key.Key_Tab)
    opened.fill(synthetic.item(1, 0.4))
    settle()
    assert not any(part.isVisible() for part in rest(window))
    opened.store.remove(["key-0", "key-1"])
    opened.store.changed.emit(opened.store.worklist, opened.store.worklist)
    assert not window.reading_mode.on
    assert window.menuBar().isVisible()


def test_another_layout_is_shown_in_reading_mode_too(opened: Room, settle: Callable[[], None]) -> None:
    window = opened.window
    key(window.panes.original.view, Key.Key_Tab)
    key(window.panes.original.view, Key.Key_4, CTRL | SHIFT)
    settle()
    assert all(pane.isVisible() for pane in window.panes.panes)
    assert not window.worklist.isVisible()


def test_what_has_to_be_said_is_said_in_reading_mode(opened: Room) -> None:
    window = opened.window
    key(window.panes.original.view, Key.Key_Tab)
    opened.notifier.post(Notice(Severity.WARNING, "The detector stopped."))
    assert window.statusBar().isVisible()
    window.footer.clear_notice()
    assert not window.statusBar().isVisible()


def test_a_judgement_says_so_in_reading_mode_with_its_way_back(opened: Room) -> None:
    window = opened.window
    key(window.panes.original.view, Key.Key_Tab)
    opened.holder.update(
        undoing=Undoing(said=DeedSaid(Deed.JUDGEMENT, Way.DONE, Effect(judgement=Judgement.ACCEPTED), False, 1))
    )
    assert window.footer.done.isVisible()
    window.footer.done._show(None)
    assert not window.statusBar().isVisible()
