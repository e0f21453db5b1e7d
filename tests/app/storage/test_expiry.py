"""Studies that came too long ago go with all that tells of them, the trail stays, and a wrong clock empties nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.marks.measurements import Note
from app.domain.retention import due
from app.domain.study import ImageItem, Judgement, Reading
from app.domain.worklist import Worklist
from app.storage import trail
from app.storage.backup import Backups
from app.storage.database import Database
from app.storage.expiry import _TIMES, days_ahead
from squid_core.audit import examine
from tests.app.samples import detection, image, save, scored

NOW = datetime.now(UTC)
NAME = "Nightingale"
FOUND = detection()


def item_of(number: int, study: int | None = None) -> ImageItem:
    base = image(f"{number}", f"1.2.77.{number if study is None else study}")
    identity = replace(base.identity, patient_name=f"{NAME}^{number}", sop_instance_uid=f"1.2.88.{number}")
    return replace(scored(base, FOUND), identity=identity, digest=f"digest {number}", key=f"key {number}")


def came(db: sqlite3.Connection, key: str, days: float) -> None:
    at = (NOW - timedelta(days=days)).isoformat(timespec="microseconds")
    db.execute("UPDATE arrivals SET at = ? WHERE key = ?", (at, key))


def filled(store: Database, item: ImageItem) -> ImageItem:
    """With everything that can be said of it."""
    kept = save(store, item, replace(FOUND, digest=item.digest), "bundle")
    store.save_marks(item.digest, item.key, (Note(((1.0, 2.0),), text=f"{NAME} was here"),))
    store.judge([item.digest], item.key, Judgement.ACCEPTED)
    store.save_readings({item.content_key: Reading.READ})
    return kept


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def found(folder: Path, *words: str) -> list[str]:
    """Files of a folder that hold one of these words."""
    texts = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [f"{word} in {name}" for name, text in texts.items() for word in words if word.encode() in text]


def test_an_image_keeps_the_time_of_its_coming_however_often_it_is_written(
    store: Database, db: sqlite3.Connection
) -> None:
    item = item_of(1)
    store.save_images([item])
    came(db, item.key, 40)
    store.save_images([replace(item, state=item.state)])
    store.bring_back([item])
    assert store.expiring.arrived(30) == {item.key}
    assert store.expiring.arrived(41) == frozenset()
    store.remove_images([item.key])
    store.note_unlisted()
    store.save_images([item])
    assert store.expiring.arrived(30) == frozenset(), "it has come again"


def test_a_study_goes_when_its_last_image_is_too_old() -> None:
    other = replace(item_of(2, 5), identity=replace(item_of(1, 5).identity, sop_instance_uid="1.2.88.2"))
    studies = Worklist([item_of(1, 5), other, item_of(3)]).studies
    assert [study.identity.study_instance_uid for study in due(studies, {"key 1", "key 3"})] == ["1.2.77.3"]
    assert len(due(studies, {"key 1", "key 2", "key 3"})) == 2


def test_what_goes_is_nowhere_in_the_folder_any_more_but_counted_in_the_trail(
    file: Path, store: Database, db: sqlite3.Connection
) -> None:
    for number in range(24):
        filled(store, item_of(number))
        if number % 2:
            came(db, f"key {number}", 40)
    store.close()  # a daily copy is made
    file.with_name(f"{file.name}.before-3").write_bytes(NAME.encode())
    file.with_name(f"{file.name}.damaged-20260101").write_bytes(NAME.encode())
    again = Database(file, lambda _: None)
    gone = [str(number) for number in range(1, 24, 2)]
    words = [f'{begun}{number}"' for number in gone for begun in (f"{NAME}^", "1.2.77.", "1.2.88.")]
    assert found(file.parent, *words)
    again.expiring.remove(list(again.expiring.arrived(30)), 12, 30)
    again.expiring.clean_copies()
    while again.expiring.shrink():
        pass
    assert not found(file.parent, *words, *(f"digest {number}" for number in gone if len(number) > 1)), "while open"
    lines = again.audit()
    expired = [(line.subject, line.detail) for line in lines if line.action == "expire"]
    assert expired == [("12 studies", "kept for 30 days")]
    assert not examine(lines).breaches
    assert len(again.images()) == 12
    tables = ("results", "annotations", "judgements", "readings", "arrivals")
    assert [count(db, table) for table in tables] == [12] * len(tables)
    with closing(sqlite3.connect(Backups.beside(file).today)) as copy:
        assert count(copy, "annotations") == 12
    again.close()
    assert not found(file.parent, *words)


def test_the_same_bytes_at_another_place_keep_what_was_said_of_them(store: Database, db: sqlite3.Connection) -> None:
    first = filled(store, item_of(1))
    study = replace(first.identity, study_instance_uid="9")
    store.save_images([replace(first, key="another", path=Path("/elsewhere"), identity=study)])
    came(db, "key 1", 40)
    store.expiring.remove(list(store.expiring.arrived(30)), 1, 30)
    assert [one.key for one in store.images()] == ["another"]
    assert (count(db, "results"), count(db, "annotations"), count(db, "judgements")) == (1, 1, 1)


def test_what_was_said_of_studies_that_were_taken_off_goes_by_its_own_age(
    store: Database, db: sqlite3.Connection
) -> None:
    for number in (1, 2, 3):
        filled(store, item_of(number))
    store.remove_images(["key 1", "key 2"])
    long_ago = (NOW - timedelta(days=40)).isoformat(timespec="microseconds")
    for table, column in _TIMES.items():
        change = f"UPDATE {table} SET {column} = ? WHERE digest IN ('digest 1', 'digest 3')"  # noqa: S608
        db.execute(change, (long_ago,))
    assert store.expiring.remove_unlisted(30)
    assert not store.expiring.remove_unlisted(30)
    assert {row[0] for row in db.execute("SELECT digest FROM annotations")} == {"digest 2", "digest 3"}
    assert count(db, "results") == 2


def ahead(store: Database, db: sqlite3.Connection, *used: str) -> int:
    """By how many days, on the last of these on which the program was used."""
    for day in used:
        trail.prepare(db)
        db.execute(trail.APPEND, (f"{day}T09:00:00+00:00", "open", "key", ""))
    return days_ahead(db, date.fromisoformat(used[-1]))


def test_a_clock_that_goes_far_ahead_is_believed_on_the_third_day_of_use(
    store: Database, db: sqlite3.Connection
) -> None:
    assert days_ahead(db, date(2026, 3, 1)) == 0, "the first day of all"
    assert ahead(store, db, "2026-03-01", "2026-03-02", "2026-03-06") == 0, "a long weekend"
    assert days_ahead(db, date(2027, 3, 6)) == 365, "before anything was done"
    assert ahead(store, db, "2027-03-06", "2027-03-06") == 365
    assert ahead(store, db, "2027-03-07") == 365
    assert ahead(store, db, "2027-03-08") == 0
    assert days_ahead(db, date(2027, 3, 1)) == 360, "it was set back, and is still ahead"
    assert days_ahead(db, date(2026, 3, 7)) == 0, "it is right again"


def test_what_came_by_a_clock_that_was_ahead_comes_now(store: Database, db: sqlite3.Connection) -> None:
    store.save_images([item_of(1)])
    db.execute("UPDATE arrivals SET at = '2050-01-01T00:00:00+00:00'")
    store.note_unlisted()
    assert store.expiring.arrived(1) == frozenset()
    (at,) = db.execute("SELECT at FROM arrivals").fetchone()
    assert at.startswith(f"{datetime.now(UTC).date()}")


def test_while_the_file_is_locked_nothing_goes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.storage.connections.BUSY_SECONDS", 0.1)
    store = Database(file, lambda _: None)
    store.save_images([item_of(1)])
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        came(other, "key 1", 40)
        other.execute("BEGIN IMMEDIATE")
        store.save_images([item_of(2)])  # waits beside it
        assert store.expiring.arrived(30) == frozenset()
        assert not store.expiring.remove_unlisted(30)
        assert not store.expiring.shrink()
        other.execute("ROLLBACK")
    assert store.retry()
    assert store.expiring.arrived(30) == {"key 1"}
    store.close()


def test_of_twenty_thousand_studies_some_go_in_a_slice_that_nobody_waits_for(file: Path) -> None:
    base = item_of(0)
    store = Database(file, lambda _: None)
    store.save_images([replace(base, key=f"key {number}", digest=f"digest {number}") for number in range(20_000)])
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("UPDATE arrivals SET at = '2020-01-01T00:00:00+00:00' WHERE key != 'key 7'")
    begun = time.perf_counter()
    old = sorted(store.expiring.arrived(30))
    looked = time.perf_counter() - begun
    assert len(old) == 19_999
    slices = []
    for start in range(0, 250, 25):
        begun = time.perf_counter()
        store.expiring.remove(old[start : start + 25], 25, 30)
        slices.append(time.perf_counter() - begun)
    store.close()
    assert looked < 1
    assert sorted(slices)[len(slices) // 2] < 0.25
