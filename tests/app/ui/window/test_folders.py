"""Recent folders and the watched one, in menu and footer."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.watching import WatchedFolder
from tests.app.ui.conftest import Room


def test_recent_folders_are_a_menu_that_can_be_emptied(room: Room, qtbot: QtBot) -> None:
    menu = room.window.recent._menu
    assert not menu.isEnabled()
    room.holder.update(recent=(Path("/films/new & old"), Path("/films/2019")))
    lines = [action.text() for action in menu.actions() if action.text()]
    assert lines == ["&1  /films/new && old", "&2  /films/2019", "&Forget all of these"]
    with qtbot.waitSignal(room.wishes.recent_requested) as wanted:
        menu.actions()[1].trigger()
    assert wanted.args == [Path("/films/2019")]
    with qtbot.waitSignal(room.wishes.recent_forgotten):
        room.window.actions_by_name["forget_recent"].trigger()
    room.holder.update(recent=())
    assert not menu.isEnabled()


def test_the_footer_says_that_a_folder_is_watched_and_stops_it(room: Room, qtbot: QtBot) -> None:
    button = room.window.footer.watch
    assert button.isHidden()
    room.holder.update(watch=WatchedFolder(Path("/in & out"), taken=3))
    assert (button.text(), button.folder.text()) == ("Watching a folder", "/in && out")
    assert "3 so far" in button.accessibleDescription()
    room.holder.update(watch=WatchedFolder(Path("/in"), reachable=False))
    assert button.text() == "Watched folder is away"
    with qtbot.waitSignal(room.wishes.watch_requested) as wanted:
        button.stop.trigger()
    assert wanted.args == [None]
