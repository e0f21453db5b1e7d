"""A damaged database: what the reader has said is whole, and what was lost is named."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from app.domain.errors import Notice
from app.domain.marks.measurements import Note
from app.domain.study import Judgement
from app.storage import database_file, trail
from app.storage.backup import KEEP_DAYS, KEPT, Backups
from app.storage.database import Action, Database
from app.storage.faults import NEWER
from app.storage.salvage import DAMAGED, EMPTY, salvage
from app.storage.schema import MIGRATIONS, migrate
from tests.app.samples import detection, digest_of, image, save, scored

PAGE = 4096
STUDIES = 12
Said = dict[str, list[tuple[object, ...]]]


def fill(store: Database) -> None:
    """A reader's day."""
    result = detection()
    for number in range(STUDIES):
        item = scored(image(str(number), f"1.{number}"), result)
        save(store, item, result, "fingerprint")
        store.save_marks(item.digest, item.key, (Note(((1.0, 2.0),), f"here {number}"),) * 8)
        store.judge([item.digest], item.key, Judgement.REJECTED)
    for number in range(60):
        store.record(Action.OPEN, f"key {number}", "x" * 200)
    store.judge([digest_of("0")], "key", Judgement.NONE)


def said(file: Path) -> Said:
    """What a reader has said, as it is stored."""
    with closing(sqlite3.connect(file)) as database:
        return {name: database.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in KEPT}  # noqa: S608


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a session, with its copy."""
    home = tmp_path_factory.mktemp("home")
    store = Database(home / "worklist.sqlite", lambda _: None)
    fill(store)
    store.close()
    return home


@pytest.fixture
def file(day: Path, tmp_path: Path) -> Path:
    return shutil.copytree(day, tmp_path / "home") / "worklist.sqlite"


def damage(file: Path, page: int, kind: str) -> None:
    """Overwrite a page of a file, counted from 1."""
    content = bytearray(file.read_bytes())
    at = (page - 1) * PAGE
    noise = np.random.default_rng(page).bytes(PAGE)
    if kind == "whole":
        content[at : at + PAGE] = noise
    elif kind == "zeros":
        content[at : at + PAGE] = bytes(PAGE)
    else:
        content[at : at + 512] = noise[:512]
    file.write_bytes(content)


def opened(file: Path) -> list[Notice]:
    """Start the program, look at every result, and end it; what it said."""
    notices: list[Notice] = []
    store = Database(file, notices.append)
    store.images()
    store._file.read(lambda db: db.execute("SELECT payload FROM results").fetchall())
    store.close()
    return notices


def pages_of(file: Path) -> int:
    return file.stat().st_size // PAGE


@pytest.mark.parametrize("kind", ["whole", "zeros", "first half kilobyte"])
def test_whichever_page_is_damaged_marks_judgements_and_trail_are_whole(day: Path, tmp_path: Path, kind: str) -> None:
    before = said(day / "worklist.sqlite")
    repaired = 0
    for page in range(1, pages_of(day / "worklist.sqlite") + 1):
        home = shutil.copytree(day, tmp_path / f"{kind} {page}")
        file = home / "worklist.sqlite"
        damage(file, page, kind)
        notices = opened(file)
        assert said(file) == before, f"page {page}"
        assert len(notices) <= 1
        if notices:
            repaired += 1
            assert notices[0].title.startswith(DAMAGED)
            assert len(list(home.glob("*.damaged-*"))) >= 1
            text = notices[0].text
            missing = STUDIES - rows(file, "results")
            if missing and "A new one was begun" not in text:
                assert f"are computed again: {missing}." in text or "how many is not known" in text
            missing = STUDIES - rows(file, "images")
            if missing and "A new one was begun" not in text:
                assert f"open their folders again: {missing}." in text
        shutil.rmtree(home)
    assert repaired > 10


def test_without_any_copy_everything_but_the_page_is_saved(day: Path, tmp_path: Path) -> None:
    whole = said(day / "worklist.sqlite")
    for page in range(2, pages_of(day / "worklist.sqlite") + 1):
        home = shutil.copytree(day, tmp_path / f"{page}")
        shutil.rmtree(home / "backups")
        file = home / "worklist.sqlite"
        damage(file, page, "whole")
        notices = opened(file)
        lost = {name: len(whole[name]) - len(found) for name, found in said(file).items()}
        touched = [name for name, count in lost.items() if count]
        assert len(touched) <= 1
        if touched:
            (notice,) = notices
            assert "nothing was lost" not in notice.title
            assert f"lost: {lost[touched[0]]}." in notice.advice
        shutil.rmtree(home)


@pytest.mark.parametrize("length", [0, 100, PAGE, 3 * PAGE + 17, 20 * PAGE])
def test_of_a_truncated_file_marks_judgements_and_trail_come_back(file: Path, length: int) -> None:
    before = said(file)
    os.truncate(file, length)
    notices = opened(file)
    assert said(file) == before
    (notice,) = notices
    assert notice.title.startswith(DAMAGED if length else EMPTY)
    assert Backups(file.parent).today.stem.removeprefix("worklist-") in notice.advice


@pytest.mark.parametrize("junk", [b"this is no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_of_garbage_marks_judgements_and_trail_come_back(file: Path, junk: bytes) -> None:
    before = said(file)
    file.write_bytes(junk)
    notices = opened(file)
    assert said(file) == before
    assert len(notices) == 1
    assert [path.read_bytes() for path in file.parent.glob("*.damaged-*")] == [junk]


def test_a_worklist_that_is_gone_comes_back_with_what_was_said(file: Path) -> None:
    before = said(file)
    file.unlink()
    notices = opened(file)
    assert said(file) == before
    assert notices[0].title.startswith(EMPTY)


def test_a_damaged_or_missing_wal_costs_no_mark_and_no_judgement(day: Path, tmp_path: Path) -> None:
    for kind in ("missing", "damaged"):
        file = shutil.copytree(day, tmp_path / kind) / "worklist.sqlite"
        store = Database(file, lambda _: None)
        item = image("late", "9.9")
        store.save_images([item])
        store.save_marks("9.9", item.key, (Note(((1.0, 2.0),), "late"),))
        store.judge(["9.9"], item.key, Judgement.ACCEPTED)
        killed = shutil.copytree(file.parent, tmp_path / f"{kind} killed") / "worklist.sqlite"
        store.close()
        wal = killed.with_name("worklist.sqlite-wal")
        assert wal.stat().st_size
        if kind == "missing":
            wal.unlink()
        else:
            wal.write_bytes(np.random.default_rng(1).bytes(wal.stat().st_size))
        notices = opened(killed)
        assert said(killed) == said(file)
        assert not notices


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_damaged_worklist_of_any_former_version_is_salvaged_and_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    file = tmp_path / "worklist.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as old:
        trail.prepare(old)
        migrate(old, version)
        old.execute("BEGIN")
        for number in range(300):
            old.execute(
                "INSERT INTO audit (at, action, subject, detail) VALUES (?, 'open', ?, '')",
                (f"then {number}", "k" * 90),
            )
        old.execute("COMMIT")
    damage(file, pages_of(file), "whole")
    notices = opened(file)
    assert len(notices) <= 1
    with closing(sqlite3.connect(file)) as new:
        assert new.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert new.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert new.execute("SELECT count(*) FROM audit").fetchone()[0] > 200


def test_a_newer_worklist_is_left_as_it_is(file: Path) -> None:
    with closing(sqlite3.connect(file)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = file.read_bytes()
    notices = opened(file)
    assert notices == [NEWER]
    assert file.read_bytes() == before


def test_a_kill_while_the_new_file_takes_its_place_is_made_good(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rename of a salvage fails once, as if the program had died there; the next start goes on."""
    before = said(file)
    damage(file, 3, "whole")
    healthy = Path.replace
    for number in range(1, 5):
        home = shutil.copytree(file.parent, file.parent.with_name(f"killed at {number}"))
        steps = iter(range(1, 100))

        def fails(self: Path, target: Path, steps: object = steps, number: int = number) -> Path:
            if next(steps) == number:  # type: ignore[call-overload]
                raise OSError("killed")
            return healthy(self, target)

        monkeypatch.setattr(Path, "replace", fails)
        opened(home / "worklist.sqlite")
        monkeypatch.undo()
        opened(home / "worklist.sqlite")
        assert said(home / "worklist.sqlite") == before, f"step {number}"
        assert not list(home.glob(".*tmp"))
        assert not list(home.glob("*.salvaged"))


def test_a_disk_too_full_for_the_results_still_gets_what_was_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = said(file)
    damage(file, 3, "whole")
    real = salvage

    def no_room(*arguments: object) -> object:
        if not arguments[3]:
            raise OSError(28, "No space left on device")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(database_file, "salvage", no_room)
    notices = opened(file)
    assert said(file) == before
    assert f"are computed again: {STUDIES}." in notices[0].advice


def test_copies_are_made_daily_and_at_the_end_for_fourteen_days(tmp_path: Path) -> None:
    today = [date(2026, 1, 1)]
    backups = Backups(tmp_path / "backups", lambda: today[0])
    file = tmp_path / "worklist.sqlite"
    for day in range(20):
        today[0] = date(2026, 1, 1) + timedelta(days=day)
        store = database_file.DatabaseFile(file, lambda _: None, backups=backups)
        store.run(lambda db: db.execute("INSERT INTO audit (at, action, subject, detail) VALUES ('', 'open', '', '')"))
        assert rows(backups.today, "audit") == 2 * day + 1
        store.run(lambda db: db.execute("INSERT INTO audit (at, action, subject, detail) VALUES ('', 'open', '', '')"))
        store.close()
        assert rows(backups.today, "audit") == 2 * day + 2
    assert [path.stem for path in backups.newest_first()] == [
        f"worklist-2026-01-{day:02}" for day in range(20, 20 - KEEP_DAYS, -1)
    ]
    if os.name != "nt":
        assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "backups", *backups.newest_first()))


def test_a_copy_that_is_damaged_is_passed_over_for_an_older_one(file: Path) -> None:
    before = said(file)
    newest = Backups(file.parent / "backups").newest_first()[0]
    shutil.copy(newest, newest.with_name("worklist-2020-01-01.sqlite"))
    damage(newest, 2, "whole")
    file.write_bytes(b"garbage")
    notices = opened(file)
    assert said(file) == before
    assert "2020-01-01" in notices[0].advice


@pytest.mark.parametrize("step", ["private_folder", "_declare", "_fill", "replace"])
def test_a_copy_that_fails_leaves_the_earlier_one_and_stops_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    copy = Backups(file.parent / "backups").newest_first()[0]
    before = copy.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if step == "replace":
        monkeypatch.setattr(Path, "replace", fails)
    else:
        monkeypatch.setattr(f"app.storage.backup.{step}", fails)
    notices: list[Notice] = []
    store = Database(file, notices.append)
    store.record(Action.OPEN, "key")
    store.close()
    assert not notices
    assert copy.read_bytes() == before
    assert not list(copy.parent.glob(".*"))


def test_what_was_taken_back_does_not_come_back_from_a_copy(day: Path, tmp_path: Path) -> None:
    """The copy of the day before still has the judgement; whichever page is damaged, it stays taken back."""
    home = shutil.copytree(day, tmp_path / "next day")
    file = home / "worklist.sqlite"
    (copy,) = Backups(home / "backups").newest_first()
    copy.rename(copy.with_name("worklist-2020-01-01.sqlite"))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM judgements WHERE digest = ?", (digest_of("5"),))
    for page in range(2, pages_of(file) + 1):
        damaged = shutil.copytree(home, tmp_path / f"{page}") / "worklist.sqlite"
        damage(damaged, page, "first half kilobyte")
        opened(damaged)
        assert digest_of("5") not in {row[0] for row in said(damaged)["judgements"]}, f"page {page}"
        assert len(said(damaged)["judgements"]) == STUDIES - 2
        shutil.rmtree(damaged.parent)


def test_a_store_is_the_same_after_its_rows_were_replaced(file: Path) -> None:
    store = Database(file, lambda _: None)
    items = store.images()
    store.save_images([replace(item, message="again") for item in items])
    store.close()
    damage(file, 2, "whole")
    opened(file)
    with closing(sqlite3.connect(file)) as new:
        assert new.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_damaged_page_that_only_points_to_others_loses_no_row(tmp_path: Path) -> None:
    """Of every table the first page, without any copy: what it pointed to is found on its own page."""
    file = tmp_path / "worklist.sqlite"
    store = Database(file, lambda _: None)
    result = detection()
    for number in range(80):
        item = scored(image(str(number), f"1.{number}"), result)
        save(store, item, result, "fingerprint")
        store.save_marks(item.digest, item.key, (Note(((1.0, 2.0),), f"here {number}"),) * 8)
    store.judge([f"{number:064}" for number in range(80)], "key", Judgement.REJECTED)
    store.close()
    with closing(sqlite3.connect(file)) as database:
        query = "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        roots = dict(database.execute(query).fetchall())
        whole = {name: database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in roots}  # noqa: S608
    shutil.rmtree(tmp_path / "backups")
    for table, page in roots.items():
        damaged = tmp_path / table / "worklist.sqlite"
        damaged.parent.mkdir()
        shutil.copy(file, damaged)
        damage(damaged, page, "whole")
        (notice,) = opened(damaged)
        assert "nothing was lost" in notice.title, table
        with closing(sqlite3.connect(damaged)) as database:
            for name, rows_of_it in whole.items():
                found = database.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
                assert found == rows_of_it


def test_a_damaged_first_page_costs_neither_image_nor_result(file: Path) -> None:
    before = said(file)
    for kind in ("whole", "zeros", "first half kilobyte"):
        home = shutil.copytree(file.parent, file.parent.with_name(kind))
        damage(home / "worklist.sqlite", 1, kind)
        (notice,) = opened(home / "worklist.sqlite")
        assert said(home / "worklist.sqlite") == before
        assert rows(home / "worklist.sqlite", "images") == STUDIES
        assert rows(home / "worklist.sqlite", "results") == STUDIES
        assert notice.title.endswith("nothing was lost.")
        assert not list(home.glob(".*"))
