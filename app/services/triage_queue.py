"""The background queue: every image of the worklist is read, judged and scored while the user works.

Lives on the window's thread and only ever hands work on: to the database's thread, the readers' processes and the
detector's. A result is committed to the database before its image counts as scored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice
from app.domain.jobs import JobEvent, JobState
from app.domain.session import Progress
from app.domain.study import ImageItem
from app.services.detector.client import InferenceClient
from app.services.detector.process import Urgency
from app.services.detector.weights import KnownBundles
from app.services.examination import is_about, known, may_move, objection
from app.services.importing.source_watch import beginning, missing_folder
from app.services.result_commits import ResultCommits
from app.services.state.notifier import Notifier
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database, ScoredImage
from app.storage.detections import EncodedResult
from squid_core.bundle.library import Bundle, Bundles
from squid_core.contracts.detection import ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.inference.doubts import OUTSIDE_MEMORY
from squid_core.inference.flow import Flow, Machine, readers_here
from squid_core.preprocessing import ByAge, Preprocessing

# Images of one pass, for which a what-if of the user's has to wait: on two cores 70 ms. Two passes are in hand, so that
# the detector goes on while the former's results are committed.
BATCH, BATCHES = 4, 2
MOST_RESTING = 64  # files that are being written; no more are begun then
PROGRESS_MS = 1000
REST_SECONDS = 2.0  # what was written a shorter time ago, or since it was found, may still be: it is looked at again
MAX_LOOKS = 30  # at a file that does not come to rest
STILL_WRITTEN = "This file is still being written to. Open it again when it is complete."
TAKEN = "Another image has come to lie at this place before this one was read."


@dataclass(frozen=True, slots=True)
class _Ready:
    """An image on its way to the detector.

    Attributes:
        bundle: that reads it.
        result, stored: what is known of its bytes already, and its number; None to ask the detector.
        inputs: what the detector may be given, by how it was prepared.
    """

    item: ImageItem
    bundle: Bundle
    result: int | None
    stored: EncodedResult | None
    inputs: Mapping[Preprocessing, ModelInput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Submitted:
    """An image that waits for the detector."""

    item: ImageItem
    bundle: Bundle
    model_input: ModelInput
    found: Future[EncodedResult]


class TriageQueue(QObject):
    """Works through the images that are queued, the study the user has opened first."""

    progress_changed = TypedSignal[Progress]()
    scored = TypedSignal[str]()  # image key; its result is in the store
    misplaced = TypedSignal[list[Path]]()  # files that hold other images than the worklist says: to be imported anew
    away = TypedSignal[Path]()  # a folder that cannot be reached; its images wait for `source_back`
    moved = TypedSignal[list[str]]()  # keys of images whose bytes lie at another place now, under another key

    def __init__(
        self,
        store: WorklistStore,
        database: DatabaseThread,
        readers: ReaderPool,
        detector: InferenceClient,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self.weights = "auto"
        self._store, self._database, self._readers, self._detector = store, database, readers, detector
        self._bundles, self._courier, self._notifier = KnownBundles(bundles), courier, notifier
        self._waiting: dict[str, None] = {}  # in order
        self._urgent: deque[str] = deque()
        self._opened: frozenset[str] = frozenset()  # images of the study that the user has opened
        self._jobs: dict[str, Steps[None]] = {}  # whose key is gone, is closed when its answer comes
        self._flow: Flow[str] = Flow(Machine(readers_here(), BATCH, BATCHES))
        self._resting: set[str] = set()  # whose files are being written
        self._submitted: dict[str, _Submitted] = {}
        self._results = ResultCommits(database, courier)
        self._away: dict[Path, dict[str, None]] = {}  # keys that wait for a folder
        self._progress = Progress()
        self._stopped = False
        self._told: set[str] = set()
        self._progress_timer = QTimer(self, singleShot=True, interval=PROGRESS_MS)
        self._progress_timer.timeout.connect(self._tell_progress)

    @property
    def readers(self) -> int:
        """How many files are read at once."""
        return self._flow.machine.readers

    @readers.setter
    def readers(self, readers: int) -> None:
        self._flow.machine = replace(self._flow.machine, readers=readers)
        self._go_on()

    @property
    def running(self) -> bool:
        """Whether there is work in hand or waiting."""
        return bool(self._waiting or self._jobs)

    def add(self, keys: Iterable[str]) -> None:
        """Queue images of the worklist, also what was cancelled or the detector failed on; the rest stays as it is."""
        new, revived = [], []
        for key in keys:
            item = self._store.worklist.image(key)
            if item is None or key in self._waiting:
                continue
            if key in self._jobs:
                if item.state in (JobState.READING, JobState.SCORING):
                    continue
                self._drop(key)  # its file has changed meanwhile, and an import has put it in anew
            if item.state is JobState.CANCELLED or item.may_be_tried:
                item = item.advanced(JobEvent.REQUEST)
                revived.append(item)
            new.append(item)
        self._store.upsert(*revived)
        self._save(new)
        queued = [item.key for item in new if item.state is JobState.QUEUED]
        self._waiting.update(dict.fromkeys(queued))
        self._progress = replace(self._progress, total=self._progress.total + len(queued))
        self._go_on()

    def prioritise(self, uid: str) -> None:
        """The user has opened this study: its images go first."""
        study = self._store.worklist.study(uid)
        self._urgent = deque(image.key for image in study.images) if study else deque()
        self._opened = frozenset(self._urgent)
        self._flow.hurry(self._opened)

    def analyse_anyway(self, key: str, *, alike: bool = False) -> None:
        """The user's answer to the reader's question about this image; `alike`: wherever it is asked."""
        asked = self._store.worklist.image(key)
        if asked is None or not asked.asks:
            return
        every = self._store.worklist.images() if alike else (asked,)
        items = [item for item in every if item.asks and item.message == asked.message]
        for item in items:
            self._database.tell(partial(_record_accepted, item.key))
        self._store.upsert(*(replace(item.advanced(JobEvent.REQUEST), accepted=True) for item in items))
        study = self._store.worklist.study_of(key)
        self.prioritise(study.uid if study else "")
        self.add(item.key for item in items)

    def ask_again(self, keys: Iterable[str]) -> None:
        """Score these again, as when a stored result cannot be read or other weights were chosen."""
        items = [item for key in keys if (item := self._store.worklist.image(key))]
        for item in items:
            self._drop(item.key)
        self._store.upsert(*(item.advanced(JobEvent.RETRY if item.pending else JobEvent.REQUEST) for item in items))
        self.add(item.key for item in items)

    def score_alike(self, in_use: Mapping[str, str]) -> None:
        """Score again what other weights have scored than read new studies, named by population."""
        images = (image for image in self._store.worklist.images() if not image.replaced)
        self.ask_again([image.key for image in images if image.is_scored_otherwise(in_use)])

    def check(self, keys: Iterable[str]) -> None:
        """Score again what weights have scored that are another version, or calibrated otherwise, today.

        What weights of another name have scored stays; the window says so where it stands in one list with the rest.
        """
        found = (self._store.worklist.image(key) for key in keys)
        items = [item for item in found if item and item.state is JobState.SCORED and not item.replaced]
        self._courier.run(self._bundles.look_for_outdated(items, self.weights, self._database, self.ask_again))

    def use_weights(self, weights: str) -> None:
        """Score with other weights from now on, and what was scored once more; earlier results are remembered."""
        if weights == self.weights:
            return
        self.weights = weights
        self._told.clear()
        images = (image for image in self._store.worklist.images() if not image.replaced)
        self.ask_again(
            [image.key for image in images if image.pending or image.may_be_tried or image.state is JobState.SCORED]
        )

    def try_again(self) -> None:
        """The detector may work now: queue what it failed on."""
        self.add([image.key for image in self._store.worklist.images() if image.may_be_tried])

    def source_back(self, folder: Path) -> None:
        """A folder that was away can be reached again: go on with what waited for it."""
        self.add(self._away.pop(folder, ()))

    def cancel(self) -> None:
        """Stop; what has no answer yet can be asked for again with `resume`."""
        keys = [*self._jobs, *self._waiting, *(key for keys in self._away.values() for key in keys)]
        self._leave(*self._jobs)
        self._jobs.clear()
        self._waiting.clear()
        self._away.clear()
        found = [item for key in keys if (item := self._store.worklist.image(key)) and item.pending]
        items = [item.advanced(JobEvent.CANCEL) for item in found]
        self._store.upsert(*items)
        self._save(items)
        self._go_on()

    def resume(self) -> None:
        """Queue everything that was cancelled."""
        images = self._store.worklist.images()
        self.add([image.key for image in images if image.state is JobState.CANCELLED])

    def forget(self, keys: Iterable[str]) -> None:
        """These images leave the worklist."""
        for key in keys:
            if self._waiting.pop(key, "absent") is None:
                self._progress = replace(self._progress, total=self._progress.total - 1)
            self._drop(key)
        self._go_on()

    def close(self) -> None:
        """Begin nothing more; images in hand are queued again at the next start."""
        self._stopped = True
        self._jobs.clear()
        self._waiting.clear()

    def _drop(self, key: str) -> None:
        """What is in hand of this image is wanted no more."""
        if self._jobs.pop(key, None) is not None:
            self._leave(key)
            self._progress = replace(self._progress, total=self._progress.total - 1)

    def _leave(self, *keys: str) -> None:
        """These are in nobody's hands any more."""
        self._flow.leave(*keys)
        for key in keys:
            self._resting.discard(key)
            self._submitted.pop(key, None)

    def _go_on(self) -> None:
        while not self._stopped and self._waiting and len(self._resting) < MOST_RESTING:
            key = self._next()
            item = self._store.worklist.image(key)
            if not self._flow.may_read(item.size if item else 0):
                break
            del self._waiting[key]
            self._begin(key, item)
        while batch := self._flow.next_batch():
            self._send([self._submitted.pop(key) for key in batch])
        if not self.running:
            self._progress = Progress()
            self._progress_timer.stop()
            self._store.tell_soon()  # what it was at last need not wait out a second
        if not self._progress_timer.isActive():
            self._tell_progress()

    def _tell_progress(self) -> None:
        self.progress_changed.emit(self._progress)
        if self.running:
            self._progress_timer.start()

    def _next(self) -> str:
        while self._urgent:
            if self._urgent[0] in self._waiting:
                return self._urgent[0]
            self._urgent.popleft()
        return next(iter(self._waiting))

    def _begin(self, key: str, item: ImageItem | None) -> None:
        if item is None or item.state is not JobState.QUEUED:
            self._count()
            return
        self._flow.read(key, item.size)
        self._jobs[key] = steps = self._life(item)
        self._courier.run(steps, lambda: self._jobs.get(key) is steps)

    def _life(self, item: ImageItem) -> Steps[None]:
        """The life of one image in the queue: read, judged, looked up, detected, committed.

        Whatever ends it early, the image keeps a sentence that says why.
        """
        item = item.advanced(JobEvent.READ)
        self._store.upsert(item)
        ready = (yield from self._recall(item)) or (yield from self._read(item))
        if ready is None:
            return
        item = replace(ready.item.advanced(JobEvent.SUBMIT), result=ready.result)
        try:
            result = ready.stored or (yield from answer(self._submit(item, ready)))
            odd = (sentence for sentence in result.doubts if sentence != OUTSIDE_MEMORY)  # which has its own mark
            scored = replace(
                item.advanced(JobEvent.SCORE, next(odd, "")),
                score=result.score,
                percentile=result.percentile,
                weights=result.model,
                outside_memory=result.outside_memory,
            )
            scored = yield from answer(self._results.commit(ScoredImage(scored, result, ready.bundle.fingerprint)))
        except Exception as error:  # noqa: BLE001 - the image can be seen, and tried again
            self._end(replace(item.advanced(JobEvent.REFUSE, _sentence(error)), result=None))
            return
        self._end(scored, save=False)
        self.scored.emit(scored.key)

    def _submit(self, item: ImageItem, ready: _Ready) -> Future[EncodedResult]:
        """Have an image scored, in the next batch of what the same weights read."""
        way = ready.bundle.card.preprocessing
        if way not in ready.inputs:
            raise SquidError("Other weights were installed meanwhile.", "Ask for it again.")
        model_input, found = ready.inputs[way], Future[EncodedResult]()
        self._submitted[item.key] = _Submitted(item, ready.bundle, model_input, found)
        size = model_input.image.nbytes
        self._flow.ready(item.key, ready.bundle.fingerprint, size, urgent=item.key in self._opened)
        self._go_on()
        return found

    def _send(self, batch: Sequence[_Submitted]) -> None:
        self._store.upsert(*(one.item for one in batch))
        urgency = Urgency.READER if {one.item.key for one in batch} <= self._opened else Urgency.TRIAGE
        inputs = [one.model_input for one in batch]
        for one, found in zip(batch, self._detector.detect_many(batch[0].bundle.folder, inputs, urgency), strict=True):
            found.add_done_callback(partial(_pass_on, one.found))

    def _recall(self, item: ImageItem) -> Steps[_Ready | None]:
        """An image whose bytes are known, and scored as is wanted now, need not be read."""
        if not item.is_read:
            return None
        try:
            ready = yield from self._look_up(item)
        except Exception:  # noqa: BLE001 - as if it had not been scored
            return None
        return ready if ready.stored is not None else None

    def _read(self, item: ImageItem) -> Steps[_Ready | None]:
        """Read and judge an image, and look for its result; None where that is its end."""
        try:
            ways = yield from self._bundles.ways(self.weights)
            examined = yield from self._read_at_rest(item, ways)
            folder = (yield from answer(missing_folder(item.path))) if examined.unreached or examined.late else None
        except Exception as error:  # noqa: BLE001 - whatever a file does, the queue goes on
            self._end(item.advanced(JobEvent.FAIL, _sentence(error)))
            return None
        if folder is not None:
            self._set_aside(item, folder)
            return None
        if examined.unread:  # nothing is known of the file; it is tried again
            self._end(item.advanced(JobEvent.REFUSE, examined.message))
            return None
        if not is_about(item, examined):
            self._end(replace(item.advanced(JobEvent.FAIL, TAKEN), replaced=True))
            self.misplaced.emit([item.path])
            return None
        read = known(item, examined)
        if read.identity.image != item.identity.image:
            self._store.rename(read)
        item = read
        self._database.tell(lambda database: database.take_over(read))
        if (objects := objection(item, examined)) is not None:
            self._end(item.advanced(*objects))
            return None
        try:
            ready = yield from self._look_up(item)
        except Exception as error:  # noqa: BLE001 - no weights: the image can still be seen
            self._say_once(error)
            self._end(item.advanced(JobEvent.REFUSE, _sentence(error)))
            return None
        prepared = ways.of(item.identity.patient_age)
        return replace(ready, inputs=dict(zip(prepared, examined.inputs, strict=True)))

    def _read_at_rest(self, item: ImageItem, ways: ByAge) -> Steps[Examined]:
        """Read a file; one that is being written is read again until it is found twice the same."""
        examined = yield from self._examine(item, ways)
        found = Content("", item.size, item.modified_ns)  # when it was imported
        if not may_move(examined, found, REST_SECONDS):
            return examined
        for _ in range(MAX_LOOKS):
            self._store.upsert(item.advanced(JobEvent.WAIT))
            self._flow.leave(item.key)
            self._resting.add(item.key)
            self._go_on()  # another may be read meanwhile
            yield self._courier.pause(REST_SECONDS)
            self._resting.discard(item.key)
            self._flow.read(item.key, item.size)
            self._store.upsert(item)
            before = examined.content
            examined = yield from self._examine(item, ways)
            if examined.content == before and not examined.changing:
                return examined
        raise SquidError(STILL_WRITTEN)

    def _examine(self, item: ImageItem, ways: ByAge) -> Steps[Examined]:
        examined = yield from answer(self._readers.examine(item.source, ways))
        self._flow.arrived(item.key)
        self._go_on()  # its reader need not wait until it is known what becomes of this one
        return examined

    def _end(self, item: ImageItem, save: bool = True) -> None:
        del self._jobs[item.key]
        self._leave(item.key)
        self._store.upsert(item)
        if save:
            self._save([item])
        study = self._store.worklist.study_of(item.key)
        same = [image.key for image in study.images if item.digest == image.digest] if study and item.digest else []
        if len(same) > 1:
            self.moved.emit([key for key in same if key != item.key])
        self._count()
        self._go_on()

    def _count(self) -> None:
        self._progress = replace(self._progress, done=self._progress.done + 1)

    def _save(self, items: Sequence[ImageItem]) -> None:
        if items:
            self._database.tell(lambda database: database.save_images(items))

    def _say_once(self, error: Exception) -> None:
        """Weights that are missing are missing for every image."""
        if isinstance(error, SquidError) and error.title not in self._told:
            self._told.add(error.title)
            self._notifier.post(Notice.from_error(error))

    def _look_up(self, item: ImageItem) -> Steps[_Ready]:
        """Which bundle reads it, by the age that was read, and whether it has done so before.

        Raises:
            SquidError: there are no such weights.
        """
        bundle = yield from self._bundles.choose(self.weights, item.identity.patient_age)
        stored = self._database.ask(lambda db: db.result(item.digest, bundle.fingerprint, bundle.settings))
        result, detection = (yield from answer(stored)) or (None, None)
        return _Ready(item, bundle, result, EncodedResult.of(detection, stored=True) if detection else None)

    def _set_aside(self, item: ImageItem, folder: Path) -> None:
        """The folder of an image cannot be reached: what lies in it waits, and is not called damaged."""
        self._store.upsert(item.advanced(JobEvent.RETRY))
        del self._jobs[item.key]
        self._leave(item.key)
        below = beginning(folder)
        images = ((key, self._store.worklist.image(key)) for key in self._waiting)
        keys = [item.key, *(key for key, image in images if image and str(image.path).startswith(below))]
        for key in keys:
            self._waiting.pop(key, None)
        self._away.setdefault(folder, {}).update(dict.fromkeys(keys))
        self._progress = replace(self._progress, total=self._progress.total - len(keys))
        self.away.emit(folder)
        self._go_on()


def _record_accepted(key: str, database: Database) -> None:
    database.record(Action.ACCEPT, key)


def _pass_on(to: Future[EncodedResult], found: Future[EncodedResult]) -> None:
    if found.cancelled():
        to.cancel()
    elif (error := found.exception()) is not None:
        to.set_exception(error)
    else:
        to.set_result(found.result())


def _sentence(error: BaseException) -> str:
    return str(error) if isinstance(error, SquidError) else "This image could not be analysed."
