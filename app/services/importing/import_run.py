"""One scan on a thread of its own: folders -> header reads asked for -> answers, for the window's thread to take."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.jobs import JobState
from app.domain.study import ImageItem
from app.services.importing.source_watch import beginning, missing_folder
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container.scan import FoundFile, inside
from squid_core.dicom.readers import Examined, ReaderPool
from squid_core.dicom.source import Source

log = logging.getLogger(__name__)

MAX_ASKED = 256  # header reads asked for and not yet answered; they travel in batches
MAX_TWINS = 8  # images of one SOP Instance UID that a newcomer is compared with
CANNOT_READ_FOLDER = "The folder could not be read to its end."
UNREACHED = "Its folder cannot be reached."
SILENT_SECONDS = 60.0  # without a name from the disk or an answer of a reader: the disk holds the scan

Scan = Callable[[Path], Iterator[FoundFile]]


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """A header was read; `copy` when the same bytes are in the worklist under another name.

    Attributes:
        size, modified_ns: when the file was found, where its header could not be read.
        number: the order in which the files of the run were found; their headers are read in any.
    """

    found: FoundFile
    size: int
    modified_ns: int
    examined: Examined
    copy: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The worklist has this file as it is."""

    key: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Not a file to be read; `path` of a folder or file that could not be."""

    reason: str
    path: Path | None = None


class ImportRun:
    """One scan: its thread, and the answers that have come, in a queue that any thread may fill.

    Args:
        roots: files and folders, as the user named them.
        images: the worklist's; those whose file is unchanged are not read again.
        anew: read them all the same: it has been found that size and time deceive.

    Attributes:
        faults: sentences on roots that could not be walked to their end.
    """

    def __init__(
        self,
        readers: ReaderPool,
        scan: Scan,
        roots: tuple[Path, ...],
        images: Iterable[ImageItem],
        *,
        anew: bool = False,
    ) -> None:
        self.roots, self.anew = roots, anew
        self.faults: list[str] = []
        self._readers, self._scan = readers, scan
        self._gone: set[str] = set()  # folders that cannot be reached, each with a separator at its end
        self._begun = 0  # roots
        self._found = 0  # files
        self._heard_at = time.monotonic()
        self._known: dict[Source, tuple[str, int, int]] = {}
        self._twins = _Twins()
        for image in images:
            if image.replaced:
                continue
            if image.state is not JobState.ERROR and not anew:  # what failed may be readable by now
                self._known[image.source] = (image.key, image.size, image.modified_ns)
            uids = image.identity.study_instance_uid, image.identity.sop_instance_uid
            self._twins.of(uids, image.source)
        self._answers: deque[ReadAnswer | Unchanged | LeftOut] = deque()
        self._inside: deque[FoundFile] = deque()  # what archives and indexes lead to, yet to be asked for
        self._turn = threading.Condition()
        self._asked = 0
        self._stop, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="import scan", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; what is under way is not waited for."""
        self._stop.set()
        with self._turn:
            self._turn.notify_all()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def over(self) -> bool:
        """Whether nothing more will come, and all that came was taken."""
        return self._done.is_set() and not self._answers

    @property
    def silent(self) -> bool:
        """Whether the scan is held by its disk."""
        return not self._asked and not self.over and time.monotonic() - self._heard_at > SILENT_SECONDS

    @property
    def away(self) -> tuple[Path, ...]:
        """Roots that could not be reached while they were scanned, and the one whose disk holds the scan."""
        held = self.roots[self._begun - 1 : self._begun] if self.silent else ()
        return tuple(root for root in self.roots if root in held or self._is_gone(root))

    @property
    def not_begun(self) -> tuple[Path, ...]:
        """Roots that were not come to."""
        return self.roots[self._begun :]

    def answers(self) -> Iterator[ReadAnswer | Unchanged | LeftOut]:
        """Take what has come so far."""
        while self._answers:
            yield self._answers.popleft()

    def _work(self) -> None:
        try:
            for root in self.roots:
                if self._stop.is_set():
                    return
                self._begun += 1
                self._walk(root)
            self._finish()
        finally:
            self._done.set()

    def _walk(self, root: Path) -> None:
        if self._is_gone(root):
            self._answers.append(LeftOut(UNREACHED))
            return
        try:
            for found in self._scan(root):
                if self._stop.is_set():
                    return
                self._ask(found, root)
                self._ask_for_contents()
        except (OSError, SquidError) as error:
            log.warning("A scan stopped: %s", type(error).__name__)
            if (folder := missing_folder(root).result()) is not None:
                self._lose(folder)
            self.faults.append(error.title if isinstance(error, SquidError) else CANNOT_READ_FOLDER)

    def _finish(self) -> None:
        """Until every file that was asked for has its answer, and what is inside those too."""
        while not self._stop.is_set():
            with self._turn:
                self._turn.wait_for(lambda: self._stop.is_set() or self._inside or not self._asked)
                if not self._inside:
                    return
            self._ask_for_contents()

    def _ask_for_contents(self) -> None:
        while self._inside and not self._stop.is_set():
            self._ask(self._inside.popleft(), Path())

    def _ask(self, found: FoundFile, root: Path) -> None:
        self._heard_at = time.monotonic()
        if self._is_gone(found.path):
            self._answers.append(LeftOut(UNREACHED))
            return
        if found.status is FileStatus.ERROR:
            with self._turn:
                self._asked += 1
            self._doubt(found.path / "file", LeftOut(found.message, found.path))
            return
        if found.status is not None:
            self._answers.append(LeftOut(found.message))
            return
        try:
            status = found.path.stat()
        except OSError:
            status = None
        size, modified = (status.st_size, status.st_mtime_ns) if status else (0, 0)
        key, *known = self._known.get(found.source, ("", 0, 0))
        if key and known == [size, modified]:
            self._answers.append(Unchanged(key))
            return
        with self._turn:
            self._turn.wait_for(lambda: self._stop.is_set() or self._asked < MAX_ASKED)
            if self._stop.is_set():
                return
            self._asked += 1
        number, self._found = self._found, self._found + 1
        self._readers.identify(found.source).add_done_callback(
            lambda done: self._arrived(found, size, modified, number, done, root)
        )

    def _arrived(
        self, found: FoundFile, size: int, modified: int, number: int, done: Future[Examined], root: Path
    ) -> None:
        """On whichever thread the header was read."""
        if not done.cancelled() and done.exception() is None:
            examined = done.result()
        else:
            examined = Examined(FileStatus.ERROR, "The file could not be read.")
        self._inside.extend(inside(found, examined.contents, root))
        answer = ReadAnswer(found, size, modified, examined, number=number)
        if examined.unreached or examined.late:
            self._doubt(found.path, answer)
            return
        who = examined.identity
        twins = self._twins.of((who.study_instance_uid, who.sop_instance_uid), found.source) if who else ()
        if twins and not self._stop.is_set():
            # A UID may lie: only a file of the very same bytes is left out, never another image of the same name.
            self._readers.is_copy(found.source, twins).add_done_callback(
                lambda compared: self._deliver(replace(answer, copy=_is_true(compared)))
            )
        else:
            self._deliver(answer)

    def _doubt(self, path: Path, answer: ReadAnswer | LeftOut) -> None:
        """Something could not be read: deliver the answer, unless its folder is to blame."""

        def on_looked(looked: Future[Path | None]) -> None:
            folder = looked.result()
            if folder is not None:
                self._lose(folder)
            self._deliver(answer if folder is None else LeftOut(UNREACHED))

        missing_folder(path).add_done_callback(on_looked)

    def _lose(self, folder: Path) -> None:
        self._gone.add(beginning(folder))

    def _is_gone(self, path: Path) -> bool:
        name = beginning(path)
        return any(name.startswith(folder) for folder in tuple(self._gone))

    def _deliver(self, answer: ReadAnswer | LeftOut) -> None:
        self._answers.append(answer)
        with self._turn:
            self._heard_at = time.monotonic()
            self._asked -= 1
            self._turn.notify_all()


class _Twins:
    """Which files claim to be the same SOP instance of the same study."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._claims: dict[tuple[str, str], dict[Source, None]] = {}

    def of(self, uids: tuple[str, str], source: Source) -> tuple[Source, ...]:
        """Those that came before this one; none where a UID is empty."""
        if not all(uids):
            return ()
        with self._lock:
            claims = self._claims.setdefault(uids, {})
            others = tuple(other for other in claims if other != source)
            if len(claims) < MAX_TWINS:
                claims[source] = None
        return others


def _is_true(compared: Future[bool]) -> bool:
    return not compared.cancelled() and compared.exception() is None and compared.result()
