"""The audit trail in the database: how a line is added to its chain, and where its end is noted.

What the chain is worth is said in `squid_core/audit.py`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

from squid_core.audit import Head, link_of, login
from squid_core.contracts.errors import SquidError
from squid_core.files import write_atomically

SELECT = "SELECT id, at, user, action, subject, detail, link FROM audit ORDER BY id"
# Takes time, action, subject and detail. It belongs into the transaction of what it records.
APPEND = """
    INSERT INTO audit (at, user, action, subject, detail, link)
    SELECT ?1, user, ?2, ?3, ?4,
        audit_link(coalesce((SELECT link FROM audit ORDER BY id DESC LIMIT 1), ''), ?1, user, ?2, ?3, ?4)
    FROM (SELECT audit_user() AS user)
"""


def take_note(connection: sqlite3.Connection, note: Path) -> None:
    """A trail that begins anew after everything was forgotten begins with that, and says when and by whom.

    Args:
        connection: to the trail, in a transaction.
        note: left by whoever has forgotten (`squid_core/forgetting.py`); one that makes no sense is passed over.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(note.read_bytes())
        at, detail = str(said["at"]), str(said["detail"])
        if connection.execute("SELECT 1 FROM audit WHERE action = 'forget' AND at = ?", (at,)).fetchone() is None:
            connection.execute(APPEND, (at, "forget", "everything", detail))


def prepare(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that say who is logged in and link the lines; every writer needs them."""
    connection.create_function("audit_link", 6, link_of, deterministic=True)
    user = login()
    connection.create_function("audit_user", 0, lambda: user, deterministic=True)


def head(connection: sqlite3.Connection, former: Head | None) -> Head | None:
    """The last line; `former` stays as it is while the trail does not hold it: that lines are gone is not forgotten."""
    query = "SELECT 1 FROM audit WHERE id = ? AND link = ?"
    if former is not None and connection.execute(query, (former.number, former.link)).fetchone() is None:
        return former
    row = connection.execute("SELECT id, link FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else Head(*row)


def read_head(path: Path) -> Head | None:
    """The last line as it was noted; None where none was, or the note cannot be read."""
    try:
        return Head.read(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def write_head(path: Path, former: Head | None, now: Head | None) -> None:
    """Note the last line, where it is another than before. A note that cannot be written is older than it might be."""
    if now is not None and now != former:
        with contextlib.suppress(SquidError):
            write_atomically(path, f"{now}\n".encode(), private=True)
