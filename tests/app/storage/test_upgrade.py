"""A store of an older version: the new one is whole, the former one is kept, and a kill costs nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from app.domain.errors import Notice
from app.domain.study import Judgement
from app.storage import trail
from app.storage import upgrade as upgrading
from app.storage.database import Database
from app.storage.schema import MIGRATIONS
from app.storage.upgrade import NO_COPY, UPGRADING, former_copy, upgrade
from squid_core.files import beside
from tests.app.storage.former import former_store
from tests.app.storage.test_upkeep import sample

COUNT = 12


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "worklist.sqlite"
    former_store(made, [sample(number) for number in range(COUNT)], judged=3)
    return made


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def assert_whole(path: Path, notices: list[Notice]) -> None:
    """The store of this version with all that the former one held."""
    store = Database(path, notices.append)
    images = store.images()
    assert len(images) == COUNT
    assert all(store.result_of(item) is not None for item in images)
    judged = store.judgements()
    assert [judged.get(item.digest) for item in images[:4]] == [*[Judgement.ACCEPTED] * 3, None]
    assert len(store.audit()) == 1
    store.close()
    assert version(path) == len(MIGRATIONS)


def test_the_former_store_is_kept_and_the_new_one_holds_all_of_it(file: Path) -> None:
    notices: list[Notice] = []
    umask = os.umask(0)
    try:
        upgrade(file, notices.append)
    finally:
        os.umask(umask)
    kept = former_copy(file)
    assert version(kept) == 4
    assert_whole(file, notices)
    assert notices == []
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file, kept)} == {0o600}
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,), "it can give pages back"
    assert {one.name for one in file.parent.glob("*sqlite*")} == {file.name, kept.name}


def test_opening_the_store_upgrades_it_and_says_so_where_it_takes_a_while(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "TOLD_FROM_BYTES", 0)
    notices: list[Notice] = []
    assert_whole(file, notices)
    assert notices == [UPGRADING]
    assert version(former_copy(file)) == 4


def test_only_the_last_former_store_is_kept(file: Path) -> None:
    older = file.with_name(f"{file.name}.before-3")
    older.write_bytes(b"older")
    upgrade(file, lambda _: None)
    assert not older.exists()
    assert former_copy(file).exists()


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_without_room_for_a_copy_the_store_is_migrated_where_it_is_and_the_user_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 1000, 1000))
    notices: list[Notice] = []
    assert_whole(file, notices)
    assert notices == [NO_COPY]
    assert not former_copy(file).exists()


STEPS = ("_copy", "_migrate_without_journal", "_keep_and_replace")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_between_two_steps_leaves_a_whole_store(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    class Killed(BaseException):
        """Not caught, as a kill is not."""

    real = getattr(upgrading, step)

    def killed(*paths: Path) -> None:
        if after:
            real(*paths)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(upgrading, step, killed)
        with pytest.raises(Killed):
            upgrade(file, lambda _: None)
    assert version(file) == (len(MIGRATIONS) if (step, after) == (STEPS[-1], True) else 4)
    assert_whole(file, [])
    assert not beside(file, "upgrade").exists()


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fails_at_a_step_leaves_the_former_store_to_be_migrated(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def failing(*_: Path) -> None:
        raise OSError

    monkeypatch.setattr(upgrading, step, failing)
    notices: list[Notice] = []
    assert_whole(file, notices)
    assert notices == [NO_COPY]
    assert not beside(file, "upgrade").exists()


@pytest.mark.parametrize("content", [None, b"", b"no database, but long enough to be one " * 100])
def test_what_is_no_former_store_is_left_alone(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "worklist.sqlite"
    if content is not None:
        path.write_bytes(content)
    upgrade(path, lambda notice: pytest.fail(str(notice)))
    assert (path.read_bytes() if path.exists() else None) == content


def test_a_store_of_this_version_or_a_later_one_is_left_alone(file: Path) -> None:
    for number in (len(MIGRATIONS), len(MIGRATIONS) + 1):
        with closing(sqlite3.connect(file)) as db:
            db.execute(f"PRAGMA user_version = {number}")
        upgrade(file, lambda notice: pytest.fail(str(notice)))
        assert version(file) == number
        assert not former_copy(file).exists()


def test_many_judgements_among_many_images_are_taken_over_in_no_time(tmp_path: Path) -> None:
    """Joined image by image, 2000 judgements among 20 000 images took 79 s."""
    path = tmp_path / "worklist.sqlite"
    former_store(path, [sample(0)] * 1000, judged=1000)
    with closing(sqlite3.connect(path)) as db:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        trail.prepare(db)
        db.isolation_level = None
        db.set_progress_handler(step, 10_000)
        for script in MIGRATIONS[4:]:
            db.executescript(f"BEGIN;{script}COMMIT;")
        assert db.execute("SELECT count(*) FROM judgements WHERE digest NOT LIKE 'legacy study%'").fetchone() == (1000,)
    assert steps < 1000 * 1000 / 10_000, "virtual machine instructions, 1000 for each image"
