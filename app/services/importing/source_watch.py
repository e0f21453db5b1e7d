"""What a source that is gone is told by, and when it is back: a stick pulled out, a share away, a folder moved.

A file that cannot be reached because its folder cannot is not damaged; its work waits until the folder is back.
"""

from __future__ import annotations

import os
import stat
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.errors import Notice, Severity
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from squid_core.dicom.errors import is_unreached

POLL_MS = 3_000
POLLED_AT_ONCE = 16  # folders asked for at each poll; the others have their turn at the next ones
PATIENCE_SECONDS = 5.0  # a disk that is silent for longer counts as gone
QUIET_SECONDS = 30.0  # between two notices that say the same
GONE = Notice(
    Severity.WARNING,
    "A folder with images cannot be reached, or is empty.",
    "Nothing is lost; the work on its images goes on by itself when they can be read.",
)
BACK = Notice(Severity.INFO, "A folder with images is back; the work goes on.")


def missing_folder(path: Path) -> Future[Path | None]:
    """The topmost folder on the way to a file that is gone or silent, or its own when that is empty.

    Returns:
        None where the way is there, so that the file itself is gone or at fault. Never fails, and is never late.
    """
    asked = path  # how far the disk was asked

    def look() -> Path | None:
        nonlocal asked
        for folder in reversed(path.parents):
            asked = folder
            if _is_gone(folder):
                return folder
        return None if is_there(path.parent) else path.parent

    return ask_disk(look, PATIENCE_SECONDS, lambda: asked)


def away_folder(path: Path) -> Path | None:
    """What is to be waited for before a file or folder can be read; None where it can. May hang."""
    if is_there(path):
        return None
    return next((folder for folder in reversed(path.parents) if _is_gone(folder)), path)


def is_there(path: Path) -> bool:
    """Whether a file or folder can be reached; a folder with nothing in it may be where a disk was mounted."""
    try:
        if stat.S_ISDIR(path.stat().st_mode):
            with os.scandir(path) as entries:
                return next(entries, None) is not None
    except OSError as error:
        return not is_unreached(error)  # what may not be read is there
    return True


def beginning(folder: Path) -> str:
    """With what the path of everything in a folder begins; a drive's ends with the separator already."""
    return str(folder).rstrip(os.sep) + os.sep


def _is_gone(folder: Path) -> bool:
    try:
        folder.stat()
    except OSError as error:
        return is_unreached(error)
    return False


class SourceWatch(QObject):
    """Looks for what was gone until it is back. Window's thread only; disks are asked on threads of their own."""

    back = TypedSignal[Path]()  # what was waited for

    def __init__(self, courier: Courier, notifier: Notifier, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._courier, self._notifier, self._clock = courier, notifier, clock
        self._awaited: deque[Path] = deque()
        self._asked: set[Path] = set()  # of those, whose disk has not answered yet
        self._file: Path | None = None  # of those, the one that nothing is said of
        self._said: dict[Notice, float] = {}
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.look)

    def wait_for(self, path: Path) -> None:
        """Say that it is gone, and `back` when it is back."""
        if path in self._awaited:
            return
        self._awaited.append(path)
        self._say(GONE)
        self._timer.start()

    def look_for(self, file: Path) -> None:
        """Say `back` when a file is back whose folder is there; in place of the one before, and without a notice."""
        if self._file is not None:
            self._forget(self._file)
        if file not in self._awaited:
            self._file = file
            self._awaited.append(file)
            self._timer.start()

    def look(self) -> None:
        """Ask the disks now."""
        for _ in range(min(POLLED_AT_ONCE, len(self._awaited))):
            path = self._awaited[0]
            self._awaited.rotate(-1)
            if path not in self._asked:
                self._asked.add(path)
                self._courier.when_done(ask_disk(partial(is_there, path)), partial(self._on_answer, path))

    def close(self) -> None:
        """Wait for nothing any more."""
        self._timer.stop()
        self._awaited.clear()

    def _on_answer(self, path: Path, future: Future[bool]) -> None:
        self._asked.discard(path)
        if path not in self._awaited or future.exception() is not None or not future.result():
            return
        quietly = path == self._file
        self._forget(path)
        if not quietly:
            self._say(BACK)
        self.back.emit(path)

    def _forget(self, path: Path) -> None:
        self._file = None if path == self._file else self._file
        if path in self._awaited:
            self._awaited.remove(path)
        if not self._awaited:
            self._timer.stop()

    def _say(self, notice: Notice) -> None:
        """Of many folders that go and come together, one is told."""
        if self._clock() - self._said.get(notice, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._said[notice] = self._clock()
            self._notifier.post(notice)
