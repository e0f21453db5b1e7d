"""How far the reader has come, in the database: a row for each image that was opened, by its bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from app.domain.study import Reading


def keep(db: sqlite3.Connection, readings: Mapping[str, Reading], now: str) -> None:
    """Write them, by `ImageItem.content_key`; of what is unread again no row stays."""
    rows = [(key, reading, now) for key, reading in readings.items() if reading is not Reading.UNREAD]
    gone = [(key,) for key, reading in readings.items() if reading is Reading.UNREAD]
    db.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", rows)
    db.executemany("DELETE FROM readings WHERE digest = ?", gone)


def known(db: sqlite3.Connection) -> dict[str, Reading]:
    """All of them, by `ImageItem.content_key`; a state that this version does not know is left out."""
    rows = db.execute("SELECT digest, reading FROM readings").fetchall()
    states = set(Reading)
    return {str(key): Reading(reading) for key, reading in rows if reading in states}


def take_over(db: sqlite3.Connection, digest: str, stand_in: str) -> None:
    """What was stored under a stand-in belongs to this digest."""
    db.execute(
        "INSERT INTO readings SELECT ?1, reading, at FROM readings WHERE digest = ?2"
        " AND NOT EXISTS (SELECT 1 FROM readings WHERE digest = ?1)",
        (digest, stand_in),
    )
