"""What a window shows is there again at the next start."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.settings import Layout
from app.main import Program
from tests.app.test_living_with_it import start  # noqa: F401 - a fixture
from tests.app.ui import synthetic

Start = Callable[..., Program]


class Shows(QObject):
    """Counts how often a widget comes onto the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.count += event.type() == QEvent.Type.Show
        return False


def fill(program: Program, qtbot: QtBot, *numbers: int) -> None:
    """Give the program studies, as if they had been imported: kept too."""
    qtbot.waitUntil(lambda: program.services.is_restored)
    items = [synthetic.item(number, 0.9 - number / 10) for number in numbers]
    program.store.upsert(*items)
    program.services.database.ask(lambda database: database.save_images(items)).result()
    qtbot.waitUntil(lambda: program.window.divider.isVisible())


def test_the_panel_is_closed_until_it_is_asked_for_and_open_at_the_next_start(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    fill(program, qtbot, 0)
    assert not program.window.dock.isVisible()
    QTest.keyClick(program.window, Qt.Key.Key_F9)
    assert program.window.dock.isVisible()
    program.close()
    program = start()
    qtbot.waitUntil(lambda: program.window.divider.isVisible())
    assert program.window.dock.isVisible()
    QTest.keyClick(program.window, Qt.Key.Key_F9)
    program.close()
    program = start()
    qtbot.waitUntil(lambda: program.window.divider.isVisible())
    assert not program.window.dock.isVisible()


def test_the_worklist_that_runs_empty_does_not_put_the_panel_away(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True, panel_open=True)
    fill(program, qtbot, 0)
    assert program.window.dock.isVisible()
    program.store.remove(["key-0"])
    qtbot.waitUntil(lambda: not program.window.divider.isVisible())
    program.store.upsert(synthetic.item(1, 0.5))
    qtbot.waitUntil(lambda: program.window.dock.isVisible())


def test_a_stored_worklist_shows_without_an_invitation_before_it(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    shows = Shows()
    fill(program, qtbot, 0, 1)
    program.close()
    program = start()
    program.window.empty.card.installEventFilter(shows)
    assert not program.window.empty.card.isVisible()
    qtbot.waitUntil(lambda: program.window.divider.isVisible())
    assert shows.count == 0


def test_without_a_stored_worklist_the_invitation_comes(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    qtbot.waitUntil(lambda: program.window.empty.card.isVisible())


def test_the_image_that_was_looked_at_last_is_shown_again(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    fill(program, qtbot, 0, 1, 2)
    program.wishes.study_selected.emit("1.2.3.2")
    assert program.holder.state.image_key == "key-2"
    program.close()
    program = start()
    qtbot.waitUntil(lambda: bool(program.holder.state.image_key))
    assert program.holder.state.image_key == "key-2"
    program.store.remove(["key-2"])
    qtbot.waitUntil(lambda: program.holder.state.image_key != "key-2")


def test_the_layout_and_the_sizes_of_the_panes_are_there_again(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    fill(program, qtbot, 0)
    program.wishes.study_selected.emit("1.2.3.0")
    panes = program.window.panes
    panes._whole.moveSplitter(panes._whole.width() // 2, 1)
    qtbot.waitUntil(lambda: bool(program.settings.now.display.shares))
    program.close()
    window = start().window
    window.resize(1280, 800)  # which the screen of the tests has no room for
    panes = window.panes
    qtbot.waitUntil(lambda: panes.original.isVisible() and abs(panes.original.width() - panes.width() / 2) < 12)
    assert panes._display.layout is Layout.MAIN


def test_a_pane_that_was_pulled_out_is_so_again(start: Start, qtbot: QtBot) -> None:  # noqa: F811
    program = start(tour_seen=True)
    fill(program, qtbot, 0)
    program.window.pulled_out.toggle("memory")
    program.close()
    window = start().window
    assert window.pulled_out.is_outside("memory")
    assert window.panes.memory.window() is not window
