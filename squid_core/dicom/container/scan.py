"""Names and sizes of the files below a folder. Nothing is opened, nothing is parsed.

Links are not followed (only the root itself may be one), so no loop can trap the walk and nothing outside the
root is reached. Special files (pipes, sockets, devices) are named and never opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.source import Source

_ESCAPES = {code: chr(code).encode("unicode_escape").decode("ascii") for code in (*range(0x20), 0x7F)}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One entry of a folder.

    Attributes:
        path: where it is.
        relative: printable path relative to the root with forward slashes; bytes that are not UTF-8 and control
            characters are written as backslash escapes.
        size: bytes; 0 where `status` is set.
        status: None for a regular file to be read; else the entry's final answer, SKIPPED or ERROR.
        message: the plain reason for `status`.
        member: its name in the zip archive at `path`; '' for a file of the folder.
    """

    path: Path
    relative: str
    size: int
    status: FileStatus | None = None
    message: str = ""
    member: str = ""

    @property
    def source(self) -> Source:
        """What a reader is to read."""
        return Source(self.path, self.member)


def inside(container: FoundFile, contents: Iterable[Source], root: Path) -> Iterator[FoundFile]:
    """What an archive or an index leads to, as if it were found beside it.

    Args:
        container: the archive or index.
        contents: as a reader has listed them.
        root: where the walk began. What an index lists in a folder that is walked is found without it; it is
            followed only where it is the root itself.
    """
    for source in contents:
        if source.member:
            relative = f"{container.relative}/{printable(source.member)}"
            yield FoundFile(source.path, relative, container.size, member=source.member)
        elif container.path == root:
            relative = source.path.relative_to(root.parent).as_posix()
            yield FoundFile(source.path, printable(relative), 0)


def reached_root(root: Path) -> os.stat_result:
    """What a walk begins with.

    Raises:
        SquidError: it does not exist or cannot be reached.
    """
    try:
        return root.stat()
    except (OSError, ValueError) as error:
        raise SquidError(
            "This file or folder cannot be found.", "Check its name and that you may read it.", type(error).__name__
        ) from error


def walk(root: Path) -> Iterator[FoundFile]:
    """Yield every file below `root` (or `root` itself when it is a file), folders in order of name.

    Raises:
        SquidError: `root` does not exist or cannot be reached.
    """
    found = reached_root(root)
    if not stat.S_ISDIR(found.st_mode):
        yield _entry(root, root.name, found)
        return
    # A stack of folders, not recursion: depth is bounded by the disk only.
    pending: list[tuple[Path, str]] = [(root, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield FoundFile(folder, prefix.rstrip("/") or ".", 0, FileStatus.ERROR, _unreadable("folder", error))
            continue
        below: list[tuple[Path, str]] = []
        for entry in listed:
            path, relative = folder / entry.name, prefix + printable(entry.name)
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield FoundFile(path, relative, 0, FileStatus.ERROR, _unreadable("file", error))
                continue
            if stat.S_ISDIR(found.st_mode):
                below.append((path, relative + "/"))
            else:
                yield _entry(path, relative, found)
        pending.extend(reversed(below))


def printable(name: str) -> str:
    """A file name as UTF-8 text: undecodable bytes and control characters become backslash escapes."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return text.translate(_ESCAPES)


def _entry(path: Path, relative: str, found: os.stat_result) -> FoundFile:
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return FoundFile(path, relative, found.st_size)
    if stat.S_ISLNK(mode):
        reason = "A link to another place; links are not followed."
    elif stat.S_ISFIFO(mode):
        reason = "A pipe, not a file; it is never opened."
    elif stat.S_ISSOCK(mode):
        reason = "A socket, not a file; it is never opened."
    else:
        reason = "A device, not a file; it is never opened."
    return FoundFile(path, relative, 0, FileStatus.SKIPPED, reason)


def _unreadable(kind: str, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"You are not allowed to read this {kind}."
    return f"This {kind} cannot be read from its disk."
