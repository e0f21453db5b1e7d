"""A watched folder: files that have come to rest in it are handed on, in the background and without a word.

The system tells of changes where it can (QFileSystemWatcher); a slow poll finds what it does not tell, as on network
drives. The folder is listed on a thread of its own, for a server that is gone may hold whoever asks it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

from app.domain.errors import Notice, Severity
from app.domain.watching import WatchedFolder
from app.services.importing.folder_listing import Listing, list_folder
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal

log = logging.getLogger(__name__)

POLL_MS = 10_000
SOON_MS = 1_000  # after the system has told of a change, and until a file has come to rest
STILL_SECONDS = 2.0  # for which size and time of a file have not changed: it has been written to its end
SILENT_SECONDS = 30.0  # without an answer the folder counts as gone
PROMPT_SECONDS = 1.0  # a disk that takes longer to answer is only polled: the system would hold the window as long
GONE = Notice(
    Severity.WARNING,
    "The watched folder cannot be reached.",
    "It is looked for again every few seconds; watching goes on when it is back.",
)
BACK = Notice(Severity.INFO, "The watched folder is back.")
CROWDED = Notice(
    Severity.WARNING,
    "The watched folder holds more than can be watched.",
    "Files beyond 20 000, beyond 300 folders or deeper than three folders are not seen; watch a smaller folder.",
)


class FolderWatch(QObject):
    """Watches one folder at a time.

    Args:
        courier: brings the disk's answers.
        notifier: tells the user of a folder that goes, comes back or is crowded.
        look: lists a folder.
        clock: in seconds.
        still_seconds: for which a file must not have changed; 0 where files are put in place whole.
        gone, back: what the user is told.
    """

    arrived = TypedSignal[list[Path]]()  # files that are new and at rest
    changed = TypedSignal[WatchedFolder | None]()  # None when nothing is watched

    def __init__(
        self,
        courier: Courier,
        notifier: Notifier,
        look: Callable[[Path], Listing] = list_folder,
        clock: Callable[[], float] = time.monotonic,
        *,
        still_seconds: float = STILL_SECONDS,
        gone: Notice = GONE,
        back: Notice = BACK,
    ) -> None:
        super().__init__()
        self._courier, self._notifier, self._look_at, self._clock = courier, notifier, look, clock
        self._still_seconds, self._gone, self._back = still_seconds, gone, back
        self._watch: WatchedFolder | None = None
        self._asked_at: float | None = None  # since when an answer of the disk is being waited for
        self._taken: dict[Path, tuple[int, int]] = {}
        self._moving: dict[Path, tuple[tuple[int, int], float]] = {}  # state, and since when it is so
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._slow = QTimer(self, interval=POLL_MS)
        self._system = QFileSystemWatcher(self)
        self._system.directoryChanged.connect(lambda _: self.look_soon())
        for timer in (self._soon, self._slow):
            timer.timeout.connect(self.look)

    @property
    def watch(self) -> WatchedFolder | None:
        """How the watching goes; None when nothing is watched."""
        return self._watch

    def start(self, folder: Path) -> None:
        """Watch this folder and no other. What lies in it already is handed on too."""
        self.stop()
        self._set(WatchedFolder(folder))
        self._slow.start()
        self.look()

    def stop(self) -> None:
        """Watch nothing."""
        self._soon.stop()
        self._slow.stop()
        self._watch_folders(())
        self._taken, self._moving = {}, {}
        self._asked_at = None
        if self._watch is not None:
            self._set(None)

    def hand_on_again(self, paths: Iterable[Path]) -> None:
        """Their folder went away before they were read: hand them on once more when it is back."""
        for path in paths:
            self._taken.pop(path, None)

    def look_soon(self) -> None:
        """Look at it in a moment, as after the system has told of a change."""
        if self._watch is not None and not self._soon.isActive():
            self._soon.start()

    def look(self) -> None:
        """Look at the folder now, unless a look is under way; one that takes too long means that it is gone."""
        watch = self._watch
        if watch is None:
            return
        if self._asked_at is not None:
            if self._clock() - self._asked_at > SILENT_SECONDS:
                self._lose(watch)
            return
        self._asked_at = self._clock()
        folder, asked_at = watch.folder, self._asked_at
        self._courier.when_done(
            ask_disk(lambda: self._look_at(folder)), lambda done: self._on_listed(folder, asked_at, done)
        )

    def _on_listed(self, folder: Path, asked_at: float, future: Future[Listing]) -> None:
        watch = self._watch
        if watch is None or watch.folder != folder or self._asked_at != asked_at:
            return
        self._asked_at = None
        prompt = self._clock() - asked_at < PROMPT_SECONDS
        if (error := future.exception()) is not None:
            log.warning("The watched folder could not be listed: %s", type(error).__name__)
            self._lose(watch)
            return
        listing = future.result()
        if not watch.reachable:
            self._notifier.post(self._back)
        if listing.crowded and not watch.crowded:
            self._notifier.post(CROWDED)
        still = self._still(listing)
        self._watch_folders(listing.folders if prompt else ())
        self._set(replace(watch, reachable=True, taken=watch.taken + len(still), crowded=listing.crowded))
        if self._moving:
            self._soon.start()
        if still:
            self.arrived.emit(still)

    def _still(self, listing: Listing) -> list[Path]:
        """Files that have not been handed on as they are now, and have been so for a while."""
        now = self._clock()
        self._taken = {path: state for path, state in self._taken.items() if path in listing.files}
        moving: dict[Path, tuple[tuple[int, int], float]] = {}
        still: list[Path] = []
        for path, state in listing.files.items():
            if self._taken.get(path) == state or not state[0]:  # one without a byte is still to be written
                continue
            known, since = self._moving.get(path, (state, now))
            if known != state:
                since = now
            if now - since >= self._still_seconds:
                still.append(path)
                self._taken[path] = state
            else:
                moving[path] = (state, since)
        self._moving = moving
        return still

    def _lose(self, watch: WatchedFolder) -> None:
        """The folder is gone: said once, until it is back."""
        if watch.reachable:
            self._notifier.post(self._gone)
            self._set(replace(watch, reachable=False))
        self._moving = {}

    def _watch_folders(self, folders: tuple[Path, ...]) -> None:
        wanted, has = {str(folder) for folder in folders}, set(self._system.directories())
        if has - wanted:
            self._system.removePaths(sorted(has - wanted))
        if wanted - has:
            self._system.addPaths(sorted(wanted - has))  # what the system cannot watch is found by the poll

    def _set(self, watch: WatchedFolder | None) -> None:
        if watch != self._watch:
            self._watch = watch
            self.changed.emit(watch)
