"""Every service of the program, built and joined; what the user's wishes are handed to.

Needs no window: a test or a script can drive it with a session holder and an event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain.errors import Notice, Severity
from app.domain.jobs import JobState
from app.domain.settings import Settings
from app.domain.study import ImageItem, Judgement
from app.domain.worklist import Worklist
from app.services.detector.client import InferenceClient
from app.services.detector.learner import Learner
from app.services.detector.weights import ask_weights
from app.services.detector.worker import WorkerReport
from app.services.expiry import Expiry
from app.services.exporting.export_service import ExportService
from app.services.exporting.preparing import Preparer
from app.services.importing.folder_watch import FolderWatch
from app.services.importing.import_journal import ImportJournal
from app.services.importing.import_service import ImportService
from app.services.importing.locator import Locator
from app.services.importing.renaming import Renaming
from app.services.importing.source_watch import SourceWatch
from app.services.learning_desk import LearningDesk
from app.services.network.network import Network
from app.services.reading.annotation_desk import AnnotationDesk
from app.services.reading.drift_desk import DriftDesk
from app.services.reading.hanging_desk import HangingDesk
from app.services.reading.header_desk import HeaderDesk
from app.services.reading.judgement_desk import JudgementDesk
from app.services.reading.prefetch import Prefetch
from app.services.reading.presentation_desk import PresentationDesk
from app.services.reading.prior_desk import PriorDesk
from app.services.reading.reading_desk import ReadingDesk
from app.services.reading.removal_desk import RemovalDesk
from app.services.reading.thumbnail_desk import ThumbnailDesk
from app.services.reading.visits import Visits
from app.services.reading.what_if_desk import WhatIfDesk
from app.services.state.history import History
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.triage_queue import TriageQueue
from app.services.upkeep import Upkeep
from app.storage.database import Action, Database
from app.storage.faults import NEWER
from app.storage.stored_images import StoredImages
from squid_core.bundle.library import Bundles
from squid_core.contracts.charset import Charset
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.inference.flow import readers_here

log = logging.getLogger(__name__)
FIRST = 100  # images of a stored worklist that are there at once: more than the window has room for
AT_ONCE = 500  # of the others, until something else has its turn
BREATH_SECONDS = 0.01  # which that may last

REPLACED = Notice(
    Severity.WARNING,
    "Other images have taken the place of some that are on the worklist.",
    "Those keep their rows and results, but cannot be opened until their files are back.",
)
STILL_DAMAGED = Notice(
    Severity.WARNING,
    "There are files that still cannot be read.",
    "Ask for them to be sent again; File, Import report names them.",
)
READ_AGAIN = Notice(Severity.INFO, "The files could be opened; what is in them is being read again.")


class Services(QObject):
    """All of them, joined. Nothing here waits; `close` does, until every thread and child has ended.

    They can be asked as soon as they are built, but no file is read and no process started before `start`. What adds
    to the worklist, or scores it otherwise, is done once the stored worklist is back.

    Args:
        database: the worklist's file; None to keep it in memory.
        holder: its session says which device and weights are wanted.
        readers: who parses files; closed with the services.
        network: whether other systems are spoken and listened to, as far as that is configured.
    """

    def __init__(
        self,
        database: Path | None,
        holder: SessionHolder,
        store: WorklistStore,
        notifier: Notifier,
        readers: ReaderPool,
        *,
        network: bool = True,
    ) -> None:
        super().__init__()
        self._holder, self._store, self._notifier = holder, store, notifier
        self.is_restored = self._is_restoring = False
        self.last_image = ""  # key of what was looked at last, to be shown once the worklist is back
        self._tried: set[Path] = set()  # damaged files that are being read once more
        self._waiting: list[Callable[[], object]] = []  # until it is
        self.worker: WorkerReport | None = None
        self._courier = courier = Courier()
        self._bundles = bundles = Bundles()
        self.database = DatabaseThread(database, notifier.post, lambda: courier.call(self._on_salvaged))
        self.readers = readers
        self.client = InferenceClient(notifier)
        self.sources = SourceWatch(courier, notifier)
        self.importer = ImportService(self.readers, store)
        self.journal = ImportJournal(self.importer, self.database, self.sources, courier, notifier)
        self.locator = Locator(self.readers, store, self.database, courier, notifier)
        self.renaming = Renaming(self.readers, store, self.database, courier, notifier)
        self.queue = TriageQueue(store, self.database, self.readers, self.client, bundles, courier, notifier)
        self.desk = ReadingDesk(holder, store, self.database, self.readers, bundles, courier)
        self.history = History(holder)
        self.judging = JudgementDesk(holder, store, self.database, self.history, notifier)
        self.removing = RemovalDesk(store, self.database, self.history, courier, self.queue.forget, self.queue.add)
        self.visits = Visits(holder, store, self.select_study, notifier)
        self.what_ifs = WhatIfDesk(holder, self.client, bundles, courier, notifier, self.history)
        preparer = Preparer(self.readers, holder, store, self.database, self.client.maps, bundles)
        self.exporter = ExportService(self.readers, preparer, holder, self.database, courier, notifier)
        self.learning = LearningDesk(holder, store, self.database, self.readers, Learner(), bundles, courier, notifier)
        self.annotations = AnnotationDesk(holder, self.database, courier, notifier, self.history)
        self.prefetch = Prefetch(holder, store, self.desk.source)
        self.presenting = PresentationDesk(holder, self.database, self.readers, courier, notifier)
        self.thumbnails = ThumbnailDesk(holder, self.readers, courier)
        self.headers = HeaderDesk(holder, self.readers, courier)
        self.priors = PriorDesk(holder, store, self.database, self.desk.source, courier)
        self.hanging = HangingDesk(holder, self.priors)
        self.drift = DriftDesk(holder, store, self.database, bundles, courier, notifier)
        self.upkeep = Upkeep(self.database, courier, Settings().retention)
        home = None if database is None else database.parent
        self.expiry = Expiry(home, self.database, courier, holder, store, self.history, notifier, self.queue.forget)
        self.watch = FolderWatch(courier, notifier)
        self.inbox = ImportService(self.readers, store)  # apart, so that the report of what the user opened stays
        parts = (self.readers, preparer, holder, store, self.database, courier, notifier)
        self.network = Network(database.parent, *parts) if network and database is not None else None
        self.client.device, self.queue.weights = holder.state.device, holder.state.weights
        self._join()

    def start(self) -> None:
        """Bring the stored worklist back, go on with what was left of it, and start the detector.

        The detector last: nothing is scored before, and the first picture needs the cores that its start would take.
        """
        self._courier.run(self._restore())

    @property
    def idle(self) -> bool:
        """Whether the stored worklist is back and neither import nor queue nor export has work left."""
        at_work = (self.importer, self.inbox, self.locator, self.renaming, self.queue, self.exporter, self.learning)
        away = self.network is not None and not self.network.idle
        return self.is_restored and not away and not any(part.running for part in at_work)

    def open(self, paths: Sequence[Path]) -> None:
        """Import files and folders."""
        self._once_restored(partial(self.importer.start, paths))

    def locate(self, key: str, folder: Path) -> None:
        """Look in a folder for the file of an image that is gone, and for the others that are gone with it."""
        self._once_restored(partial(self.locator.locate, key, folder))

    def read_again(self, paths: Sequence[Path]) -> None:
        """Read files once more that could not be read, and say what came of it."""
        self._tried.update(paths)
        self._once_restored(partial(self.inbox.start, paths, anew=True))
        state = self._holder.state
        if state.error is not None and state.image is not None and state.image.path in paths:
            self.desk.select_image(state.image_key)

    def select_study(self, uid: str) -> None:
        """Show a study; what is left to do on it goes first."""
        self.queue.prioritise(uid)
        self.desk.select_study(uid)

    def watch_folder(self, folder: Path | None) -> None:
        """Import what comes to rest in this folder from now on; None for no folder."""
        self._once_restored(self.watch.stop if folder is None else partial(self.watch.start, folder))

    def judge(self, judgement: Judgement, following: Sequence[str] = ()) -> None:
        """Keep the reader's judgement of the shown study, then show the first of these that is not read.

        Args:
            judgement: NONE takes it back.
            following: UIDs of studies; none to stay, as the program does too where nothing could be said.
        """
        if self.judging.judge(judgement) and following:
            self.visits.next_unread(following)

    def cancel(self) -> None:
        """Stop importing, fetching, scoring and exporting; opening the folder again or `queue.resume` goes on."""
        if self.network is not None:
            self.network.cancel()
        self.exporter.cancel()
        self.importer.cancel()
        self.journal.cancel()
        self.locator.cancel()
        self.queue.cancel()

    def use_device(self, device: str) -> None:
        """Run the detector elsewhere from the next job on, and see at once whether it can."""
        self._once_restored(partial(self._use_device, device))

    def use_readers(self, readers: int) -> None:
        """Read so many files at once; 0 for a core less than there are. One more is kept for the user's own clicks."""
        readers = readers or readers_here()
        self.readers.workers = readers + 1
        self.queue.readers = readers

    def use_charset(self, charset: Charset) -> None:
        """Read text whose file does not say in which characters it is written in these, and what was read once more."""
        if charset is not self.readers.charset:
            self.readers.charset = charset
            self.desk.source.forget()
            self._once_restored(self.renaming.read_all)

    def use_weights(self, weights: str) -> None:
        """Score with other weights from now on, and what was scored once more."""
        self._once_restored(partial(self._use_weights, weights))

    def use_learned(self, names: Mapping[str, str]) -> None:
        """Score what is new with these learned weights, by population; what was scored keeps its score."""
        self._once_restored(partial(self._use_learned, names))

    def score_alike(self) -> None:
        """Score once more what other weights have scored than read new studies."""
        self.queue.score_alike(dict(self._holder.state.weights_in_use))

    def has_images_in(self, place: Path) -> bool:
        """Whether an image of the worklist is this file, or lies in this folder."""
        return any(place in (image.path, *image.path.parents) for image in self._store.worklist.images())

    def save_picture(self, path: Path, picture: QImage) -> None:
        """Write a picture of the panes, with names as they are shown now."""
        self.exporter.write_picture(path, picture, self._holder.state.masking)

    def save_worklist(self, path: Path) -> None:
        """Write the worklist as CSV, with names as they are shown now."""
        self.exporter.write_worklist(path, self._store.worklist, self._holder.state.masking)

    def close(self) -> None:
        """End everything, in the order in which the parts lean on each other."""
        self._courier.close()
        if self.network is not None:
            self.network.close()
        self.watch.stop()
        self.sources.close()
        self.locator.cancel()
        self.importer.close()
        self.inbox.close()
        self.queue.close()
        self.learning.close()
        self.exporter.close()
        self.client.close()
        self.readers.close()
        self.database.close()

    def _join(self) -> None:
        self.importer.report_changed.connect(lambda report: self._holder.update(import_report=report))
        self.importer.found.connect(self.queue.add)
        self.exporter.progress_changed.connect(lambda progress: self._holder.update(exporting=progress))
        self.inbox.found.connect(self.queue.add)
        self.watch.arrived.connect(self.inbox.start)
        self.inbox.ended.connect(lambda _, away: self.watch.hand_on_again(away))
        self.inbox.ended.connect(lambda ended, _: self._on_tried(ended))
        self.watch.changed.connect(lambda watch: self._holder.update(watch=watch))
        self.queue.progress_changed.connect(lambda progress: self._holder.update(progress=progress))
        self.queue.scored.connect(self.desk.show_result)
        self.queue.scored.connect(lambda *_: self._show_top())
        self.queue.misplaced.connect(self._import_anew)
        self.desk.source.misplaced.connect(self._import_anew)
        self.queue.moved.connect(self.removing.drop)
        self.history.shown_again.connect(self.desk.select_image)
        for reading in (self.queue, self.desk):
            reading.away.connect(self.sources.wait_for)
            self.sources.back.connect(reading.source_back)
        self.desk.file_gone.connect(self.sources.look_for)
        self.locator.running_changed.connect(lambda running: self._holder.update(locating=running))
        self.locator.found.connect(self._on_located)
        self.locator.superseded.connect(self.removing.drop)
        for importer in (self.importer, self.inbox):
            importer.gone.connect(self.removing.drop)
            importer.replaced.connect(self._on_replaced)
            importer.states.connect(self.presenting.keep)
        self.desk.read_otherwise.connect(self.renaming.read)
        self.renaming.renamed.connect(self._on_renamed)
        self.desk.result_missing.connect(lambda key: self.queue.ask_again([key]))
        if self.network is not None:
            self._join_network(self.network)

    def _join_network(self, network: Network) -> None:
        network.incoming.arrived.connect(self.inbox.start)
        self.inbox.ended.connect(lambda ended, _: network.imported(ended))
        self.inbox.ended.connect(lambda _, away: network.incoming.hand_on_again(away))
        self.queue.scored.connect(network.scored)
        self.judging.done_with.connect(network.read)

    def _once_restored(self, do: Callable[[], object]) -> None:
        """Do it, but not before the stored worklist is back."""
        if self.is_restored:
            do()
        else:
            self._waiting.append(do)

    def _on_tried(self, ended: list[Path]) -> None:
        """Files that were to be read once more have been, or are waiting for the queue."""
        tried = self._tried & set(ended)
        self._tried -= tried
        images = [image for image in self._store.worklist.images() if image.path in tried]
        if tried and any(image.state is JobState.ERROR for image in images):
            self._notifier.post(STILL_DAMAGED)
        elif tried:
            self._notifier.post(READ_AGAIN)

    def _import_anew(self, paths: list[Path]) -> None:
        """These files hold other images than the worklist says, whatever their size and time."""
        self.inbox.start(paths, anew=True)

    def _on_located(self, keys: list[str]) -> None:
        """Files that were gone lie elsewhere: what could not be read there is read here."""
        images = (image for key in keys if (image := self._store.worklist.image(key)) is not None)
        self.queue.ask_again([image.key for image in images if image.pending or image.was_unreached])

    def _on_replaced(self, keys: list[str]) -> None:
        """Other images lie in the places of these, which keep their rows and their results."""
        self._notifier.post(REPLACED)
        images = [image for key in keys if (image := self._store.worklist.image(key)) is not None]
        self.database.tell(lambda database: database.save_images(images))

    def _on_renamed(self, keys: list[str]) -> None:
        if self._holder.state.image_key in keys:
            self.desk.read_again()

    def _use_device(self, device: str) -> None:
        self.client.device = device
        self._holder.update(device=device)
        self._warm_up()
        self.queue.try_again()

    def _use_weights(self, weights: str) -> None:
        self._holder.update(weights=weights)
        self.queue.use_weights(weights)
        self.database.tell(lambda database: database.record(Action.WEIGHTS, weights, "everybody"))
        self._courier.run(self.learning.look_at_weights())

    def _use_learned(self, names: Mapping[str, str]) -> None:
        self.learning.prefer(names)
        self.queue.try_again()  # what failed because its weights have gone
        self._courier.run(self.learning.look_at_weights())

    def _on_salvaged(self) -> None:
        """A damaged worklist was replaced: what the window still has of it is written into the new one."""
        if self._is_restoring:  # what has been read may not be in the new one
            self._waiting.append(self._on_salvaged)
            return
        images = tuple(self._store.worklist.images())
        if self.is_restored and images:
            self.database.tell(lambda database: database.save_images(images))
            judged = {image.digest: image.judgement for image in images if image.digest}
            self.database.tell(lambda database: database.save_judgements(judged))
            read = {image.content_key: image.reading for image in images}
            self.database.tell(lambda database: database.save_readings(read))
        self.annotations.save_all()
        self.queue.check([image.key for image in images])  # whose results were lost

    def _warm_up(self) -> None:
        self._courier.run(self._load_weights())

    def _load_weights(self) -> Steps[None]:
        """Say which bundles there are, and have the detector load the one that is wanted first."""
        weights = self.queue.weights
        yield from self.learning.look_at_weights()
        try:
            first = yield from answer(ask_weights(lambda: self._bundles.choose(weights)))
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        else:
            self._courier.when_done(self.client.warm_up(first.folder), self._on_warm)

    def _begin_by_itself(self, *, later: bool) -> None:
        """What removes, fetches and sends by itself. Not beside a worklist that this version cannot read.

        What came would be on none, what waits to be sent be given up, and what that worklist needs be removed.
        """
        if later:
            self._holder.update(network_fault=NEWER.text)
            return
        self.expiry.start()
        if self.network is not None:
            self.network.start()

    def _restore(self) -> Steps[None]:
        """Bring the stored worklist back: first what the window shows of it, the rest in slices between other work."""
        images: list[ImageItem] = []
        unfinished: tuple[Path, ...] = ()
        later = False
        try:
            later = yield from answer(self.database.ask(lambda database: database.later))
            stored = yield from answer(self.database.ask(partial(_stored, key=self.last_image)))
            self._is_restoring, unfinished = True, stored.unfinished
            self._store.restore(stored.said.upsert(*stored.first))
            self._show_first()
            part = stored.first
            while part:
                images += part
                part = yield from answer(self.database.ask(lambda _: stored.rest.take(AT_ONCE)))
                self._store.upsert(*part)
                yield from answer(self._courier.pause(BREATH_SECONDS))
            self.database.tell(lambda database: database.say_left_out(stored.rest))
        except Exception as error:  # noqa: BLE001 - the user is told by the database
            log.error("The worklist could not be restored: %s", type(error).__name__)  # noqa: TRY400 - no identifier
        self._is_restoring = False
        if indexes := [image.key for image in images if image.was_index]:
            self.removing.drop(indexes)
        for start in range(0, len(images), AT_ONCE):
            some = images[start : start + AT_ONCE]
            self.queue.add([image.key for image in some if image.pending or image.may_be_tried])
            self.queue.ask_again([image.key for image in some if image.was_unreached])
            yield from answer(self._courier.pause(BREATH_SECONDS))
        self.queue.check([image.key for image in images])
        self.journal.resume(unfinished)
        self.is_restored = True
        self._holder.update(restored=True)
        self._warm_up()
        self.upkeep.start()
        self.learning.start()
        self.drift.start()
        self._begin_by_itself(later=later)
        self._show_first()
        waiting, self._waiting = self._waiting, []
        for do in waiting:
            do()

    def _show_first(self) -> None:
        """What was looked at last, else the study at the top; nothing where something is shown."""
        if self._holder.state.study is None:
            self.desk.select_image(self.last_image)
        self._show_top()

    def _show_top(self) -> None:
        """Nobody looks at black panes: while nothing is shown, the study at the top is, once it has a score."""
        if self._holder.state.study is not None:  # to sort the worklist for every score would cost the window dearly
            return
        top = next(iter(self._store.worklist.studies), None)
        if top is not None and top.score is not None:
            self.select_study(top.uid)

    def _on_warm(self, future: Future[WorkerReport]) -> None:
        if future.cancelled():
            return
        if isinstance(error := future.exception(), SquidError):
            self._notifier.post(Notice.from_error(error))
        elif error is None:
            self.worker = future.result()


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database has of a former run.

    Attributes:
        said: a worklist without images that knows what the reader has said of them.
        first: images that the window shows first; rest: all others.
        unfinished: imports that did not come to their end.
    """

    said: Worklist
    first: tuple[ImageItem, ...]
    rest: StoredImages
    unfinished: tuple[Path, ...]


def _stored(database: Database, key: str) -> _Stored:
    """On the database's thread; `key` is of the image that was looked at last."""
    said = Worklist().judged(database.judgements(), database.readings())
    rest = database.stored_images()
    return _Stored(said, rest.first(FIRST, key), rest, database.imports())
