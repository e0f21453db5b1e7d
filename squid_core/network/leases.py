"""Who has a row of the outbox in hand: a process, for a time; no other sends the same meanwhile."""

from __future__ import annotations

import os
import secrets
import sqlite3

SEND_SECONDS = 600.0  # that sending a batch may take
LEASE_SECONDS = 900.0  # after which its rows are free again, whoever had them
_SAME_SECONDS = 60.0  # between two statements of when a process began: that moves with the system's clock


def new_lease(now: float) -> tuple[str, float]:
    """A name for it that no other has, and until when it holds."""
    return f"{_process()}/{secrets.token_hex(8)}", now + LEASE_SECONDS


def free_leases(store: sqlite3.Connection, now: float) -> None:
    """Take back what a process had that has died, or took longer than any batch does."""
    held = store.execute("SELECT DISTINCT lease, leased_until FROM outbox WHERE leased_until > 0").fetchall()
    for lease, until in held:
        if not now < until <= now + LEASE_SECONDS or not _lives(lease.partition("/")[0]):
            store.execute("UPDATE outbox SET lease = '', leased_until = 0 WHERE lease = ?", (lease,))


def _process() -> str:
    """This process, and no other that has its number later."""
    import psutil  # only where something is sent: the window starts without

    return f"{os.getpid()}:{psutil.Process().create_time():.2f}"


def _lives(process: str) -> bool:
    import psutil

    number, _, began = process.partition(":")
    try:
        return abs(psutil.Process(int(number)).create_time() - float(began)) < _SAME_SECONDS
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.AccessDenied:
        return True
