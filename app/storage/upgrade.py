"""A database of an older version, brought up to this one in a new file beside it; the former one is kept as it was.

The new file also learns to give pages back to the disk, which a file that was made without it cannot.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from app.domain.errors import Notice, Severity
from app.storage import trail
from app.storage.schema import MIGRATIONS, migrate
from squid_core.files import beside, private_opener, remove

TOLD_FROM_BYTES = 100_000_000  # below it is done in a moment
ROOM = 3  # times the former file's size: the new one holds its results twice until they have been packed anew

UPGRADING = Notice(
    Severity.INFO,
    "The stored worklist is being brought up to this version.",
    "This is done once and takes a minute at most; the worklist appears when it is done.",
)
NO_COPY = Notice(
    Severity.WARNING,
    "The stored worklist was brought up to this version without a copy of the former one.",
    "The disk has no room for a copy, or the program's folder cannot be written.",
)


def upgrade(path: Path, notify: Callable[[Notice], None]) -> None:
    """Do it where the file is of an older version; one that is new, of this version, later or damaged is left alone.

    Where there is no room it is left alone too, with a notice: whoever opens it next migrates it where it is. At every
    moment a whole database lies at `path`, so that a kill costs nothing.

    Args:
        path: the database file, which no other process has open.
        notify: called with what the user should know.

    Raises:
        sqlite3.OperationalError: another program has locked the file against reading; try again later.
    """
    try:
        former = _former_bytes(path)
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise
        return
    if former is None:
        return
    new = beside(path, "upgrade")
    try:
        if shutil.disk_usage(path.parent).free < ROOM * former:
            notify(NO_COPY)
            return
        if former >= TOLD_FROM_BYTES:
            notify(UPGRADING)
        remove(new)  # of a run that was killed
        _copy(path, new)
        _migrate_without_journal(new)
        _keep_and_replace(path, new)
    except (sqlite3.Error, OSError) as error:
        remove(new)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            notify(NO_COPY)


def former_copy(path: Path) -> Path:
    """Where the former database is kept; the next upgrade takes its place."""
    return path.with_name(f"{path.name}.before-{len(MIGRATIONS)}")


def _former_bytes(path: Path) -> int | None:
    """The size of a database of an older version; None where there is none."""
    if not path.is_file() or path.stat().st_size == 0:
        return None
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as db:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        pages, size = (int(db.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return pages * size if 0 < version < len(MIGRATIONS) else None


def _copy(path: Path, new: Path) -> None:
    os.close(private_opener(str(new), os.O_CREAT | os.O_EXCL | os.O_WRONLY))  # SQLite fills an empty file
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        if db.execute("PRAGMA auto_vacuum").fetchone() == (0,):
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of the copy; in the file itself nothing changes
        db.execute("VACUUM INTO ?", (str(new),))
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _migrate_without_journal(new: Path) -> None:
    """A run that is killed leaves a file that nobody reads."""
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA secure_delete = ON")
        trail.prepare(db)
        migrate(db)
    with new.open("rb") as file:
        os.fsync(file.fileno())


def _keep_and_replace(path: Path, new: Path) -> None:
    if path.with_name(f"{path.name}-wal").exists():
        raise OSError("the former file is not whole without its companion")
    kept = former_copy(path)
    for older in path.parent.glob(f"{path.name}.before-*"):
        older.unlink()
    try:
        kept.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copyfile(path, kept)
    kept.chmod(0o600)
    new.replace(path)
