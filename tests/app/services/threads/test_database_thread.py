"""The database on a thread of its own."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest

from app.services.threads.database_thread import DatabaseThread
from app.storage.database import Database
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
