"""Copies of what a reader has said: marks, judgements, what was read, trail; one file a day, the last of each day.

A copy is a database with every table, so that a later version can bring it up to date as it does with the worklist,
but only these have rows: results can be computed again and images found again. Beside them it has the first page
of the worklist's file, which says where its tables begin: where that page is damaged nothing else would be found.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

from squid_core.files import beside, private_folder, remove

KEPT = ("annotations", "judgements", "readings", "audit")
FIRST_PAGE = "first_page"
KEEP_DAYS = 14  # so many copies, of as many days on which something was written


class Backups:
    """The folder of the copies.

    Args:
        folder: made with the first copy.
        today: the date, of the user's own calendar.
    """

    def __init__(self, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder, self._today = folder, today

    @classmethod
    def beside(cls, database: Path) -> Backups:
        """Of a worklist's file, where they lie by default."""
        return cls(database.parent / "backups")

    @property
    def today(self) -> Path:
        """The copy of today, whether it is there or not."""
        return self._folder / f"worklist-{self._today().isoformat()}.sqlite"

    def newest_first(self) -> tuple[Path, ...]:
        """All there are."""
        return tuple(sorted(self._folder.glob("worklist-*.sqlite"), reverse=True))

    def make(self, connection: sqlite3.Connection) -> None:
        """Copy the tables as `connection` sees them, in place of an earlier copy of today; drop the oldest copies.

        Args:
            connection: to the worklist, in no transaction.

        Raises:
            sqlite3.Error, OSError: the disk cannot be written, or what is copied is damaged; earlier copies stay.
        """
        private_folder(self._folder)
        target = self.today
        temporary = beside(target)
        remove(temporary)
        try:
            temporary.touch(mode=0o600)
            _declare(connection, temporary)
            _fill(connection, temporary)
            _add_first_page(connection, temporary)
            temporary.replace(target)
        finally:
            remove(temporary)
        for old in self.newest_first()[KEEP_DAYS:]:
            remove(old)


def _declare(connection: sqlite3.Connection, target: Path) -> None:
    query = "SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
    order = " ORDER BY type = 'trigger', type = 'index'"  # tables first
    version = connection.execute("PRAGMA main.user_version").fetchone()[0]
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        copy.execute("BEGIN")
        for (sql,) in connection.execute(query + order).fetchall():
            copy.execute(sql)
        copy.execute(f"PRAGMA user_version = {version}")
        copy.execute("COMMIT")
    finally:
        copy.close()


def _fill(connection: sqlite3.Connection, target: Path) -> None:
    connection.execute("ATTACH ? AS copy", (str(target),))
    try:
        names = connection.execute("SELECT name FROM copy.sqlite_master WHERE type = 'table'").fetchall()
        there = {str(name) for (name,) in names}
        connection.execute("BEGIN")
        try:
            for table in KEPT:
                if table in there:  # without a schema: with what is pending
                    connection.execute(f"INSERT INTO copy.{table} SELECT * FROM {table}")  # noqa: S608
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    finally:
        connection.execute("DETACH copy")


def _add_first_page(connection: sqlite3.Connection, target: Path) -> None:
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    if not file or connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[0]:
        return  # in memory, or what the file has is older than what it says
    size = connection.execute("PRAGMA main.page_size").fetchone()[0]
    with Path(file).open("rb") as worklist, contextlib.closing(sqlite3.connect(target)) as copy, copy:
        copy.execute(f"CREATE TABLE {FIRST_PAGE} (content BLOB NOT NULL)")
        copy.execute(f"INSERT INTO {FIRST_PAGE} VALUES (?)", (worklist.read(size),))  # noqa: S608 - our own name


def first_page(copy: Path) -> bytes | None:
    """The first page of the worklist as it was when this copy was made; None where that is not known."""
    try:
        with contextlib.closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute(f"SELECT content FROM {FIRST_PAGE}").fetchone()  # noqa: S608 - our own name
    except sqlite3.Error:
        return None
    return None if found is None else bytes(found[0])
