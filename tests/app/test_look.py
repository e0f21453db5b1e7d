"""Theme and language change in the running program: the window is built anew and goes on where it was."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice, Severity
from app.domain.layers.chosen import load_chosen
from app.domain.marks.tools import Tool
from app.domain.session import Session
from app.domain.settings import ListSettings, Settings
from app.domain.study import Study
from app.main import Program, application, dress
from app.paths import AppPaths
from app.ui.look import theme
from app.ui.panes.pane_grid import PaneGrid
from app.ui.side_panel.section import QuietCombo
from app.ui.window.main_window import MainWindow
from app.ui.window.window_memory import address, find
from tests.app.ui import synthetic


@pytest.fixture
def program(qapp: object, tmp_path: Path) -> Iterator[Program]:
    """A window full of studies, without services."""
    application()
    made = Program(AppPaths(tmp_path / "home"), "cpu")
    made.window.resize(1280, 800)
    made.window.show()
    image = synthetic.radiograph()
    made.store.upsert(*(synthetic.item(number, 0.83 - number / 100) for number in range(40)))
    made.store.changed.emit(made.store.worklist, made.store.worklist)
    item = synthetic.item(0, 0.83)
    made.holder.update(
        study=Study(item.study_uid, (item,)), image_key=item.key, radiograph=image, window=image.window,
        detection=synthetic.detection(image), memory_slots=200,
    )  # fmt: skip
    QApplication.processEvents()
    yield made
    made.close()
    dress(type(made.settings.now)())


@pytest.fixture
def look(program: Program, qtbot: QtBot) -> Callable[..., MainWindow]:
    """Change theme or language and wait for the new window."""

    def change(**changes: str) -> MainWindow:
        old = program.window
        for name, value in changes.items():
            program.preferences.use(name, value)
        qtbot.waitUntil(lambda: program.window is not old and program.window.isVisible())
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        for _ in range(4):
            QApplication.processEvents()
        assert not shiboken6.isValid(old)
        return program.window

    return change


def test_a_light_window_takes_the_place_of_the_dark_one(
    program: Program, look: Callable[..., MainWindow], tmp_path: Path
) -> None:
    dark = program.window.grab().toImage()
    window = look(theme="light")
    assert theme.tokens() is theme.LIGHT
    light = window.grab().toImage()
    corner = (3, 3)  # of the menu bar
    assert dark.pixelColor(*corner).name() == theme.DARK.window
    assert light.pixelColor(*corner).name() == theme.LIGHT.window
    view = window.panes.original.view
    assert view.grab().toImage().pixelColor(1, 1).name() == "#000000"
    program.close()
    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().theme == "light"


def test_the_new_window_goes_on_where_the_old_one_was(program: Program, look: Callable[..., MainWindow]) -> None:
    window = program.window
    window.panes.link.zoom_about(120.0, 80.0, 3.5)
    window.actions_by_name["settings_panel"].setChecked(True)
    window.panes.link.turn(1)
    window.divider.bring_back(420)
    window.panes._rows[0].setSizes([500, 300])
    window.panes.memory.view.setFocus()
    window.settings.verticalScrollBar().setValue(37)
    window.worklist.list.verticalScrollBar().setValue(55)
    assert window.worklist.list.verticalScrollBar().value() == 55
    program.notifier.posted.emit(Notice(Severity.WARNING, "The detector stopped."))
    QApplication.processEvents()
    before = (
        window.geometry(), window.divider.sizes(), window.panes._rows[0].sizes(), window.panes.link.centre,
        window.panes.link.state, window.settings.verticalScrollBar().value(),
        window.worklist.list.verticalScrollBar().value(), window.worklist.list.selected_uid,
        window.footer.notice.whole, window.dock.width(),
    )  # fmt: skip
    new = look(theme="light")
    after = (
        new.geometry(), new.divider.sizes(), new.panes._rows[0].sizes(), new.panes.link.centre,
        new.panes.link.state, new.settings.verticalScrollBar().value(),
        new.worklist.list.verticalScrollBar().value(), new.worklist.list.selected_uid,
        new.footer.notice.whole, new.dock.width(),
    )  # fmt: skip
    assert after == before
    assert new.focusWidget() is new.panes.memory.view


def test_a_pane_shown_alone_a_hidden_panel_and_flicker_stay(program: Program, look: Callable[..., MainWindow]) -> None:
    program.window.panes.toggle_maximised(program.window.panes.original)
    program.window.panes.original.toggle_flicker()
    program.window.actions_by_name["settings_panel"].setChecked(False)
    new = look(language="zh_TW")
    assert new.panes.maximised is new.panes.original
    assert not new.panes.memory.isVisible()
    assert new.panes.original.flickering
    assert not new.dock.isVisible()
    assert not new.actions_by_name["settings_panel"].isChecked()


def test_the_old_window_hears_nothing_and_the_new_one_renders_once(
    program: Program, look: Callable[..., MainWindow]
) -> None:
    others = _windows() - {program.window}
    for choice in ("light", "dark", "light"):
        look(theme=choice)
    gc.collect()
    rendered: list[PaneGrid] = []
    real = PaneGrid.render_session

    def render(self: PaneGrid, old: Session | None, new: Session) -> None:
        rendered.append(self)
        real(self, old, new)

    with patch.object(PaneGrid, "render_session", render):
        program.holder.update(invert=True)
    assert rendered == [program.window.panes]
    assert program.window.actions_by_name["invert"].isChecked()
    assert _windows() - others == {program.window}


def test_a_closed_program_leaves_no_window_builds_none_and_writes_no_settings(tmp_path: Path, qtbot: QtBot) -> None:
    before = _windows()
    program = Program(AppPaths(tmp_path / "other"), "cpu")
    program.window.show()
    program.preferences.use("theme", "light")  # the new window is on its way
    program.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.wait(50)
    assert _windows() <= before
    (tmp_path / "other" / "settings.json").unlink()
    program.close()
    assert not (tmp_path / "other" / "settings.json").exists()


def test_a_drawing_and_what_stands_beside_the_window_go_on_in_the_new_one(
    program: Program, look: Callable[..., MainWindow]
) -> None:
    old = program.window
    old.activateWindow()
    old.panes.original.view.setFocus()
    old.dialogs.show_score()
    old.dialogs.show_how()
    old.dialogs.show_learning()
    old.dialogs.show_guide("messages.md")
    old.dialogs.show_drift()
    old.dialogs.show_tour(take_focus=False)
    assert old.dialogs.tour is not None
    old.dialogs.tour.step(2)
    old.measure.choose(Tool.CTR)
    QTest.keyClick(old.panes.original.view, Qt.Key.Key_Return)
    assert old.measure.drawing
    new = look(language="zh_TW")
    dialogs = new.dialogs
    assert dialogs.score_card is not None
    assert dialogs.score_card.isVisible()
    assert dialogs.how_it_works is not None
    assert dialogs.how_it_works.isVisible()
    assert dialogs.learning is not None
    assert dialogs.learning.windowTitle() != "Learn this hospital", "in the language of the window"
    assert dialogs.guide is not None
    assert dialogs.guide.place.page == "messages.md"
    assert dialogs.drift is not None
    assert dialogs.drift.isVisible()
    assert dialogs.tour is not None
    assert dialogs.tour.number == 3
    for step in range(3):
        QTest.keyClick(new.panes.original.view, Qt.Key.Key_Right)
        QTest.keyClick(new.panes.original.view, Qt.Key.Key_Return)
        assert len(program.holder.state.annotations.marks) == (step == 2)


def _windows() -> set[MainWindow]:
    return {window for window in QApplication.topLevelWidgets() if isinstance(window, MainWindow)}


def test_the_new_windows_wishes_reach_the_program(program: Program, look: Callable[..., MainWindow]) -> None:
    window = look(theme="light")
    window.actions_by_name["overlay"].trigger()
    assert program.holder.state.display.overlay
    assert program.settings.now.display.overlay


def test_every_wish_has_somebody_who_does_it(program: Program) -> None:
    meta = program.wishes.metaObject()
    wishes = [meta.method(at) for at in range(meta.methodOffset(), meta.methodCount())]
    assert len(wishes) > 30
    assert [wish.name() for wish in wishes if not program.wishes.isSignalConnected(wish)] == []


def test_the_settings_dialog_stays_open_and_changes_its_language(
    program: Program, look: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    program.window.actions_by_name["settings"].trigger()
    assert program.preferences.dialog is not None
    combo = program.preferences.dialog.rows["language"].control.findChild(QuietCombo)
    assert isinstance(combo, QuietCombo)
    program.preferences.dialog.search.setText("lang")
    old = program.window
    combo.setCurrentIndex(combo.findData("zh_TW"))
    combo.picked.emit("zh_TW")
    qtbot.waitUntil(lambda: program.window is not old and program.window.isVisible())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(old)
    assert program.preferences.dialog is not None
    assert program.preferences.dialog.isVisible()
    assert program.preferences.dialog.windowTitle() == "設定"
    assert program.preferences.dialog.search.text() == "lang"
    assert program.window.menuBar().actions()[0].text() == "檔案(&F)"
    program.preferences.dialog.close()


def test_defaults_for_all_go_everywhere_and_leave_the_window_where_it_is(
    program: Program, look: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    look(theme="light")
    program.preferences.use("display.overlay", True)
    program.preferences.use("device", "cuda")
    program.preferences.use("mask_names", True)
    assert program.holder.state.display.overlay
    old = program.window
    dialog = program.preferences.show_dialog(program.window)
    dialog.reset_wanted.emit()
    qtbot.waitUntil(lambda: program.window is not old)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not program.holder.state.mask_names
    assert program.settings.now == Settings(
        mask_key=program.settings.now.mask_key, tour_seen=True, last_image=program.settings.now.last_image
    )
    assert not program.holder.state.display.overlay
    assert theme.tokens() is theme.DARK
    assert program.preferences.dialog is not None
    program.preferences.dialog.close()


def test_a_value_the_model_does_not_allow_changes_nothing(program: Program) -> None:
    before = program.settings.now
    program.preferences.use("display.smoothing", -3.0)
    assert program.settings.now == before


def test_system_follows_the_desktop(program: Program, look: Callable[..., MainWindow], qtbot: QtBot) -> None:
    look(theme="system")
    with patch.object(theme, "resolve", return_value=theme.LIGHT):
        old = program.window
        QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
        qtbot.waitUntil(lambda: program.window is not old)
    assert theme.tokens() is theme.LIGHT


def test_a_window_that_waits_for_an_answer_is_not_taken_away(
    program: Program, look: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    old = program.window
    box = QMessageBox(old)
    box.open()
    program.preferences.use("theme", "light")
    qtbot.wait(50)
    assert program.window is old
    box.close()
    qtbot.waitUntil(lambda: program.window is not old)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_widget_is_found_again_by_where_it_stands(program: Program) -> None:
    window = program.window
    for widget in (window.panes.memory.view, window.settings.display.opacity, window.worklist.list):
        assert find(address(widget, window), window) is widget
    assert find((*address(window.header, window), ("QLabel", 99)), window) is None


def test_what_is_left_of_the_old_window_hears_of_nothing(
    program: Program, look: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    look(language="zh_TW")
    gc.collect()
    with qtbot.captureExceptions() as failures:
        program.holder.update(study=None, radiograph=None, detection=None, listing=ListSettings(compact=True))
        program.store.upsert(synthetic.item(1, 0.99))
        program.notifier.post(Notice(Severity.WARNING, "The detector stopped."))
        QApplication.processEvents()
    assert failures == []
