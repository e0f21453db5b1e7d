"""Files put in place whole, the old one or the new one, and read whole if they are files. The window uses it too."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from squid_core.contracts.errors import SquidError
from squid_core.home import own_name

MOST_NARROWED = 500_000  # entries of the program's own folder that are looked at


class TooLargeError(Exception):
    """A file is larger than any that it could be."""


class NoPlainFileError(OSError):
    """A pipe, a device or a folder stands in a file's place."""


def open_plain(path: Path) -> BinaryIO:
    """A plain file, open for reading. A pipe or a device in its place is never waited for.

    Args:
        path: links are followed.

    Raises:
        NoPlainFileError: something else is there.
        OSError: it is not there, or cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoPlainFileError(errno.EINVAL, "no plain file")
    return os.fdopen(descriptor, "rb")


def read_plain(path: Path, limit: int) -> bytes:
    """The bytes of `open_plain`.

    Args:
        path: links are followed.
        limit: most bytes.

    Raises:
        OSError: as `open_plain`.
        TooLargeError: it has more bytes.
    """
    with open_plain(path) as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise TooLargeError
        data = file.read(limit + 1)
    if len(data) > limit:  # it has grown, or its size was a lie
        raise TooLargeError
    return data


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write beside the target, flush to disk, rename.

    Args:
        path: the target.
        data: its content. A device or a pipe, such as /dev/stdout, is written as it is.
        private: for this user alone, whatever the umask says.

    Raises:
        SquidError: the disk is full or the folder cannot be written; its detail is the kind of error.
    """
    if not is_special(path):
        write_together({path: data}, private=private)
        return
    try:
        path.write_bytes(data)
    except OSError as error:
        raise unwritten(path, error) from error


def write_json(path: Path, value: object) -> None:
    """Write a value for people and programs to read; as `write_atomically`."""
    write_atomically(path, (json.dumps(value, indent=2) + "\n").encode())


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this user alone; what is there stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """For `open`: a file that is made is for this user alone."""
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def private_files(private: bool = True) -> Iterator[None]:
    """While open, whatever this process makes is for this user alone, also what others' code writes.

    Args:
        private: whether it is wanted at all.
    """
    former = os.umask(0o077) if private else None
    try:
        yield
    finally:
        if former is not None:
            os.umask(former)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What came of `narrow`.

    Attributes:
        changed: files and folders that others could read or write, and cannot any more.
        refused: how many could not be changed.
        is_open: whether others can still look into the folder, as on a disk that knows no rights.
    """

    changed: int = 0
    refused: int = 0
    is_open: bool = False


def narrow(home: Path) -> Narrowed:
    """Have the program's own folder, and what it has put there, for this user alone: folders 0700, files 0600.

    Links are not followed, and what else the user keeps in that folder is left alone. The folder first, so that nobody
    can put anything in its place meanwhile. On Windows nothing is done: there a file has the rights of the user's
    profile.
    """
    if sys.platform == "win32" or not home.is_dir():
        return Narrowed()
    changed = refused = looked = 0
    root = str(home.resolve())
    waiting = [root]
    while waiting:
        place = waiting.pop()
        try:
            changed += _narrow_one(place, 0o700, os.stat(place))  # noqa: PTH116 - of many thousands
        except OSError:
            refused += 1
        looked += 1
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                looked += 1
                if looked > MOST_NARROWED:
                    waiting.clear()
                    break
                if place == root and not own_name(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    try:
                        changed += _narrow_one(entry.path, 0o600, entry.stat(follow_symlinks=False))
                    except FileNotFoundError:  # a temporary file that has gone meanwhile
                        continue
                    except OSError:
                        refused += 1
    return Narrowed(changed, refused, bool(stat.S_IMODE(home.stat().st_mode) & 0o077))


def _narrow_one(path: str, mode: int, status: os.stat_result) -> int:
    if stat.S_IMODE(status.st_mode) == mode:
        return 0
    os.chmod(path, mode)  # noqa: PTH101
    return 1


def write_together(files: Mapping[Path, bytes], mark: str = "", *, private: bool = False) -> None:
    """The same for files that belong together: while one of them cannot be written none is replaced.

    Args:
        files: contents by path, in the order in which they are put in place.
        mark: see `beside`.
        private: see `write_atomically`.

    Raises:
        SquidError: as `write_atomically`.
    """
    temporaries = {path: beside(path, mark) for path in files}
    path = next(iter(files))
    try:
        for path, data in files.items():
            with open(temporaries[path], "wb", opener=private_opener if private else None) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        for path, temporary in temporaries.items():
            temporary.replace(path)
    except OSError as error:
        for temporary in temporaries.values():
            remove(temporary)
        raise unwritten(path, error) from error


class GrowingFile:
    """A text file that grows in place, for everybody to read; what has been written stays, however it is left.

    A context. What is there already is not replaced unless that is said.

    Args:
        path: the target; a device or a pipe, such as /dev/stdout, is written as it is.
        encoding: of the text, whose line ends are written as they are.
        replace: whether what is there is written anew.

    Raises:
        SquidError: it is there already, or cannot be written; so does `write`.
    """

    def __init__(self, path: Path, encoding: str = "utf-8", *, replace: bool = False) -> None:
        self._path = path
        if not replace:
            refuse_to_replace(path)
        try:
            self._file = path.open("w", encoding=encoding, newline="")
        except OSError as error:
            raise unwritten(path, error) from error

    def __enter__(self) -> GrowingFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not is_special(self._path):
                os.fsync(self._file.fileno())
        except OSError as failure:
            raise unwritten(self._path, failure) from failure
        finally:
            with contextlib.suppress(OSError):  # tries again to write what `write` has failed to
                self._file.close()

    def write(self, text: str) -> None:
        """Append to it, for everybody to read."""
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            raise unwritten(self._path, error) from error


def refuse_to_replace(path: Path) -> None:
    """Raise SquidError where a file that holds something is there already; an empty one holds nothing."""
    with contextlib.suppress(OSError):
        if path.is_file() and path.stat().st_size and not is_special(path):
            raise SquidError(f"{path.name} is there already.", "Go on with it by --resume, or choose another file.")


def is_special(path: Path) -> bool:
    """A device or a pipe; whatever /dev/stdout leads to is one."""
    devices = (Path("/dev"), Path("/dev/fd"))
    return path.exists() and not path.is_dir() and (not path.is_file() or path.absolute().parent in devices)


def unwritten(path: Path, error: OSError) -> SquidError:
    """What to say where a file could not be written."""
    return SquidError(
        f"{path.name} could not be written: {error.strerror}.",
        "Free some space or choose another folder; what was there before is untouched.",
        type(error).__name__,
    )


def beside(path: Path, mark: str = "") -> Path:
    """The temporary file of a target: in its folder, so that it can be renamed onto it.

    Args:
        path: the target.
        mark: by which a writer's temporary files are found when it has died; this process's number by default.
    """
    return path.with_name(f".{path.name}.{mark or os.getpid()}.tmp")


def flush_folder(folder: Path) -> None:
    """What was renamed into it stays there, also where the power fails; where the system knows such a thing.

    Raises:
        OSError: the disk failed.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a disk that knows no such thing
            raise
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
