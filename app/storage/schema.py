"""The database's tables, one script a version; PRAGMA user_version says which have run."""

from __future__ import annotations

import sqlite3

# Append only: a script that has been shipped is never changed, a new one is added after it.
MIGRATIONS = (
    """
    CREATE TABLE images (
        key TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        identity TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        state TEXT NOT NULL,
        message TEXT NOT NULL,
        decision TEXT,
        reason TEXT NOT NULL,
        accepted INTEGER NOT NULL,
        score REAL,
        percentile REAL,
        weights TEXT NOT NULL,
        outside_memory INTEGER NOT NULL,
        arrival INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE results (
        image_key TEXT NOT NULL,
        sop_instance_uid TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        bundle TEXT NOT NULL,
        settings TEXT NOT NULL,
        scored_at TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (image_key, sop_instance_uid, size, modified_ns, bundle, settings)
    ) STRICT;
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    """,
    "ALTER TABLE images ADD COLUMN member TEXT NOT NULL DEFAULT '';",  # of a zip archive
    # Marks drawn on an image. `file` tells one file from another that later lies at the same path.
    """
    CREATE TABLE annotations (
        image_key TEXT NOT NULL,
        file TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (image_key, file)
    ) STRICT;
    """,
    """
    CREATE TABLE judgements (
        study_uid TEXT PRIMARY KEY,
        judgement TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    """,
)


def migrate(connection: sqlite3.Connection) -> bool:
    """Bring a database up to this program's version, each step whole or not at all.

    Returns:
        False when a later version of the program made it; then nothing was touched.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        return False
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN;{script}PRAGMA user_version = {number};COMMIT;")
    return True
