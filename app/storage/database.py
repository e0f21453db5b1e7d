"""What is kept: the worklist's images, the detector's results, and the audit trail. Plain calls, one thread."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.domain.errors import Notice
from app.domain.jobs import JobEvent, JobState
from app.domain.marks.annotations import Marks
from app.domain.study import ImageItem, Judgement
from app.storage.annotations import decode_marks, encode_marks
from app.storage.database_file import DatabaseFile
from app.storage.detections import decode, encode, settings_key
from squid_core.contracts.detection import Detection, DetectorSettings
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, Identity, Verdict


class Action(StrEnum):
    """What the audit trail records."""

    OPEN = "open"
    SCORE = "score"
    DELETE = "delete"
    EXPORT = "export"
    ACCEPT = "accept"  # "analyse anyway" in answer to the reader's question
    JUDGE = "judge"  # the finding accepted, rejected, or neither again
    ANNOTATE = "annotate"  # marks drawn, changed or deleted; the detail counts what there are now


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit trail; `subject` is an image key or a count, never a name."""

    at: str
    action: Action
    subject: str
    detail: str


class Database:
    """The worklist database.

    Args:
        path: its file; None to keep everything in memory.
        notify: called, on this thread, with what the user should know.
    """

    def __init__(self, path: Path | None, notify: Callable[[Notice], None]) -> None:
        self._file = DatabaseFile(path, notify)

    @property
    def in_memory(self) -> bool:
        """Whether what is written now is lost at the end."""
        return self._file.in_memory

    def close(self) -> None:
        """Close the database."""
        self._file.close()

    def images(self) -> tuple[ImageItem, ...]:
        """The worklist as it was left; what was in hand is queued again. Rows that make no sense are left out."""
        rows = self._file.run(lambda db: db.execute(f"{_SELECT_IMAGES} ORDER BY arrival").fetchall())
        return tuple(item for row in rows if (item := _item(row)) is not None)

    def save_images(self, items: Iterable[ImageItem]) -> None:
        """Insert or replace images of the worklist."""
        rows = [_row(item) for item in items]
        self._file.run(lambda db: db.executemany(_REPLACE_IMAGE, rows))

    def remove_images(self, keys: Iterable[str]) -> None:
        """Take images off the worklist; their results stay, should the folder be opened again."""
        wanted = [(key,) for key in keys]

        def work(db: sqlite3.Connection) -> None:
            db.executemany("DELETE FROM images WHERE key = ?", wanted)
            db.executemany(_INSERT_AUDIT, [(_now(), Action.DELETE, key, "") for (key,) in wanted])

        self._file.run(work)

    def save_result(self, item: ImageItem, detection: Detection, bundle: str) -> None:
        """Commit a detection, the scored image and the trail's line together: all or nothing.

        Args:
            item: the image, scored.
            detection: its result.
            bundle: fingerprint of weights and card; a new calibration makes another score of the same weights.
        """
        row = (*_result_key(item, bundle, detection.trial.settings), _now(), encode(detection))

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
            db.execute(_REPLACE_IMAGE, _row(item))
            db.execute(_INSERT_AUDIT, (_now(), Action.SCORE, item.key, detection.model_hash))

        self._file.run(work)

    def result(self, item: ImageItem, bundle: str, settings: DetectorSettings) -> Detection | None:
        """The stored detection of this very file by this bundle at these settings; None where there is none."""
        return self._payload(_SELECT_RESULT, _result_key(item, bundle, settings))

    def has_result(self, item: ImageItem, bundle: str, settings: DetectorSettings) -> bool:
        """Whether `result` would find one."""
        key = _result_key(item, bundle, settings)
        return self._file.run(lambda db: db.execute(_HAS_RESULT, key).fetchone()) is not None

    def latest_result(self, item: ImageItem) -> Detection | None:
        """The newest stored detection of this very file, whichever model made it."""
        key = (item.key, item.identity.sop_instance_uid, item.size, item.modified_ns)
        return self._payload(_SELECT_LATEST, key)

    def judge(self, study_uid: str, subject: str, judgement: Judgement) -> None:
        """Keep the reader's judgement of a study, with its line in the trail; NONE takes it back.

        Args:
            study_uid: of the study.
            subject: key of the image that was looked at, for the trail.
            judgement: the reader's own.
        """

        def work(db: sqlite3.Connection) -> None:
            _write_judgements(db, {study_uid: judgement})
            db.execute(_INSERT_AUDIT, (_now(), Action.JUDGE, subject, judgement))

        self._file.run(work)

    def save_judgements(self, judgements: Mapping[str, Judgement]) -> None:
        """Write what is already in a trail into a database that was begun anew."""
        self._file.run(lambda db: _write_judgements(db, judgements))

    def judgements(self) -> dict[str, Judgement]:
        """The reader's judgements by study; they outlive the study's removal from the worklist."""
        rows = self._file.run(lambda db: db.execute("SELECT study_uid, judgement FROM judgements").fetchall())
        known = set(Judgement)
        return {str(uid): Judgement(judgement) for uid, judgement in rows if judgement in known}

    def marks(self, item: ImageItem) -> Marks:
        """The marks drawn on this very file; none where there are none.

        Raises:
            SquidError: they are damaged; the damaged row is gone.
        """
        key = (item.key, item.file_id)
        row = self._file.run(lambda db: db.execute(_SELECT_MARKS, key).fetchone())
        try:
            return () if row is None else decode_marks(str(row[0]))
        except SquidError:
            self._file.run(lambda db: db.execute(_DELETE_MARKS, key))
            raise

    def save_marks(self, item: ImageItem, marks: Marks) -> None:
        """Keep the marks of an image in place of those before, and say so in the trail: both or neither."""
        row = (item.key, item.file_id, _now(), encode_marks(marks))

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO annotations VALUES (?, ?, ?, ?)", row)
            db.execute(_INSERT_AUDIT, (_now(), Action.ANNOTATE, item.key, f"marks: {len(marks)}"))

        self._file.run(work)

    def record(self, action: Action, subject: str, detail: str = "") -> None:
        """Add a line to the audit trail. Neither text may hold an identifier."""
        self._file.run(lambda db: db.execute(_INSERT_AUDIT, (_now(), action, subject, detail)))

    def audit(self) -> tuple[AuditEntry, ...]:
        """The whole trail, oldest first."""
        query = "SELECT at, action, subject, detail FROM audit ORDER BY id"
        rows = self._file.run(lambda db: db.execute(query).fetchall())
        return tuple(AuditEntry(at, Action(action), subject, detail) for at, action, subject, detail in rows)

    def _payload(self, query: str, key: tuple[object, ...]) -> Detection | None:
        row = self._file.run(lambda db: db.execute(query, key).fetchone())
        try:
            return None if row is None else decode(row[0])
        except SquidError:
            return None  # scored again, as if it had never been


_COLUMNS = (
    "key, path, identity, size, modified_ns, state, message, decision, reason, accepted, score, percentile,"
    " weights, outside_memory, arrival, member"
)
# The constants below are built from column names only; every value is bound.
_SELECT_IMAGES = f"SELECT {_COLUMNS} FROM images"  # noqa: S608
_REPLACE_IMAGE = f"INSERT OR REPLACE INTO images ({_COLUMNS}) VALUES ({', '.join('?' * 16)})"  # noqa: S608
_INSERT_AUDIT = "INSERT INTO audit (at, action, subject, detail) VALUES (?, ?, ?, ?)"
_SELECT_MARKS = "SELECT payload FROM annotations WHERE image_key = ? AND file = ?"
_DELETE_MARKS = "DELETE FROM annotations WHERE image_key = ? AND file = ?"
_OF_FILE = "FROM results WHERE image_key = ? AND sop_instance_uid = ? AND size = ? AND modified_ns = ?"
_SELECT_RESULT = f"SELECT payload {_OF_FILE} AND bundle = ? AND settings = ?"
_HAS_RESULT = f"SELECT 1 {_OF_FILE} AND bundle = ? AND settings = ?"
_SELECT_LATEST = f"SELECT payload {_OF_FILE} ORDER BY scored_at DESC LIMIT 1"


def _write_judgements(db: sqlite3.Connection, judgements: Mapping[str, Judgement]) -> None:
    rows = [(uid, judgement, _now()) for uid, judgement in judgements.items() if judgement is not Judgement.NONE]
    gone = [(uid,) for uid, judgement in judgements.items() if judgement is Judgement.NONE]
    db.executemany("INSERT OR REPLACE INTO judgements VALUES (?, ?, ?)", rows)
    db.executemany("DELETE FROM judgements WHERE study_uid = ?", gone)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _result_key(item: ImageItem, bundle: str, settings: DetectorSettings) -> tuple[object, ...]:
    file = (item.key, item.identity.sop_instance_uid, item.size, item.modified_ns)
    return *file, bundle, settings_key(settings)


def _row(item: ImageItem) -> tuple[object, ...]:
    identity = asdict(item.identity)
    identity["study_date"] = item.identity.study_date.isoformat() if item.identity.study_date else None
    return (
        item.key,
        os.fsencode(item.path),
        json.dumps(identity),
        item.size,
        item.modified_ns,
        item.state,
        item.message,
        item.verdict.decision if item.verdict else None,
        item.verdict.reason if item.verdict else "",
        item.accepted,
        item.score,
        item.percentile,
        item.weights,
        item.outside_memory,
        item.arrival,
        item.member,
    )


def _item(row: tuple[Any, ...]) -> ImageItem | None:
    """The image a row holds; None when the row is damaged or of a state this version does not know."""
    values = dict(zip((name.strip() for name in _COLUMNS.split(",")), row, strict=True))
    try:
        item = ImageItem(
            key=str(values["key"]),
            path=Path(os.fsdecode(values["path"])),
            identity=_identity(str(values["identity"])),
            size=values["size"],
            modified_ns=values["modified_ns"],
            state=JobState(str(values["state"])),
            message=str(values["message"]),
            verdict=Verdict(Decision(str(values["decision"])), str(values["reason"])) if values["decision"] else None,
            accepted=bool(values["accepted"]),
            score=values["score"],
            percentile=values["percentile"],
            weights=str(values["weights"]),
            outside_memory=bool(values["outside_memory"]),
            arrival=values["arrival"],
            member=str(values["member"]),
        )
    except (ValueError, TypeError):
        return None
    return item.advanced(JobEvent.RETRY) if item.pending else item


def _identity(text: str) -> Identity:
    values = json.loads(text)
    known = {field.name for field in fields(Identity)}
    values = {name: value for name, value in values.items() if name in known}
    if values.get("study_date"):
        values["study_date"] = date.fromisoformat(values["study_date"])
    values["patient_orientation"] = tuple(values.get("patient_orientation") or ())
    return Identity(**values)
