"""The connection to the worklist database, and what happens when its file or its disk fails.

SQLite in WAL mode, one connection, used from one thread only. While the file is locked, or its disk is full, read-only
or gone, what is to be written is kept beside it (pending.py), every question still sees it, and `retry` writes it
later. A damaged file is salvaged into a new one (salvage.py) and kept under another name; what the reader has said is
copied daily (backup.py). Each is said once in a notice.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from app.domain.errors import Notice
from app.storage import connections
from app.storage.backup import Backups
from app.storage.faults import FULL, GONE, LOCKED, NEWER, SAVED, UnavailableError, is_damage, trouble_of
from app.storage.pending import Pending, Table, read_tables
from app.storage.salvage import salvage
from app.storage.schema import migrate
from app.storage.upgrade import upgrade
from squid_core.contracts.errors import SquidError
from squid_core.files import beside, private_folder, remove

log = logging.getLogger(__name__)
T = TypeVar("T")
MAX_IN_MEMORY = 256 << 20  # bytes pending in memory: some thousand results


class DatabaseFile:
    """A connection that outlives its file.

    Args:
        path: the database file; None for one in memory.
        notify: called, on the database's thread, with what the user should know.
        renewed: called there after a damaged file has been replaced by what could be salvaged.
        backups: where marks, judgements and trail are copied to; below the file's folder by default.

    Attributes:
        later: the file is of a later version and was left alone; all is kept in memory.
    """

    def __init__(
        self,
        path: Path | None,
        notify: Callable[[Notice], None],
        renewed: Callable[[], None] = lambda: None,
        backups: Backups | None = None,
    ) -> None:
        self._path, self._notify, self._renewed = path, notify, renewed
        self._backups = backups or (None if path is None else Backups.beside(path))
        self._thread = threading.get_ident()
        self._tables: tuple[Table, ...] = ()
        self._pending: Pending | None = None
        self._held = False  # a write was refused for want of room, and so is every later one, to keep their order
        self._told: Notice | None = None
        self._changed = False  # since the last copy
        self._stand_in = False  # the connection is not to the file itself, or not to be written through
        self._identity: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self.later = False
        with contextlib.suppress(UnavailableError):
            self._open()

    @property
    def unsaved(self) -> int:
        """How many rows wait until the file can be written."""
        return 0 if self._pending is None else self._pending.count

    @property
    def troubled(self) -> bool:
        """Whether `retry` has something to do, or to say."""
        return self._told is not None or self._connection is None or self._pending is not None

    @property
    def settled(self) -> bool:
        """Whether the file can be read and holds all there is."""
        return self._path is not None and self._connection is not None and self._pending is None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Answer a question, which also sees what is pending.

        Raises:
            UnavailableError: the file is locked against reading too.
            SquidError: its disk does not answer.
            sqlite3.Error: a fault of the program.
        """
        try:
            return self._transaction(self._opened(), "", work)
        except sqlite3.Error as error:
            if is_damage(error) and self._pending is None and self._path is not None:
                self._repair()
                return self._transaction(self._opened(), "", work)
            trouble = trouble_of(error)
            if trouble is LOCKED:
                self._tell(LOCKED)
                raise UnavailableError(LOCKED.title, LOCKED.advice) from error
            if trouble is not None:
                raise SquidError(trouble.title, trouble.advice, type(error).__name__) from error
            raise

    def run(self, work: Callable[[sqlite3.Connection], T], *, fold: bool = False) -> T:
        """Do `work` in one transaction; when this returns it is committed, or kept until it can be.

        Args:
            work: statements; see pending.py for those that cannot be kept.
            fold: bring it from the WAL into the file at once, so that it does not hang on two files.

        Raises:
            UnavailableError: there is no room to keep it, or the file is locked against reading too.
            sqlite3.Error: a fault of the program (a constraint, an append-only table), not of file or disk.
        """
        for _ in range(3):  # repaired, then perhaps without a disk
            if self._pending is not None:
                return self._run_pending(self._pending, work)
            try:
                connection = self._opened()
                self._look()
                result = self._transaction(connection, "IMMEDIATE", work)
            except (sqlite3.Error, OSError) as error:
                self._cope(error)
            else:
                self._changed = True
                self._after_write(fold)
                return result
        raise UnavailableError(GONE.title, GONE.advice)

    def retry(self) -> bool:
        """Try to open the file, or to write what is pending; True when nothing is left to be tried."""
        try:
            if self._connection is None:
                self._open()
            elif self._pending is not None:
                self._save()
            with self._without_patience() as connection:
                connection.execute("SELECT 1 FROM main.sqlite_master").fetchone()  # not locked against reading
        except (UnavailableError, sqlite3.Error):
            return False
        if self._pending is not None:
            return False
        if self._told is not None:
            self._told = None
            self._notify(SAVED)
        return True

    def fold(self) -> None:
        """Bring what stands in the WAL into the file, and leave nothing there, unless somebody reads it just now."""
        if self.settled and self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> int:
        """Close the file; WAL is folded back into it.

        Returns:
            How many rows could neither be saved nor kept in a file for the next start.
        """
        if self._connection is None:
            return 0
        lost = 0
        if self._pending is not None:
            lost = self._keep(self._pending)
        elif self._changed:
            self._back_up()
        self._connection.close()
        self._connection = None
        return lost

    def _opened(self) -> sqlite3.Connection:
        assert threading.get_ident() == self._thread, "one writer"  # noqa: S101 - a fault of ours only
        if self._connection is None:
            self._open()
        if self._connection is None:
            raise UnavailableError(LOCKED.title, LOCKED.advice)
        return self._connection

    @staticmethod
    def _transaction(connection: sqlite3.Connection, kind: str, work: Callable[[sqlite3.Connection], T]) -> T:
        connection.execute(f"BEGIN {kind}")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _run_pending(self, pending: Pending, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._held or (pending.path is None and self._path is not None and pending.size > MAX_IN_MEMORY):
            self._held = True
            raise UnavailableError(FULL.title, FULL.advice)
        try:
            result = self._transaction(self._opened(), "", work)
        except sqlite3.Error as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
            if trouble is LOCKED or pending.path is None:
                raise UnavailableError(trouble.title, trouble.advice) from error
            self._pending = pending.moved(self._opened(), None)  # its disk fails too; the file keeps what it has
            return self._run_pending(self._pending, work)
        self._changed = True
        return result

    # Opening

    def _open(self, *, may_repair: bool = True) -> None:
        """Open the file; or what stands in for it, with everything pending.

        Raises:
            UnavailableError: the file is locked.
        """
        if self._path is None:
            self._connection = connections.in_memory()
            return
        for _ in range(2):  # a damaged file is repaired and opened again
            try:
                connection, ours = self._open_file(self._path)
            except (sqlite3.Error, OSError, SquidError) as error:
                damaged = is_damage(error)
                if damaged and may_repair and self._repaired():
                    continue
                trouble = FULL if damaged else trouble_of(error) or GONE
                self._tell(trouble)
                if trouble is LOCKED:
                    raise UnavailableError(LOCKED.title, LOCKED.advice) from error
                self._stand_in = True
                self._connection = (None if damaged else connections.read_only(self._path)) or connections.stand_in()
                self._tables = read_tables(self._connection)
                self._pending = Pending(self._connection, self._tables, None)
                return
            if not ours:
                connection.close()
                self._notify(NEWER)
                self.later = True
                self._path = self._backups = None
                self._connection = connections.in_memory()
                return
            self._use(connection, self._path)
            return

    def _open_file(self, path: Path) -> tuple[sqlite3.Connection, bool]:
        private_folder(path.parent)
        self._finish_repair(path)
        empty = not path.exists() or path.stat().st_size == 0
        if empty and self._backups is not None and self._backups.newest_first():
            raise sqlite3.DatabaseError("there are copies of it, so there was more")
        path.touch(mode=0o600)  # it holds patients' names
        connections.save_left_over(path)  # of the version that left it
        upgrade(path, self._notify)
        connection = connections.connect(str(path))
        try:
            if path.stat().st_size == 0:
                connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            # NORMAL loses no consistency in WAL mode, but the last results at a power cut; a result must be kept.
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA temp_store = MEMORY")
            ours = migrate(connection)
            if ours:
                connections.look_through(connection)
                connections.try_to_write(connection)
        except BaseException:
            connection.close()
            raise
        return connection, ours

    def _use(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._stand_in = connection, False
        self._tables = read_tables(connection)
        found = path.stat()
        self._identity = found.st_dev, found.st_ino

    # Trouble

    def _look(self) -> None:
        """Whether the file is still where it was: what is written into a deleted file is lost.

        Raises:
            OSError: it is not.
        """
        if self._path is not None and self._identity is not None:
            found = self._path.stat()
            if (found.st_dev, found.st_ino) != self._identity:
                raise FileNotFoundError

    def _cope(self, error: sqlite3.Error | OSError) -> None:
        """After this a write can be done again, into the file or beside it.

        Raises:
            UnavailableError: not now.
            sqlite3.Error: it was a fault of the program.
        """
        if self._path is None:
            raise error
        if is_damage(error):
            self._repair()
            return
        trouble = trouble_of(error)
        if trouble is None:
            raise error
        self._tell(trouble)
        connection = self._opened()
        # A file that survives a kill while only the database itself is locked; else the same disk would fail again.
        beside_it = connections.left_over_of(self._path) if trouble is LOCKED else None
        try:
            self._pending = Pending(connection, self._tables, beside_it)
        except (sqlite3.Error, OSError) as second:
            if trouble_of(second) is LOCKED:
                raise UnavailableError(LOCKED.title, LOCKED.advice) from second
            self._pending = Pending(connection, self._tables, None)

    def _save(self) -> None:
        """Write what is pending.

        Raises:
            UnavailableError: not now.
        """
        pending, connection = self._pending, self._opened()
        if pending is None or self._path is None:
            return
        try:
            try:
                self._look()
            except OSError:
                self._stand_in = True
            if self._stand_in:
                pending = self._pending = self._brought_back(connection, pending)
            with self._without_patience():
                pending.save()
        except (sqlite3.Error, OSError) as error:
            if trouble_of(error) is None:
                log.error("What is pending could not be saved: %s", type(error).__name__)  # noqa: TRY400
            raise UnavailableError(GONE.title, GONE.advice) from error
        remove(connections.left_over_of(self._path))
        self._pending, self._held = None, False

    @contextlib.contextmanager
    def _without_patience(self) -> Iterator[sqlite3.Connection]:
        """What is tried again soon enough need not wait for a lock now."""
        connection = self._opened()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            yield connection
        finally:
            connection.execute(f"PRAGMA busy_timeout = {round(connections.BUSY_SECONDS * 1000)}")

    def _brought_back(self, old: sqlite3.Connection, pending: Pending) -> Pending:
        """The rows over a new connection to the file, which is made again from what can be read where it has gone."""
        path = self._path
        assert path is not None  # noqa: S101
        if not path.exists() and not self._is_memory(old):
            private_folder(path.parent)
            temporary = beside(path)
            remove(temporary)
            temporary.touch(mode=0o600)
            with contextlib.closing(connections.connect(str(temporary))) as copy:
                old.backup(copy, name="main")
            temporary.replace(path)
        fresh, ours = self._open_file(path)
        if not ours:
            fresh.close()
            raise OSError
        moved = pending.moved(fresh, None)
        self._use(fresh, path)
        old.close()
        return moved

    @staticmethod
    def _is_memory(connection: sqlite3.Connection) -> bool:
        return not connection.execute("PRAGMA database_list").fetchone()[2]

    def _keep(self, pending: Pending) -> int:
        """At the end: leave what is pending for the next start."""
        count = pending.count
        if pending.path is None and self._path is not None and count:
            try:
                pending.keep(connections.left_over_of(self._path))
            except (sqlite3.Error, OSError) as error:
                log.error("%d changes of the worklist could not be saved: %s", count, type(error).__name__)  # noqa: TRY400
                return count
        log.warning("%d changes of the worklist are kept beside it and saved at the next start.", count)
        return 0

    def _tell(self, notice: Notice) -> None:
        if self._told is None:
            self._told = notice
            self._notify(notice)

    # Copies

    def _after_write(self, fold: bool) -> None:
        if self._backups is not None and not self._backups.today.exists():
            self._back_up()
        if fold and self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _back_up(self) -> None:
        if self._backups is None or self._connection is None:
            return
        try:
            self._backups.make(self._connection)
            self._changed = False
        except (sqlite3.Error, OSError) as error:
            log.warning("No copy of marks, judgements and trail was made: %s", type(error).__name__)
            if is_damage(error):
                self._repair()

    # Damage

    def _repair(self) -> None:
        """Go on with what can be salvaged.

        Raises:
            UnavailableError: not now.
        """
        done = self._repaired()
        self._open(may_repair=False)
        if done:
            self._renewed()

    def _repaired(self) -> bool:
        """Salvage the file into a new one and put that in its place; False when the disk does not let us."""
        path = self._path
        if path is None or self._backups is None:
            return False
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        with contextlib.suppress(sqlite3.Error), contextlib.closing(connections.connect(str(path))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what can be folded in is found with the rest
        temporary = beside(path)
        for leave_out in (frozenset[str](), frozenset({"results"})):  # these need the most room, and can be computed
            remove(temporary)
            try:
                temporary.touch(mode=0o600)
                found = salvage(path, temporary, self._backups.newest_first(), leave_out)
                with open(temporary, "rb+") as file:  # noqa: PTH123
                    os.fsync(file.fileno())
                temporary.replace(connections.salvaged_of(path))  # whole: from here on the next start would finish it
                self._finish_repair(path)
            except (sqlite3.Error, OSError) as error:
                log.warning("The worklist could not be salvaged: %s", type(error).__name__)
                remove(temporary)
            else:
                self._notify(found.notice)
                return True
        return False

    @staticmethod
    def _finish_repair(path: Path) -> None:
        """Put a database that was salvaged in place of the damaged one, which is kept with its WAL."""
        new = connections.salvaged_of(path)
        if not new.exists():
            return
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = f"{path.name}.damaged-{stamp}"
        for ending in ("", "-wal"):
            part = path.with_name(path.name + ending)
            if part.exists() and part.stat().st_size:
                part.replace(path.with_name(aside + ending))
            else:
                part.unlink(missing_ok=True)
        path.with_name(path.name + "-shm").unlink(missing_ok=True)
        new.replace(path)
