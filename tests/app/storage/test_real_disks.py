"""Disks that are really full or read-only: a small one in memory, where the tests may mount it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.storage import connections
from app.storage.database import Action, Database
from app.storage.faults import FULL, READ_ONLY, SAVED
from tests.app.samples import detection, image, save, scored


def mount(*arguments: str | Path) -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    return subprocess.run(["/bin/mount", *arguments], capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A disk of 700 KB."""
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.05)
    place = tmp_path / "disk"
    place.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=700k", "none", place):
        pytest.skip("no disk may be mounted here")
    yield place
    subprocess.run(["/bin/umount", "--lazy", place], check=True)


def fill(place: Path) -> Path:
    """Take what room there is."""
    waste = place / "waste"
    with waste.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    return waste


def check(file: Path, count: int) -> None:
    store = Database(file, lambda _: None)
    assert len(store.images()) == count
    assert len([entry for entry in store.audit() if entry.action == Action.SCORE]) == count
    for item in store.images():
        assert store.result_of(item) is not None
    store.close()


def test_a_full_disk_that_is_freed_has_everything_in_the_end(disk: Path) -> None:
    file, notices, result = disk / "home" / "worklist.sqlite", list[Notice](), detection()
    store = Database(file, notices.append)
    save(store, scored(image("first", "1"), result), result, "bundle")
    waste = fill(disk)
    for number in range(10):
        save(store, scored(image(str(number), f"2.{number}"), result), result, "bundle")
    assert store.unsaved
    assert len(store.images()) == 11
    assert not store.retry()
    waste.unlink()
    assert store.retry()
    store.close()
    assert notices == [FULL, SAVED]
    check(file, 11)
    assert {path.name for path in file.parent.iterdir()} == {"worklist.sqlite", "backups", "audit.head"}


def test_a_disk_full_until_the_end_has_everything_at_the_next_start_or_says_how_much_is_lost(disk: Path) -> None:
    file, result = disk / "home" / "worklist.sqlite", detection()
    store = Database(file, lambda _: None)
    save(store, scored(image("first", "1"), result), result, "bundle")
    waste = fill(disk)
    for number in range(10):
        save(store, scored(image(str(number), f"2.{number}"), result), result, "bundle")
    lost = store.close()
    assert lost
    assert not list(file.parent.glob("*pending*"))
    waste.unlink()
    check(file, 11 - lost // 4)  # an image, when it came, its result and its line in the trail


def test_a_read_only_disk_shows_the_worklist_and_has_everything_once_it_can_be_written(disk: Path) -> None:
    file, notices, result = disk / "home" / "worklist.sqlite", list[Notice](), detection()
    store = Database(file, notices.append)
    save(store, scored(image("first", "1"), result), result, "bundle")
    store.close()
    assert mount("-o", "remount,ro", disk)
    store = Database(file, notices.append)
    assert len(store.images()) == 1
    save(store, scored(image("second", "2"), result), result, "bundle")
    assert len(store.images()) == 2
    assert not store.retry()
    assert mount("-o", "remount,rw", disk)
    assert store.retry()
    store.close()
    assert notices == [READ_ONLY, SAVED]
    check(file, 2)
