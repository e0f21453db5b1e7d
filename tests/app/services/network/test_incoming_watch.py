"""What came over the network is handed on once, in order of arrival, whoever was running meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.services.network.incoming_watch import SLACK, TAKEN, IncomingWatch, list_incoming
from tests.app.services.network.desks import Room

NOW = int(time.time() * 1e6)


def put(folder: Path, microseconds: int) -> Path:
    """An object that came then."""
    day = folder / datetime.fromtimestamp(microseconds / 1e6).date().isoformat()  # noqa: DTZ006 - as it is named
    day.mkdir(parents=True, exist_ok=True)
    path = day / f"{microseconds:016d}-{microseconds % 0xFFFFFF:012x}.dcm"
    path.write_bytes(b"an object")
    return path


class Watched:
    """A watch, and what it has handed on."""

    def __init__(self, room: Room) -> None:
        self.watch = IncomingWatch(room.home, room.courier, room.notifier)
        self.arrived: list[Path] = []
        self.watch.arrived.connect(self.arrived.extend)
        self.watch.start()

    def imported(self, paths: Iterable[Path]) -> None:
        if self.watch.imported(paths):
            self.watch.note()


def test_in_order_of_arrival_and_once_over_a_restart(qtbot: QtBot, room: Room) -> None:
    folder = room.home / "incoming"
    times = [NOW - 3 * 86_400_000_000, NOW - 3, NOW - 2, NOW - 1]
    paths = [put(folder, one) for one in reversed(times)][::-1]
    (paths[0].parent / ".half.part").write_bytes(b"half")
    (paths[0].parent / "notes.txt").write_text("none of ours", encoding="ascii")
    watched = Watched(room)
    qtbot.waitUntil(lambda: watched.arrived == paths)
    watched.imported(paths)
    qtbot.waitUntil(lambda: (room.home / TAKEN).exists())
    watched.watch.stop()

    later = put(folder, NOW + 5)  # while nobody looked
    again = Watched(room)
    qtbot.waitUntil(lambda: again.arrived == [later])
    qtbot.wait(50)
    assert again.arrived == [later]  # and not what the reader may have taken off the worklist
    again.watch.stop()


def test_what_appears_late_under_an_earlier_name_is_not_missed(qtbot: QtBot, room: Room) -> None:
    folder = room.home / "incoming"
    first = put(folder, NOW)
    watched = Watched(room)
    qtbot.waitUntil(lambda: watched.arrived == [first])
    watched.imported([first])
    late = put(folder, NOW - SLACK // 2)
    watched.watch.look()
    qtbot.waitUntil(lambda: watched.arrived == [first, late])
    watched.watch.stop()


def test_what_was_not_imported_is_handed_on_at_the_next_start(qtbot: QtBot, room: Room) -> None:
    folder = room.home / "incoming"
    old, new = put(folder, NOW - 2 * SLACK), put(folder, NOW)
    watched = Watched(room)
    qtbot.waitUntil(lambda: watched.arrived == [old, new])
    watched.imported([new])
    qtbot.waitUntil(lambda: (room.home / TAKEN).exists())
    assert watched.watch.running
    watched.watch.stop()
    again = Watched(room)
    qtbot.waitUntil(lambda: again.arrived == [old])
    again.watch.stop()


def test_a_damaged_note_hands_on_everything(qtbot: QtBot, room: Room) -> None:
    path = put(room.home / "incoming", NOW)
    (room.home / TAKEN).write_bytes(b"\xff\x00 no number")
    watched = Watched(room)
    qtbot.waitUntil(lambda: watched.arrived == [path])
    watched.watch.stop()


def test_days_long_past_are_not_gone_through(tmp_path: Path) -> None:
    old, new = put(tmp_path, NOW - 40 * 86_400_000_000), put(tmp_path, NOW)
    assert list(list_incoming(tmp_path, NOW - SLACK).files) == [new]
    old.unlink()
    assert list_incoming(tmp_path, NOW - SLACK).folders == (tmp_path, new.parent)


def test_nothing_elsewhere_is_noted(room: Room) -> None:
    watched = IncomingWatch(room.home, room.courier, room.notifier)
    assert not watched.imported([Path("/somewhere/else/a.dcm")])
