"""Studies that came too long ago go, a slice at a time, with all that was found and said of them; the trail stays.

When an image came onto the worklist is kept in `arrivals`: however often its row is written, the time is that of the
first. What is deleted is overwritten in its page (secure_delete), and pages that become free are
given back to the disk. The rows of daily copies follow.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from app.storage import states, trail
from app.storage.backup import Backups
from app.storage.database_file import DatabaseFile
from app.storage.upkeep import give_back
from squid_core.contracts.errors import SquidError
from squid_core.files import remove as unlink

log = logging.getLogger(__name__)
EXPIRE = "expire"  # as `Action` has it

AT_ONCE = 200  # rows of studies that are not listed any more, in a slice
JUMP = timedelta(days=7)  # without the program being used, after which the clock is not believed at once
DAYS_OF_USE = 3  # after which it is
FROM_WORDS = ("annotations", "judgements", "readings")  # tables of what a reader said; copies have them too
_TIMES = {"results": "scored_at", "annotations": "changed_at", "judgements": "at", "readings": "at"}
_KEYS = {"results": "id", "annotations": "digest", "judgements": "digest", "readings": "digest"}
_UNLISTED = (  # what the reader says of an image that could not be read is kept by its key
    "NOT EXISTS (SELECT 1 FROM images WHERE images.digest = t.digest)"
    " AND NOT EXISTS (SELECT 1 FROM images WHERE images.key = t.digest)"
)


def note_arrivals(db: sqlite3.Connection, keys: Iterable[str], now: str) -> None:
    """These images are on the worklist; of one that was before, the former time counts."""
    known = "SELECT 1 FROM arrivals WHERE key = ?1"
    rows = [(key, now) for key in keys]
    db.executemany(f"INSERT INTO arrivals SELECT ?1, ?2 WHERE NOT EXISTS ({known})", rows)


def tidy_arrivals(db: sqlite3.Connection, now: datetime) -> None:
    """What came in the future, by a clock that was wrong, comes now; what was taken off comes anew with its return."""
    text, limit = (moment.isoformat(timespec="microseconds") for moment in (now, now + timedelta(days=1)))
    db.execute("UPDATE arrivals SET at = ? WHERE at > ?", (text, limit))
    db.execute("DELETE FROM arrivals WHERE NOT EXISTS (SELECT 1 FROM images WHERE images.key = arrivals.key)")


def days_ahead(db: sqlite3.Connection, today: date) -> int:
    """By how many days the clock may have gone ahead; 0 where it can be believed.

    The trail says on which days the program was used. After a long time without, it is believed on the third.
    """
    later = today
    for _ in range(DAYS_OF_USE - 1):
        (day,) = db.execute("SELECT max(substr(at, 1, 10)) FROM audit WHERE at < ?", (later.isoformat(),)).fetchone()
        if day is None:
            return 0
        former = date.fromisoformat(str(day))
        if later - former > JUMP:
            return (later - former).days
        later = former
    return 0


def arrived_before(db: sqlite3.Connection, moment: datetime) -> frozenset[str]:
    """Keys of images that came before a time."""
    limit = moment.isoformat(timespec="microseconds")
    return frozenset(str(key) for (key,) in db.execute("SELECT key FROM arrivals WHERE at < ?", (limit,)))


def remove(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    """Remove images with all that was found and said of their bytes, unless other images have the same bytes."""
    wanted = [(key,) for key in keys]
    digests = [db.execute("SELECT digest FROM images WHERE key = ?", key).fetchone() for key in wanted]
    uids = states.uids_of(db, (key for (key,) in wanted))
    for table in ("images", "arrivals"):
        db.executemany(f"DELETE FROM {table} WHERE key = ?", wanted)  # noqa: S608 - our own names
    states.forget(db, uids)
    contents = [(str(row[0]),) for row in digests if row is not None and row[0]] + wanted
    for table in _TIMES:
        db.executemany(f"DELETE FROM {table} AS t WHERE digest = ? AND {_UNLISTED}", contents)  # noqa: S608
    _forget_results(db)


def remove_unlisted(db: sqlite3.Connection, before: datetime) -> int:
    """Remove some of what was found and said before a time of images that are not listed any more; how many rows."""
    limit = before.isoformat(timespec="microseconds")
    db.execute("DELETE FROM imports WHERE at < ?", (limit,))
    removed = 0
    for table, time in _TIMES.items():
        key = _KEYS[table]
        old = f"SELECT {key} FROM {table} AS t WHERE {time} < ? AND {_UNLISTED} LIMIT {AT_ONCE}"  # noqa: S608
        found = db.execute(old, (limit,)).fetchall()
        db.executemany(f"DELETE FROM {table} WHERE {key} = ?", found)  # noqa: S608 - our own names
        removed += len(found)
    _forget_results(db)
    return removed


def files_in_use(db: sqlite3.Connection) -> frozenset[Path]:
    """Where the images of the worklist and their presentation states lie."""
    rows = db.execute("SELECT path FROM images UNION SELECT path FROM states")
    return frozenset(Path(os.fsdecode(path)) for (path,) in rows)


def clean_copy(db: sqlite3.Connection, copy: Path) -> None:
    """Remove from a daily copy what was said of images that neither the worklist nor the store knows any more.

    Args:
        db: the store.
        copy: of what a reader has said (`app/storage/backup.py`).

    Raises:
        sqlite3.Error: it is damaged, or of a version whose rows are not by digest.
    """
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("PRAGMA secure_delete = ON")
        there = {str(name) for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in (table for table in FROM_WORDS if table in there):
            known = f"SELECT 1 FROM (SELECT ? AS digest) AS t WHERE NOT ({_UNLISTED})"  # noqa: S608 - our own words
            kept = f"SELECT 1 FROM {table} WHERE digest = ?"  # noqa: S608
            said = other.execute(f"SELECT digest FROM {table}").fetchall()  # noqa: S608
            gone = [row for row in said if not (db.execute(kept, row).fetchone() or db.execute(known, row).fetchone())]
            with other:
                other.executemany(f"DELETE FROM {table} WHERE digest = ?", gone)  # noqa: S608


class Expiring:
    """What goes by age, for `app/services/expiry.py`; on the database's thread.

    Args:
        file: the store.
        path: where it lies; None for one in memory.
    """

    def __init__(self, file: DatabaseFile, path: Path | None) -> None:
        self._file, self._path = file, path

    def arrived(self, days: int) -> frozenset[str]:
        """Keys of images that came more than so many days ago; none while the file cannot be written."""
        if not self._file.settled:
            return frozenset()
        return self._file.read(lambda db: arrived_before(db, _before(days)))

    def days_ahead(self) -> int:
        """By how many days the clock may be ahead; see the function."""
        return self._file.read(lambda db: days_ahead(db, datetime.now(UTC).date()))

    def remove(self, keys: Sequence[str], studies: int, days: int) -> None:
        """Remove the images of so many studies, with a line in the trail that says so and why: all or nothing."""
        line = (datetime.now(UTC).isoformat(timespec="microseconds"), EXPIRE, f"{studies} studies", said(days))

        def work(db: sqlite3.Connection) -> None:
            remove(db, keys)
            db.execute(trail.APPEND, line)

        self._file.run(work)

    def remove_unlisted(self, days: int) -> bool:
        """Remove some of what was found and said of studies that had been taken off before; False when there is none.

        The age is then that of the result, mark or word.
        """
        line = (datetime.now(UTC).isoformat(timespec="microseconds"), EXPIRE)

        def work(db: sqlite3.Connection) -> bool:
            rows = remove_unlisted(db, _before(days))
            if rows:
                db.execute(trail.APPEND, (*line, f"{rows} results, marks and words", said(days)))
            return rows > 0

        return self._file.settled and self._file.run(work)

    def files_in_use(self) -> frozenset[Path]:
        """Where the images of the worklist and their presentation states lie."""
        return self._file.read(files_in_use)

    def clean_copies(self) -> None:
        """Take out of the daily copies what has gone, and remove the stores of before that were kept whole."""
        if self._path is None or not self._file.settled:
            return
        for copy in Backups.beside(self._path).newest_first():
            try:
                self._file.read(partial(clean_copy, copy=copy))
            except (sqlite3.Error, SquidError):  # damaged, or of a version that said it otherwise
                log.warning("A daily copy was removed, for it cannot be cleaned.")
                unlink(copy)
        for former in (*self._path.parent.glob(f"{self._path.name}.before-*"), *self._damaged()):
            unlink(former)

    def shrink(self) -> bool:
        """Give some free pages back to the disk, and empty what stands beside the file; False when that is done."""
        if not self._file.settled:
            return False
        if self._file.run(lambda db: give_back(db, 0)):
            return True
        self._file.fold()
        return False

    def _damaged(self) -> Iterable[Path]:
        return () if self._path is None else self._path.parent.glob(f"{self._path.name}.*damaged*")


def said(days: int) -> str:
    """Why, for the trail."""
    return f"kept for {days} days"


def _before(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _forget_results(db: sqlite3.Connection) -> None:
    for table in ("unlisted_results", "results_to_pack"):
        db.execute(f"DELETE FROM {table} WHERE result NOT IN (SELECT id FROM results)")  # noqa: S608 - our own names
