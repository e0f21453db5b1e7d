"""A damaged database: what can still be read goes into a new one, row by row; the copies fill the gaps.

Every table is read by its row numbers, forwards to the damage, backwards to it, and between the two one row after
another, each of which finds its own way through the tree; at last on pages that nothing points to any more (pages.py).
Indexes are not relied on, but where they can be read they tell which rows there were, so that what is lost can be
counted and only that is taken from a copy.
"""

# ruff: noqa: S608 - statements are built from the names of the schema only; every value is bound
from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from app.domain.errors import Notice, Severity
from app.storage import trail
from app.storage.backup import KEPT, first_page
from app.storage.pages import rows_on_leaves
from app.storage.pending import Table, read_tables
from app.storage.schema import MIGRATIONS, migrate
from squid_core.files import beside, remove

MAX_MISSED = 20_000  # row numbers looked up in vain, one after another, where no index says which there were
TRAIL = "audit"
TIMES = frozenset({"at", "changed_at", "scored_at"})
UNKNOWN = "how many is not known"
LOST = (
    ("results", "Results that were lost and are computed again: {count}."),
    ("images", "Images that were lost from the worklist, so open their folders again: {count}."),
    ("imports", "Unfinished imports that were lost, so open their folders again: {count}."),
    ("annotations", "Images whose marks were lost: {count}."),
    ("judgements", "Judgements that were lost: {count}."),
    ("readings", "Images that are not known to have been read any more: {count}."),
    ("states", "Presentation states that were lost, so open their folders again: {count}."),
    (TRAIL, "Lines of the audit trail that were lost: {count}."),
)
DAMAGED = "The stored worklist was damaged."
EMPTY = "The stored worklist was missing or empty."

Row = tuple[Any, ...]


@dataclass(slots=True)
class Salvaged:
    """What came of it.

    Attributes:
        title: what had happened.
        readable: whether anything could be read from the damaged file.
        lost: rows by table that are in neither file nor copy; UNKNOWN where they could not be counted.
        copied: the day of the newest copy that was used, as YYYY-MM-DD; empty where none was.
    """

    title: str = DAMAGED
    readable: bool = False
    lost: dict[str, int | str] = field(default_factory=dict)
    copied: str = ""

    @property
    def notice(self) -> Notice:
        """What the user is told: what was lost, by name and number."""
        said, advice = [self.title], []
        if self.readable:
            said.append("It was repaired." if self.lost else "It was repaired, and nothing was lost.")
            advice = [sentence.format(count=self.lost[name]) for name, sentence in LOST if name in self.lost]
        else:
            advice.append("A new one was begun; open your folders again.")
        if self.copied:
            advice.append(f"Marks, judgements and trail were completed from the copy of {self.copied}.")
        elif not self.readable:
            advice.append("Marks, judgements and trail could not be read, and there is no copy of them.")
        if self.title == DAMAGED:
            advice.append("The damaged file was kept in the program's folder.")
        return Notice(Severity.WARNING, " ".join(said), " ".join(advice))


def salvage(damaged: Path, target: Path, copies: Iterable[Path], leave_out: frozenset[str] = frozenset()) -> Salvaged:
    """Write into a new database what can be read of a damaged one, completed from copies.

    Args:
        damaged: the file, only read; its companion of WAL beside it is read with it.
        target: the new file; there is none yet, or an empty one.
        copies: of marks, judgements and trail (app/storage/backup.py), newest first.
        leave_out: tables not to be read, where there is no room for them; their rows count as lost.

    Raises:
        sqlite3.Error, OSError: the new file cannot be written.
    """
    copies = tuple(copies)
    with _with_first_page(damaged, copies) as readable:
        return _salvage(readable, target, copies, leave_out)


def _salvage(damaged: Path, target: Path, copies: Iterable[Path], leave_out: frozenset[str]) -> Salvaged:
    found = Salvaged()
    source = _open_damaged(damaged)
    new = sqlite3.connect(target, isolation_level=None)
    trail.prepare(new)
    try:
        version = _version(source)
        found.readable = 0 < version <= len(MIGRATIONS)
        if not damaged.exists() or not damaged.stat().st_size:
            found.title = EMPTY
        new.execute("PRAGMA journal_mode = OFF")  # it counts once it is whole
        migrate(new, version if found.readable else len(MIGRATIONS))
        new.execute("BEGIN")
        for table in read_tables(new):
            gaps = _Gaps(None)
            if found.readable and source is not None:
                gaps = _copy(source, damaged, new, table, skip=table.name in leave_out)
            if table.name in KEPT and gaps.keys != set():
                _complete(new, table, gaps, copies, found)
            # The program finds out anew what is in tables that no sentence names.
            if table.name in dict(LOST) and (left := gaps.left(new, table)) != 0:
                found.lost[table.name] = UNKNOWN if left is None else left
        new.execute("COMMIT")
        migrate(new)
    finally:
        new.close()
        if source is not None:
            source.close()
    return found


@contextlib.contextmanager
def _with_first_page(damaged: Path, copies: Iterable[Path]) -> Iterator[Path]:
    """The file, or a copy of it with the first page of earlier where its own is damaged and there is room for one."""
    source = _open_damaged(damaged)
    known = _version(source) > 0 and _declared(source)
    if source is not None:
        source.close()
    page = None if known else next(filter(None, map(first_page, copies)), None)
    if page is None or not damaged.exists() or damaged.stat().st_size <= len(page):
        yield damaged
        return
    patched = beside(damaged, "patched")
    try:
        yield _patched(damaged, patched, page)
    finally:
        for path in (patched, *(patched.with_name(patched.name + ending) for ending in ("-wal", "-shm"))):
            remove(path)


def _patched(damaged: Path, patched: Path, page: bytes) -> Path:
    try:
        remove(patched)
        patched.touch(mode=0o600)
        shutil.copyfile(damaged, patched)
        with patched.open("r+b") as file:
            # Its size, and that this is valid (https://www.sqlite.org/fileformat2.html, 1.3.7).
            size = (damaged.stat().st_size // len(page)).to_bytes(4, "big")
            file.write(page[:28] + size + page[32:92] + page[24:28] + page[96:])
    except OSError:
        return damaged
    return patched


def _declared(source: sqlite3.Connection | None) -> bool:
    try:
        return source is not None and bool(source.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return False


class _Gaps:
    """Which rows of a table could not be read.

    Args:
        keys: their primary keys; None when nobody knows which.
    """

    def __init__(self, keys: set[Row] | None) -> None:
        self.keys = keys

    def wants(self, key: Row) -> bool:
        """Whether a copy's row of this key fills a gap."""
        return self.keys is None or key in self.keys

    def left(self, new: sqlite3.Connection, table: Table) -> int | None:
        """How many are still missing; None where nobody can say."""
        if self.keys is None:
            return None
        query = f"SELECT 1 FROM {table.name} WHERE {' AND '.join(f'{name} = ?' for name in table.key)}"
        return sum(new.execute(query, key).fetchone() is None for key in self.keys)


def _open_damaged(path: Path) -> sqlite3.Connection | None:
    try:
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error:
        return None
    source.text_factory = _text
    with contextlib.suppress(sqlite3.Error):
        source.execute("PRAGMA writable_schema = ON")  # a declaration that makes no sense hides the others no more
    return source


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")  # such a row is refused when it is written


def _version(source: sqlite3.Connection | None) -> int:
    try:
        return 0 if source is None else int(source.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0


def _copy(source: sqlite3.Connection, damaged: Path, new: sqlite3.Connection, table: Table, *, skip: bool) -> _Gaps:
    """Every row that can be read, and what is missing."""
    indexed = _indexed(source, table)
    if skip:
        return _Gaps(None if indexed is None else set(indexed.values()))
    places = ", ".join("?" * len(table.columns))
    put = f"INSERT OR REPLACE INTO {table.name} ({table.names}) VALUES ({places})"
    seen: set[int] = set()
    spoilt: set[int] = set()  # read, but no sense in it

    def take(number: int, row: Row) -> None:
        try:
            _check(table, row)
            new.execute(put, row)
        except (sqlite3.IntegrityError, ValueError, OverflowError):
            spoilt.add(number)
        else:
            seen.add(number)

    first = _walk(source, table, "ASC", take, stop=None)
    if first is not None:
        last = _walk(source, table, "DESC", take, stop=first)
        missed = 0
        for number in count(first + 1) if indexed is None else sorted(set(indexed) - seen - spoilt):
            row = _one(source, table, number)
            if row is not None:
                take(number, row)
            missed = 0 if row is not None else missed + 1
            if missed > MAX_MISSED or (last and number >= last):
                break
        if indexed is not None and not spoilt.union(seen).issuperset(indexed):
            _from_leaves(damaged, table, indexed, seen, take)
    if indexed is None:
        return _Gaps(set() if first is None and not spoilt else None)
    return _Gaps({key for number, key in indexed.items() if number not in seen})


def _from_leaves(
    damaged: Path, table: Table, indexed: dict[int, Row], seen: set[int], take: Callable[[int, Row], None]
) -> None:
    """What no page points to any more: rows that an index knows by number and key."""
    key_at = [[column.name for column in table.columns].index(name) for name in table.key]
    with contextlib.suppress(OSError):
        for number, values in rows_on_leaves(damaged, len(table.columns)):
            if number not in indexed or number in seen:
                continue
            if table.numbered and values[key_at[0]] is None:  # its place is empty, the row's number stands for it
                values = (*values[: key_at[0]], number, *values[key_at[0] + 1 :])
            if len(values) != len(table.columns) or tuple(values[at] for at in key_at) != indexed[number]:
                continue
            if _is_of(table, values):
                take(number, values)


def _walk(
    source: sqlite3.Connection, table: Table, order: str, take: Callable[[int, Row], None], stop: int | None
) -> int | None:
    """Read rows in one direction; None at the end, else the last number before the damage (0 before the first)."""
    query = f"SELECT rowid, {table.names} FROM {table.name} NOT INDEXED ORDER BY rowid {order}"
    number = 0
    try:
        rows = source.execute(query)
    except sqlite3.Error:
        return number
    while True:
        try:
            found = next(rows, None)
        except sqlite3.Error:
            return number
        if found is None:
            return None
        number = int(found[0])
        if stop is not None and number <= stop:
            return number
        take(number, found[1:])


def _one(source: sqlite3.Connection, table: Table, number: int) -> Row | None:
    try:
        row: Row | None = source.execute(
            f"SELECT {table.names} FROM {table.name} NOT INDEXED WHERE rowid = ?",
            (number,),
        ).fetchone()
    except sqlite3.Error:
        return None
    return row


def _indexed(source: sqlite3.Connection, table: Table) -> dict[int, Row] | None:
    """Primary keys by row number as an index has them; None where none could be read to its end."""
    if table.name == TRAIL:
        return _numbered_without_gaps(source, table)
    try:
        listed = source.execute(f"PRAGMA index_list({table.name})").fetchall()
    except sqlite3.Error:
        return None
    of_key = [str(row[1]) for row in listed if row[3] == "pk"]
    # Where the number is the key every index that leaves no row out has it.
    names = [str(row[1]) for row in listed if not row[4]] if table.numbered else of_key
    for name in names:
        query = f'SELECT rowid, {", ".join(table.key)} FROM {table.name} INDEXED BY "{name}"'
        with contextlib.suppress(sqlite3.Error):
            return {int(number): tuple(key) for number, *key in source.execute(query)}
    return None


def _numbered_without_gaps(source: sqlite3.Connection, table: Table) -> dict[int, Row] | None:
    """The trail is never shortened: its numbers run from 1 to the last that was given."""
    try:
        found = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone()
    except sqlite3.Error:
        return None
    return {number: (number,) for number in range(1, int(found[0]) + 1)} if found else {}


def _is_of(table: Table, row: Row) -> bool:
    """Whether a row that was found without its table has times where that has them."""
    for column, value in zip(table.columns, row, strict=True):
        if column.name in TIMES:
            try:
                datetime.fromisoformat(str(value))
            except ValueError:
                return False
    return True


def _check(table: Table, row: Row) -> None:
    """Raise ValueError where text that holds a value cannot be read as one."""
    for column, value in zip(table.columns, row, strict=True):
        if column.name == "payload" and isinstance(value, str):
            json.loads(value)


def _complete(new: sqlite3.Connection, table: Table, gaps: _Gaps, copies: Iterable[Path], found: Salvaged) -> None:
    """Fill gaps from the newest copy that can be read; from an older one what that does not have."""
    version = int(new.execute("PRAGMA user_version").fetchone()[0])
    places = ", ".join("?" * len(table.columns))
    key_at = [next(at for at, column in enumerate(table.columns) if column.name == name) for name in table.key]
    for path in copies:
        rows = _rows_of_copy(path, table, version)
        if rows is None:
            continue
        before = new.total_changes
        wanted = [row for row in rows if gaps.wants(tuple(row[at] for at in key_at))]
        new.executemany(f"INSERT OR IGNORE INTO {table.name} ({table.names}) VALUES ({places})", wanted)
        if new.total_changes > before:
            found.copied = max(found.copied, path.stem.removeprefix("worklist-"))
        return


def _rows_of_copy(path: Path, table: Table, version: int) -> list[Row] | None:
    """A table of a copy, brought up to `version` in memory; None where the copy is damaged or too new."""
    memory = sqlite3.connect(":memory:", isolation_level=None)
    trail.prepare(memory)
    try:
        copy = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        try:
            if [row[0] for row in copy.execute("PRAGMA quick_check(1)")] != ["ok"]:
                return None
            copy.backup(memory)
        finally:
            copy.close()
        if int(memory.execute("PRAGMA user_version").fetchone()[0]) > version:
            return None
        migrate(memory, version)
        return memory.execute(f"SELECT {table.names} FROM {table.name}").fetchall()
    except sqlite3.Error:
        return None
    finally:
        memory.close()
