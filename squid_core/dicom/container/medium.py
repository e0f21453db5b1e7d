"""The folder of a medium, and its files by the names that an index gives them.

Names on a disk are not always those of the index: a file system knew capitals only, files were given the extension
that PS3.10 8.2 allows for, or accents were put together in another way. Every name that is opened comes from
the listing of a folder; what lies outside the medium's folder, by a link too, is never touched.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_EXTENSION = re.compile(r"(\.(dcm|dicom|ima|img))?\.?(;\d+)?$")  # and the version that ISO 9660 7.5.1 puts behind


class OutsideError(Exception):
    """A way leads out of the medium's folder."""


class Medium:
    """A folder whose own folders are listed once each.

    Args:
        root: the folder in which the index lies.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real = Path(os.path.realpath(root))
        self._listed: dict[Path, _Folder] = {}

    def find(self, steps: Iterable[str]) -> Path | None:
        """The file at the end of a way from the root; None where there is none.

        Raises:
            OutsideError: the way leads out of the root, upwards or by a link.
            OSError: the disk failed; PermissionError where a folder may not be read.
        """
        way: list[str] = []
        for step in steps:
            if step != "..":
                way.append(step)
            elif not way:
                raise OutsideError
            else:
                way.pop()
        if not way:
            return None
        folder = self._root
        for step in way[:-1]:
            name = self._list(folder).folders.match(step)
            if name is None:
                return None
            folder = folder / name
        name = self._list(folder).files.match(way[-1])
        if name is None:
            return None
        found = folder / name
        if name in self._list(folder).links:
            self._stay_inside(found)
            return found if found.is_file() else None
        return found

    def is_same(self, found: Path, index: Path) -> bool:
        """Whether a file that was found is the index itself, which lies in the root."""
        return found.parent == self._root and _folded(found.name) == _folded(index.name)

    def _list(self, folder: Path) -> _Folder:
        if folder not in self._listed:
            self._stay_inside(folder)
            folders: list[str] = []
            files: list[str] = []
            links: list[str] = []
            if folder.is_dir():  # a link may lead to a file
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.is_symlink():
                            links.append(entry.name)
                        elif entry.is_dir(follow_symlinks=False):
                            folders.append(entry.name)
                        elif entry.is_file(follow_symlinks=False):
                            files.append(entry.name)
            self._listed[folder] = _Folder(_Names(folders + links), _Names(files + links), frozenset(links))
        return self._listed[folder]

    def _stay_inside(self, path: Path) -> None:
        if not Path(os.path.realpath(path)).is_relative_to(self._real):
            raise OutsideError


@dataclass(frozen=True, slots=True)
class _Folder:
    """What lies in a folder; a link may lead to either kind."""

    folders: _Names
    files: _Names
    links: frozenset[str]


class _Names:
    """Names of one folder, by what they are, then without regard to case, then without extension."""

    def __init__(self, names: list[str]) -> None:
        self._exact = frozenset(names)
        self._folded: dict[str, str] = {}
        self._bare: dict[str, str] = {}
        for name in sorted(names):
            folded = _folded(name)
            self._folded.setdefault(folded, name)
            self._bare.setdefault(_EXTENSION.sub("", folded), name)

    def match(self, name: str) -> str | None:
        """The name on the disk; None where there is none."""
        if name in self._exact:
            return name
        folded = _folded(name)
        return self._folded.get(folded) or self._bare.get(_EXTENSION.sub("", folded))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
