"""What is kept: the worklist's images, the detector's results, and the audit trail. Plain calls, one thread."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from app.domain.drift.scorings import ScoredBy
from app.domain.errors import Notice, Severity
from app.domain.jobs import JobEvent, JobState
from app.domain.marks.annotations import Marks
from app.domain.presenting import FoundState
from app.domain.retention import Retention
from app.domain.study import ImageItem, Judgement, Reading
from app.storage import opinions, read, states, trail
from app.storage.annotations import decode_marks, encode_marks
from app.storage.database_file import DatabaseFile
from app.storage.detections import EncodedResult, decode, settings_key
from app.storage.expiry import Expiring, note_arrivals, tidy_arrivals
from app.storage.stored_images import StoredImages
from app.storage.upkeep import drop_some, give_back, note_unlisted, pack_anew
from squid_core.audit import AuditLine
from squid_core.contracts.detection import Detection, DetectorSettings
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, Identity, Verdict
from squid_core.contracts.reading import Opinion
from squid_core.files import remove
from squid_core.home import FORGOTTEN, HEAD

STATES_WAIT = timedelta(days=1)  # of presentation states, for their images


class Action(StrEnum):
    """What the audit trail records."""

    OPEN = "open"
    SCORE = "score"
    DELETE = "delete"
    EXPORT = "export"
    SEND = "send"  # results put in the outbox; the detail names the system and who wanted it
    ACCEPT = "accept"  # "analyse anyway" in answer to the reader's question
    JUDGE = "judge"  # the finding accepted, rejected, or neither again
    READ = "read"  # a study marked read or not, without a judgement; the detail says which
    RESTORE = "restore"  # a removal from the worklist was taken back
    LOCATE = "locate"  # a file that was gone was found at another place, where its image is read from now on
    EXPIRE = "expire"  # results dropped by age or for room; the subject counts them
    FORGET = "forget"  # everything of before; the trail began anew with it, the detail says by whom and counts
    ANNOTATE = "annotate"  # marks drawn, changed or deleted; the detail counts what there are now
    LEARN = "learn"  # weights learned from what was called normal, kept, discarded or deleted; the subject names them
    WEIGHTS = "weights"  # which weights read new studies from now on; the detail says whose


class ScoredImage(NamedTuple):
    """What `Database.save_results` commits of one image.

    Attributes:
        item: scored; of the bytes that the result is about. Where that is stored already, it says which one it is.
        result: of the detector's process.
        bundle: fingerprint of weights and card; a new calibration makes another score of the same weights.
    """

    item: ImageItem
    result: EncodedResult
    bundle: str


class Database:
    """The worklist database.

    Args:
        path: its file; None to keep everything in memory.
        notify: called, on this thread, with what the user should know.
        renewed: called there after a damaged file has been replaced by what could be salvaged.

    Attributes:
        expiring: what goes by age.
    """

    def __init__(
        self, path: Path | None, notify: Callable[[Notice], None], renewed: Callable[[], None] = lambda: None
    ) -> None:
        self._file, self._notify = DatabaseFile(path, notify, renewed), notify
        self.expiring = Expiring(self._file, path)
        self._head = None if path is None else path.with_name(HEAD)
        if path is not None and (note := path.with_name(FORGOTTEN)).exists():
            self._say_forgotten(note)
        self._note_head()

    @property
    def unsaved(self) -> int:
        """How many rows wait until the file can be written."""
        return self._file.unsaved

    @property
    def troubled(self) -> bool:
        """Whether `retry` has something to do."""
        return self._file.troubled

    @property
    def later(self) -> bool:
        """Whether the file is of a later version: it is left as it is, and nothing of this run is kept."""
        return self._file.later

    def retry(self) -> bool:
        """Try to save what waits; True when nothing does."""
        return self._file.retry()

    def close(self) -> int:
        """Close the database; how many rows could neither be saved nor be left for the next start."""
        self._note_head()
        return self._file.close()

    def images(self) -> tuple[ImageItem, ...]:
        """The worklist as it was left, whole; see `stored_images`."""
        stored = self.stored_images()
        items = stored.take(sys.maxsize)
        self.say_left_out(stored)
        return tuple(sorted(items, key=lambda item: item.arrival))

    def stored_images(self) -> StoredImages:
        """The worklist as it was left, in the order in which it is read; what was in hand is queued again.

        Rows that make no sense are left out; `say_left_out` says so.
        """
        return StoredImages(self._file.read(lambda db: db.execute(_SELECT_IMAGES).fetchall()), _item)

    def say_left_out(self, stored: StoredImages) -> None:
        """Say how many rows made no sense, if there were any."""
        if left_out := stored.left_out:
            title = "Some images of the stored worklist could not be read."
            advice = f"They were left out, so open their folders again: {left_out}."
            self._notify(Notice(Severity.WARNING, title, advice))

    def save_images(self, items: Iterable[ImageItem]) -> None:
        """Insert or replace images of the worklist."""
        some = list(items)
        self._file.run(lambda db: _put(db, some))

    def remove_images(self, keys: Iterable[str]) -> None:
        """Take images off the worklist; their results stay, should the same bytes be opened again."""
        wanted = [(key,) for key in keys]

        def work(db: sqlite3.Connection) -> None:
            uids = states.uids_of(db, (key for (key,) in wanted))
            db.executemany("DELETE FROM images WHERE key = ?", wanted)
            states.forget(db, uids)
            db.executemany(_INSERT_AUDIT, [(_now(), Action.DELETE, key, "") for (key,) in wanted])

        self._file.run(work)

    def bring_back(self, items: Iterable[ImageItem]) -> None:
        """Images are on the worklist again from which they had been taken, with a line each in the trail."""
        back = list(items)

        def work(db: sqlite3.Connection) -> None:
            _put(db, back)
            db.executemany(_INSERT_AUDIT, [(_now(), Action.RESTORE, item.key, "") for item in back])

        self._file.run(work)

    def locate(self, item: ImageItem) -> None:
        """Keep where an image lies now, with its line in the trail; what was found in it stays as it is."""

        def work(db: sqlite3.Connection) -> None:
            _put(db, [item])
            db.execute(_INSERT_AUDIT, (_now(), Action.LOCATE, item.key, ""))

        self._file.run(work)

    def save_results(self, results: Sequence[ScoredImage]) -> tuple[ImageItem, ...]:
        """Commit results, the images that they score and their lines in the trail together: all or nothing.

        Returns:
            The images, in the same order, each with the result that its score comes from.
        """

        def work(db: sqlite3.Connection) -> tuple[ImageItem, ...]:
            saved = []
            for item, result, bundle in results:
                if item.result is None:
                    db.execute(_INSERT_RESULT, (item.digest, bundle, result.settings, _now(), result.payload))
                    item = replace(item, result=db.execute(_NEWEST_RESULT, (item.digest,)).fetchone()[0])
                _put(db, [item])
                db.execute(_INSERT_AUDIT, (_now(), Action.SCORE, item.key, result.model_hash))
                saved.append(item)
            return tuple(saved)

        if any(not item.digest or item.digest != result.digest for item, result, _ in results):
            raise ValueError("a result belongs to the bytes that were scored")
        return self._file.run(work)

    def result(self, digest: str, bundle: str, settings: DetectorSettings) -> tuple[int, Detection] | None:
        """The stored detection of these bytes by this bundle at these settings, and its number; None without one."""
        key = (digest, bundle, settings_key(settings))
        row = self._file.read(lambda db: db.execute(_SELECT_RESULT, key).fetchone())
        detection = None if row is None else _decoded(*row[1:])
        return None if detection is None else (int(row[0]), detection)

    def has_result(self, digest: str, bundle: str, settings: DetectorSettings) -> bool:
        """Whether `result` would find one."""
        key = (digest, bundle, settings_key(settings))
        return self._file.read(lambda db: db.execute(_HAS_RESULT, key).fetchone()) is not None

    def result_of(self, item: ImageItem) -> Detection | None:
        """The detection that the image's score comes from; None where it cannot be read back.

        Before results had numbers an image did not say which one it showed: it is found by its score.
        """
        query, key = (_RESULT_OF, (item.result, item.digest)) if item.result else (_RESULTS, (item.digest,))
        rows = self._file.read(lambda db: db.execute(query, key).fetchall())
        found = (detection for row in rows if (detection := _decoded(*row)) is not None)
        return next((one for one in found if (one.score, one.model) == (item.score, item.weights)), None)

    def scored_by(self) -> dict[int, ScoredBy]:
        """Which bundle made the results behind the worklist's scores, and when, by their numbers."""
        rows = self._file.read(lambda db: db.execute(_SCORED_BY).fetchall())
        return {int(result): ScoredBy(str(bundle), str(at)) for result, bundle, at in rows}

    def take_over(self, item: ImageItem) -> None:
        """The digest of an image is known now: what was stored of it before digests were belongs to it."""
        place, file, study = item.stand_ins

        def work(db: sqlite3.Connection) -> None:
            for table, name in (("results", place), ("annotations", place), ("annotations", file)):
                db.execute(f"UPDATE OR IGNORE {table} SET digest = ? WHERE digest = ?", (item.digest, name))  # noqa: S608
            for name in (place, study):
                db.execute(_COPY_JUDGEMENT, (item.digest, name))
                read.take_over(db, item.digest, name)

        self._file.run(work)

    def judge(self, digests: Iterable[str], subject: str, judgement: Judgement) -> None:
        """Keep the reader's judgement of a study, with its line in the trail; NONE takes it back.

        Args:
            digests: of the study's images.
            subject: key of the image that was looked at, for the trail.
            judgement: the reader's own.
        """
        judged = dict.fromkeys(digests, judgement)

        def work(db: sqlite3.Connection) -> None:
            _write_judgements(db, judged)
            db.execute(_INSERT_AUDIT, (_now(), Action.JUDGE, subject, judgement))

        self._file.run(work, fold=True)

    def save_judgements(self, judgements: Mapping[str, Judgement]) -> None:
        """Write what is already in a trail into a database that was begun anew."""
        self._file.run(lambda db: _write_judgements(db, judgements))

    def judgements(self) -> dict[str, Judgement]:
        """The reader's judgements by digest; they outlive the study's removal from the worklist."""
        rows = self._file.read(lambda db: db.execute("SELECT digest, judgement FROM judgements").fetchall())
        known = set(Judgement)
        return {str(digest): Judgement(judgement) for digest, judgement in rows if judgement in known}

    def opinions(self, digest: str = "") -> dict[str, Opinion]:
        """The reader's judgements by digest, of one or of all, with who it was and when."""
        return self._file.read(lambda db: opinions.known(db, digest))

    def save_readings(self, readings: Mapping[str, Reading], subject: str = "") -> None:
        """Keep how far the reader has come, by `ImageItem.content_key`.

        Args:
            readings: the reader's.
            subject: key of an image of a study that the reader marked themselves, for a line in the trail; '' for none.
        """

        def work(db: sqlite3.Connection) -> None:
            read.keep(db, readings, _now())
            if subject:
                db.execute(_INSERT_AUDIT, (_now(), Action.READ, subject, next(iter(readings.values()))))

        self._file.run(work, fold=Reading.READ in readings.values())

    def readings(self) -> dict[str, Reading]:
        """How far the reader has come, by `ImageItem.content_key`; it outlives a study's removal from the worklist."""
        return self._file.read(read.known)

    def marks(self, digest: str) -> Marks:
        """The marks drawn on these bytes; none where there are none.

        Raises:
            SquidError: they are damaged; the damaged row is gone.
        """
        key = (digest,)
        row = self._file.read(lambda db: db.execute(_SELECT_MARKS, key).fetchone())
        try:
            return () if row is None else decode_marks(str(row[0]))
        except SquidError:
            self._file.run(lambda db: db.execute(_DELETE_MARKS, key))
            raise

    def save_marks(self, digest: str, subject: str, marks: Marks) -> None:
        """Keep the marks of an image in place of those before, and say so in the trail: both or neither.

        Args:
            digest: of the bytes they are drawn on.
            subject: key of the image, for the trail.
            marks: all of them.
        """
        row = (digest, _now(), encode_marks(marks))

        def work(db: sqlite3.Connection) -> None:
            db.execute("INSERT OR REPLACE INTO annotations VALUES (?, ?, ?)", row)
            db.execute(_INSERT_AUDIT, (_now(), Action.ANNOTATE, subject, f"marks: {len(marks)}"))

        self._file.run(work, fold=True)

    def begin_import(self, roots: Iterable[Path]) -> None:
        """Remember files and folders, by absolute path, that are to be imported."""
        rows = [(os.fsencode(root), _now()) for root in roots]
        self._file.run(lambda db: db.executemany("INSERT OR IGNORE INTO imports VALUES (?, ?)", rows))

    def end_import(self, roots: Iterable[Path]) -> None:
        """Their import has come to its end."""
        rows = [(os.fsencode(root),) for root in roots]
        self._file.run(lambda db: db.executemany("DELETE FROM imports WHERE path = ?", rows))

    def imports(self) -> tuple[Path, ...]:
        """What is still to be imported, in the order in which it was asked for."""
        rows = self._file.read(lambda db: db.execute("SELECT path FROM imports ORDER BY at").fetchall())
        return tuple(Path(os.fsdecode(path)) for (path,) in rows)

    def save_states(self, found: Iterable[FoundState]) -> None:
        """Keep presentation states that were found, each in the place of what lay at its place before."""
        rows = tuple(found)
        self._file.run(lambda db: states.keep(db, rows, _now()))

    def states(self, sop_instance_uid: str) -> tuple[FoundState, ...]:
        """The presentation states that name this image, what was found last first."""
        return self._file.read(lambda db: states.naming(db, sop_instance_uid))

    def note_unlisted(self) -> None:
        """Write down which results have no image on the worklist, for `tidy`; wanted at a start and once a day.

        What came by a clock that was ahead comes now. Presentation states that were found a day ago and are of no image
        on the worklist are dropped.
        """
        now = datetime.now(UTC)

        def work(db: sqlite3.Connection) -> None:
            note_unlisted(db, now)
            tidy_arrivals(db, now)
            states.forget_old(db, (now - STATES_WAIT).isoformat(timespec="microseconds"))

        self._file.run(work)

    def tidy(self, keep: Retention) -> bool:
        """Do a slice of what keeps the store small, some hundredths of a second long; False when all is done.

        Args:
            keep: which results of removed studies stay.
        """

        def work(db: sqlite3.Connection) -> bool:
            if pack_anew(db):
                return True
            if dropped := drop_some(db, keep, datetime.now(UTC)):
                db.execute(_INSERT_AUDIT, (_now(), Action.EXPIRE, f"{dropped} results", ""))
                return True
            return give_back(db)

        return self._file.run(work)

    def record(self, action: Action, subject: str, detail: str = "") -> None:
        """Add a line to the audit trail. Neither text may hold an identifier."""
        self._file.run(lambda db: db.execute(_INSERT_AUDIT, (_now(), action, subject, detail)))

    def audit(self) -> tuple[AuditLine, ...]:
        """The whole trail, oldest first."""
        rows = self._file.read(lambda db: db.execute(trail.SELECT).fetchall())
        return tuple(AuditLine(*row) for row in rows)

    def _say_forgotten(self, note: Path) -> None:
        with contextlib.suppress(SquidError):  # at the next start, then
            self._file.run(lambda db: trail.take_note(db, note))
            remove(note)

    def _note_head(self) -> None:
        """Note where the trail ends, beside the file: lines that are taken from its end are missed then."""
        if self._head is not None and self._file.settled:
            former = trail.read_head(self._head)
            with contextlib.suppress(SquidError):  # the file is locked, or gone: an older note stays
                trail.write_head(self._head, former, self._file.read(lambda db: trail.head(db, former)))


_COLUMNS = (
    "key, path, identity, size, modified_ns, state, message, decision, reason, accepted, score, percentile,"
    " weights, outside_memory, arrival, member, digest, result, replaced"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_OF_IDENTITY = frozenset(field.name for field in fields(Identity))
_DATES = ("study_date", "patient_birth_date")  # of these
# The constants below are built from column names only; every value is bound.
_SELECT_IMAGES = (  # as `sort_key` has studies of one image
    f"SELECT {_COLUMNS} FROM images"  # noqa: S608
    f" ORDER BY score IS NULL, score DESC, state = '{JobState.ERROR}', arrival"
)
_REPLACE_IMAGE = f"INSERT OR REPLACE INTO images ({_COLUMNS}) VALUES ({', '.join('?' * 19)})"  # noqa: S608
_INSERT_AUDIT = trail.APPEND
_SELECT_MARKS = "SELECT payload FROM annotations WHERE digest = ?"
_DELETE_MARKS = "DELETE FROM annotations WHERE digest = ?"
_INSERT_RESULT = "INSERT INTO results (digest, bundle, settings, scored_at, payload) VALUES (?, ?, ?, ?, ?)"
_SELECT_RESULT = (
    "SELECT id, digest, payload FROM results WHERE digest = ? AND bundle = ? AND settings = ? ORDER BY id DESC LIMIT 1"
)
_NEWEST_RESULT = "SELECT max(id) FROM results WHERE digest = ?"
_HAS_RESULT = "SELECT 1 FROM results WHERE digest = ? AND bundle = ? AND settings = ?"
_RESULT_OF = "SELECT digest, payload FROM results WHERE id = ? AND digest = ?"
_RESULTS = "SELECT digest, payload FROM results WHERE digest = ? ORDER BY id DESC"
_SCORED_BY = "SELECT id, bundle, scored_at FROM results WHERE id IN (SELECT result FROM images)"
_COPY_JUDGEMENT = (
    "INSERT INTO judgements SELECT ?1, judgement, at FROM judgements WHERE digest = ?2"
    " AND NOT EXISTS (SELECT 1 FROM judgements WHERE digest = ?1)"
)


def _put(db: sqlite3.Connection, items: Sequence[ImageItem]) -> None:
    db.executemany(_REPLACE_IMAGE, [_row(item) for item in items])
    note_arrivals(db, (item.key for item in items), _now())


def _write_judgements(db: sqlite3.Connection, judgements: Mapping[str, Judgement]) -> None:
    rows = [(digest, judgement, _now()) for digest, judgement in judgements.items() if judgement is not Judgement.NONE]
    gone = [(digest,) for digest, judgement in judgements.items() if judgement is Judgement.NONE]
    db.executemany("INSERT OR REPLACE INTO judgements VALUES (?, ?, ?)", rows)
    db.executemany("DELETE FROM judgements WHERE digest = ?", gone)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _decoded(digest: str, payload: bytes) -> Detection | None:
    """A stored result; None where it is damaged: the image is scored again, as if it had never been."""
    try:
        return replace(decode(payload), digest=digest)
    except SquidError:
        return None


def _row(item: ImageItem) -> tuple[object, ...]:
    identity = asdict(item.identity)
    for name in _DATES:
        identity[name] = identity[name].isoformat() if identity[name] else None
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
        item.digest,
        item.result,
        item.replaced,
    )


def _item(row: tuple[Any, ...]) -> ImageItem | None:
    """The image a row holds; None when the row is damaged or of a state this version does not know."""
    values = dict(zip(_NAMES, row, strict=True))
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
            digest=str(values["digest"]),
            result=values["result"],
            replaced=bool(values["replaced"]),
        )
    except (ValueError, TypeError):
        return None
    return item.advanced(JobEvent.RETRY) if item.pending else item


def _identity(text: str) -> Identity:
    values = {name: value for name, value in json.loads(text).items() if name in _OF_IDENTITY}
    for name in _DATES:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    values["patient_orientation"] = tuple(values.get("patient_orientation") or ())
    return Identity(**values)
