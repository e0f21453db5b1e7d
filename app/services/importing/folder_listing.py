"""What lies in a watched folder: names, sizes and times only; bounded, and without following links."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_FILES = 20_000
MAX_FOLDERS = 300
MAX_DEPTH = 3  # folders below the watched one: sender / day / study


@dataclass(frozen=True, slots=True)
class Listing:
    """One look at a folder.

    Attributes:
        files: (size in bytes, modified in ns) by path, regular files only.
        folders: the folder itself and those below it that were listed.
        crowded: not everything was looked at.
    """

    files: dict[Path, tuple[int, int]]
    folders: tuple[Path, ...]
    crowded: bool


def list_folder(root: Path) -> Listing:
    """Look at a folder and some levels below it; what cannot be listed below it is left out.

    Links, hidden entries and special files are no files here. The root itself may be a link.

    Raises:
        OSError: the folder itself cannot be listed.
    """
    files: dict[Path, tuple[int, int]] = {}
    folders: list[Path] = []
    crowded = False
    pending: list[tuple[Path, int]] = [(root, 0)]
    while pending:
        folder, depth = pending.pop(0)
        try:
            entries = list(_entries(folder, MAX_FILES - len(files) + MAX_FOLDERS))
        except OSError:
            if folder == root:
                raise
            continue
        folders.append(folder)
        for path, status in entries:
            if stat.S_ISDIR(status.st_mode):
                if depth < MAX_DEPTH and len(folders) + len(pending) < MAX_FOLDERS:
                    pending.append((path, depth + 1))
                else:
                    crowded = True
            elif len(files) < MAX_FILES:
                files[path] = (status.st_size, status.st_mtime_ns)
            else:
                crowded = True
        if len(files) >= MAX_FILES:
            return Listing(files, tuple(folders), crowded=True)
    return Listing(files, tuple(folders), crowded)


def _entries(folder: Path, most: int) -> Iterator[tuple[Path, os.stat_result]]:
    """Regular files and folders in a folder; one that goes away while it is looked at is left out."""
    with os.scandir(folder) as listed:
        for entry in listed:
            if entry.name.startswith("."):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
                yield folder / entry.name, status
                most -= 1
                if most < 0:
                    return
