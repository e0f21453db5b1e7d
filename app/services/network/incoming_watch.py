"""What came over the network goes into the worklist in order of arrival, also what came while the window was closed.

Objects are put in place whole and never changed (`squid_core/network/incoming.py`), and stay where they are, for the
worklist refers to them. So that they are not all gone through at each start, and what was taken off the worklist does
not come back, it is kept beside the folder which were taken in last, once the worklist is committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from concurrent.futures import Future, wait
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.services.importing.folder_listing import Listing
from app.services.importing.folder_watch import FolderWatch
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from squid_core.files import private_folder, write_atomically
from squid_core.network.configuration import incoming_folder

TAKEN = "incoming.taken"  # beside the folder: since when it is to be looked through, and what is taken in since
SLACK = (
    60_000_000  # microseconds in which several processes may put files in place in another order than they are named
)
CLOSE_SECONDS = 1.0
GONE = Notice(
    Severity.WARNING,
    "The folder of what comes over the network cannot be reached.",
    "It is looked for again every few seconds; the import goes on when it is back.",
)
BACK = Notice(Severity.INFO, "The folder of what comes over the network is back.")
_DAY, _NAME = re.compile(r"\d{4}-\d{2}-\d{2}"), re.compile(r"(\d{16})-[0-9a-f]{12}\.dcm")


class IncomingWatch(QObject):
    """Watches the incoming folder; hands on what is new there, in order of arrival.

    Args:
        home: the program's own folder.
        courier: brings the disk's answers.
        notifier: tells the user of a folder that is gone.
    """

    arrived = TypedSignal[list[Path]]()

    def __init__(self, home: Path, courier: Courier, notifier: Notifier) -> None:
        super().__init__()
        self._folder, self._file, self._courier = incoming_folder(home), home / TAKEN, courier
        self._handed: set[int] = set()  # when that came which was handed on and is not imported yet
        self._since = 0  # all that came before is imported
        self._taken: set[int] = set()  # when that came which is imported, since then
        self._noted: set[int] = set()  # of these, what is on record
        self._noting: Future[None] = Future()
        self._noting.set_result(None)
        self._watch = FolderWatch(courier, notifier, self._list, still_seconds=0.0, gone=GONE, back=BACK)
        self._watch.arrived.connect(self._on_arrived)

    @property
    def running(self) -> bool:
        """Whether something that was handed on is not imported yet."""
        return bool(self._handed)

    def start(self) -> None:
        """Watch; what lies there and was not taken in is handed on first."""
        self._courier.when_done(ask_disk(self._read), self._on_read)

    def look(self) -> None:
        """Something has come: do not wait until the system says so."""
        self._watch.look_soon()

    def stop(self) -> None:
        """Watch no longer."""
        self._watch.stop()
        wait([self._noting], CLOSE_SECONDS)

    def imported(self, paths: Iterable[Path]) -> bool:
        """These were imported; whether any came from here. `note` follows once the worklist is committed."""
        times = {_time(path) for path in paths if path.parent.parent == self._folder}
        self._handed -= times
        self._taken |= times
        return bool(times)

    def note(self) -> None:
        """What was imported so far is committed: keep that it need not be looked at again."""
        self._since = max(self._since, min({max(self._taken, default=0), *self._handed}) - SLACK)
        self._taken = {one for one in self._taken if one >= self._since}
        if self._taken != self._noted and self._noting.done():
            self._noted = set(self._taken)
            text = "\n".join(map(str, (self._since, *sorted(self._noted))))
            self._noting = ask_disk(partial(write_atomically, self._file, text.encode(), private=True))

    def hand_on_again(self, paths: Iterable[Path]) -> None:
        """They could not be reached when they were to be read: hand them on once more."""
        self._watch.hand_on_again(paths)

    def _read(self) -> tuple[int, ...]:
        """Also makes the folder, so that there is something to watch. May hang."""
        private_folder(self._folder)
        try:
            return tuple(int(line) for line in self._file.read_text(encoding="ascii").split())
        except (OSError, ValueError):  # none yet, or damaged: what is in the worklist already is not read again
            return ()

    def _on_read(self, read: Future[tuple[int, ...]]) -> None:
        if read.exception() is None and read.result():
            self._since, *taken = read.result()
            self._taken, self._noted = set(taken), set(taken)
        self._watch.start(self._folder)

    def _on_arrived(self, paths: list[Path]) -> None:
        self._handed.update(map(_time, paths))
        self.arrived.emit(paths)

    def _list(self, folder: Path) -> Listing:
        """On a thread of its own: what is new, in order of arrival."""
        taken, since = frozenset(self._taken), self._since
        listing = list_incoming(folder, since)
        return Listing(
            {path: state for path, state in listing.files.items() if _time(path) not in taken},
            listing.folders,
            crowded=False,
        )


def list_incoming(folder: Path, since: int) -> Listing:
    """Whole objects in the incoming folder that came at this time or later, in order of arrival.

    Args:
        folder: what `squid_core.network.incoming` writes into.
        since: microseconds since the epoch.

    Raises:
        OSError: it cannot be listed.
    """
    found: list[tuple[int, Path, tuple[int, int]]] = []
    with os.scandir(folder) as entries:
        days = sorted(entry.name for entry in entries if _DAY.fullmatch(entry.name) and entry.is_dir())
    first = "" if since <= 0 else _day(since)
    for name in (day for day in days if day >= first):
        with os.scandir(folder / name) as entries:
            for entry in entries:
                if (named := _NAME.fullmatch(entry.name)) and int(named[1]) >= since:
                    status = entry.stat(follow_symlinks=False)
                    found.append((int(named[1]), Path(entry.path), (status.st_size, status.st_mtime_ns)))
    found.sort()
    newest = tuple(folder / name for name in days[-1:])
    return Listing({path: state for _, path, state in found}, (folder, *newest), crowded=False)


def _day(microseconds: int) -> str:
    """The day before, for folders are named after the local day and the clock may have been set."""
    moment = datetime.fromtimestamp(microseconds / 1e6)  # noqa: DTZ006 - as the folder is named
    return (moment - timedelta(days=1)).date().isoformat()


def _time(path: Path) -> int:
    named = _NAME.fullmatch(path.name)
    return int(named[1]) if named else 0
