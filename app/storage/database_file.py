"""The connection to the worklist database, and what happens when its file or its disk fails.

SQLite in WAL mode, one connection, used from one thread only. A damaged file is set aside under another name and a
new one begun; where nothing can be written the work goes on in memory. Either is said once in a notice.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from app.domain.errors import Notice, Severity
from app.storage import trail
from app.storage.schema import migrate
from squid_core.files import private_folder

T = TypeVar("T")
BUSY_SECONDS = 5.0

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

IN_MEMORY = Notice(
    Severity.WARNING,
    "The worklist cannot be saved.",
    "Work goes on, but results are lost when the program closes. Check that the disk is not full and that the"
    " program's folder can be written.",
)
NEWER = Notice(
    Severity.WARNING,
    "The stored worklist was made by a later version of this program.",
    "It is left as it is; this session is not saved.",
)
SET_ASIDE = Notice(
    Severity.WARNING,
    "The stored worklist was damaged.",
    "It was set aside in the program's folder and a new one begun; open your folders again.",
)


class DatabaseFile:
    """A connection that outlives its file.

    Args:
        path: the database file; None for one in memory.
        notify: called, on the database's thread, with what the user should know.
    """

    def __init__(self, path: Path | None, notify: Callable[[Notice], None]) -> None:
        self._path = path
        self._notify = notify
        self._thread = threading.get_ident()
        self._connection = self._open()

    @property
    def in_memory(self) -> bool:
        """Whether what is written now is lost at the end."""
        return self._path is None

    def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction, committed when this returns; again on a new database if the old one fails.

        Raises:
            sqlite3.Error: a fault of the program (a constraint, an append-only table), not of file or disk.
        """
        assert threading.get_ident() == self._thread, "one writer"  # noqa: S101 - a fault of ours only
        try:
            return self._transaction(work)
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError) or self._path is None:
                raise
            if _is_damage(error):
                self._set_aside()
                self._connection = self._open()
            else:
                self._go_on_in_memory()
            return self._transaction(work)

    def close(self) -> None:
        """Close the file; WAL is folded back into it."""
        self._connection.close()

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return result

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            try:
                connection, ours = self._open_file(self._path)
            except (sqlite3.Error, OSError) as error:
                if _is_damage(error) and self._set_aside():
                    return self._open()
                self._notify(IN_MEMORY)
            else:
                if ours:
                    return connection
                connection.close()
                self._notify(NEWER)
            self._path = None
        connection = _connect(":memory:")
        migrate(connection)
        return connection

    @staticmethod
    def _open_file(path: Path) -> tuple[sqlite3.Connection, bool]:
        private_folder(path.parent)
        path.touch(mode=0o600)  # it holds patients' names
        connection = _connect(str(path))
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # NORMAL loses no consistency in WAL mode, but the last results at a power cut; a result must be kept.
            connection.execute("PRAGMA synchronous = FULL")
            ours = migrate(connection)
            connection.execute("BEGIN IMMEDIATE")  # a read-only file is found out now
            connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
        return connection, ours

    def _set_aside(self) -> bool:
        """Rename the damaged file and its companions; False when even that fails."""
        if self._path is None:
            return False
        if hasattr(self, "_connection"):
            self._connection.close()
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        try:
            self._path.replace(self._path.with_name(f"{self._path.name}.damaged-{stamp}"))
            for companion in ("-wal", "-shm"):
                self._path.with_name(self._path.name + companion).unlink(missing_ok=True)
        except OSError:
            return False
        self._notify(SET_ASIDE)
        return True

    def _go_on_in_memory(self) -> None:
        """Copy what can still be read into memory and write there from now on."""
        memory = _connect(":memory:")
        try:
            self._connection.backup(memory)
        except sqlite3.Error:
            memory.close()
            memory = _connect(":memory:")
            migrate(memory)
        self._connection.close()
        self._connection, self._path = memory, None
        self._notify(IN_MEMORY)


def _connect(target: str) -> sqlite3.Connection:
    # isolation_level None: transactions begin and end where this module says.
    connection = sqlite3.connect(target, timeout=BUSY_SECONDS, isolation_level=None)
    trail.prepare(connection)
    return connection


def _is_damage(error: BaseException) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # the message is all there is, as when a table that the version promises is missing
        return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return (code & 0xFF) in _DAMAGED or (code == sqlite3.SQLITE_ERROR and "no such" in str(error))
