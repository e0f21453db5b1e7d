"""What outlives a run, and what goes on behind it: recent folders, a watched folder, the window's place, the tour."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.domain.layers.chosen import Chosen, load_chosen, save_chosen
from app.domain.layers.policy import Policy
from app.domain.settings import Settings
from app.headless import phantom
from app.main import Program
from app.services.importing import folder_watch
from app.ui.window.screen_place import place_on
from tests.app.ui import synthetic

PATIENCE_MS = 120_000
SCREENS = (QRect(0, 0, 1920, 1040), QRect(1920, 0, 1280, 1024))


@pytest.fixture
def start(start: Callable[[], Program], tmp_path: Path) -> Callable[..., Program]:
    """Starts the program in one home, with these settings the first time."""

    def begin(**settings: object) -> Program:
        if settings:
            chosen = Chosen().changed(Settings(), Settings.model_validate(settings), Policy())
            assert save_chosen(tmp_path / "home" / "settings.json", chosen) is None
        return start()

    return begin


def titles(program: Program) -> list[str]:
    return [notice.title for notice in program.notifier.history]


def test_what_was_opened_is_offered_again_and_what_is_gone_is_named_and_dropped(
    qtbot: QtBot, start: Callable[..., Program], tmp_path: Path
) -> None:
    kept, gone = tmp_path / "kept", tmp_path / "gone"
    kept.mkdir()
    program = start(recent=(str(gone),), tour_seen=True)
    program.open([kept])
    assert list(program.holder.state.recent) == [kept, gone]
    program.wishes.recent_requested.emit(gone)
    qtbot.waitUntil(lambda: "That folder or file is no longer there." in titles(program))
    assert list(program.holder.state.recent) == [kept]
    assert str(gone) in program.window.footer.notice.whole
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)
    program.wishes.recent_requested.emit(kept)
    qtbot.waitUntil(lambda: program.holder.state.import_report is not None and program.idle)
    program.close()
    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().recent == (kept,)


def test_of_files_opened_together_their_folder_is_remembered(
    qtbot: QtBot, start: Callable[..., Program], tmp_path: Path
) -> None:
    folder = tmp_path / "day"
    folder.mkdir()
    files = [folder / name for name in "abc"]
    for file in files:
        file.write_bytes(b"no image")
    program = start(tour_seen=True)
    program.open(files)
    qtbot.waitUntil(lambda: list(program.holder.state.recent) == [folder])
    program.open([files[0]])
    assert list(program.holder.state.recent) == [files[0], folder]
    program.wishes.recent_forgotten.emit()
    assert not program.holder.state.recent
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)


def test_a_file_that_comes_into_a_watched_folder_is_scored_and_moves_nothing_on_the_screen(
    qtbot: QtBot, start: Callable[..., Program], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "SOON_MS", 50)
    monkeypatch.setattr(folder_watch, "STILL_SECONDS", 0.2)
    film, incoming = tmp_path / "film", tmp_path / "incoming"
    incoming.mkdir()
    assert phantom.write_in_child(film)
    program = start()
    program.open([film])
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)
    holder = program.holder
    qtbot.waitUntil(lambda: holder.state.detection is not None and holder.state.radiograph is not None)
    qtbot.waitUntil(lambda: program.window.dialogs.tour is not None)  # the first run
    program.window.let_go()
    program.window.panes.link.zoom_about(100, 100, 2.0)
    program.window.panes.memory.view.setFocus()
    before, view = holder.state, program.window.panes.link.state
    report = before.import_report

    program.wishes.watch_requested.emit(incoming)
    qtbot.waitUntil(lambda: holder.state.watch is not None)
    (incoming / "new").write_bytes(film.read_bytes().replace(b"045Y", b"046Y"))  # a mere copy would be left out
    (incoming / "notes.txt").write_text("no image")
    qtbot.waitUntil(lambda: len(list(program.store.worklist.images())) == 2, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: program.idle, timeout=PATIENCE_MS)
    assert all(image.score is not None for image in program.store.worklist.images())
    after = holder.state
    assert (after.image_key, after.radiograph, after.window) == (before.image_key, before.radiograph, before.window)
    assert after.detection is before.detection
    assert after.import_report is report  # of what the user opened
    assert program.window.panes.link.state == view
    assert program.window.panes.memory.view.hasFocus()
    assert QApplication.activeModalWidget() is None
    program.close()

    again = start()
    qtbot.waitUntil(lambda: again.holder.state.watch is not None, timeout=PATIENCE_MS)
    assert again.holder.state.watch is not None
    assert again.holder.state.watch.folder == incoming
    qtbot.waitUntil(lambda: again.holder.state.detection is not None, timeout=PATIENCE_MS)
    assert again.window.dialogs.tour is None  # once is enough
    again.wishes.watch_requested.emit(None)
    assert again.holder.state.watch is None
    again.close()
    assert load_chosen(tmp_path / "home" / "settings.json")[0].settings().watched is None


@pytest.mark.parametrize(
    ("window", "stays"),
    [
        (QRect(100, 50, 1280, 800), True), (QRect(2000, 10, 1000, 700), True),  # on either screen
        (QRect(1900, 100, 1280, 800), True), (QRect(-1100, 100, 1280, 800), True),  # its edge can be taken hold of
        (QRect(4000, 100, 1280, 800), False), (QRect(-1260, 100, 1280, 800), False),
        (QRect(100, -780, 1280, 800), False), (QRect(100, 1100, 1280, 800), False),
        (QRect(9000, 9000, 5000, 4000), False),
    ],
)  # fmt: skip
def test_a_window_is_moved_only_when_it_cannot_be_got_hold_of(window: QRect, stays: bool) -> None:
    placed = place_on(SCREENS, window)
    assert (placed == window) is stays
    if not stays:
        assert SCREENS[0].contains(placed)
        assert placed.size() == window.size().boundedTo(SCREENS[0].size())


def test_a_window_whose_monitor_is_gone_comes_back_onto_the_screen(start: Callable[..., Program]) -> None:
    far = QWidget()
    far.setGeometry(9000, 7000, 1000, 700)
    stored = base64.b64encode(far.saveGeometry().data()).decode("ascii")
    far.deleteLater()
    program = start(window_geometry=stored, tour_seen=True)
    screen = QApplication.primaryScreen().availableGeometry()
    assert screen.intersected(program.window.geometry()).width() >= 120
    assert screen.top() <= program.window.geometry().top() < screen.bottom()


def test_a_place_that_is_no_geometry_leaves_the_window_where_it_would_be(start: Callable[..., Program]) -> None:
    program = start(window_geometry="bm90IGEgZ2VvbWV0cnk=", window_state="////", tour_seen=True)
    assert program.window.isVisible()
    assert QApplication.primaryScreen().availableGeometry().intersects(program.window.geometry())


def test_the_worklist_is_as_wide_as_it_was_left(start: Callable[..., Program]) -> None:
    program = start(worklist_width=333, tour_seen=True)
    program.store.upsert(synthetic.item(0, 0.8))
    program.store.changed.emit(program.store.worklist, program.store.worklist)
    QApplication.processEvents()
    assert program.window.worklist.width() == 333
    divider = program.window.divider
    divider.moveSplitter(301, 1)  # as its handle does; by mouse in tests/app/ui
    QApplication.processEvents()
    assert program.window.worklist.width() == 301
    program.close()
    assert start().window.divider.own_width == 301


def test_a_width_that_nobody_can_have_chosen_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"worklist_width": -4, "theme": "light"}')
    chosen, notice = load_chosen(tmp_path / "settings.json")
    settings = chosen.settings()
    assert (settings.worklist_width, settings.theme) == (0, "light")
    assert notice is not None
