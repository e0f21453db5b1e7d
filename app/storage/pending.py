"""What could not be written into the database yet: kept beside it, seen by every question, written later.

While the database's file is locked, full or read-only its tables are overlaid: a second database is attached, and for
each table a temporary view of the same name (SQLite looks there first) shows the table with what is pending on top.
What is written into the view goes into the second database, so no statement of `database.py` knows of it. The second
database is a file beside the first, which survives a kill, or lies in memory where the disk cannot be written.

A statement may use INSERT (OR REPLACE), UPDATE (OR IGNORE), DELETE and SELECT, but neither upsert, RETURNING nor rowid,
which SQLite does not know on views; an INSERT OR IGNORE knows only of pending rows, and `lastrowid` says nothing. An
INTEGER PRIMARY KEY that is left out is given as always.
"""

# ruff: noqa: S608 - statements are built from the names of the schema only; every value is bound
from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.storage import trail
from squid_core.files import beside, remove

APPEND_ONLY = frozenset({"audit"})
IN_MEMORY = ":memory:"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` counts from 1 within the primary key, 0 is outside it."""

    name: str
    default: str | None
    key: int


@dataclass(frozen=True)
class Table:
    """A table of the database as its file declares it."""

    name: str
    sql: str
    columns: tuple[Column, ...]
    numbered: bool  # its primary key is an INTEGER that SQLite gives

    @property
    def counted(self) -> bool:
        """Whether no number is ever given twice."""
        return "AUTOINCREMENT" in self.sql.upper()

    @cached_property
    def names(self) -> str:
        """Its columns for a statement."""
        return ", ".join(column.name for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns of its primary key."""
        inside = sorted((column for column in self.columns if column.key), key=lambda column: column.key)
        return tuple(column.name for column in inside)

    def same(self, one: str, other: str) -> str:
        """The condition that rows of `one` and `other` have the same primary key."""
        return " AND ".join(f"{one}.{name} = {other}.{name}" for name in self.key)


def read_tables(connection: sqlite3.Connection, schema: str = "main") -> tuple[Table, ...]:
    """The tables of a database, without SQLite's own."""
    query = f"SELECT name, sql FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = []
    for name, sql in connection.execute(query).fetchall():
        rows = connection.execute(f"PRAGMA {schema}.table_info({name})").fetchall()
        columns = tuple(Column(str(row[1]), row[4], int(row[5])) for row in rows)
        keys = [row for row in rows if row[5]]
        numbered = len(keys) == 1 and str(keys[0][2]).upper() == "INTEGER"
        tables.append(Table(str(name), str(sql), columns, numbered))
    return tuple(tables)


class Pending:
    """The overlay over one connection, from its making until `save` or `discard`.

    Args:
        connection: to the database; not in a transaction.
        tables: of the database, as `read_tables` gives them.
        path: the file to keep it in, which may hold what an earlier run left; None for memory.

    Raises:
        sqlite3.Error, OSError: the file cannot be made or is damaged; the connection is as it was.
    """

    def __init__(self, connection: sqlite3.Connection, tables: Iterable[Table], path: Path | None) -> None:
        self._connection, self._tables, self.path = connection, tuple(tables), path
        if path is not None:
            path.touch(mode=0o600)
        connection.execute("ATTACH ? AS pending", (IN_MEMORY if path is None else str(path),))
        try:
            with _transaction(connection):
                version = connection.execute("PRAGMA main.user_version").fetchone()[0]
                connection.execute(f"PRAGMA pending.user_version = {version}")
                for table in self._tables:
                    for statement in _overlay(table):
                        connection.execute(statement)
        except sqlite3.Error:
            connection.execute("DETACH pending")
            raise

    @property
    def count(self) -> int:
        """How many rows are pending, those to be deleted too."""
        names = [f"{kind}_{table.name}" for table in self._tables for kind in ("pending", "gone")]
        query = " + ".join(f"(SELECT count(*) FROM {name})" for name in names)
        return int(self._connection.execute(f"SELECT {query}").fetchone()[0])

    @property
    def size(self) -> int:
        """What it takes, in bytes."""
        pages, size = (
            self._connection.execute(f"PRAGMA pending.{name}").fetchone()[0] for name in ("page_count", "page_size")
        )
        return int(pages) * int(size)

    def save(self) -> None:
        """Write everything into the database, all or nothing, and end.

        Doing so again after a kill in between changes nothing.

        Raises:
            sqlite3.Error: it cannot be written now; everything is as it was.
        """
        with _transaction(self._connection, "IMMEDIATE"):
            for table in self._tables:
                if table.name in APPEND_ONLY:
                    self._append(table)
                else:
                    for statement in _replacing(table):
                        self._connection.execute(statement)
        self.discard()

    def discard(self) -> None:
        """End without writing; the file goes too."""
        self._uncover()
        if self.path is not None:
            remove(self.path)

    def moved(self, connection: sqlite3.Connection, path: Path | None) -> Pending:
        """The same rows over another connection, or over this one in another place. A file of before stays."""
        held = {
            f"{kind}_{table.name}": self._connection.execute(f"SELECT * FROM {kind}_{table.name}").fetchall()
            for table in self._tables
            for kind in ("pending", "gone")
        }
        if connection is self._connection:
            self._uncover()
        new = Pending(connection, self._tables, path)
        with _transaction(connection):
            for name, rows in held.items():
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    connection.executemany(f"INSERT OR REPLACE INTO pending.{name} VALUES ({places})", rows)
        return new

    def keep(self, path: Path) -> None:
        """Write what lies in memory into a file, to be found by the next start.

        Raises:
            sqlite3.Error, OSError: the disk cannot be written.
        """
        temporary = beside(path)
        try:
            temporary.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(temporary)) as copy:
                self._connection.backup(copy, name="pending")
            temporary.replace(path)
        finally:
            remove(temporary)

    def _append(self, table: Table) -> None:
        """Add the trail's lines, but none twice; where it has gone on meanwhile they are linked to its end."""
        name, same = table.name, table.same("m", "p")
        every = " AND ".join(f"m.{column.name} IS p.{column.name}" for column in table.columns)
        new = (
            f"FROM pending.pending_{name} AS p WHERE NOT EXISTS (SELECT 1 FROM main.{name} AS m"
            f" WHERE {same} AND {every})"
        )
        taken = f"SELECT 1 {new} AND EXISTS (SELECT 1 FROM main.{name} AS m WHERE {same})"
        if self._connection.execute(taken).fetchone() is None:
            names = table.names
            self._connection.execute(f"INSERT INTO main.{name} ({names}) SELECT {names} {new} ORDER BY id")
            return
        lines = self._connection.execute(f"SELECT at, action, subject, detail {new} ORDER BY id").fetchall()
        self._connection.execute(f"DROP VIEW temp.{name}")
        self._connection.executemany(trail.APPEND, lines)

    def _uncover(self) -> None:
        for table in self._tables:
            self._connection.execute(f"DROP VIEW IF EXISTS temp.{table.name}")
        self._connection.execute("DETACH pending")


def _replacing(table: Table) -> Iterable[str]:
    name, names = table.name, table.names
    yield (
        f"DELETE FROM main.{name} AS m"
        f" WHERE EXISTS (SELECT 1 FROM pending.gone_{name} AS g WHERE {table.same('g', 'm')})"
    )
    yield f"INSERT OR REPLACE INTO main.{name} ({names}) SELECT {names} FROM pending.pending_{name}"


def _overlay(table: Table) -> Iterable[str]:
    """The statements that lay one table over; built from names of the schema only."""
    name, names, key = table.name, table.names, ", ".join(table.key)
    declared = table.sql[table.sql.index("(") :]
    new = ", ".join(_given(table, column) for column in table.columns)
    same_old = " AND ".join(f"{part} = OLD.{part}" for part in table.key)
    same_new = " AND ".join(f"{part} = NEW.{part}" for part in table.key)
    put = f"INSERT OR REPLACE INTO pending_{name} ({names}) VALUES ({new}); DELETE FROM gone_{name} WHERE {same_new};"
    take = (
        f"DELETE FROM pending_{name} WHERE {same_old};"
        f" INSERT OR REPLACE INTO gone_{name} VALUES ({', '.join(f'OLD.{part}' for part in table.key)});"
    )
    yield f"CREATE TABLE IF NOT EXISTS pending.pending_{name} {declared}"
    yield f"CREATE TABLE IF NOT EXISTS pending.gone_{name} ({key}, PRIMARY KEY ({key}))"
    yield (
        f"CREATE TEMP VIEW {name} AS SELECT {names} FROM main.{name} AS m"
        f" WHERE NOT EXISTS (SELECT 1 FROM pending.pending_{name} AS p WHERE {table.same('p', 'm')})"
        f" AND NOT EXISTS (SELECT 1 FROM pending.gone_{name} AS g WHERE {table.same('g', 'm')})"
        f" UNION ALL SELECT {names} FROM pending.pending_{name}"
    )
    yield f"CREATE TEMP TRIGGER insert_{name} INSTEAD OF INSERT ON {name} BEGIN {put} END"
    if name not in APPEND_ONLY:
        yield f"CREATE TEMP TRIGGER delete_{name} INSTEAD OF DELETE ON {name} BEGIN {take} END"
        moved = " OR ".join(f"OLD.{part} IS NOT NEW.{part}" for part in table.key)
        there = f"EXISTS (SELECT 1 FROM {name} WHERE {same_new})"
        stay = f"SELECT RAISE(IGNORE) WHERE ({moved}) AND {there};"
        yield f"CREATE TEMP TRIGGER update_{name} INSTEAD OF UPDATE ON {name} BEGIN {stay} {take} {put} END"


def _given(table: Table, column: Column) -> str:
    """The value of a column in an insert; a view knows neither defaults nor numbers that are given."""
    value = f"NEW.{column.name}"
    if table.numbered and column.key:
        both = [
            f"SELECT max({column.name}) AS top FROM {where}"
            for where in (f"main.{table.name}", f"pending.pending_{table.name}")
        ]
        if table.counted:
            both.append(f"SELECT max(seq) AS top FROM main.sqlite_sequence WHERE name = '{table.name}'")
        return f"coalesce({value}, (SELECT coalesce(max(top), 0) + 1 FROM ({' UNION ALL '.join(both)})))"
    return value if column.default is None else f"coalesce({value}, {column.default})"


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, kind: str = "") -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
