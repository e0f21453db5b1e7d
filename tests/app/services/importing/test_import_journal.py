"""What is being imported is on record until it is done, and goes on after a stop and after its source was away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.importing import ImportReport
from app.services.importing import import_run, source_watch
from app.services.importing.import_journal import ImportJournal
from app.services.importing.import_service import ImportService
from app.services.importing.source_watch import BACK, GONE, SourceWatch
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.dicom.container.scan import FoundFile, walk
from tests.app.services.fakes import HonestReaders


@dataclass
class Desk:
    importer: ImportService
    journal: ImportJournal
    store: WorklistStore
    database: DatabaseThread
    notices: list[Notice]
    finished: list[ImportReport] = field(default_factory=list)

    def on_record(self) -> list[Path]:
        return list(self.database.ask(lambda database: database.imports()).result(5))


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Desk]]:
    monkeypatch.setattr(source_watch, "POLL_MS", 20)
    ends: list[Callable[[], None]] = []

    def build(scan: Callable[[Path], Iterator[FoundFile]] = walk) -> Desk:
        courier, notifier, store, notices = Courier(), Notifier(), WorklistStore(), list[Notice]()
        notifier.posted.connect(notices.append)
        notifier.flush()
        database = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None)
        importer, sources = ImportService(HonestReaders(), store, scan), SourceWatch(courier, notifier)
        journal = ImportJournal(importer, database, sources, courier, notifier)
        desk = Desk(importer, journal, store, database, notices)
        importer.finished.connect(desk.finished.append)
        ends.extend((courier.close, sources.close, importer.close, database.close))
        return desk

    yield build
    for end in ends:
        end()


@pytest.fixture
def films(tmp_path: Path) -> Path:
    root = tmp_path / "films"
    root.mkdir()
    for number in range(20):
        (root / f"{number:02}").write_bytes(b"x")
    return root


def test_a_root_is_on_record_from_the_start_of_its_import_to_the_end(
    qtbot: QtBot, make: Callable[..., Desk], films: Path
) -> None:
    desk = make()
    desk.importer.start([films, films / "00"])
    assert desk.on_record() == [films, films / "00"]
    qtbot.waitUntil(lambda: bool(desk.finished))
    assert desk.on_record() == []


def test_what_the_user_stops_is_struck_and_what_the_end_of_the_program_stops_is_not(
    qtbot: QtBot, make: Callable[..., Desk], films: Path
) -> None:
    def endless(root: Path) -> Iterator[FoundFile]:
        while True:
            yield from walk(root)

    desk = make(endless)
    desk.importer.start([films])
    desk.importer.start([films / "00"])
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 20)
    desk.importer.cancel()
    qtbot.waitUntil(lambda: bool(desk.finished))
    assert desk.on_record() == []
    desk.importer.start([films])
    desk.importer.close()
    assert desk.on_record() == [films]


def test_the_next_start_says_so_and_goes_on_with_what_is_left(
    qtbot: QtBot, make: Callable[..., Desk], films: Path
) -> None:
    desk = make()
    desk.database.tell(lambda database: database.begin_import([films]))
    desk.journal.resume(desk.on_record())
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 20)
    qtbot.waitUntil(lambda: bool(desk.finished))
    assert [notice.title for notice in desk.notices] == ["The import that was interrupted goes on."]
    assert desk.on_record() == []
    desk.journal.resume(desk.on_record())
    assert len(desk.notices) == 1


def test_a_stick_that_is_out_at_the_next_start_is_waited_for(
    qtbot: QtBot, make: Callable[..., Desk], films: Path, tmp_path: Path
) -> None:
    desk, out = make(), tmp_path / "out"
    desk.database.tell(lambda database: database.begin_import([films]))
    films.rename(out)
    desk.journal.resume(desk.on_record())
    qtbot.waitUntil(lambda: GONE in desk.notices)
    assert desk.on_record() == [films]
    out.rename(films)
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 20)
    assert BACK in desk.notices
    qtbot.waitUntil(lambda: desk.on_record() == [])


def test_a_stick_that_is_pulled_out_leaves_no_damaged_file_and_its_import_goes_on_when_it_is_back(
    qtbot: QtBot, make: Callable[..., Desk], films: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def pulled(root: Path) -> Iterator[FoundFile]:
        for number, found in enumerate(walk(root)):
            if number == 7 and not out.exists() and not desk.finished:
                films.rename(out)
            yield found

    desk = make(pulled)
    desk.importer.start([films])
    qtbot.waitUntil(lambda: GONE in desk.notices)
    assert len(desk.store.worklist) == 7
    assert desk.finished[0].reasons == (("Its folder cannot be reached.", 13),)
    assert desk.on_record() == [films]
    out.rename(films)
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 20)
    assert {image.message for image in desk.store.worklist.images()} == {""}
    qtbot.waitUntil(lambda: desk.on_record() == [])
    assert desk.notices == [GONE, BACK]


def test_a_file_that_is_deleted_under_the_import_is_left_out_with_its_sentence(
    qtbot: QtBot, make: Callable[..., Desk], films: Path
) -> None:
    def deleting(root: Path) -> Iterator[FoundFile]:
        for found in walk(root):
            if found.path.name == "07":
                found.path.unlink()
            yield found

    desk = make(deleting)
    desk.importer.start([films])
    qtbot.waitUntil(lambda: bool(desk.finished))
    assert desk.finished[0].reasons == (("The file is no longer there.", 1),)
    assert len(desk.store.worklist) == 19
    assert (desk.on_record(), desk.notices) == ([], [])


def test_a_share_that_hangs_gives_way_to_the_next_import_and_comes_again(
    qtbot: QtBot, make: Callable[..., Desk], films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_run, "SILENT_SECONDS", 0.2)
    share, answers = tmp_path / "share", threading.Event()
    share.mkdir()
    (share / "z").write_bytes(b"z")

    def hanging(root: Path) -> Iterator[FoundFile]:
        if root == share:
            answers.wait(20)
        yield from walk(root)

    desk = make(hanging)
    desk.importer.start([share, films])
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 20)
    assert desk.on_record() == [share]
    answers.set()
    qtbot.waitUntil(lambda: len(desk.store.worklist) == 21)
    qtbot.waitUntil(lambda: desk.on_record() == [])
