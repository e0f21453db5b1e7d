"""What the network remembers over a restart: one SQLite file for window, its children and the command line at once.

It holds what waits to be sent (`outbox`) and how far the standing queries are (`standing`); identifiers of patients
among that, so it is for this user alone.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from squid_core.contracts.errors import SquidError
from squid_core.files import private_folder
from squid_core.home import home_folder

FILE = "network.sqlite"
LATER = "The network's record was made by a later version of this program."
BUSY_SECONDS = 10.0  # a lock of another process that is shorter is waited for

_making = threading.Lock()
_LOOK_SECONDS = 0.02  # between two tries at a file that is changing over

# Append only once shipped; PRAGMA user_version says which have run.
MIGRATIONS = (
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        peer TEXT NOT NULL,
        file TEXT NOT NULL,
        sop_instance_uid TEXT NOT NULL,
        study_instance_uid TEXT NOT NULL,
        patient_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        source TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        next_try REAL NOT NULL DEFAULT 0,
        lease TEXT NOT NULL DEFAULT '',
        leased_until REAL NOT NULL DEFAULT 0,
        said TEXT NOT NULL DEFAULT '',
        added REAL NOT NULL,
        ended REAL NOT NULL DEFAULT 0,
        UNIQUE (peer, source, kind, fingerprint)
    ) STRICT;
    CREATE INDEX outbox_due ON outbox (state, peer, next_try);
    CREATE TABLE outbox_peers (
        peer TEXT PRIMARY KEY,
        failures INTEGER NOT NULL,
        next_try REAL NOT NULL DEFAULT 0,
        said TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TABLE standing (
        query TEXT PRIMARY KEY,
        open_day TEXT NOT NULL
    ) STRICT;
    CREATE TABLE standing_studies (
        query TEXT NOT NULL,
        study_instance_uid TEXT NOT NULL,
        day TEXT NOT NULL,
        instances INTEGER,
        fetched REAL NOT NULL,
        PRIMARY KEY (query, study_instance_uid)
    ) STRICT;
    CREATE INDEX standing_days ON standing_studies (query, day);
    """,
    # Results that are to be written, and for which of those that are stored the rules have been asked.
    """
    CREATE TABLE wanted (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        peer TEXT NOT NULL,
        image TEXT NOT NULL,
        kinds TEXT NOT NULL,
        by_hand INTEGER NOT NULL,
        UNIQUE (peer, image, kinds, by_hand)
    ) STRICT;
    CREATE TABLE results_asked (result INTEGER NOT NULL) STRICT;
    """,
)


def open_store(home: Path | None = None) -> sqlite3.Connection:
    """The file, made where there is none; transactions begin and end where `transaction` says.

    Raises:
        SquidError: it cannot be opened, is damaged, or is of a later version.
    """
    path = (home or home_folder()) / FILE
    try:
        private_folder(path.parent)
        _make(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(error) from error
    try:
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what is deleted is not to be found in the file
        _migrate(connection)
    except (sqlite3.Error, SquidError) as error:
        connection.close()
        raise error if isinstance(error, SquidError) else _unusable(error) from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; no other process writes meanwhile.

    Raises:
        SquidError: the file cannot be written.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise _unusable(error) from error


def _make(path: Path) -> None:
    """An empty file, before SQLite makes one that others may read.

    One that is there is not opened: to close it would take the locks of this process's other connections (POSIX).
    """
    with _making, contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Readers and a writer do not wait for each other; SQLite itself does not wait for whoever changes to this too."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK_SECONDS)
        else:
            return


def _migrate(connection: sqlite3.Connection) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with transaction(connection):
        version = _version(connection)  # another process may have been first
        if version > len(MIGRATIONS):
            raise SquidError(LATER, "It is left as it is. Start the later version again.", FILE)
        for script in MIGRATIONS[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _unusable(error: Exception) -> SquidError:
    return SquidError(
        "The network's record cannot be read or written.",
        f"Free some space, and look at the permissions of {FILE}; if it is damaged, move it away: what waited in it to "
        "be sent must be sent again.",
        type(error).__name__,
    )
