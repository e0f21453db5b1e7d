"""Files put in place together, under a number nobody has used, never over an existing one."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from squid_core.contracts.errors import SquidError
from squid_core.files import beside, remove, write_together

PREFIX = "squid"


def put_in_place(folder: Path, files: Mapping[str, bytes], ticket: str) -> tuple[Path, ...]:
    """Write `squid-0001-NAME` for each file, all with the first number that none of them has taken.

    Each name is claimed by an empty file, the content written beside it, flushed to disk and renamed onto it.

    Args:
        folder: made if it is not there.
        files: contents by the end of their names.
        ticket: marks the temporary files, and nobody else's.

    Returns:
        Where they lie, in the order of `files`.

    Raises:
        SquidError: the folder cannot be made or written; nothing is left behind then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        claimed = _claim(folder, files, ticket)
    except OSError as error:
        raise SquidError(
            f"The files could not be written: {error.strerror}.", "Free some space or choose another folder."
        ) from error
    try:
        write_together(dict(zip(claimed, files.values(), strict=True)), ticket)
    except SquidError:
        for path in claimed:
            remove(path)
        raise
    return claimed


def clear_away(folder: Path, ticket: str) -> None:
    """Remove what a writer that has died left: temporary files, and names that it claimed. What cannot be stays."""
    ending = f".{ticket}.tmp"
    for temporary in folder.glob(f".{PREFIX}-*{ending}"):
        claimed = temporary.with_name(temporary.name.removeprefix(".").removesuffix(ending))
        if claimed.is_file() and not claimed.stat().st_size:
            remove(claimed)
        remove(temporary)


def _claim(folder: Path, names: Iterable[str], ticket: str) -> tuple[Path, ...]:
    """Create the files empty, so that no other process takes their names.

    The temporary file comes first: a name whose claimant has died can be told from its temporary file.
    """
    for number in itertools.count(1):
        paths = tuple(folder / f"{PREFIX}-{number:04}-{name}" for name in names)
        if any(path.exists() for path in paths):
            continue
        claimed: list[Path] = []
        try:
            for path in paths:
                beside(path, ticket).touch()
                path.open("xb").close()
                claimed.append(path)
        except OSError as error:
            for path in (*claimed, *(beside(path, ticket) for path in paths)):
                remove(path)
            if not isinstance(error, FileExistsError):  # taken since we looked
                raise
        else:
            return paths
    raise AssertionError("numbers do not end")
