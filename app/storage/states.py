"""Presentation states that imports have found, by the images that they name, as long as one of those is listed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from app.domain.presenting import FoundState
from squid_core.contracts.presentation import StateHead
from squid_core.dicom.source import Source

_HEADS = TypeAdapter(StateHead)
_LISTED = "SELECT json_extract(identity, '$.sop_instance_uid') FROM images WHERE json_valid(identity)"
_LISTED_AS = "SELECT json_extract(identity, '$.sop_instance_uid') FROM images WHERE json_valid(identity) AND key = ?"
_NAMING = (
    "SELECT path, member, head FROM states JOIN state_images ON state = key WHERE sop_instance_uid = ?"
    " ORDER BY at DESC, key"
)


def keep(db: sqlite3.Connection, states: Iterable[FoundState], at: str) -> None:
    """Write states, each in the place of what lay at its place before; `at` is when they were found."""
    for state in states:
        head = _HEADS.dump_json(state.head).decode()
        row = (state.key, os.fsencode(state.source.path), state.source.member, at, head)
        db.execute("DELETE FROM state_images WHERE state = ?", (state.key,))
        db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?, ?, ?)", row)
        db.executemany("INSERT INTO state_images VALUES (?, ?)", [(state.key, uid) for uid in state.head.images])


def naming(db: sqlite3.Connection, sop_instance_uid: str) -> tuple[FoundState, ...]:
    """The states that name an image, what was found last first; damaged rows are left out."""
    found = []
    for path, member, head in db.execute(_NAMING, (sop_instance_uid,)).fetchall():
        try:
            found.append(FoundState(Source(Path(os.fsdecode(path)), str(member)), _HEADS.validate_json(str(head))))
        except (ValidationError, ValueError, TypeError):
            continue
    return tuple(found)


def uids_of(db: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """SOP Instance UIDs of images of the worklist."""
    rows = (db.execute(_LISTED_AS, (key,)).fetchone() for key in keys)
    return {str(row[0]) for row in rows if row is not None}


def forget(db: sqlite3.Connection, uids: Iterable[str]) -> None:
    """Drop what names one of these images, which were taken off the worklist, and none that is still there."""
    naming = "SELECT state FROM state_images WHERE sop_instance_uid = ?"
    _drop_unlisted(db, {str(state) for uid in uids for (state,) in db.execute(naming, (uid,)).fetchall()})


def forget_old(db: sqlite3.Connection, before: str) -> None:
    """Drop what was found before a time and whose images have not come onto the worklist: it tells of a patient."""
    _drop_unlisted(db, {str(key) for (key,) in db.execute("SELECT key FROM states WHERE at < ?", (before,)).fetchall()})


def _drop_unlisted(db: sqlite3.Connection, keys: Iterable[str]) -> None:
    listed: set[str] | None = None
    for key in keys:
        if listed is None:
            listed = {str(uid) for (uid,) in db.execute(_LISTED).fetchall()}
        named = db.execute("SELECT sop_instance_uid FROM state_images WHERE state = ?", (key,)).fetchall()
        if listed.isdisjoint(str(uid) for (uid,) in named):
            db.execute("DELETE FROM states WHERE key = ?", (key,))
            db.execute("DELETE FROM state_images WHERE state = ?", (key,))
