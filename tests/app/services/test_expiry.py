"""Studies go by their age behind the reader's back: not what is open or waits to be sent, nor by a wrong clock."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.study import ImageItem
from app.domain.undoing import Deed
from app.services import expiry
from app.services.expiry import Expiry
from app.services.state.history import History, UndoStep
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.storage.wanted import Wanted, Wish
from squid_core.contracts.network import Meant, Outcome, Said, Sent
from squid_core.home import DATABASE
from squid_core.network.configuration import incoming_folder
from squid_core.network.incoming import Incoming
from squid_core.network.outbox import Outbox, Outgoing
from tests.app.samples import image


def item_of(number: int, path: Path | None = None) -> ImageItem:
    base = image(f"{number}", f"1.2.77.{number}")
    identity = replace(base.identity, patient_name=f"Nightingale^{number}", sop_instance_uid=f"1.2.88.{number}")
    return replace(base, identity=identity, digest=f"digest {number}", key=f"key {number}", path=path or base.path)


class Kept:
    """A store of studies, all of which came forty days ago, and what looks after them."""

    def __init__(self, home: Path) -> None:
        self.home, self.notices = home, list[Notice]()
        self.holder, self.store, self.notifier = SessionHolder(), WorklistStore(), Notifier()
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        self.courier, self.history = Courier(), History(self.holder)
        self.database = DatabaseThread(home / DATABASE, self.notifier.post)
        self.forgotten: list[str] = []
        parts = (self.holder, self.store, self.history, self.notifier, self.forgotten.extend)
        self.expiry = Expiry(home, self.database, self.courier, *parts)

    def fill(self, *items: ImageItem, days: float = 40) -> None:
        self.store.upsert(*items)
        self.database.ask(lambda database: database.save_images(items)).result()
        self.database.ask(lambda database: database.note_unlisted()).result()
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="microseconds")
        self.change("UPDATE arrivals SET at = ?", at)

    def change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.home / DATABASE, isolation_level=None)) as db:
            db.execute(statement, values)

    def begin(self, days: int = 30, *, sure: bool = False) -> None:
        self.expiry.use(days, sure=sure)
        self.expiry.start()

    @property
    def numbers(self) -> list[str]:
        return sorted(image.key[4:] for image in self.store.worklist.images())

    @property
    def subjects(self) -> list[str]:
        lines = self.database.ask(lambda database: database.audit()).result()
        return [line.subject for line in lines if line.action == "expire"]


@pytest.fixture
def kept(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(expiry, "PAUSE_SECONDS", 0.0)
    made = Kept(tmp_path / "home")
    yield made
    made.courier.close()
    made.database.close()


def test_what_is_too_old_goes_a_slice_at_a_time_and_the_reader_is_told(
    qtbot: QtBot, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "AT_ONCE", 2)
    kept.fill(*(item_of(number) for number in range(5)))
    kept.change("UPDATE arrivals SET at = '2999-01-01' WHERE key = 'key 3'")
    gone: list[Path] = []
    kept.expiry.gone.connect(gone.extend)
    kept.begin()
    qtbot.waitUntil(lambda: bool(kept.notices))
    assert kept.numbers == ["3"]
    assert kept.notices[0].title == "Studies that came more than 30 days ago and were removed: 4."
    assert kept.subjects == ["2 studies", "2 studies"]
    assert sorted(kept.forgotten) == ["key 0", "key 1", "key 2", "key 4"]
    assert len(gone) == 4


def test_for_ever_is_for_ever(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1))
    kept.begin(0)
    qtbot.wait(50)
    assert kept.numbers == ["1"]


def test_how_many_would_go_is_told_and_none_goes(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1), item_of(2))
    told: list[int] = []
    for days in (30, 41):
        kept.expiry.count(days, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [2, 0]
    assert kept.numbers == ["1", "2"]


def test_what_is_open_goes_when_it_is_closed(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1), item_of(2))
    study = kept.store.worklist.study("1.2.77.1")
    kept.expiry.start()
    kept.holder.update(study=study)
    kept.expiry.use(30)
    qtbot.waitUntil(lambda: bool(kept.notices))
    assert kept.numbers == ["1"]
    kept.holder.update(study=None)
    qtbot.waitUntil(lambda: len(kept.notices) == 2)
    assert kept.numbers == []


def test_what_is_shown_at_the_start_by_itself_is_not_open(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1), item_of(2))
    kept.holder.update(study=kept.store.worklist.study("1.2.77.1"))
    kept.expiry.start()
    kept.expiry.use(30)
    qtbot.waitUntil(lambda: bool(kept.notices))
    assert kept.numbers == []


def test_what_waits_to_be_sent_stays_until_it_was_sent(qtbot: QtBot, kept: Kept, tmp_path: Path) -> None:
    kept.fill(*(item_of(number) for number in (1, 2, 3)))
    result, meant = tmp_path / "result", Meant("1.2.88.9", "1.2.77.1", "Nightingale ID")
    result.write_bytes(b"a result")
    outbox = Outbox(kept.home)
    outbox.add("PACS", [Outgoing(result, meant, "sr", "digest 1")], time.time())
    Wanted(kept.home).add([Wish("PACS", "key 2", ("sr",))])
    kept.begin()
    qtbot.waitUntil(lambda: bool(kept.notices))
    assert kept.numbers == ["1", "2"]
    batch = outbox.next_due(time.time(), ["PACS"])
    assert batch is not None
    outbox.settle(batch, Sent(Said(Outcome.DONE, ""), ("1.2.88.9",)), time.time())
    kept.expiry.use(29)
    qtbot.waitUntil(lambda: len(kept.notices) == 2)
    assert kept.numbers == ["2"]
    assert outbox.has("PACS", "digest 1", "sr", ""), "that it was sent is still known"
    assert b"Nightingale ID" not in (kept.home / "network.sqlite").read_bytes()


def test_what_came_over_the_network_goes_and_the_users_own_files_stay(qtbot: QtBot, kept: Kept, tmp_path: Path) -> None:
    own, paths = tmp_path / "own.dcm", list[Path]()
    own.write_bytes(b"own")
    incoming = Incoming(incoming_folder(kept.home), free_gb=0)
    for number in range(4):
        half = incoming.begin()
        half.write(f"Nightingale {number}".encode())
        path = half.finish(f"1.2.88.{number}")
        assert path is not None
        paths.append(path)
    long_ago = time.time() - 40 * 86_400
    os.utime(paths[2], (long_ago, long_ago))  # a report, no image of the worklist
    kept.fill(item_of(0, paths[0]), item_of(1, own))
    kept.store.upsert(item_of(3, paths[3]))
    kept.database.ask(lambda database: database.save_images([item_of(3, paths[3])])).result()
    os.utime(paths[3], (long_ago, long_ago))  # of a study that came now
    kept.begin()
    qtbot.waitUntil(lambda: bool(kept.notices))
    qtbot.waitUntil(lambda: not paths[2].exists())
    assert [path.exists() for path in paths] == [False, True, False, True]
    assert own.exists()
    assert kept.numbers == ["3"]


def test_a_clock_far_ahead_empties_nothing_unless_the_user_was_told_how_many_go(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1), item_of(2))
    at = (datetime.now(UTC) - timedelta(days=60)).isoformat()
    kept.change("INSERT INTO audit (at, action, subject, detail) VALUES (?, 'open', 'key 1', '')", at)
    kept.begin()
    qtbot.waitUntil(lambda: bool(kept.notices))
    assert kept.numbers == ["1", "2"]
    assert "60 days further" in kept.notices[0].title
    kept.expiry.use(29, sure=True)
    qtbot.waitUntil(lambda: kept.numbers == [])


def test_what_has_gone_is_not_brought_back_by_undo(qtbot: QtBot, kept: Kept) -> None:
    kept.fill(item_of(1))
    back: list[str] = []
    for deed, key in ((Deed.REMOVAL, "key 9"), (Deed.JUDGEMENT, "key 1"), (Deed.MARK, "key 8")):
        kept.history.did(UndoStep(deed, key, lambda deed=deed: back.append(deed), lambda: None))  # type: ignore[misc]
    kept.begin()
    qtbot.waitUntil(lambda: bool(kept.notices))
    for _ in range(3):
        kept.history.undo()
    assert back == [Deed.MARK]


def test_a_store_that_fails_is_tried_the_next_day(
    qtbot: QtBot, kept: Kept, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(expiry, "DAY_SECONDS", 0.05)
    kept.fill(item_of(1))
    once: Callable[..., Any] = Expiry._once
    calls: list[int] = []

    def failing(self: Expiry, home: Path, days: int) -> Any:
        calls.append(days)
        if len(calls) == 1:
            raise OSError
        return once(self, home, days)

    monkeypatch.setattr(Expiry, "_once", failing)
    kept.begin()
    qtbot.waitUntil(lambda: kept.numbers == [])
    assert "Not all studies" in caplog.text
