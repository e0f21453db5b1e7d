"""Files put in place whole: the old one or the new one, never half of one. Without torch: the window uses it too."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from squid_core.contracts.errors import SquidError


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write beside the target, flush to disk, rename.

    Args:
        path: the target.
        data: its content.
        private: for this user alone, whatever the umask says.

    Raises:
        SquidError: the disk is full or the folder cannot be written; its detail is the kind of error.
    """
    write_together({path: data}, private=private)


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
        raise SquidError(
            f"{path.name} could not be written: {error.strerror}.",
            "Free some space or choose another folder; what was there before is untouched.",
            type(error).__name__,
        ) from error


def beside(path: Path, mark: str = "") -> Path:
    """The temporary file of a target: in its folder, so that it can be renamed onto it.

    Args:
        path: the target.
        mark: by which a writer's temporary files are found when it has died; this process's number by default.
    """
    return path.with_name(f".{path.name}.{mark or os.getpid()}.tmp")


def remove(path: Path) -> None:
    """Remove a file if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
