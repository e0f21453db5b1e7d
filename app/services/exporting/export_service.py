"""Writes results of images into a folder, one image at a time, in the readers; the window waits for nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportOrder
from app.domain.masking import Masking
from app.domain.session import Progress
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.exporting.worklist_csv import worklist_csv
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import Archive
from app.storage.store import Action, Store
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection
from squid_core.contracts.errors import SquidError
from squid_core.export.errand import Carrier, start
from squid_core.export.request import NEED_DETECTION, Exported, ExportRequest, ShownAs
from squid_core.files import write_atomically
from squid_core.privacy import new_key

NOT_SCORED = "An image without a score has no results that could be written."
NO_WEIGHTS = "The weights that scored an image are not installed here, so its results cannot be written."
GONE = "An image is no longer in the worklist."
WORKLIST_WRITTEN = "The worklist was exported."
PANES_WRITTEN = "The picture of the panes was exported."
MAX_SENTENCES = 4  # in one notice


@dataclass(slots=True)
class _Run:
    """One order on its way."""

    order: ExportOrder
    waiting: deque[str]
    files: int = 0
    images: int = 0
    failures: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class ExportService(QObject):
    """Carries out orders one after the other.

    Signals:
        progress_changed: Progress, in images.
    """

    progress_changed = Signal(object)

    def __init__(
        self,
        readers: Carrier,
        holder: SessionHolder,
        store: WorklistStore,
        archive: Archive,
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._readers, self._holder, self._store, self._archive = readers, holder, store, archive
        self._bundles, self._courier, self._notifier = bundles, courier, notifier
        self._key = new_key()  # what is de-identified in one run of the program belongs together
        self._orders: deque[ExportOrder] = deque()
        self._run: _Run | None = None

    @property
    def running(self) -> bool:
        """Whether there is an order left."""
        return self._run is not None

    def start(self, order: ExportOrder) -> None:
        """Carry out an order, after those before it."""
        self._orders.append(order)
        if self._run is None:
            self._begin()

    def cancel(self) -> None:
        """Write no further image; what is being written is finished."""
        self._orders.clear()
        if self._run is not None:
            self._run.waiting.clear()

    def write_worklist(self, path: Path, worklist: Worklist, masking: Masking) -> None:
        """Write the worklist as CSV."""
        what = _said("worklist as CSV", masking)
        self._write(path, lambda: worklist_csv(worklist, masking).encode("utf-8-sig"), "", what, WORKLIST_WRITTEN)

    def write_picture(self, path: Path, picture: QImage, masking: Masking) -> None:
        """Write a picture of the panes as PNG."""
        what = _said("picture of the panes", masking)
        self._write(path, lambda: _png(picture), self._holder.state.image_key, what, PANES_WRITTEN)

    def _write(self, path: Path, make: Callable[[], bytes], subject: str, what: str, written: str) -> None:
        """Make and write one file on the archive's thread, beside its place and then onto it, and put it on record."""

        def work(store: Store) -> None:
            data = make()
            try:
                write_atomically(path, data)
            except SquidError as error:  # it names the file, and a file may be named after a patient
                advice = "Free some space or choose another folder."
                raise SquidError("The file could not be written.", advice, error.detail) from error
            store.record(Action.EXPORT, subject, what)

        self._courier.when_done(self._archive.ask(work), lambda done: self._say(done, written))

    def _say(self, done: Future[None], written: str) -> None:
        error = done.exception()
        if error is None:
            self._notifier.post(Notice(Severity.INFO, written))
        elif isinstance(error, SquidError):
            self._notifier.post(Notice.from_error(error))
        else:
            self._notifier.post(Notice(Severity.ERROR, "The export failed.", "Try again.", type(error).__name__))

    def _begin(self) -> None:
        order = self._orders.popleft()
        self._run = _Run(order, deque(order.keys))
        self._next(self._run)

    def _next(self, run: _Run) -> None:
        total = len(run.order.keys)
        if not run.waiting:
            self._end(run)
            return
        self.progress_changed.emit(Progress(total - len(run.waiting), total))
        key = run.waiting.popleft()
        item = self._store.worklist.image(key)
        if item is None:
            self._fail(run, GONE)
            return

        def work(store: Store) -> Detection | None:
            self._bundles.names()  # reads the cards here and not on the window's thread
            return store.latest_result(item) if item.score is not None else None

        self._courier.when_done(self._archive.ask(work), lambda done: self._on_result(run, item, done))

    def _on_result(self, run: _Run, item: ImageItem, done: Future[Detection | None]) -> None:
        detection = None if done.cancelled() or done.exception() is not None else done.result()
        bundle = self._bundles.of(detection) if detection is not None else None
        facts = bundle.card.facts() if bundle is not None else None
        kinds = run.order.kinds
        if facts is None:
            kinds = tuple(kind for kind in kinds if kind not in NEED_DETECTION)
            if len(kinds) < len(run.order.kinds):
                run.failures.append(NOT_SCORED if detection is None else NO_WEIGHTS)
            detection = None
        if not kinds:
            self._next(run)
            return
        state = self._holder.state
        shown = state.image_key == item.key
        order = run.order
        request = ExportRequest(
            path=item.source,
            folder=order.folder,
            kinds=kinds,
            detection=detection,
            weights=facts,
            shown=ShownAs(state.window, state.invert) if shown else ShownAs(),
            deidentify=order.deidentify,
            mask_names=order.mask_names,
            key=self._key if order.deidentify else state.mask_key,
            insist=order.insist,
        )
        self._courier.when_done(start(self._readers, request), lambda done: self._on_written(run, item, done))

    def _on_written(self, run: _Run, item: ImageItem, done: Future[Exported]) -> None:
        error = None if done.cancelled() else done.exception()
        if done.cancelled():
            self._fail(run, "Reading was stopped.")
        elif error is not None:
            self._fail(run, str(error) if isinstance(error, SquidError) else f"{type(error).__name__}.")
        else:
            exported = done.result()
            run.files += len(exported.paths)
            run.images += 1
            run.notices += exported.notices
            self._archive.tell(lambda store: store.record(Action.EXPORT, item.key, run.order.words))
            self._next(run)

    def _fail(self, run: _Run, sentence: str) -> None:
        run.failures.append(sentence)
        self._next(run)

    def _end(self, run: _Run) -> None:
        self._run = None
        self.progress_changed.emit(Progress())
        self._notifier.post(_outcome(run))
        if self._orders:
            self._begin()


def _outcome(run: _Run) -> Notice:
    failures, notices = (list(dict.fromkeys(said)) for said in (run.failures, run.notices))
    files = f"{run.files} file" if run.files == 1 else f"{run.files} files"
    images = "1 image" if run.images == 1 else f"{run.images} images"
    title = f"Exported {files} of {images}." if run.files else "Nothing was exported."
    severity = Severity.WARNING if failures else Severity.INFO
    if failures and not run.files:
        severity = Severity.ERROR
    return Notice(severity, title, " ".join((failures + notices)[:MAX_SENTENCES]))


def _said(what: str, masking: Masking) -> str:
    return f"{what}, {'names masked' if masking.on else 'identified'}"


def _png(picture: QImage) -> bytes:
    packed = QByteArray()
    buffer = QBuffer(packed)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(packed.data())
