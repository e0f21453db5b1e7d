"""What an error of SQLite or a disk means: damage, a trouble that may pass (what the user is told), or our fault."""

from __future__ import annotations

import errno
import sqlite3

from app.domain.errors import Notice, Severity
from squid_core.contracts.errors import SquidError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}
_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOLFS}

_KEPT = "Work goes on, and what you do is kept and saved as soon as that is possible."
LOCKED = Notice(Severity.WARNING, "The worklist cannot be saved at present: another program is using its file.", _KEPT)
FULL = Notice(
    Severity.WARNING,
    "The worklist cannot be saved at present: the disk is full.",
    " ".join((_KEPT, "Free some space before you close the program.")),
)
READ_ONLY = Notice(
    Severity.WARNING,
    "The worklist cannot be saved at present: its folder cannot be written.",
    " ".join((_KEPT, "Make the program's folder writable before you close the program.")),
)
GONE = Notice(
    Severity.WARNING,
    "The worklist cannot be saved at present: its folder or disk does not answer.",
    " ".join((_KEPT, "Bring it back before you close the program.")),
)
SAVED = Notice(Severity.INFO, "The worklist is saved again.", "Nothing of what was kept meanwhile is lost.")
NEWER = Notice(
    Severity.WARNING,
    "The stored worklist was made by a later version of this program.",
    "It is left as it is. This session begins without it and is not saved, and nothing is sent, fetched or listened "
    "to. Start the later version again to have it back.",
)


class UnavailableError(SquidError):
    """The database cannot answer now; ask again later."""


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is damaged."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # found by ourselves
        return type(error) is sqlite3.DatabaseError
    return (code & 0xFF) in _DAMAGED or (code == sqlite3.SQLITE_ERROR and "no such" in str(error))


def trouble_of(error: BaseException) -> Notice | None:
    """What the user is told of an error that may pass; None for a fault of the program."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        if isinstance(error, OSError):
            return _of_disk(error)
        return None
    code &= 0xFF
    if code in _LOCKED:
        return LOCKED
    if code == sqlite3.SQLITE_FULL:
        return FULL
    if code in _READ_ONLY:
        return READ_ONLY
    return GONE if code in _DISK else None


def _of_disk(error: OSError) -> Notice:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    return READ_ONLY if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) else GONE
