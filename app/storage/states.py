"""Presentation states that imports have found, by the images that they name."""

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
