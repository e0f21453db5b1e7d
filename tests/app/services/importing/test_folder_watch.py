"""A watched folder on a real disk; the clock is the test's own."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.services.importing import folder_listing, folder_watch
from app.services.importing.folder_listing import Listing, list_folder
from app.services.importing.folder_watch import (
    BACK,
    CROWDED,
    GONE,
    PROMPT_SECONDS,
    SILENT_SECONDS,
    STILL_SECONDS,
    FolderWatch,
)
from app.services.importing.import_service import ImportService
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from squid_core.dicom.readers import Examined
from squid_core.dicom.source import Source
from tests.app.services.fakes import FakeReaders


class Room:
    """A watch whose looks and clock are in the test's hands."""

    def __init__(self, folder: Path, look: Callable[[Path], Listing]) -> None:
        self.folder, self.now = folder, 100.0
        self.courier, notifier = Courier(), Notifier()
        self.notices: list[Notice] = []
        notifier.posted.connect(self.notices.append)
        notifier.flush()
        self.looks = 0
        self._look_at = look
        self.watch = FolderWatch(self.courier, notifier, self._look, lambda: self.now)
        self.arrived: list[str] = []
        self.watch.arrived.connect(lambda paths: self.arrived.extend(path.name for path in paths))

    def _look(self, folder: Path) -> Listing:
        try:
            return self._look_at(folder)
        finally:
            self.looks += 1

    def look(self, qtbot: QtBot, seconds: float = 0.0) -> None:
        """Look once, this much later, and wait for the answer."""
        self.now += seconds
        self.watch.look()
        self.settle(qtbot)

    def settle(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: self.watch._asked_at is None)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(folder_watch, "POLL_MS", 3_600_000)
    monkeypatch.setattr(folder_watch, "SOON_MS", 3_600_000)
    folder = tmp_path / "incoming"
    folder.mkdir()
    room = Room(folder, list_folder)
    room.watch.start(folder)
    room.settle(qtbot)
    yield room
    room.watch.stop()
    room.courier.close()


def test_a_file_is_handed_on_once_when_it_has_come_to_rest(qtbot: QtBot, room: Room) -> None:
    (room.folder / "a.dcm").write_bytes(b"half")
    room.look(qtbot)
    (room.folder / "a.dcm").write_bytes(b"half and more")
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == []  # it was still growing
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["a.dcm"]
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["a.dcm"]
    assert room.watch.watch is not None
    assert room.watch.watch.taken == 1


@pytest.mark.parametrize("year", [1971, 2019, 2200])
def test_the_time_of_a_file_tells_nothing_of_its_rest(qtbot: QtBot, room: Room, year: int) -> None:
    file = room.folder / "a.dcm"
    file.write_bytes(b"half")
    at = (year - 1970) * 365 * 24 * 3600
    os.utime(file, (at, at))
    room.look(qtbot)
    file.write_bytes(b"half and more")
    os.utime(file, (at, at))
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == []
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["a.dcm"]
    os.utime(file, (at, at - 3600))  # the sender's clock was set back, and the file written anew
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["a.dcm", "a.dcm"]


def test_a_file_that_changes_between_listing_and_reading_is_imported_again_at_rest(qtbot: QtBot, room: Room) -> None:
    file = room.folder / "a.dcm"
    file.write_bytes(b"reserved")

    class Growing(FakeReaders):
        def identify(self, source: Path | Source) -> Future[Examined]:
            if not self.read_names:
                self.read_names.append("a")
                file.write_bytes(b"reserved, and written to its end")
            return super().identify(source)

    store = WorklistStore()
    inbox = ImportService(Growing(), store)
    room.watch.arrived.connect(inbox.start)
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    qtbot.waitUntil(lambda: len(store.worklist) == 1 and not inbox.running)
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    qtbot.waitUntil(lambda: not inbox.running)
    assert room.arrived == ["a.dcm", "a.dcm"]
    assert [image.size for image in store.worklist.images()] == [file.stat().st_size]
    inbox.close()


def test_a_slow_disk_is_only_polled(qtbot: QtBot, room: Room) -> None:
    assert room.watch._system.directories() == [str(room.folder)]
    room.watch.look()
    room.now += PROMPT_SECONDS
    room.settle(qtbot)
    assert room.watch._system.directories() == []
    room.look(qtbot)
    assert room.watch._system.directories() == [str(room.folder)]


def test_a_file_that_is_replaced_is_handed_on_again(qtbot: QtBot, room: Room) -> None:
    file = room.folder / "a.dcm"
    file.write_bytes(b"one")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    file.write_bytes(b"another")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["a.dcm", "a.dcm"]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
def test_links_hidden_empty_and_special_files_are_left_alone(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"x")
    (room.folder / "link").symlink_to(outside / "secret")
    (room.folder / "linked").symlink_to(outside)
    (room.folder / ".hidden").write_bytes(b"x")
    (room.folder / "empty").touch()
    os.mkfifo(room.folder / "pipe")
    (room.folder / "day").mkdir()
    (room.folder / "day" / "b.dcm").write_bytes(b"x")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    assert room.arrived == ["b.dcm"]


def test_a_folder_that_goes_away_is_said_once_and_watched_again_when_it_is_back(qtbot: QtBot, room: Room) -> None:
    (room.folder / "a.dcm").write_bytes(b"x")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    shutil.rmtree(room.folder)
    room.look(qtbot)
    room.look(qtbot, 10)
    assert room.notices == [GONE]
    assert room.watch.watch is not None
    assert not room.watch.watch.reachable
    room.folder.mkdir()
    (room.folder / "b.dcm").write_bytes(b"y")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    assert room.notices == [GONE, BACK]
    assert room.arrived == ["a.dcm", "b.dcm"]


def test_a_server_that_does_not_answer_costs_one_thread_and_not_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    go_on = threading.Event()

    def hang(_: Path) -> Listing:
        go_on.wait(20)
        return Listing({}, (), crowded=False)

    room = Room(tmp_path, hang)
    room.watch.start(tmp_path)
    room.now += SILENT_SECONDS + 1
    for _ in range(5):
        room.watch.look()
    assert room.notices == [GONE]
    go_on.set()
    room.settle(qtbot)
    assert room.notices == [GONE, BACK]
    assert room.looks == 1
    room.watch.stop()
    room.courier.close()


def test_a_folder_too_large_to_watch_is_said(qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_listing, "MAX_FILES", 3)
    for number in range(5):
        (room.folder / f"{number}.dcm").write_bytes(b"x")
    room.look(qtbot)
    room.look(qtbot, STILL_SECONDS)
    assert len(room.arrived) == 3
    assert room.notices == [CROWDED]


def test_folders_deeper_than_is_looked_are_not_gone_through(tmp_path: Path) -> None:
    deep = tmp_path
    for name in "abcdef":
        deep = deep / name
        deep.mkdir()
        (deep / "file").write_bytes(b"x")
    listing = list_folder(tmp_path)
    assert [path.parent.name for path in listing.files] == ["a", "b", "c"]
    assert listing.crowded


def test_nothing_is_handed_on_after_watching_has_stopped(qtbot: QtBot, room: Room) -> None:
    (room.folder / "a.dcm").write_bytes(b"x")
    room.look(qtbot)
    room.now += STILL_SECONDS
    room.watch.look()
    room.watch.stop()
    qtbot.wait(50)
    assert room.arrived == []
    assert room.watch.watch is None


def test_the_system_tells_of_a_new_file_without_a_poll(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "POLL_MS", 3_600_000)
    monkeypatch.setattr(folder_watch, "SOON_MS", 20)
    monkeypatch.setattr(folder_watch, "STILL_SECONDS", 0.0)
    courier = Courier()
    watch = FolderWatch(courier, Notifier())
    watch.start(tmp_path)
    qtbot.waitUntil(lambda: str(tmp_path) in watch._system.directories())
    with qtbot.waitSignal(watch.arrived, timeout=5000) as told:
        (tmp_path / "a.dcm").write_bytes(b"x")
    assert told.args == [[tmp_path / "a.dcm"]]
    watch.stop()
    courier.close()
