"""Folders -> studies in the worklist, streamed as they are found, without holding the window up."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.importing import FailedFile, ImportReport
from app.domain.jobs import JobEvent, JobState
from app.domain.presenting import FoundState
from app.domain.study import ImageItem, image_key
from app.services.importing.import_run import ImportRun, LeftOut, ReadAnswer, Scan, Unchanged
from app.services.state.worklist_store import WorklistStore
from app.services.threads.signals import TypedSignal
from squid_core.contracts.radiograph import Content, FileStatus, Identity
from squid_core.dicom.container.scan import walk
from squid_core.dicom.readers import ReaderPool
from squid_core.dicom.source import Source

TAKE_IN_MS = 50
TAKE_IN_SECONDS = 0.003  # of the window's time each time; what is left over waits for the next
COPY = "A copy of an image that is in the worklist already."


class ImportService(QObject):
    """Scans on a thread of its own, has headers read by the readers, and takes in what arrives, a little at a time."""

    report_changed = TypedSignal[ImportReport]()
    begun = TypedSignal[list[Path]]()  # roots that are to be imported
    ended = TypedSignal[list[Path], list[Path]]()  # roots that are done with, and those whose source went away
    found = TypedSignal[list[str]]()  # keys of images in the worklist, for the queue
    finished = TypedSignal[ImportReport]()
    replaced = TypedSignal[list[str]]()  # keys of images in whose place others lie now
    gone = TypedSignal[list[str]]()  # keys of files that could not be read, and turned out to be an image's or no image
    states = TypedSignal[list[FoundState]]()  # presentation states that were found

    def __init__(self, readers: ReaderPool, store: WorklistStore, scan: Scan = walk) -> None:
        super().__init__()
        self._readers, self._store, self._scan = readers, store, scan
        self._queue: list[tuple[Path, bool]] = []  # and whether to read it anew though it seems unchanged
        self._run: ImportRun | None = None
        self._report = ImportReport()
        self._arrival = 0
        self._timer = QTimer(self, interval=TAKE_IN_MS)
        self._timer.timeout.connect(self._take_in)

    @property
    def running(self) -> bool:
        """Whether a scan is under way."""
        return self._run is not None

    def start(self, paths: Sequence[Path], anew: bool = False) -> None:
        """Import files and folders; after the running import, if there is one.

        Args:
            paths: files and folders.
            anew: read also what seems to be unchanged.
        """
        self._queue.extend((path, anew) for path in paths)
        self.begun.emit(list(paths))
        if self._run is None and self._queue:
            self._begin()

    def cancel(self) -> None:
        """Stop; what was found stays in the worklist."""
        dropped, self._queue = self._queue, []
        if dropped:
            self.ended.emit([path for path, _ in dropped], [])
        if self._run is not None:
            self._run.stop()

    def close(self) -> None:
        """Stop. The scan's thread is not waited for: a disk may hold it."""
        self._queue.clear()
        self._timer.stop()
        if self._run is not None:
            self._run.stop()
            self._run = None

    def _begin(self) -> None:
        anew = self._queue[0][1]
        roots = tuple(path for path, wanted in self._queue if wanted is anew)
        self._queue = [(path, wanted) for path, wanted in self._queue if wanted is not anew]
        self._arrival = self._store.next_arrival()
        self._report = ImportReport(running=True)
        self._run = ImportRun(self._readers, self._scan, roots, self._store.worklist.images(), anew=anew)
        self._run.start()
        self._timer.start()
        self.report_changed.emit(self._report)

    def _take_in(self) -> None:
        run = self._run
        if run is None:
            return
        until = time.monotonic() + TAKE_IN_SECONDS
        wanted: list[str] = []
        replaced: list[str] = []
        states: list[FoundState] = []
        items: dict[Source, tuple[ImageItem, ...]] = {}  # by place: what the worklist is to be told, all at once
        for answer in run.answers():
            if run.stopped:  # not taken in: the folder can be opened again
                continue
            if isinstance(answer, LeftOut):
                self._count(answer.reason, answer.path)
            elif isinstance(answer, Unchanged):
                self._count()
                wanted.append(answer.key)
            else:
                if answer.found.source in items:  # a second answer about a place builds on the first
                    self._tell(items)
                if answer.examined.state is not None:
                    states.append(FoundState(answer.found.source, answer.examined.state))
                if (item := self._item(answer)) is not None:
                    displaced = self._displaced(item)
                    items[item.source] = (item, *displaced)
                    replaced += [other.key for other in displaced]
                    wanted.append(item.key)
            if time.monotonic() > until:
                break
        self._tell(items)
        if replaced:
            self.replaced.emit(replaced)
        if states:
            self.states.emit(states)
        if wanted:
            self.found.emit(wanted)
        if run.over or run.stopped or run.silent:
            self._end(run)
        self.report_changed.emit(self._report)

    def _tell(self, items: dict[Source, tuple[ImageItem, ...]]) -> None:
        self._store.upsert(*(item for at_place in items.values() for item in at_place))
        items.clear()

    def _count(self, reason: str = "", failed: Path | None = None, member: str = "") -> None:
        """One more file seen: an image, left out for a reason, or (`failed`, and its member) one that is damaged."""
        report = replace(self._report, found=self._report.found + 1)
        if failed is not None:
            self._report = report.with_failed(FailedFile(failed, reason, member))
        else:
            self._report = report.with_reason(reason) if reason else replace(report, images=report.images + 1)

    def _item(self, answer: ReadAnswer) -> ImageItem | None:
        """The worklist's image of an answered file; None for what is no image, or one that is there already."""
        examined = answer.examined
        if examined.status is FileStatus.SKIPPED or examined.container:
            if examined.container:
                self._count(examined.message, answer.found.path, answer.found.member)
            elif not examined.contents:  # else what it leads to is counted, and not it itself
                self._count(examined.message)
            self._drop_unreadable(self._store.worklist.at_place(answer.found.path, answer.found.member))
            return None
        if answer.copy:
            self._count(COPY)
            return None
        if examined.unreached:
            self._count(examined.message)
            return None
        path, member = answer.found.path, answer.found.member
        identity = examined.identity or Identity(study_instance_uid="")
        there = self._store.worklist.at_place(path, member)
        content = examined.content or Content("", answer.size, answer.modified_ns)
        former = next((image for image in there if image.identity.image == identity.image), None) or next(
            (image for image in there if image.is_named_otherwise(content, identity)), None
        )
        item = ImageItem(
            key=former.key if former else image_key(path, member, identity),
            path=path,
            member=member,
            identity=identity,
            size=content.size,
            modified_ns=content.modified_ns,
            verdict=examined.verdict,
            arrival=former.arrival if former else self._arrival + answer.number,
        )
        if examined.status is FileStatus.ERROR:
            self._count(examined.message, path, member)
            failed = item.advanced(JobEvent.READ).advanced(JobEvent.FAIL, examined.message)
            return None if failed.was_index else failed
        self._count()
        return item

    def _displaced(self, item: ImageItem) -> list[ImageItem]:
        """Other images at the place of this one: they keep what was found in them, and do not lie there any more."""
        others = [image for image in self._store.worklist.at_place(item.path, item.member) if image.key != item.key]
        unreadable = self._drop_unreadable(others)
        return [replace(image, replaced=True) for image in others if not image.replaced and image.key not in unreadable]

    def _drop_unreadable(self, images: Sequence[ImageItem]) -> list[str]:
        """Take rows off the list that stood for a file nobody could read, and that is known now; their keys."""
        unreadable = [image.key for image in images if image.state is JobState.ERROR and not any(image.identity.image)]
        if unreadable:
            self.gone.emit(unreadable)
        return unreadable

    def _end(self, run: ImportRun) -> None:
        self._timer.stop()
        self._run = None
        report = replace(self._report, running=False, cancelled=run.stopped)
        for fault in run.faults:
            report = report.with_reason(fault)
        self._report = report
        away = () if run.stopped else run.away
        if run.silent:
            self._queue[:0] = [(root, run.anew) for root in run.not_begun]
        run.stop()
        left = {*away, *(path for path, _ in self._queue)}
        self.ended.emit([root for root in run.roots if root not in left], list(away))
        if self._queue:
            self._begin()
        else:
            self.finished.emit(self._report)
