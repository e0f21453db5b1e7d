"""Ways to open the worklist database: the file, one in memory, what stands in for a file; and files left beside it."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path

from app.storage import trail
from app.storage.faults import LOCKED, is_damage, trouble_of
from app.storage.pending import Pending, read_tables
from app.storage.schema import MIGRATIONS, migrate

BUSY_SECONDS = 2.0  # a lock that is shorter is waited for
LARGE = frozenset({"results"})  # all other tables are looked through at every start


def connect(target: str) -> sqlite3.Connection:
    """A connection to a file, or to ":memory:"; transactions begin and end where `DatabaseFile` says."""
    connection = sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None)
    trail.prepare(connection)
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is not to be found in the file
    return connection


def in_memory() -> sqlite3.Connection:
    """An empty database without a file."""
    connection = connect(":memory:")
    migrate(connection)
    return connection


def stand_in() -> sqlite3.Connection:
    """In place of a file that cannot be seen now; results get numbers that it will not have."""
    connection = in_memory()
    connection.execute("INSERT INTO sqlite_sequence VALUES ('results', ?)", (time.time_ns() // 1000,))
    return connection


def read_only(path: Path) -> sqlite3.Connection | None:
    """The file as it is on a disk that cannot be written; None where it cannot be read, or is of another version."""
    try:
        uri = path.absolute().as_uri()
        connection = sqlite3.connect(f"{uri}?mode=ro&immutable=1", uri=True, isolation_level=None)
        trail.prepare(connection)
    except sqlite3.Error:
        return None
    try:
        connection.execute("PRAGMA temp_store = MEMORY")
        if _version(connection) == len(MIGRATIONS):
            return connection
    except sqlite3.Error:
        pass
    connection.close()
    return None


def left_over_of(path: Path) -> Path:
    """Where pending rows are kept while there is no saving."""
    return path.with_name(f"{path.name}.pending")


def salvaged_of(path: Path) -> Path:
    """A whole database that is about to take the place of a damaged one."""
    return path.with_name(f"{path.name}.salvaged")


def save_left_over(path: Path) -> None:
    """Save what an earlier run had to leave; a file of that which makes no sense is kept under another name."""
    left = left_over_of(path)
    if not left.exists():
        return
    try:
        with contextlib.closing(connect(str(left))) as other:
            version = _version(other)
        with contextlib.closing(connect(str(path))) as connection:
            if max(version, _version(connection)) > len(MIGRATIONS):
                return
            migrate(connection, version)
            Pending(connection, read_tables(connection), left).save()
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        left.replace(left.with_name(f"{left.name}.damaged"))


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def try_to_write(connection: sqlite3.Connection) -> None:
    """Find out now whether the file is read-only; that it is locked is no reason not to read it.

    Raises:
        sqlite3.Error: it cannot be written.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if trouble_of(error) is not LOCKED:
            raise


def look_through(connection: sqlite3.Connection) -> None:
    """Whether the tables that are read whole at every start are sound; results are found out when they are read.

    Raises:
        sqlite3.DatabaseError: one is not.
    """
    for table in read_tables(connection):
        if table.name not in LARGE and connection.execute(f"PRAGMA quick_check({table.name})").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged page")
