"""The rows on the pages of a database file, without the tree that leads to them.

Where a page that only points to others is damaged SQLite finds none of what it pointed to. The rows themselves are on
leaf pages (https://www.sqlite.org/fileformat2.html, 1.6 and 2.1), which are read here one by one. Such a page may be
an old one that the database has freed; whoever asks must know which rows to expect.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE_SIZE = 4096  # where the header cannot be read
SIZES = frozenset(1 << power for power in range(9, 17))
LEAF = 0x0D  # of a table
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes by serial type
MAX_PAYLOAD = 16 << 20

Values = tuple[Any, ...]


def rows_on_leaves(path: Path, columns: int) -> Iterator[tuple[int, Values]]:
    """Row number and values of every row of so many columns, or fewer, that lies on a leaf page.

    Args:
        path: the file, which nobody writes to.
        columns: of the table that is looked for; a row of before a column was added has fewer.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size, usable = _sizes(file.read(100))
        leaves = _Leaves(file, size, usable)
        for number in range(2, path.stat().st_size // size + 1):  # on the first is the schema
            for row, values in leaves.rows(number):
                if len(values) <= columns:
                    yield row, values


def _sizes(header: bytes) -> tuple[int, int]:
    """Bytes of a page, and how many of them are used (1.3)."""
    size = int.from_bytes(header[16:18], "big")
    size = 65536 if size == 1 else size
    if header[:16] == b"SQLite format 3\0" and size in SIZES and header[20] < size // 2:
        return size, size - header[20]
    return PAGE_SIZE, PAGE_SIZE


class _Leaves:
    def __init__(self, file: Any, size: int, usable: int) -> None:  # noqa: ANN401 - an open binary file
        self._file, self._size, self._usable = file, size, usable

    def rows(self, number: int) -> Iterator[tuple[int, Values]]:
        """What is on one page; nothing where it is no leaf, and no row that makes no sense."""
        page = self._page(number)
        if len(page) < self._size or page[0] != LEAF:
            return
        for index in range(int.from_bytes(page[3:5], "big")):
            at = int.from_bytes(page[8 + 2 * index : 10 + 2 * index], "big")
            try:
                length, at = _varint(page, at)
                row, at = _varint(page, at)
                found = row, _values(self._payload(page, at, length))
            except (IndexError, KeyError, ValueError, struct.error):
                continue
            yield found

    def _page(self, number: int) -> bytes:
        self._file.seek((number - 1) * self._size)
        page: bytes = self._file.read(self._size)
        return page

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """Of a cell; what does not fit on the page goes on elsewhere (1.5, "cell payload overflow pages")."""
        if not 0 < length <= MAX_PAYLOAD:
            raise ValueError
        most = self._usable - 35
        if length <= most:
            return page[at : at + length]
        least = (self._usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (self._usable - 4)
        local = local if local <= most else least
        parts, there = [page[at : at + local]], local
        following = int.from_bytes(page[at + local : at + local + 4], "big")
        while there < length:
            further = self._page(following) if following else b""
            if len(further) < self._size:
                raise ValueError
            parts.append(further[4 : min(self._usable, 4 + length - there)])
            there += len(parts[-1])
            following = int.from_bytes(further[:4], "big")
        return b"".join(parts)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return _signed(value << 8 | byte), at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at + count + 1


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _values(payload: bytes) -> Values:
    """A record (2.1): the types, then the values."""
    end, at = _varint(payload, 0)
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    values: list[Any] = []
    for kind in types:
        value, at = _value(payload, at, kind)
        values.append(value)
    if at != len(payload):
        raise ValueError
    return tuple(values)


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in INTEGERS:
        end = at + INTEGERS[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if kind >= 12:
        end = at + (kind - 12) // 2
        part = payload[at:end]
        return (part.decode("utf-8") if kind % 2 else part), end
    return {0: None, 8: 0, 9: 1}[kind], at
