"""A stick pulled out, a share away: its images wait, nothing is called damaged, and the work goes on by itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.jobs import JobState
from app.services import triage_queue
from app.services.detector.client import InferenceClient
from app.services.importing import folder_watch, source_watch
from app.services.importing.source_watch import BACK, GONE
from app.services.reading.reading_desk import AWAY, FILE_GONE
from app.services.services import Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from squid_core.dicom.errors import UnreachedError
from tests.app.services.fakes import FakeDetector, HonestReaders, done

OLD = 1_700_000_000  # of files at rest


class Room:
    """The services, with readers in the test's hands, over a store that outlives them."""

    def __init__(self, home: Path) -> None:
        self.readers, self.store, self.holder = HonestReaders(), WorklistStore(), SessionHolder()
        self.notices: list[Notice] = []
        notifier = Notifier()
        notifier.posted.connect(self.notices.append)
        notifier.flush()
        self.services = Services(home / "worklist.sqlite", self.holder, self.store, notifier, self.readers)
        self.failed: list[str] = []  # names of images that were called damaged, however short
        self.store.changed.connect(lambda *_: self.failed.extend(self.names(JobState.ERROR)))
        self.services.start()

    def names(self, state: JobState) -> list[str]:
        return sorted(image.path.name for image in self.store.worklist.images() if image.state is state)


@pytest.fixture
def start(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Room]]:
    monkeypatch.setattr(InferenceClient, "detect_many", FakeDetector().detect_many)
    monkeypatch.setattr(InferenceClient, "warm_up", lambda *_: Future())
    monkeypatch.setattr(source_watch, "POLL_MS", 20)
    monkeypatch.setattr(triage_queue, "REST_SECONDS", 0.05)
    rooms: list[Room] = []

    def begin() -> Room:
        if rooms:
            rooms.pop().services.close()
        rooms.append(Room(tmp_path))
        qtbot.waitUntil(lambda: rooms[-1].services.is_restored)
        return rooms[-1]

    yield begin
    for room in rooms:
        room.services.close()


def films(folder: Path, names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(name.encode())
        os.utime(folder / name, (OLD, OLD))
    return folder


def test_the_images_of_a_stick_that_is_pulled_out_wait_and_the_others_go_on(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path
) -> None:
    room, stick, out = start(), films(tmp_path / "stick", "abcdef"), tmp_path / "out"
    room.readers.held = []
    room.services.open([stick])
    qtbot.waitUntil(lambda: len(room.store.worklist) == 6 and bool(room.readers.held))
    stick.rename(out)
    room.readers.release()  # the first had been read
    room.readers.held = None
    room.services.open([films(tmp_path / "local", "xyz")])
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", *"xyz"])
    qtbot.waitUntil(lambda: room.services.idle)
    assert room.names(JobState.QUEUED) == list("bcdef")
    assert room.notices == [GONE]
    out.rename(stick)
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == [*"abcdef", *"xyz"])
    assert room.notices == [GONE, BACK]
    assert room.failed == []


def test_a_file_that_was_deleted_is_said_to_be_and_tried_again_when_it_is_opened_again(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path
) -> None:
    room, folder = start(), films(tmp_path / "day", "abc")
    room.readers.held = []
    room.services.open([folder])
    qtbot.waitUntil(lambda: len(room.store.worklist) == 3 and bool(room.readers.held))
    (folder / "b").unlink()
    room.readers.release()
    room.readers.held = None
    qtbot.waitUntil(lambda: room.services.idle)
    assert (room.names(JobState.SCORED), room.names(JobState.ERROR)) == (["a", "c"], ["b"])
    assert [image.message for image in room.store.worklist.images() if image.path.name == "b"] == [
        "The file is no longer there."
    ]
    assert room.notices == []
    films(folder, "b")
    room.services.open([folder])
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", "b", "c"])


def test_what_was_out_of_reach_in_an_earlier_run_is_tried_again(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path
) -> None:
    room, folder = start(), films(tmp_path / "day", "ab")
    room.services.open([folder])
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", "b"])
    said = "This file cannot be opened."  # as it was in earlier versions
    items = [replace(image, state=JobState.ERROR, message=said) for image in room.store.worklist.images()]
    room.services.database.ask(lambda database: database.save_images(items)).result(5)
    again = start()
    qtbot.waitUntil(lambda: again.names(JobState.SCORED) == ["a", "b"])


def test_the_opened_image_of_a_source_that_is_away_says_so_and_comes_when_it_is_back(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path
) -> None:
    room, stick, out = start(), films(tmp_path / "stick", "ab"), tmp_path / "out"
    room.services.open([stick])
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", "b"])
    qtbot.waitUntil(lambda: room.holder.state.radiograph is not None)
    other = next(image for image in room.store.worklist.images() if image.key != room.holder.state.image_key)
    room.services.desk.source._kept.clear()
    stick.rename(out)
    room.services.desk.select_image(other.key)
    qtbot.waitUntil(lambda: room.holder.state.error == replace(FILE_GONE, place=stick))
    assert room.notices == [GONE]
    out.rename(stick)
    qtbot.waitUntil(lambda: room.holder.state.radiograph is not None and room.holder.state.error is None)
    assert room.holder.state.image_key == other.key


def test_a_file_that_is_put_back_is_shown_by_itself_and_nothing_was_said_of_a_folder(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path
) -> None:
    room, folder = start(), films(tmp_path / "day", "abc")
    room.services.open([folder])
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", "b", "c"])
    for name in "ab":  # each in its turn: the one that is looked at is looked for
        image = next(image for image in room.store.worklist.images() if image.path.name == name)
        qtbot.waitUntil(lambda: not room.holder.state.loading)
        (folder / name).rename(tmp_path / name)
        room.services.desk.source._kept.clear()
        room.services.desk.clear()
        room.services.desk.select_image(image.key)
        qtbot.waitUntil(lambda: room.holder.state.error == replace(FILE_GONE, place=folder))
        qtbot.waitUntil(lambda: room.holder.state.detection is not None)
    (tmp_path / "b").rename(folder / "b")
    qtbot.waitUntil(lambda: room.holder.state.radiograph is not None)
    assert (room.holder.state.error, room.notices) == (None, [])


def test_a_disk_that_fails_with_its_folder_is_out_of_reach_and_not_called_gone(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, share, out = start(), films(tmp_path / "share", "a"), tmp_path / "out"
    room.services.open([share])
    qtbot.waitUntil(lambda: room.holder.state.radiograph is not None)
    key = room.holder.state.image_key
    room.services.desk.source._kept.clear()
    room.services.desk.clear()
    fault = UnreachedError.of(OSError(errno.EIO, "x"))
    monkeypatch.setattr(room.readers, "read", lambda *_: done(fault))
    share.rename(out)
    room.services.desk.select_image(key)
    qtbot.waitUntil(lambda: room.holder.state.error == replace(AWAY, place=share))


def test_what_came_into_a_watched_folder_that_went_away_before_it_was_read_comes_again(
    qtbot: QtBot, start: Callable[[], Room], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "POLL_MS", 20)
    monkeypatch.setattr(folder_watch, "STILL_SECONDS", 0.1)
    room, share, out = start(), films(tmp_path / "share", "abc"), tmp_path / "out"
    gone_once = iter([True])

    def pull(paths: list[Path]) -> None:
        if next(gone_once, False):
            share.rename(out)

    room.services.watch.arrived.disconnect(room.services.inbox.start)
    room.services.watch.arrived.connect(pull)
    room.services.watch.arrived.connect(room.services.inbox.start)
    room.services.watch_folder(share)
    qtbot.waitUntil(lambda: folder_watch.GONE in room.notices)
    assert len(room.store.worklist) == 0
    out.rename(share)
    qtbot.waitUntil(lambda: room.names(JobState.SCORED) == ["a", "b", "c"])
    assert room.failed == []
