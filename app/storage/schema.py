"""The database's tables, one script a version; PRAGMA user_version says which have run."""

from __future__ import annotations

import sqlite3

# Append only: a script that has been shipped is never changed, a new one is added after it. All that they declare has
# to fit into the file's first page, 4 kB, of which the daily copies hold another (`app/storage/backup.py`).
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
    # Results, marks and judgements belong to bytes and no longer to a path. What was stored before has a stand-in for
    # the digest that is not known yet (`app.domain.study.STAND_IN`).
    """
    ALTER TABLE images ADD COLUMN digest TEXT NOT NULL DEFAULT '';
    ALTER TABLE images ADD COLUMN result INTEGER;
    ALTER TABLE images ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
    UPDATE images SET digest = 'legacy ' || key || ' '
        || coalesce(json_extract(identity, '$.sop_instance_uid'), '') || ' ' || size || ' ' || modified_ns
        WHERE json_valid(identity);

    ALTER TABLE results RENAME TO former_results;
    CREATE TABLE results (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        digest TEXT NOT NULL,
        bundle TEXT NOT NULL,
        settings TEXT NOT NULL,
        scored_at TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;
    INSERT INTO results (digest, bundle, settings, scored_at, payload)
        SELECT 'legacy ' || image_key || ' ' || sop_instance_uid || ' ' || size || ' ' || modified_ns,
            bundle, settings, scored_at, payload
        FROM former_results ORDER BY rowid;
    DROP TABLE former_results;
    CREATE INDEX results_by_digest ON results (digest);

    ALTER TABLE annotations RENAME TO former_annotations;
    CREATE TABLE annotations (
        digest TEXT PRIMARY KEY,
        changed_at TEXT NOT NULL,
        payload TEXT NOT NULL
    ) STRICT;
    INSERT OR IGNORE INTO annotations
        SELECT coalesce(images.digest, 'legacy ' || image_key || ' ' || file), changed_at, payload
        FROM former_annotations LEFT JOIN images ON images.key = image_key AND json_valid(identity)
            AND file IN (json_extract(identity, '$.sop_instance_uid'), size || ' bytes of ' || modified_ns)
        ORDER BY changed_at DESC;
    DROP TABLE former_annotations;

    ALTER TABLE judgements RENAME TO former_judgements;
    CREATE TABLE judgements (
        digest TEXT PRIMARY KEY,
        judgement TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE former_studies AS
        SELECT coalesce(nullif(json_extract(identity, '$.study_instance_uid'), ''), 'file-' || key) AS uid, digest
        FROM images WHERE json_valid(identity);
    CREATE INDEX former_studies_by_uid ON former_studies (uid);
    INSERT OR IGNORE INTO judgements
        SELECT coalesce(digest, 'legacy study ' || study_uid), judgement, at
        FROM former_judgements LEFT JOIN former_studies ON uid = study_uid;
    DROP TABLE former_judgements;
    DROP TABLE former_studies;
    """,
    # The audit trail becomes a chain, what it already holds too (`trail.prepare` gives the connection `audit_link`).
    """
    ALTER TABLE audit ADD COLUMN user TEXT NOT NULL DEFAULT '';
    ALTER TABLE audit ADD COLUMN link TEXT NOT NULL DEFAULT '';
    DROP TRIGGER audit_is_never_changed;
    WITH RECURSIVE chain (id, link) AS (
        SELECT 0, ''
        UNION ALL
        SELECT audit.id, audit_link(chain.link, at, user, action, subject, detail)
        FROM chain JOIN audit ON audit.id = (SELECT min(later.id) FROM audit AS later WHERE later.id > chain.id)
    )
    UPDATE audit SET link = chain.link FROM chain WHERE audit.id = chain.id;
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
    """,
    # Files and folders whose import has not come to its end.
    "CREATE TABLE imports (path BLOB PRIMARY KEY, at TEXT NOT NULL) STRICT;",
    # What `app.storage.upkeep` has to do: results that an older version packed, and since when results have had no
    # image on the worklist. In tables of their own, because what lies behind a payload in a row is read through it.
    """
    CREATE INDEX images_by_digest ON images (digest);
    CREATE TABLE results_to_pack (result INTEGER PRIMARY KEY) STRICT;
    INSERT INTO results_to_pack SELECT id FROM results;
    CREATE TABLE unlisted_results (result INTEGER PRIMARY KEY, since TEXT NOT NULL) STRICT;
    CREATE INDEX unlisted_results_by_since ON unlisted_results (since);
    """,
    # Presentation states, by place, and the images that they name.
    """
    CREATE TABLE states (
        key TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        member TEXT NOT NULL,
        at TEXT NOT NULL,
        head TEXT NOT NULL
    ) STRICT;
    CREATE TABLE state_images (
        state TEXT NOT NULL,
        sop_instance_uid TEXT NOT NULL,
        PRIMARY KEY (state, sop_instance_uid)
    ) STRICT;
    CREATE INDEX state_images_by_image ON state_images (sop_instance_uid);
    """,
    # How far the reader has come, by digest, or by key of an image that has none. What was judged has been read.
    """
    CREATE TABLE readings (
        digest TEXT PRIMARY KEY,
        reading TEXT NOT NULL,
        at TEXT NOT NULL
    ) STRICT;
    INSERT INTO readings SELECT digest, 'read', at FROM judgements;
    """,
    # When images came onto the worklist; of those that are there already nobody knows, so it is now.
    """
    CREATE TABLE arrivals (key TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
    INSERT INTO arrivals SELECT key, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') FROM images;
    """,
)


def migrate(connection: sqlite3.Connection, target: int | None = None) -> bool:
    """Bring a database up to this program's version, or to an earlier one; each step whole or not at all.

    Returns:
        False when a later version of the program made it; then nothing was touched.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        return False
    for number, script in enumerate(MIGRATIONS[version:target], start=version + 1):
        connection.executescript(f"BEGIN;{script}PRAGMA user_version = {number};COMMIT;")
    return True
