"""The store is tidied behind the user's back, and whoever asks it something waits for no more than a slice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.retention import Retention
from app.services import upkeep
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.upkeep import Upkeep
from app.storage.database import Database

KEEP, OTHER = Retention(30, 1000), Retention(None, 1000)


class Tidied:
    """Stands in for the database's slices: so many, and then none."""

    def __init__(self, slices: int) -> None:
        self.left, self.slices = 0, slices
        self.asked: list[Retention | str] = []
        self.noted = 0

    def note_unlisted(self, _: Database) -> None:
        self.noted += 1
        self.left = self.slices

    def tidy(self, _: Database, keep: Retention) -> bool:
        self.asked.append(keep)
        self.left -= 1
        return self.left > 0


@pytest.fixture
def tidied(monkeypatch: pytest.MonkeyPatch) -> Tidied:
    made = Tidied(3)
    monkeypatch.setattr(Database, "note_unlisted", lambda database: made.note_unlisted(database))
    monkeypatch.setattr(Database, "tidy", lambda database, keep: made.tidy(database, keep))
    monkeypatch.setattr(upkeep, "PAUSE_SECONDS", 0.02)
    return made


@pytest.fixture
def database(qapp: Any) -> Iterator[DatabaseThread]:
    made = DatabaseThread(None, lambda _: None)
    yield made
    made.close()


@pytest.fixture
def keeping(database: DatabaseThread) -> Iterator[Upkeep]:
    courier = Courier()
    yield Upkeep(database, courier, KEEP)
    courier.close()


def test_it_goes_on_until_all_is_done_and_again_a_day_later(
    qtbot: QtBot, tidied: Tidied, keeping: Upkeep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "DAY_SECONDS", 0.05)
    keeping.start()
    qtbot.waitUntil(lambda: tidied.noted == 2)
    assert tidied.asked[:3] == [KEEP] * 3


def test_another_wish_is_followed_at_once(qtbot: QtBot, tidied: Tidied, keeping: Upkeep) -> None:
    keeping.use(KEEP)
    keeping.start()
    qtbot.waitUntil(lambda: len(tidied.asked) == 3)
    keeping.use(KEEP)
    keeping.use(OTHER)
    qtbot.waitUntil(lambda: len(tidied.asked) == 6)
    assert (tidied.noted, tidied.asked[3:]) == (2, [OTHER] * 3)


def test_before_the_start_nothing_is_done(qtbot: QtBot, tidied: Tidied, keeping: Upkeep) -> None:
    keeping.use(OTHER)
    qtbot.wait(50)
    assert tidied.noted == 0


def test_a_question_has_its_turn_between_two_slices(
    qtbot: QtBot, tidied: Tidied, keeping: Upkeep, database: DatabaseThread
) -> None:
    tidied.slices = 10**9
    keeping.start()
    qtbot.waitUntil(lambda: len(tidied.asked) > 1)
    before = len(tidied.asked)
    assert database.ask(lambda _: len(tidied.asked)).result(timeout=5) <= before + 1


def test_a_store_that_fails_is_tidied_the_next_day(
    qtbot: QtBot, tidied: Tidied, keeping: Upkeep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "DAY_SECONDS", 0.05)
    failed = threading.Event()

    def fail(_: Database, keep: Retention) -> bool:
        failed.set()
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(Database, "tidy", fail)
        keeping.start()
        qtbot.waitUntil(failed.is_set)
    qtbot.waitUntil(lambda: len(tidied.asked) > 2)
