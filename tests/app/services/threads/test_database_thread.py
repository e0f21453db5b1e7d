"""The database on a thread of its own."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.services.threads import database_thread
from app.services.threads.database_thread import DatabaseThread
from app.storage import connections
from app.storage.database import Action, Database
from app.storage.faults import LOCKED, SAVED, UnavailableError
from tests.app.samples import image


def test_the_database_answers_in_order_and_off_the_windows_thread(tmp_path: Path) -> None:
    archive = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None)
    archive.tell(lambda store: store.save_images([image()]))
    thread, count = archive.ask(lambda store: (threading.get_ident(), len(store.images()))).result(5)
    assert count == 1
    assert thread != threading.get_ident()
    archive.close()


def test_the_database_finishes_what_was_asked_before_it_closes(tmp_path: Path) -> None:
    file = tmp_path / "worklist.sqlite"
    archive = DatabaseThread(file, lambda _: None)
    for number in range(20):
        archive.tell(partial(Database.save_images, items=[image(str(number), str(number))]))
    archive.close()
    store = Database(file, lambda _: None)
    assert len(store.images()) == 20
    store.close()


def test_a_fault_in_the_database_is_logged_by_kind_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    archive = DatabaseThread(None, lambda _: None)

    def fail(_: Database) -> None:
        raise ValueError("Doe, Jane")

    archive.tell(fail)
    archive.close()
    assert "ValueError" in caplog.text
    assert "Doe" not in caplog.text


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the file."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five minutes pass in a second."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    monkeypatch.setattr(database_thread, "FIRST_PAUSE", 0.002)
    monkeypatch.setattr(database_thread, "LONGEST_PAUSE", 0.03)
    monkeypatch.setattr(database_thread, "LAST_SECONDS", 0.1)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("seconds", [0.003, 0.03, 1.0])
def test_a_lock_of_any_length_is_waited_out_and_all_is_saved_in_the_same_session(
    tmp_path: Path, seconds: float
) -> None:
    file, notices = tmp_path / "worklist.sqlite", list[Notice]()
    archive = DatabaseThread(file, notices.append)
    archive.ask(lambda store: store.save_images([image("first")])).result(5)
    with locked(file):
        asked = time.monotonic()
        for number in range(10):
            archive.ask(partial(Database.save_images, items=[image(str(number), str(number))])).result(5)
        assert len(archive.ask(lambda store: store.images()).result(5)) == 11
        assert time.monotonic() - asked < 2, "nobody waits for the lock"
        time.sleep(seconds)
    deadline = time.monotonic() + 5
    while archive.ask(lambda store: store.unsaved).result(5) and time.monotonic() < deadline:
        time.sleep(0.01)
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT count(*) FROM images").fetchone() == (11,)
    archive.close()
    assert notices in ([LOCKED, SAVED], [])


@pytest.mark.usefixtures("hasty")
def test_a_worklist_locked_at_the_start_comes_back_when_the_lock_goes(tmp_path: Path) -> None:
    file, notices = tmp_path / "worklist.sqlite", list[Notice]()
    first = DatabaseThread(file, lambda _: None)
    first.tell(lambda store: store.save_images([image()]))
    first.close()
    archive = DatabaseThread(file, notices.append)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        answer = archive.ask(lambda store: store.images())
        second = archive.ask(lambda store: store.save_images([image("b", "2")]))
        time.sleep(0.2)
        assert not answer.done()
        assert not second.done()
        other.execute("ROLLBACK")
    assert len(answer.result(5)) == 1
    second.result(5)
    archive.close()
    assert notices == [LOCKED, SAVED]


@pytest.mark.usefixtures("hasty")
def test_what_is_locked_until_the_end_is_saved_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "worklist.sqlite"
    archive = DatabaseThread(file, lambda _: None)
    archive.ask(lambda store: store.save_images([image("first")])).result(5)
    with locked(file):
        archive.tell(lambda store: store.save_images([image("second", "2")]))
        archive.close()
    store = Database(file, lambda _: None)
    assert len(store.images()) == 2
    store.close()


@pytest.mark.usefixtures("hasty")
def test_who_asks_in_vain_until_the_end_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "worklist.sqlite"
    Database(file, lambda _: None).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        archive = DatabaseThread(file, lambda _: None)
        future = archive.ask(lambda store: store.record(Action.OPEN, "key"))
        archive.close()
        assert isinstance(future.exception(1), UnavailableError)
    assert "1 changes unsaved" in caplog.text


def test_a_question_after_the_end_is_refused(tmp_path: Path) -> None:
    archive = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None)
    archive.close()
    with pytest.raises(RuntimeError, match="closed"):
        archive.ask(lambda store: store.images())
