"""The file of results that a triage can go on from: a line of JSON a file, each whole and on the disk at once.

It is only ever added to. Of several lines about one file the last counts. A run that was killed may leave half a line
at its end, which the next run cuts off.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from types import TracebackType

from squid_core.contracts.errors import SquidError
from squid_core.files import is_special, refuse_to_replace, unwritten
from squid_core.inference.report import from_record, to_json_line
from squid_core.inference.results import FileResult

_START = b'{"path"'  # of every line


class Ledger:
    """Results by path, and scores by what was scored and by whom. A context; for one thread.

    What it holds in memory is four numbers a line; lines are read from the file when they are asked for.

    Args:
        path: the file; a device or a pipe, such as /dev/stdout, is written as it is.
        resume: go on with a file that is there already.

    Attributes:
        repaired: whether half a line was cut off.

    Raises:
        SquidError: it is there and not to be gone on with, holds something else, is in use, or cannot be written.
    """

    def __init__(self, path: Path, *, resume: bool = False) -> None:
        self.repaired = False
        self._path, self._special = path, is_special(path)
        self._paths: dict[int, int] = {}  # where the last one about a file begins, whatever its bytes
        self._within: dict[int, list[int]] = {}  # where those about the members of an archive begin, by its path
        self._lines: dict[int, int] = {}  # where the last one about a file and its bytes begins
        self._scores: dict[int, int] = {}  # where the line with the score of these bytes by a bundle begins
        if not resume:
            refuse_to_replace(path)
        try:
            self._file = path.open("wb" if self._special else "a+b", buffering=0)
        except OSError as error:
            raise unwritten(path, error) from error
        self._end = 0
        if not self._special:
            try:
                self._lock()
                self._read()
            except BaseException:
                self._file.close()
                raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._special:
                os.fsync(self._file.fileno())
        except OSError as failure:
            if kind is None:
                raise unwritten(self._path, failure) from failure
        finally:
            self._file.close()

    def __iter__(self) -> Iterator[FileResult]:
        """What the last line about each file says, in the order of the lines."""
        for offset in sorted(self._lines.values()):
            yield self._at(offset)

    def knows(self, relative: str) -> bool:
        """Whether there is a line about a file of this path."""
        return hash(relative) in self._paths

    def about(self, relative: str) -> Iterator[FileResult]:
        """The last line about a file of this path, whatever its bytes, and all about what lies in it, if an archive."""
        key = hash(relative)
        for offset in (*([self._paths[key]] if key in self._paths else ()), *self._within.get(key, ())):
            result = self._at(offset)
            if result.path == relative or result.path.startswith(f"{relative}/"):
                yield result

    def answer(self, relative: str, digest: str) -> FileResult | None:
        """The last line about a file of this path and these bytes ('' where they were not read)."""
        found = self._lines.get(hash((relative, digest)))
        result = None if found is None else self._at(found)
        return result if result and (result.path, result.digest) == (relative, digest) else None

    def scored(self, digest: str, bundle: str) -> FileResult | None:
        """A line with the score of these bytes by this bundle, whatever their path."""
        found = self._scores.get(hash((digest, bundle)))
        result = None if found is None else self._at(found)
        return result if result and (result.digest, result.bundle) == (digest, bundle) else None

    def add(self, result: FileResult) -> None:
        """Write a result's line; it is with the system when this returns, and no half of it ever stays.

        Raises:
            SquidError: the disk is full or gone.
        """
        line = to_json_line(result).encode("utf-8") + b"\n"
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            if not self._special:
                with contextlib.suppress(OSError):
                    self._file.truncate(self._end)
            raise unwritten(self._path, error) from error
        if not self._special:
            self._note(result, self._end)
        self._end += len(line)

    def _note(self, result: FileResult, offset: int) -> None:
        self._paths[hash(result.path)] = offset
        for folder in PurePosixPath(result.path).parents:  # an archive is answered before what is in it
            if (key := hash(str(folder))) in self._paths:
                self._within.setdefault(key, []).append(offset)
        if result.digest:
            self._lines.pop(hash((result.path, "")), None)  # from when it could not be read
        self._lines[hash((result.path, result.digest))] = offset
        if result.score is not None and result.digest and not result.again:
            self._scores[hash((result.digest, result.bundle))] = offset

    def _at(self, offset: int) -> FileResult:
        with self._path.open("rb") as file:
            file.seek(offset)
            return from_record(json.loads(file.readline()))

    def _read(self) -> None:
        """Every line once, and the end where the last whole one ends."""
        foreign = SquidError(f"{self._path.name} holds no results of squid triage.", "Choose another file.")
        size = os.fstat(self._file.fileno()).st_size
        with self._path.open("rb") as file:
            for line in file:
                last = self._end + len(line) >= size
                if last and not line.endswith(b"\n"):
                    if not (self._end or line.startswith(_START) or _START.startswith(line)):
                        raise foreign  # nothing is cut off a file of somebody else's
                    break
                try:
                    self._note(from_record(json.loads(line)), self._end)
                except (ValueError, KeyError, TypeError) as error:
                    if last and self._end:  # a disk that lost its power may have kept the length and not the bytes
                        break
                    raise foreign from error
                self._end += len(line)
        if self._end < size:
            self._file.truncate(self._end)
            self.repaired = True

    def _lock(self) -> None:
        """One run a file (POSIX): a second would cut off what the first is writing."""
        if sys.platform == "win32":
            return
        import fcntl

        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SquidError(
                f"Another run is writing {self._path.name}.", "Wait for it, or choose another file."
            ) from error
        except OSError:
            return  # a disk without locks
