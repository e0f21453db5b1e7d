"""Writes results of images into a folder, one image at a time, in the readers; the window waits for nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage, QImageWriter

from app.domain.errors import Notice, Severity, sentence_of
from app.domain.exporting import ExportOrder
from app.domain.masking import Masking
from app.domain.orientation import Orientation
from app.domain.session import Progress
from app.domain.worklist import Worklist
from app.services.exporting.preparing import Preparer
from app.services.exporting.printing import PrintJob
from app.services.exporting.worklist_csv import worklist_csv
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.export.errand import start, start_page
from squid_core.export.request import ExportKind
from squid_core.files import write_atomically

WORKLIST_WRITTEN = "The worklist was exported."
NOT_PRINTED = "Nothing was printed."
PRINTED = "The page was handed to the printer."
PANES_WRITTEN = "The picture of the panes was exported."
SILENT = Notice(
    Severity.WARNING,
    "The disk for the export does not answer.",
    "The file is written if it answers again; look whether it is there, or export into another folder.",
)
WRITE_SECONDS = 30.0  # until that is said
CLOSE_SECONDS = 1.0  # that the end of the program waits for a disk
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
    """Carries out orders one after the other."""

    progress_changed = TypedSignal[Progress]()  # in images
    page_drawn = TypedSignal[bytes]()  # PNG of a report page that is to be printed

    def __init__(
        self,
        readers: ReaderPool,
        preparer: Preparer,
        holder: SessionHolder,
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._readers, self._preparer, self._holder, self._database = readers, preparer, holder, database
        self._courier, self._notifier = courier, notifier
        self._orders: deque[ExportOrder] = deque()
        self._run: _Run | None = None
        self._writing: set[Future[None]] = set()

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

    def close(self) -> None:
        """Begin nothing more. Files that are being written are waited for, but a disk may not answer."""
        self._orders.clear()
        wait(tuple(self._writing), CLOSE_SECONDS)

    def write_worklist(self, path: Path, worklist: Worklist, masking: Masking) -> None:
        """Write the worklist as CSV, with what the reader has said of it."""
        what, asked = _said("worklist as CSV", masking), self._database.ask(Database.opinions)

        def make() -> bytes:
            return worklist_csv(worklist, masking, asked.result()).encode("utf-8-sig")

        self._courier.run(self._write(path, make, "", what, WORKLIST_WRITTEN))

    def write_picture(self, path: Path, picture: QImage, masking: Masking) -> None:
        """Write a picture of the panes as PNG."""
        what = _said("picture of the panes", masking)
        self._courier.run(self._write(path, lambda: as_png(picture), self._holder.state.image_key, what, PANES_WRITTEN))

    def draw_page(self, orientation: Orientation) -> None:
        """Draw the report page of the shown image to be printed, names masked where they are; `page_drawn` has it."""
        state = self._holder.state
        if state.image_key:
            kinds, masked = (ExportKind.PDF,), state.mask_names
            order = ExportOrder((state.image_key,), Path(), kinds, mask_names=masked, orientation=orientation)
            self._courier.run(self._draw_page(order, state.image_key))

    def send_to_printer(self, job: PrintJob) -> None:
        """Print; a picture of the panes goes on record."""
        if not job.of_page:
            what = _said("picture of the panes to print", self._holder.state.masking)
            key = self._holder.state.image_key
            self._database.tell(partial(Database.record, action=Action.EXPORT, subject=key, detail=what))
        self._courier.run(self._send(job))

    def _write(self, path: Path, make: Callable[[], bytes], subject: str, what: str, written: str) -> Steps[None]:
        """Make and write one file on a thread of its own, beside its place and then onto it, and put it on record."""

        def work() -> None:
            data = make()
            try:
                write_atomically(path, data)
            except SquidError as error:  # it names the file, and a file may be named after a patient
                advice = "Free some space or choose another folder."
                raise SquidError("The file could not be written.", advice, error.detail) from error
            self._database.tell(lambda database: database.record(Action.EXPORT, subject, what))

        writing = ask_disk(work)
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        try:
            yield ask_disk(writing.result, WRITE_SECONDS)
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        except TimeoutError:
            self._notifier.post(SILENT)
        except Exception as error:  # noqa: BLE001 - a sentence, whatever it is
            self._notifier.post(Notice(Severity.ERROR, "The export failed.", "Try again.", type(error).__name__))
        else:
            self._notifier.post(Notice(Severity.INFO, written))

    def _begin(self) -> None:
        order = self._orders.popleft()
        self._run = run = _Run(order, deque(order.keys))
        self._courier.run(self._carry_out(run))

    def _carry_out(self, run: _Run) -> Steps[None]:
        """An order from its first image to its notice; a fault of one image does not stop the others."""
        order, total = run.order, len(run.order.keys)
        while run.waiting:
            self.progress_changed.emit(Progress(total - len(run.waiting), total))
            key = run.waiting.popleft()
            prepared = yield from self._preparer.prepare(order, key)
            run.failures += prepared.failures
            run.notices += prepared.notices
            if prepared.request is None:
                continue
            try:
                exported = yield from answer(start(self._readers, prepared.request))
            except CancelledError:
                run.failures.append("Reading was stopped.")
            except Exception as error:  # noqa: BLE001 - told in the notice
                run.failures.append(sentence_of(error))
            else:
                run.notices += exported.notices
                if exported.paths:
                    run.files += len(exported.paths)
                    run.images += 1
                    self._database.tell(partial(Database.record, action=Action.EXPORT, subject=key, detail=order.words))
        self._run = None
        self.progress_changed.emit(Progress())
        self._notifier.post(_outcome(run))
        if self._orders:
            self._begin()

    def _draw_page(self, order: ExportOrder, key: str) -> Steps[None]:
        prepared = yield from self._preparer.prepare(order, key)
        if prepared.request is None:
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, " ".join(prepared.failures)))
            return
        try:
            page = yield from answer(start_page(self._readers, prepared.request))
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - told in the notice
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, sentence_of(error)))
            return
        what = f"report page to print, {'names masked' if order.mask_names else 'identified'}"
        self._database.tell(partial(Database.record, action=Action.EXPORT, subject=key, detail=what))
        self.page_drawn.emit(page)

    def _send(self, job: PrintJob) -> Steps[None]:
        """A spooler may not answer: it is not waited for on the window's thread."""
        try:
            yield ask_disk(job.send, WRITE_SECONDS)
        except TimeoutError:
            self._notifier.post(Notice(Severity.WARNING, "The printer does not answer.", "Look at its queue."))
        except Exception as error:  # noqa: BLE001 - told in the notice
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, sentence_of(error)))
        else:
            self._notifier.post(Notice(Severity.INFO, PRINTED))


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


def as_png(picture: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    packed = QByteArray()
    buffer = QBuffer(packed)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(picture)
    return bytes(packed.data())
