"""Files put in place together, under a number nobody has used, never over an existing one."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Mapping
from pathlib import Path

from squid_core.contracts import SquidError

PREFIX = "squid"


def put_in_place(folder: Path, files: Mapping[str, bytes], ticket: str) -> tuple[Path, ...]:
    """Write `squid-0001-NAME` for each file, all with the first number that none of them has taken.

    Each is written beside its place, flushed to disk and renamed onto a name that was free and claimed before.

    Args:
        folder: made if it is not there.
        files: contents by the end of their names.
        ticket: names the temporary files, and nobody else's.

    Returns:
        Where they lie, in the order of `files`.

    Raises:
        SquidError: the folder cannot be made or written; nothing is left behind then.
    """
    temporaries: list[Path] = []
    claimed: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for index, content in enumerate(files.values()):
            temporary = folder / f".{PREFIX}-{ticket}-{index}.tmp"
            temporaries.append(temporary)
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        claimed = _claim(folder, files)
        for temporary, path in zip(temporaries, claimed, strict=True):
            temporary.replace(path)
    except OSError as error:
        for path in (*temporaries, *claimed):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise SquidError(
            f"The files could not be written: {error.strerror}.", "Free some space or choose another folder."
        ) from error
    return tuple(claimed)


def clear_away(folder: Path, ticket: str) -> None:
    """Remove the temporary files of a writer that has died; what cannot be removed stays."""
    with contextlib.suppress(OSError):
        for path in folder.glob(f".{PREFIX}-{ticket}-*.tmp"):
            path.unlink(missing_ok=True)


def _claim(folder: Path, names: Mapping[str, bytes]) -> list[Path]:
    """Create the files empty, so that no other process takes their names."""
    for number in itertools.count(1):
        claimed: list[Path] = []
        try:
            for name in names:
                path = folder / f"{PREFIX}-{number:04}-{name}"
                path.open("xb").close()
                claimed.append(path)
        except FileExistsError:
            for path in claimed:
                path.unlink()
        else:
            return claimed
    raise AssertionError("numbers do not end")
