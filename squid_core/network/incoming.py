"""The one way by which anything from a network becomes a file: whole, under a name that is made here, or not at all.

While it is written it is a file whose name begins with a point, which no import looks at and which `sweep` removes once
its writer has died. Whole, it lies in a folder of its day, under a name that sorts in order of arrival.
Loads no pynetdicom.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import sys
import threading
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from squid_core.contracts.errors import SquidError
from squid_core.files import flush_folder, private_folder, remove

PART = ".part"
HASH_DIGITS = 12
MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000
LOOK_EVERY = 16 * MEGABYTE  # bytes after which the free space is looked at again
_BUFFER = 1 << 18
_PREAMBLE = 132  # of a DICOM file, PS3.10 7.1
_GROUP_LENGTH = b"\x02\x00\x00\x00UL\x04\x00"


class ObjectTooLargeError(SquidError):
    """An object has more bytes than are taken."""


class Incoming:
    """A folder into which objects come; several threads and processes may write into it at once.

    Two processes that finish the same object at the same instant may both keep it.

    Args:
        folder: it is made, for this user only, where it is not there.
        free_gb: kept free on its disk.
        object_mb: the largest object that is taken.

    Raises:
        SquidError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, free_gb: float = 2.0, object_mb: int = 512) -> None:
        self.folder, self.free_bytes, self.object_bytes = folder, int(free_gb * GIGABYTE), object_mb * MEGABYTE
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._last = 0
        self._days: dict[Path, tuple[int, dict[str, list[str]]]] = {}  # when it was listed, and names by hash
        try:
            private_folder(folder)
        except OSError as error:
            raise unwritable(error) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise unwritable(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))

    def begin(self) -> HalfFile:
        """A new object, of which nothing has come yet.

        Raises:
            SquidError: the disk is full, or the folder is gone or cannot be written.
        """
        self.look_at_space()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        while True:
            path = self.folder / f".{os.getpid()}-{time.time_ns()}-{next(self._numbers)}{PART}"
            try:
                descriptor = os.open(path, flags, 0o600)
            except OSError as error:
                raise unwritable(error) from error
            file = os.fdopen(descriptor, "wb", buffering=_BUFFER)
            if _lock(descriptor) and path.exists():  # else a sweep came between
                return HalfFile(self, path, file)
            file.close()

    def has(self, sop_instance_uid: str) -> Path | None:
        """An object of that name that lies there whole, the latest; None where there is none."""
        with self._lock:
            return next(iter(self._named(_digits(sop_instance_uid))), None)

    def sweep(self) -> int:
        """Remove half files of writers that have died; how many. What somebody still writes stays."""
        swept = 0
        for path in list(self.folder.glob(f".*{PART}")):
            with contextlib.suppress(OSError):
                if sys.platform != "win32":  # there an open file cannot be removed
                    with path.open("rb") as file:
                        if not _lock(file.fileno()):
                            continue
                        path.unlink()
                else:
                    path.unlink()
                swept += 1
        return swept

    def look_at_space(self) -> None:
        """Whether there is room for an object.

        Raises:
            SquidError: there is not, or the folder is gone.
        """
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise unwritable(error) from error
        if free < self.free_bytes:
            raise unwritable(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    def keep(self, part: Path, sop_instance_uid: str) -> Path | None:
        """Put a whole file in its place; for `HalfFile`.

        Returns:
            Where it lies now; None where the same object lay there already, and the new file is gone.

        Raises:
            OSError: it could not.
        """
        digits = _digits(sop_instance_uid)
        with self._lock:
            if any(_same(part, there) for there in self._named(digits)):
                part.unlink()
                return None
            day = self.folder / date.today().isoformat()  # noqa: DTZ011 - the day as users have it
            if not day.is_dir():
                day.mkdir(mode=0o700, exist_ok=True)
                flush_folder(self.folder)
            self._last = max(self._last + 1, time.time_ns() // 1000)  # a clock that is set back changes no order
            path = day / f"{self._last:016d}-{digits}.dcm"
            known = self._days.get(day)
            as_listed = known is not None and known[0] == day.stat().st_mtime_ns
            part.rename(path)
            if known is not None and as_listed:  # what was done here need not be listed again
                known[1].setdefault(digits, []).append(path.name)
                self._days[day] = (day.stat().st_mtime_ns, known[1])
        flush_folder(day)
        return path

    def _named(self, digits: str) -> list[Path]:
        """Whole files of a hash, latest first."""
        try:
            days = sorted((one for one in os.scandir(self.folder) if one.is_dir()), key=lambda one: one.name)
        except OSError:
            return []
        found = []
        for day in reversed(days):
            path = Path(day.path)
            with contextlib.suppress(OSError):
                changed = path.stat().st_mtime_ns
                if path not in self._days or self._days[path][0] != changed:
                    self._days[path] = (changed, _by_hash(path))
            names = self._days.get(path, (0, {}))[1].get(digits, [])
            found += [path / name for name in sorted(names, reverse=True) if (path / name).is_file()]
        return found


class HalfFile:
    """An object that is coming. It ends by `finish` or `abandon`, and `write` after an error has no sense."""

    def __init__(self, incoming: Incoming, path: Path, file: BinaryIO) -> None:
        self._incoming, self._path, self._file = incoming, path, file
        self._looked = 0
        self.size = 0  # bytes so far

    def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Append what has come.

        Raises:
            SquidError: it is too large, or cannot be written; nothing is left of it.
        """
        self.size += len(chunk)
        try:
            self._refuse_too_large()
            if self.size - self._looked > LOOK_EVERY:
                self._incoming.look_at_space()
                self._looked = self.size
            self._file.write(chunk)
        except OSError as error:
            self.abandon()
            raise unwritable(error) from error
        except SquidError:
            self.abandon()
            raise

    def finish(self, sop_instance_uid: str) -> Path | None:
        """It is whole: onto the disk and into its place.

        Args:
            sop_instance_uid: what the object is called; it never becomes part of a path.

        Returns:
            Where it lies now; None where the same object lay there already. Another object under the same name is kept
            beside the earlier one.

        Raises:
            SquidError: it could not be written; nothing is left of it.
        """
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            if sys.platform == "win32":  # there an open file cannot be renamed
                self._file.close()
            return self._incoming.keep(self._path, sop_instance_uid)
        except OSError as error:
            self.abandon()
            raise unwritable(error) from error
        finally:
            self._close()

    def abandon(self) -> None:
        """It does not come whole: nothing is left of it. Also where that has been said before, or it has ended."""
        self._close()
        remove(self._path)

    def _refuse_too_large(self) -> None:
        if self.size > self._incoming.object_bytes:
            most = self._incoming.object_bytes // MEGABYTE
            raise ObjectTooLargeError(f"An object has more than {most} MB.", "Raise the limit in the network settings.")

    def _close(self) -> None:
        with contextlib.suppress(OSError):  # tries again to write what `write` has failed to
            self._file.close()


def part10_head(sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """What stands in a DICOM file before its data set: preamble, prefix and file meta information (PS3.10 7.1)."""
    from pydicom.uid import UID
    from pynetdicom.dsutils import create_file_meta, encode_file_meta

    meta = create_file_meta(
        sop_class_uid=UID(sop_class_uid),
        sop_instance_uid=UID(sop_instance_uid),
        transfer_syntax=UID(transfer_syntax_uid),
    )
    return b"\x00" * (_PREAMBLE - 4) + b"DICM" + encode_file_meta(meta)


def unwritable(error: OSError) -> SquidError:
    """What to say where the incoming folder does not take an object."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        said = ("The disk of the incoming folder is full.", "Free some space; what was refused can be sent again.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE):
        said = ("The incoming folder is gone.", "Bring its disk back, or start the node anew.")
    else:
        said = ("The incoming folder cannot be written.", "Look at its permissions and its disk.")
    return SquidError(*said, type(error).__name__)


def _digits(sop_instance_uid: str) -> str:
    return sha256(sop_instance_uid.strip(" \0").encode("utf-8", "surrogateescape")).hexdigest()[:HASH_DIGITS]


def _by_hash(day: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in os.listdir(day):  # noqa: PTH208 - of thousands only the names are wanted
        stem, dot, kind = name.rpartition(".")
        if dot and kind == "dcm" and not name.startswith("."):
            found.setdefault(stem.rpartition("-")[2], []).append(name)
    return found


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same data set, whatever their file meta information says."""
    with one.open("rb") as first, other.open("rb") as second:
        if _body_bytes(first) != _body_bytes(second):
            return False
        while True:
            chunk = first.read(_BUFFER)
            if chunk != second.read(_BUFFER):
                return False
            if not chunk:
                return True


def _body_bytes(file: BinaryIO) -> int:
    """How long the data set is; the file stands at its beginning then."""
    head = file.read(_PREAMBLE + 12)
    start = 0
    if head[_PREAMBLE - 4 : -4] == b"DICM" + _GROUP_LENGTH:
        start = len(head) + int.from_bytes(head[-4:], "little")
    whole = file.seek(0, os.SEEK_END)
    start = start if start <= whole else 0
    file.seek(start)
    return whole - start


def _lock(descriptor: int) -> bool:
    """Hold a file as long as it is open, and so show that its writer lives; False where another holds it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        return True
    return True
