"""Keeps the store small, a slice at a time: what an older version packed is packed anew, what nobody needs goes.

Results of images on the worklist are never dropped, and nothing here touches marks, judgements or the trail.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from datetime import datetime, timedelta

from app.domain.retention import Retention
from app.storage.detections import encode_anew, is_former
from squid_core.contracts.errors import SquidError

SLICE_SECONDS = 0.02  # after which the next question has its turn; what is in hand may take as long again
GRACE = timedelta(days=1)  # a folder that was removed by mistake has its results back
AT_ONCE = 50  # results dropped in a slice
PAGES_AT_ONCE = 64
PAGES_LEFT = 1000  # free pages that the next results may have, 4 MB

_WITHOUT_IMAGE = "NOT EXISTS (SELECT 1 FROM images WHERE images.digest = results.digest)"
_NOTE = f"INSERT OR IGNORE INTO unlisted_results SELECT id, ? FROM results WHERE {_WITHOUT_IMAGE}"  # noqa: S608
_FORGET = f"""
    DELETE FROM unlisted_results WHERE result NOT IN (SELECT id FROM results WHERE {_WITHOUT_IMAGE})
"""  # noqa: S608
_LONG_UNLISTED = "SELECT result FROM unlisted_results WHERE since < ? ORDER BY since, result LIMIT ?"
_DROP = f"DELETE FROM results WHERE id = ? AND {_WITHOUT_IMAGE}"  # noqa: S608


def note_unlisted(db: sqlite3.Connection, now: datetime) -> None:
    """Write down since when results have no image on the worklist, and forget it of those that have one again."""
    db.execute(_FORGET)
    db.execute(_NOTE, (_text(now),))


def pack_anew(db: sqlite3.Connection) -> bool:
    """Pack some results of an older version as today's are; False when there are none left."""
    until = time.monotonic() + SLICE_SECONDS
    done = 0
    while not done or time.monotonic() < until:
        row = db.execute("SELECT result FROM results_to_pack ORDER BY result LIMIT 1").fetchone()
        if row is None:
            return done > 0
        _pack_one(db, int(row[0]))
        done += 1
    return True


def drop_some(db: sqlite3.Connection, keep: Retention, now: datetime) -> int:
    """Drop some results that have been off the worklist for too long, or for longest where the store is too large.

    Returns:
        How many; 0 when there are no more to drop.
    """
    long_gone: list[tuple[int]] = []
    if keep.days is not None:
        long_gone = db.execute(_LONG_UNLISTED, (_text(now - timedelta(days=keep.days)), AT_ONCE)).fetchall()
    if not long_gone and used_bytes(db) > keep.most_bytes:
        long_gone = db.execute(_LONG_UNLISTED, (_text(now - GRACE), AT_ONCE)).fetchall()
    before = db.total_changes
    db.executemany(_DROP, long_gone)
    dropped = db.total_changes - before
    db.executemany("DELETE FROM unlisted_results WHERE result = ?", long_gone)
    return dropped


def give_back(db: sqlite3.Connection, left: int | None = None) -> bool:
    """Give some free pages back to the disk; False when there are few left, or the file cannot shrink.

    Args:
        db: the store.
        left: how many may stay; None for as many as the next results may have.
    """
    left = PAGES_LEFT if left is None else left
    if _pragma(db, "auto_vacuum") == 0:
        return False
    until = time.monotonic() + SLICE_SECONDS
    while (free := _pragma(db, "freelist_count")) > left and time.monotonic() < until:
        db.execute(f"PRAGMA incremental_vacuum({min(PAGES_AT_ONCE, free - left)})").fetchall()
    return free > left


def used_bytes(db: sqlite3.Connection) -> int:
    """What the store holds, without free pages."""
    return (_pragma(db, "page_count") - _pragma(db, "freelist_count")) * _pragma(db, "page_size")


def _pack_one(db: sqlite3.Connection, result: int) -> None:
    row = db.execute("SELECT payload FROM results WHERE id = ?", (result,)).fetchone()
    if row is not None and is_former(row[0]):
        with contextlib.suppress(SquidError):  # a damaged one stays what it is: its image is scored again
            db.execute("UPDATE results SET payload = ? WHERE id = ?", (encode_anew(row[0]), result))
    db.execute("DELETE FROM results_to_pack WHERE result = ?", (result,))


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
