"""What readers have said of studies, with who it was and when: judgements beside their lines of the audit trail."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from datetime import datetime, timedelta

from app.domain.exporting import JUDGED_WORDS
from app.domain.study import Judgement
from squid_core.contracts.reading import Opinion

_LINES = "SELECT at, user, detail FROM audit WHERE action = 'judge' AND at >= ? ORDER BY at"
TOGETHER = timedelta(seconds=1)  # between a judgement and its line, which are written in one step


def known(db: sqlite3.Connection, digest: str = "") -> dict[str, Opinion]:
    """By digest, of one or of all; without a reader where the trail has no line of it."""
    where, values = ("WHERE digest = ?", (digest,)) if digest else ("", ())
    rows = db.execute(f"SELECT digest, judgement, at FROM judgements {where}", values).fetchall()  # noqa: S608
    if not rows:
        return {}
    since = (min(str(at) for _, _, at in rows),)
    lines = db.execute(_LINES, since).fetchall()
    times = [str(at) for at, _, _ in lines]
    found = {}
    for of, said, at in rows:
        if said not in JUDGED_WORDS:
            continue
        reader = ""
        for line_at, user, detail in lines[bisect_left(times, at) :]:
            if _time(line_at) - _time(at) > TOGETHER:
                break
            if detail == said:
                reader = str(user)
                break
        judgement = Judgement(said)
        found[str(of)] = Opinion(judgement.value, JUDGED_WORDS[judgement], reader, _time(at))
    return found


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
