"""Writes results of images into a folder, one image at a time, in the readers; the window waits for nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QImage, QImageWriter

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportOrder
from app.domain.marks.annotations import Marks
from app.domain.marks.exported import drawn_marks
from app.domain.masking import Masking
from app.domain.orientation import Orientation
from app.domain.session import Progress
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.exporting.printing import PrintJob
from app.services.exporting.worklist_csv import worklist_csv
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from app.storage.database import Action, Database
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Maps
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.contracts.reading import Opinion
from squid_core.dicom.readers import ReaderPool
from squid_core.export.errand import start, start_page
from squid_core.export.request import PICTURED, ExportKind, ExportRequest, ShownAs, is_writable, no_marks
from squid_core.files import write_atomically
from squid_core.privacy import new_key

NOT_SCORED = "An image without a score has no results that could be written."
NO_WEIGHTS = "The weights that scored an image are not installed here, so its results cannot be written."
GONE = "An image is no longer in the worklist."
CHANGED = "An image has changed since it was read, or another one lies in its place; nothing was written of it."
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


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is known of one image."""

    detection: Detection | None = None
    marks: Marks = ()
    opinion: Opinion | None = None
    notices: tuple[str, ...] = ()


class ExportService(QObject):
    """Carries out orders one after the other; `maps` asks the detector for those of a result of a bundle's folder."""

    progress_changed = TypedSignal[Progress]()  # in images
    page_drawn = TypedSignal[bytes]()  # PNG of a report page that is to be printed

    def __init__(
        self,
        readers: ReaderPool,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        maps: Callable[[Path, Detection], Future[Maps]],
        bundles: Bundles,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._readers, self._holder, self._store, self._database = readers, holder, store, database
        self._maps, self._bundles, self._courier, self._notifier = maps, bundles, courier, notifier
        self._key = new_key()  # what is de-identified in one run of the program belongs together
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
            self._courier.run(self._draw_page(_Run(order, deque()), state.image_key))

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
            request = yield from self._prepared(run, key)
            if request is None:
                continue
            try:
                exported = yield from answer(start(self._readers, request))
            except CancelledError:
                run.failures.append("Reading was stopped.")
            except Exception as error:  # noqa: BLE001 - told in the notice
                run.failures.append(_in_words(error))
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

    def _prepared(self, run: _Run, key: str) -> Steps[ExportRequest | None]:
        """What a reader is to be asked for an image; None where that cannot be, which is put down as a failure."""
        item = self._store.worklist.image(key)
        if item is None:
            run.failures.append(GONE)
            return None
        try:
            stored = yield from answer(self._database.ask(partial(self._stored, item=item)))
        except Exception:  # noqa: BLE001 - as if there were nothing
            stored = _Stored()
        run.notices += stored.notices
        digest = yield from self._digest(item)
        if not digest:
            run.failures.append(CHANGED)
            return None
        request = self._request(run, item, digest, stored)
        if request is None or request.detection is None or not PICTURED.intersection(request.kinds):
            return request
        return replace(request, picture=(yield from self._picture(request.detection)))

    def _draw_page(self, run: _Run, key: str) -> Steps[None]:
        request = yield from self._prepared(run, key)
        if request is None:
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, " ".join(run.failures)))
            return
        try:
            page = yield from answer(start_page(self._readers, request))
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - told in the notice
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, _in_words(error)))
            return
        what = f"report page to print, {'names masked' if run.order.mask_names else 'identified'}"
        self._database.tell(partial(Database.record, action=Action.EXPORT, subject=key, detail=what))
        self.page_drawn.emit(page)

    def _send(self, job: PrintJob) -> Steps[None]:
        """A spooler may not answer: it is not waited for on the window's thread."""
        try:
            yield ask_disk(job.send, WRITE_SECONDS)
        except TimeoutError:
            self._notifier.post(Notice(Severity.WARNING, "The printer does not answer.", "Look at its queue."))
        except Exception as error:  # noqa: BLE001 - told in the notice
            self._notifier.post(Notice(Severity.ERROR, NOT_PRINTED, _in_words(error)))
        else:
            self._notifier.post(Notice(Severity.INFO, PRINTED))

    def _picture(self, detection: Detection) -> Steps[FloatArray | None]:
        """The normal picture of a result; None where its weights paint none or the detector has no answer."""
        bundle = self._bundles.of(detection)
        if bundle is None or not bundle.card.network.picture_widths:
            return None
        try:
            maps: Maps = yield from answer(self._maps(bundle.folder, detection))
        except Exception:  # noqa: BLE001 - the score's own reconstruction is shown in its place
            return None
        return maps.picture

    def _digest(self, item: ImageItem) -> Steps[str]:
        """Of the image as the worklist knows it; '' where its file holds another one, or none."""
        if item.is_read:
            return item.digest
        try:
            examined = yield from answer(self._readers.examine(item.source))
        except Exception:  # noqa: BLE001 - as if it could not be read
            return ""
        content, identity = examined.content, examined.identity
        return content.digest if content and identity and item.is_in(content, identity) else ""

    def _shown(self, item: ImageItem, orientation: Orientation) -> ShownAs:
        """As on the screen: greys and orientation of the image that is open; graphics and marks of all or of none."""
        state = self._holder.state
        any_image = ShownAs(graphics=state.display.graphics, marks=state.marks_shown)
        if state.image_key != item.key:
            return any_image
        return replace(
            any_image,
            window=state.window,
            inverted=state.invert,
            gamma=state.display.gamma,
            mirrored=orientation.mirrored,
            quarters=orientation.quarters,
        )

    def _stored(self, database: Database, item: ImageItem) -> _Stored:
        """On the database's thread."""
        self._bundles.names()  # reads the cards here and not on the window's thread
        detection = database.result_of(item) if item.score is not None else None
        if not item.is_read:
            return _Stored(detection)
        opinion = database.opinions(item.digest).get(item.digest)
        try:
            return _Stored(detection, database.marks(item.digest), opinion)
        except SquidError as error:
            return _Stored(detection, (), opinion, (str(error),))

    def _request(self, run: _Run, item: ImageItem, digest: str, stored: _Stored) -> ExportRequest | None:
        """What of an order can be written of this image, None for nothing; what cannot is put down as a failure."""
        order, state, detection = run.order, self._holder.state, stored.detection
        bundle = self._bundles.of(detection) if detection is not None else None
        kinds = order.kinds
        if bundle is None:
            drawn, judged = bool(stored.marks), stored.opinion is not None
            kinds = tuple(kind for kind in kinds if is_writable(kind, scored=False, drawn=drawn, judged=judged))
            if len(kinds) < len(order.kinds):
                run.failures.append(NOT_SCORED if detection is None else NO_WEIGHTS)
        if not kinds:
            return None
        return ExportRequest(
            path=item.source,
            folder=order.folder,
            kinds=kinds,
            digest=digest,
            detection=detection if bundle is not None else None,
            weights=bundle.card.facts() if bundle is not None else None,
            shown=self._shown(item, order.orientation),
            marks=partial(drawn_marks, stored.marks) if stored.marks else no_marks,
            opinion=stored.opinion,
            deidentify=order.deidentify,
            mask_names=order.mask_names,
            key=self._key if order.deidentify else state.mask_key,
            insist=order.insist,
        )


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, SquidError) else f"{type(error).__name__}."


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
