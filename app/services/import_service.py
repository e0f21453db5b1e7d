"""Folders -> studies in the worklist, streamed as they are found, without holding the window up."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.importing import ImportReport
from app.domain.jobs import JobEvent, JobState
from app.domain.study import ImageItem, image_key
from app.services.worklist_store import WorklistStore
from squid_core.contracts import FileStatus, Identity, SquidError
from squid_core.dicom.isolation import Examined
from squid_core.dicom.scan import FoundFile, walk

log = logging.getLogger(__name__)

MAX_ASKED = 16  # header reads asked for and not yet answered
TAKE_IN_MS = 100
CANNOT_READ_FOLDER = "The folder could not be read to its end."


class Readers(Protocol):
    """What this service needs of `squid_core.dicom.isolation.ReaderPool`."""

    def identify(self, path: Path) -> Future[Examined]:
        """Read the header of one file."""
        ...


@dataclass(frozen=True, slots=True)
class _Answer:
    path: Path
    size: int
    modified_ns: int
    examined: Examined


@dataclass(frozen=True, slots=True)
class _Unchanged:
    key: str


@dataclass(frozen=True, slots=True)
class _LeftOut:
    reason: str


class ImportService(QObject):
    """Scans on a thread of its own, has headers read by the readers, and takes what arrives in ten times a second."""

    report_changed = Signal(object)  # ImportReport
    found = Signal(object)  # list[str]: keys of images in the worklist, for the queue
    finished = Signal(object)  # ImportReport

    def __init__(
        self, readers: Readers, store: WorklistStore, scan: Callable[[Path], Iterator[FoundFile]] = walk
    ) -> None:
        super().__init__()
        self._readers, self._store, self._scan = readers, store, scan
        self._queue: list[Path] = []
        self._run: _Run | None = None
        self._report = ImportReport()
        self._arrival = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TAKE_IN_MS)
        self._timer.timeout.connect(self._take_in)

    @property
    def running(self) -> bool:
        """Whether a scan is under way."""
        return self._run is not None

    def start(self, paths: Sequence[Path]) -> None:
        """Import files and folders; after the running import, if there is one."""
        self._queue.extend(paths)
        if self._run is None and self._queue:
            self._begin()

    def cancel(self) -> None:
        """Stop; what was found stays in the worklist."""
        self._queue.clear()
        if self._run is not None:
            self._run.stop.set()

    def close(self) -> None:
        """Stop and wait for the scan's thread."""
        self.cancel()
        self._timer.stop()
        if self._run is not None:
            self._run.thread.join()
            self._run = None

    def _begin(self) -> None:
        roots, self._queue = tuple(self._queue), []
        known = {
            image.key: (image.size, image.modified_ns)
            for image in self._store.worklist.images()
            if image.state is not JobState.ERROR  # what failed may be readable by now
        }
        self._arrival = self._store.next_arrival()
        self._report = ImportReport(running=True)
        self._run = _Run(self._readers, self._scan, roots, known)
        self._run.thread.start()
        self._timer.start()
        self.report_changed.emit(self._report)

    def _take_in(self) -> None:
        run = self._run
        if run is None:
            return
        over = run.over()  # asked before the last answers are taken, so that none is left behind
        items: list[ImageItem] = []
        wanted: list[str] = []
        for answer in run.answers():
            if run.stop.is_set():  # not taken in: the folder can be opened again
                continue
            self._report = replace(self._report, found=self._report.found + 1)
            if isinstance(answer, _LeftOut):
                self._report = self._report.with_reason(answer.reason)
            elif isinstance(answer, _Unchanged):
                self._report = replace(self._report, images=self._report.images + 1)
                wanted.append(answer.key)
            elif (item := self._item(answer)) is not None:
                items.append(item)
                wanted.append(item.key)
        self._store.upsert(*items)
        if run.fault:
            self._report = self._report.with_reason(run.fault)
            run.fault = ""
        if wanted:
            self.found.emit(wanted)
        if over:
            self._end(run)
        self.report_changed.emit(self._report)

    def _item(self, answer: _Answer) -> ImageItem | None:
        """The worklist's image of an answered file; None (and a reason in the report) for what is no image."""
        examined = answer.examined
        if examined.status is FileStatus.SKIPPED:
            self._report = self._report.with_reason(examined.message)
            return None
        key = image_key(answer.path)
        former = self._store.worklist.image(key)
        item = ImageItem(
            key=key,
            path=answer.path,
            identity=examined.identity or Identity(study_instance_uid=""),
            size=answer.size,
            modified_ns=answer.modified_ns,
            verdict=examined.verdict,
            arrival=former.arrival if former else self._arrival,
        )
        self._arrival += 1
        if examined.status is FileStatus.ERROR:
            self._report = self._report.with_reason(examined.message)
            return item.advanced(JobEvent.READ).advanced(JobEvent.FAIL, examined.message)
        self._report = replace(self._report, images=self._report.images + 1)
        return item

    def _end(self, run: _Run) -> None:
        run.thread.join()
        self._timer.stop()
        self._run = None
        self._report = replace(self._report, running=False, cancelled=run.stop.is_set())
        if self._queue:
            self._begin()
        else:
            self.finished.emit(self._report)


class _Run:
    """One scan: its thread, and the answers that have come, in a queue that any thread may fill."""

    def __init__(
        self,
        readers: Readers,
        scan: Callable[[Path], Iterator[FoundFile]],
        roots: tuple[Path, ...],
        known: dict[str, tuple[int, int]],
    ) -> None:
        self.stop = threading.Event()
        self.fault = ""
        self.thread = threading.Thread(target=self._work, name="import scan", daemon=True)
        self._readers, self._scan, self._roots, self._known = readers, scan, roots, known
        self._answers: deque[_Answer | _Unchanged | _LeftOut] = deque()
        self._free = threading.Semaphore(MAX_ASKED)
        self._done = threading.Event()

    def answers(self) -> Iterator[_Answer | _Unchanged | _LeftOut]:
        """Take what has come so far."""
        while self._answers:
            yield self._answers.popleft()

    def over(self) -> bool:
        """Whether nothing more will come."""
        return self._done.is_set()

    def _work(self) -> None:
        try:
            for root in self._roots:
                for found in self._scan(root):
                    if self.stop.is_set():
                        return
                    self._ask(found)
        except (OSError, SquidError) as error:
            log.warning("A scan stopped: %s", type(error).__name__)
            self.fault = error.title if isinstance(error, SquidError) else CANNOT_READ_FOLDER
        finally:
            if not self.stop.is_set():
                self._wait_for_answers()
            self._done.set()

    def _ask(self, found: FoundFile) -> None:
        if found.status is not None:
            self._answers.append(_LeftOut(found.message))
            return
        try:
            status = found.path.stat()
        except OSError:
            status = None
        size, modified = (status.st_size, status.st_mtime_ns) if status else (0, 0)
        key = image_key(found.path)
        if self._known.get(key) == (size, modified):
            self._answers.append(_Unchanged(key))
            return
        while not self._free.acquire(timeout=0.1):
            if self.stop.is_set():
                return
        future = self._readers.identify(found.path)
        future.add_done_callback(lambda done: self._arrived(found.path, size, modified, done))

    def _arrived(self, path: Path, size: int, modified: int, future: Future[Examined]) -> None:
        if not future.cancelled() and future.exception() is None:
            self._answers.append(_Answer(path, size, modified, future.result()))
        else:
            sentence = "The file could not be read."
            failed = Examined(FileStatus.ERROR, sentence, None, None, (), 0.0, 0.0)
            self._answers.append(_Answer(path, size, modified, failed))
        self._free.release()

    def _wait_for_answers(self) -> None:
        for _ in range(MAX_ASKED):
            while not self._free.acquire(timeout=0.1):
                if self.stop.is_set():
                    return
