"""The reader's word on a study, and how far they have come: kept at once, and taken back by the one undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.jobs import PENDING
from app.domain.session import Session
from app.domain.study import Judgement, Reading, Study
from app.domain.undoing import Deed, Effect
from app.services.state.history import History, UndoStep
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.signals import TypedSignal
from app.storage.database import Database

NOT_READ = Notice(Severity.INFO, "This study has not been scored yet.", "Judge it when it has its score.")
NO_FINDING = Notice(
    Severity.INFO,
    "There is no score, so there is no finding to accept or reject.",
    "Call the whole study normal, or mark it read.",
)
NO_PICTURE = Notice(
    Severity.INFO, "This study has no picture, so it cannot be called normal.", "Mark it read to go past it."
)


class JudgementDesk(QObject):
    """Sets what the reader says. It moves no score and no place."""

    done_with = TypedSignal[list[str]]()  # keys of images that are read now

    def __init__(
        self,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        history: History,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._database = holder, store, database
        self._history, self._notifier = history, notifier
        self._opened: set[str] = set()  # images of the shown study that have been on the screen with it
        holder.changed.connect(self._on_session)

    def judge(self, judgement: Judgement) -> bool:
        """Keep the reader's judgement of the shown study, all of whose images are read then; NONE takes it back.

        The same again changes nothing: a judgement is set, never flipped.

        Returns:
            False where it could not be said, which the user is told.
        """
        key = self._holder.state.image_key
        study = self._store.worklist.study(self._holder.state.study_uid)
        if study is None:
            return False
        digests = [image.digest for image in study.images if image.digest]
        if (refused := _refusal(study, judgement, digests)) is not None:
            self._notifier.post(refused)
            return False
        reading = Reading.READING if judgement is Judgement.NONE else Reading.READ
        before = {image.digest: image.judgement for image in study.images if image.digest}, _readings(study)
        after = dict.fromkeys(digests, judgement), dict.fromkeys(before[1], reading)
        if before != after:
            self._begin()
            self._keep(key, *after)
            undo, redo = partial(self._keep, key, *before), partial(self._keep, key, *after)
            self._history.did(UndoStep(Deed.JUDGEMENT, key, undo, redo, Effect(judgement=judgement)))
            self._tell([study], reading)
        return True

    def mark(self, uids: Sequence[str], reading: Reading) -> None:
        """Mark studies read or unread, without a judgement; one step back for all of them."""
        found = (self._store.worklist.study(uid) for uid in uids)
        studies = [study for study in found if study is not None and study.reading is not reading]
        if not studies:
            return
        self._begin()
        keys = [study.top_image.key for study in studies]
        before = [_readings(study) for study in studies]
        after = [dict.fromkeys(readings, reading) for readings in before]
        self._keep_all(keys, after)
        outcome = Effect(reading=reading, count=len(studies))
        undo, redo = partial(self._keep_all, keys, before), partial(self._keep_all, keys, after)
        self._history.did(UndoStep(Deed.READ, keys[0], undo, redo, outcome))
        self._tell(studies, reading)

    def _tell(self, studies: Sequence[Study], reading: Reading) -> None:
        if reading is Reading.READ:
            self.done_with.emit([image.key for study in studies for image in study.images])

    def _begin(self) -> None:
        """The first word of this run: what comes from now on is new to the reader."""
        if self._holder.state.began is None:
            self._holder.update(began=self._store.next_arrival() - 1)

    def _keep(self, key: str, judgements: Mapping[str, Judgement], readings: Mapping[str, Reading]) -> None:
        self._store.judge(judgements, readings)
        for judgement in dict.fromkeys(judgements.values()):
            digests = [digest for digest, said in judgements.items() if said is judgement]
            self._database.tell(partial(_write, digests, key, judgement))
        self._database.tell(lambda database: database.save_readings(readings))

    def _keep_all(self, keys: Iterable[str], readings: Sequence[Mapping[str, Reading]]) -> None:
        self._store.judge({}, {name: reading for one in readings for name, reading in one.items()})
        for key, one in zip(keys, readings, strict=True):
            self._database.tell(partial(_write_marked, one, key))

    def _on_session(self, old: Session, new: Session) -> None:
        """What is shown for the first time is being read; what is marked unread stays so until it is opened again."""
        if new.study is old.study:
            return
        if new.study_uid != old.study_uid:
            self._opened.clear()
        study = self._store.worklist.study(new.study_uid)
        images = [image for image in study.images if image.content_key not in self._opened] if study else []
        self._opened.update(image.content_key for image in images)
        opened = {image.content_key: Reading.READING for image in images if image.reading is Reading.UNREAD}
        if opened:
            self._store.judge({}, opened)
            self._database.tell(lambda database: database.save_readings(opened))


def _write(digests: Sequence[str], key: str, judgement: Judgement, database: Database) -> None:
    database.judge(digests, key, judgement)


def _write_marked(readings: Mapping[str, Reading], key: str, database: Database) -> None:
    database.save_readings(readings, key)


def _readings(study: Study) -> dict[str, Reading]:
    return {image.content_key: image.reading for image in study.images}


def _refusal(study: Study, judgement: Judgement, digests: Sequence[str]) -> Notice | None:
    """Why this cannot be said of a study now; None where it can."""
    if judgement is Judgement.NONE:
        return None
    if judgement is Judgement.NORMAL:
        possible, why_not = bool(digests) and any(image.has_picture for image in study.images), NO_PICTURE
    else:
        possible, why_not = study.score is not None, NO_FINDING
    if possible:
        return None
    return NOT_READ if study.state in PENDING else why_not
