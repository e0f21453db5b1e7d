"""Who has the program's own folder: one window at a time, or a command that may not work beside one.

It is claimed by a lock of the operating system, which ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from squid_core.files import private_folder, private_opener
from squid_core.home import LOCK


@dataclass(frozen=True, slots=True)
class Claim:
    """A folder that no other program has.

    Attributes:
        lock: the open file that holds the lock; None where the folder knows no locks, so that nobody can be sure.
    """

    lock: int | None

    def release(self) -> None:
        """Let another program have it."""
        if self.lock is not None:
            os.close(self.lock)


def claim_folder(home: Path) -> Claim | None:
    """Take the folder, which is made, for this process and as long as it lives; None where another has it."""
    try:
        private_folder(home)
        lock = private_opener(str(home / LOCK), os.O_RDWR | os.O_CREAT)
    except OSError:
        return Claim(None)
    try:
        taken = _lock(lock)
    except OSError:
        os.close(lock)
        return Claim(None)
    if not taken:
        os.close(lock)
        return None
    return Claim(lock)


if sys.platform == "win32":

    def _lock(file: int) -> bool:
        import errno
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EDEADLK):
                return False
            raise
        return True

else:

    def _lock(file: int) -> bool:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
