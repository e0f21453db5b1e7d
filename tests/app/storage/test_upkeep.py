"""Results of an older version are packed anew, those of removed studies go in their time, and nothing else does."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.retention import Retention
from app.domain.study import ImageItem, Judgement
from app.storage import upkeep
from app.storage.database import Action, Database
from app.storage.detections import is_former
from app.storage.upkeep import drop_some, note_unlisted, used_bytes
from squid_core.contracts.detection import Detection
from tests.app.samples import detection, image, save, scored
from tests.app.storage.former import former_store

ALWAYS = Retention(None, 10**12)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def sample(number: int) -> Detection:
    """One of many, with pictures that do not compress."""
    noise = np.random.default_rng(number).random((32, 32), dtype=np.float32)
    base = replace(detection(), score=number / 1000, reconstruction=noise)
    return replace(base, difference=base.input_image - noise, digest=f"digest {number}")


def saved(store: Database, number: int) -> ImageItem:
    item = replace(scored(image(f"{number}", f"1.{number}"), sample(number)), digest=f"digest {number}")
    return save(store, item, sample(number), "bundle")


def count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def has(store: Database, number: int) -> bool:
    return store.has_result(f"digest {number}", "bundle", sample(number).trial.settings)


def tidy(store: Database, keep: Retention = ALWAYS) -> int:
    """All that there is to do; how many slices it took."""
    store.note_unlisted()
    slices = 1
    while store.tidy(keep):
        slices += 1
    return slices


def test_what_an_older_version_packed_is_packed_anew_a_slice_at_a_time(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "SLICE_SECONDS", 0)
    before = [sample(number) for number in range(7)]
    former_store(file, before)
    store = Database(file, lambda _: None)
    assert store.tidy(ALWAYS)
    store.close()  # it is resumed
    store = Database(file, lambda _: None)
    assert tidy(store) >= 6
    for item, one in zip(store.images(), before, strict=True):
        after = store.result_of(item)
        assert after is not None
        assert (after.score, after.components, after.matches) == (one.score, one.components, one.matches)
        np.testing.assert_array_equal(after.input_image, one.input_image)
    store.close()
    with closing(sqlite3.connect(file)) as db:
        assert not any(is_former(payload) for (payload,) in db.execute("SELECT payload FROM results"))


def test_a_damaged_result_of_an_older_version_holds_nothing_up(file: Path) -> None:
    former_store(file, [sample(number) for number in range(3)])
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE results SET payload = substr(payload, 1, 300) WHERE rowid = 2")
        db.commit()
    store = Database(file, lambda _: None)
    tidy(store)
    assert [store.result_of(item) is not None for item in store.images()] == [True, False, True]
    store.close()


def test_results_of_removed_studies_go_when_they_are_old_and_those_on_the_worklist_stay(
    store: Database, db: sqlite3.Connection
) -> None:
    items = [saved(store, number) for number in range(6)]
    store.judge([items[0].digest], items[0].key, Judgement.ACCEPTED)
    store.save_marks(items[0].digest, items[0].key, ())
    store.remove_images([item.key for item in items[:4]])
    note_unlisted(db, NOW)
    keep = Retention(30, 10**12)
    assert drop_some(db, keep, NOW + timedelta(days=30)) == 0
    store.save_images(items[:1])  # opened again
    note_unlisted(db, NOW + timedelta(days=20))
    assert drop_some(db, keep, NOW + timedelta(days=31)) == 3
    assert [has(store, number) for number in range(6)] == [True, False, False, False, True, True]
    assert drop_some(db, keep, NOW + timedelta(days=9000)) == 0
    assert count(db, "unlisted_results") == 0
    assert (count(db, "judgements"), count(db, "annotations")) == (1, 1)


def test_a_study_that_was_opened_again_begins_anew_when_it_is_removed_again(
    store: Database, db: sqlite3.Connection
) -> None:
    item = saved(store, 1)
    for day in (0, 100, 200):
        store.remove_images([item.key])
        note_unlisted(db, NOW + timedelta(days=day))
        store.save_images([item])
        note_unlisted(db, NOW + timedelta(days=day + 1))
    store.remove_images([item.key])
    note_unlisted(db, NOW + timedelta(days=210))
    assert drop_some(db, Retention(30, 10**12), NOW + timedelta(days=239)) == 0
    assert drop_some(db, Retention(30, 10**12), NOW + timedelta(days=241)) == 1


def test_a_study_opened_again_since_the_last_count_keeps_its_result(store: Database, db: sqlite3.Connection) -> None:
    item = saved(store, 1)
    store.remove_images([item.key])
    note_unlisted(db, NOW)
    store.save_images([item])
    assert drop_some(db, Retention(30, 0), NOW + timedelta(days=999)) == 0
    assert has(store, 1)


def test_where_the_store_is_too_large_the_longest_removed_go_first_and_none_on_its_first_day(
    store: Database, db: sqlite3.Connection
) -> None:
    items = [saved(store, number) for number in range(200)]
    everything = used_bytes(db)
    store.remove_images([item.key for item in items[100:150]])
    note_unlisted(db, NOW)
    store.remove_images([item.key for item in items[50:100]])
    note_unlisted(db, NOW + timedelta(days=1))
    keep = Retention(None, round(0.9 * everything))
    assert drop_some(db, keep, NOW + timedelta(hours=23)) == 0
    assert drop_some(db, Retention(None, everything), NOW + timedelta(days=3)) == 0
    assert drop_some(db, keep, NOW + timedelta(days=3)) == upkeep.AT_ONCE
    assert used_bytes(db) <= keep.most_bytes
    assert drop_some(db, keep, NOW + timedelta(days=3)) == 0
    assert [number for number in range(200) if not has(store, number)] == list(range(100, 150))
    assert drop_some(db, Retention(None, 0), NOW + timedelta(days=3)) == 50
    assert drop_some(db, Retention(None, 0), NOW + timedelta(days=3)) == 0, "the worklist's stay"
    assert sum(has(store, number) for number in range(200)) == 100


def test_what_was_dropped_is_counted_in_the_trail_and_the_disk_has_its_room_back(
    file: Path, store: Database, db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PAGES_LEFT", 5)
    items = [saved(store, number) for number in range(120)]
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = file.stat().st_size
    store.remove_images([item.key for item in items])
    note_unlisted(db, datetime.now(UTC) - timedelta(days=31))
    tidy(store, Retention(30, 10**12))
    trail = [entry.subject for entry in store.audit() if entry.action == Action.EXPIRE]
    assert sum(int(subject.split()[0]) for subject in trail) == 120
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert file.stat().st_size < 0.3 * before


def test_the_clock_set_back_drops_nothing(store: Database, db: sqlite3.Connection) -> None:
    store.remove_images([saved(store, 1).key])
    note_unlisted(db, NOW)
    assert drop_some(db, Retention(30, 0), NOW - timedelta(days=1000)) == 0
