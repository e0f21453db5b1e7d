"""Zip archives: judged by their table of contents, and read member by member in memory. Nothing is unpacked to disk.

Runs only in a child process (`readers`). Every number in a table may be a lie: it is checked against the limits
first, and against what comes out while a member is inflated. Limits are on what is inflated, not on how well it was
deflated: masks and blank frames deflate a thousandfold. What one member is refused for costs no other member anything.
"""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import SEND_AGAIN, IncompleteError, NotAnImageError
from squid_core.dicom.limits import (
    MAX_ARCHIVE_ENTRIES,
    MAX_ARCHIVE_INFLATED_BYTES,
    MAX_ARCHIVE_TABLE_BYTES,
    MAX_INFLATED_BYTES,
)
from squid_core.dicom.source import Source

_INFLATED_AT_ONCE = 1 << 18
_ENCRYPTED = 0x41  # APPNOTE 4.4.4, bits 0 and 6
_DRIVE = re.compile(r"^[A-Za-z]:")
_UNPACK = "Unpack it first."
# Only these are inflated piece by piece by zipfile: of the others one small piece may fill the memory.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, OSError, EOFError)


class Archive:
    """The table of contents of one archive, checked.

    Attributes:
        entries: what is no folder, under a name of its own: the second of the same name is "name (2)".
        refused: those of `entries` that the table alone tells are not opened, and why.

    Raises:
        SquidError: damaged, or too many entries.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._loan = _Loan(file)
        try:
            self._zip = zipfile.ZipFile(self._loan)
        except _ZIP_ERRORS as error:
            raise SquidError("A damaged zip archive.", SEND_AGAIN, type(error).__name__) from error
        self._loan.end()
        listed = self._zip.infolist()
        if len(listed) > MAX_ARCHIVE_ENTRIES:
            raise _too_many()
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.refused: dict[str, SquidError] = {}
        inflated = 0  # no more comes out of a member than it states, see `_Member`
        for entry in listed:
            if entry.is_dir():
                continue
            name = _free_name(entry.filename, self.entries)
            self.entries[name] = entry
            refusal = _refusal(entry)
            if refusal is None:
                inflated += entry.file_size
                if inflated > MAX_ARCHIVE_INFLATED_BYTES:
                    refusal = _beyond_all()
            if refusal is not None:
                self.refused[name] = refusal

    @contextmanager
    def opened(self, file: BinaryIO, name: str) -> Iterator[tuple[BinaryIO, int]]:
        """A member's bytes, seekable, inflated into memory as far as they are read; and their number.

        Args:
            file: the archive, open anew.
            name: as in `entries`.

        Raises:
            NotAnImageError: it is a link.
            SquidError: there is no such member, it is refused or damaged; also while it is read.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise SquidError("This file is no longer in its zip archive.")
        if name in self.refused:
            refusal = self.refused[name]
            raise type(refusal)(refusal.title, refusal.advice)
        self._loan.begin(file)
        try:
            with self._zip.open(entry) as packed:
                yield io.BufferedReader(_Member(packed, entry.file_size)), entry.file_size
        except _ZIP_ERRORS as error:
            raise SquidError("This file in a zip archive is damaged.", SEND_AGAIN, type(error).__name__) from error
        finally:
            self._loan.end()


def archive_in(file: BinaryIO) -> Archive:
    """The archive in an open file. The last one's table is kept, since its members come one after another.

    Raises:
        SquidError: see `Archive`.
    """
    found = os.fstat(file.fileno())
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
    if state not in _kept:
        _kept.clear()
        _kept[state] = Archive(file)
    return _kept[state]


_kept: dict[tuple[int, ...], Archive] = {}


def list_archive(file: BinaryIO, path: Path) -> SquidError:
    """What is to be said of an archive, and the members it leads to: those too that are refused, each by itself.

    Returns:
        NotAnImageError, or IncompleteError where members are refused.

    Raises:
        SquidError: see `Archive`.
    """
    archive = archive_in(file)
    count, refused = len(archive.entries), len(archive.refused)
    if not count:
        return NotAnImageError("An empty zip archive.")
    what: NotAnImageError | IncompleteError
    if refused:
        what = IncompleteError(f"A zip archive of which not all is opened ({refused} of {count} files).")
    else:
        what = NotAnImageError(f"A zip archive of {count} file{'s'[: count != 1]}, each listed by itself.")
    what.contents = tuple(Source(path, name) for name in archive.entries)
    return what


class _Loan(io.RawIOBase):
    """A file lent to zipfile, and taken away between two readings, so that no archive is kept open."""

    def __init__(self, file: BinaryIO) -> None:
        self._file: BinaryIO | None = file
        self._most = MAX_ARCHIVE_TABLE_BYTES  # read at once, while the table is read

    def begin(self, file: BinaryIO) -> None:
        self._file, self._most = file, MAX_INFLATED_BYTES

    def end(self) -> None:
        self._file = None

    def _lent(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the archive's file is closed")
        return self._file

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._lent().seek(offset, whence)

    def tell(self) -> int:
        return self._lent().tell()

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise _too_many()
        return self._lent().read(min(size, self._most) if size >= 0 else self._most)


class _Member(io.RawIOBase):
    """A member's bytes: what was inflated once is kept, so that going back costs nothing."""

    def __init__(self, packed: IO[bytes], size: int) -> None:
        self._packed, self._size = packed, size
        self._inflated = bytearray()
        self._position = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the buffer protocol has no public type before 3.12
        end = min(self._size, self._position + len(buffer))
        while len(self._inflated) < end:
            more = self._packed.read(_INFLATED_AT_ONCE)
            if not more:
                raise SquidError("This file in a zip archive is shorter than the archive says.", SEND_AGAIN)
            self._inflated += more
        count = max(0, end - self._position)
        buffer[:count] = self._inflated[self._position : self._position + count]
        self._position += count
        return count


def _refusal(entry: zipfile.ZipInfo) -> SquidError | None:
    """Why a member is not opened, as far as the table tells."""
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name):
        return SquidError("This file in a zip archive bears a name that leads out of the archive; it is not opened.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return NotAnImageError("A link in a zip archive; links are not followed.")
    if entry.flag_bits & _ENCRYPTED:
        return SquidError("This file in a zip archive is locked with a password.", _UNPACK)
    if entry.compress_type not in _METHODS:
        return SquidError("This file in a zip archive is packed in a way that is not read.", _UNPACK)
    if entry.file_size > MAX_INFLATED_BYTES:
        most = MAX_INFLATED_BYTES // 1_000_000
        return SquidError(f"By its zip archive this file unpacks to more than {most} MB; it is not opened.")
    if not entry.file_size and entry.CRC:  # the check sum of nothing is 0
        return SquidError("This file in a zip archive is damaged.", SEND_AGAIN)
    return None


def _free_name(name: str, taken: dict[str, zipfile.ZipInfo]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _too_many() -> SquidError:
    return SquidError(f"A zip archive of more than {MAX_ARCHIVE_ENTRIES} entries; it is not opened.")


def _beyond_all() -> SquidError:
    most = MAX_ARCHIVE_INFLATED_BYTES // 1_000_000_000
    return SquidError(f"Up to this file its zip archive unpacks to more than {most} GB; no more is opened.", _UNPACK)
