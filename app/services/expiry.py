"""Studies that came too long ago go by themselves, where the user has said for how long they are kept.

At the start and once a day, in slices, so that nobody waits: rows, results, marks and judgements, what came over the
network of them, what the outbox and the daily copies know of them. What the reader has open goes when it is closed,
what waits in the outbox when it was sent. Files in the user's own folders are never touched.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.retention import due
from app.domain.session import Session
from app.domain.study import Study
from app.services.state.history import History
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from app.storage.wanted import Wanted
from squid_core.contracts.errors import SquidError
from squid_core.files import remove
from squid_core.network.configuration import incoming_folder
from squid_core.network.outbox import Outbox
from squid_core.network.store import FILE

log = logging.getLogger(__name__)
AT_ONCE = 25  # studies in a slice
PAUSE_SECONDS = 0.05  # between slices; the window's questions have their turn
DAY_SECONDS = 24 * 60 * 60.0


class Expiry(QObject):
    """Window's thread only; nothing here waits.

    Signals:
        gone: where images lay that have gone.

    Args:
        home: the program's own folder; None for a worklist in memory, of which nothing goes.
        forget: keys of images on which no work is to be done any more.
    """

    gone = TypedSignal[tuple[Path, ...]]()

    def __init__(
        self,
        home: Path | None,
        database: DatabaseThread,
        courier: Courier,
        holder: SessionHolder,
        store: WorklistStore,
        history: History,
        notifier: Notifier,
        forget: Callable[[list[str]], None],
    ) -> None:
        super().__init__()
        self._home, self._database, self._courier = home, database, courier
        self._holder, self._store, self._history, self._notifier = holder, store, history, notifier
        self._forget = forget
        self._days = self._run = 0
        self._began = self._sure = self._left_open = False
        self._by_itself = ""  # study that was shown at the start, by nobody's wish; none once another was
        holder.changed.connect(self._on_session)

    def start(self) -> None:
        """Begin; the worklist has to be back."""
        self._began = True
        study = self._holder.state.study
        self._by_itself = "" if study is None else study.uid
        self._begin_anew()

    def use(self, days: int, *, sure: bool = False) -> None:
        """Keep studies for so many days from now on.

        Args:
            days: 0 for ever.
            sure: the user was told how many go now, so that the clock is believed.
        """
        if days != self._days:
            self._days, self._sure = days, sure
            if self._began:
                self._begin_anew()

    def count(self, days: int, tell: Callable[[int], None]) -> None:
        """Tell how many studies would go now if they were kept for so many days; 0 where that cannot be said."""

        def answered(done: Future[frozenset[str]]) -> None:
            tell(0 if done.exception() is not None else len(due(self._store.worklist.studies, done.result())))

        self._courier.when_done(self._database.ask(lambda database: database.expiring.arrived(days)), answered)

    def _begin_anew(self) -> None:
        self._run += 1
        run = self._run
        self._courier.run(self._every_day(), lambda: run == self._run)

    def _every_day(self) -> Steps[None]:
        while self._days and self._home is not None:
            try:
                yield from self._once(self._home, self._days)
            except Exception as error:  # noqa: BLE001 - tomorrow again; the database has told the user what failed
                log.warning("Not all studies that are too old were removed: %s", type(error).__name__)
            yield from answer(self._courier.pause(DAY_SECONDS))

    def _once(self, home: Path, days: int) -> Steps[None]:
        old = yield from answer(self._database.ask(lambda database: database.expiring.arrived(days)))
        ahead = yield from answer(self._database.ask(lambda database: database.expiring.days_ahead()))
        sure, self._sure = self._sure, False  # once
        worklist = self._store.worklist
        too_old = due(worklist.studies, old)
        if ahead and not sure:
            if too_old:
                self._notifier.post(_clock(ahead))
            return
        unsent, wanted = yield from answer(ask_disk(partial(_waiting, home)))
        going = [
            one for one in too_old if not any(image.digest in unsent or image.key in wanted for image in one.images)
        ]
        removed = 0
        for start in range(0, len(going), AT_ONCE):
            some = self._closed(going[start : start + AT_ONCE])
            if some:
                yield from self._remove(home, days, some)
            removed += len(some)
            yield from answer(self._courier.pause(PAUSE_SECONDS))
        if strays := [key for key in old if worklist.image(key) is None]:  # rows that make no sense
            yield self._database.ask(lambda database: database.expiring.remove(strays, 0, days))
        unlisted = False
        while (yield from answer(self._database.ask(lambda database: database.expiring.remove_unlisted(days)))):
            unlisted = True
            yield from answer(self._courier.pause(PAUSE_SECONDS))
        in_use = yield from answer(self._database.ask(lambda database: database.expiring.files_in_use()))
        before = time.time() - days * DAY_SECONDS
        yield ask_disk(partial(_clear_incoming, incoming_folder(home), in_use, before))
        yield ask_disk(partial(_clear_outbox, home, [], before))
        if removed or unlisted:
            yield self._database.ask(lambda database: database.expiring.clean_copies())
        if removed:
            self._notifier.post(_said(removed, days))
        while (yield from answer(self._database.ask(lambda database: database.expiring.shrink()))):
            yield from answer(self._courier.pause(PAUSE_SECONDS))

    def _closed(self, studies: Sequence[Study]) -> list[Study]:
        """Those that the reader has not open; the others go when they are closed."""
        state = self._holder.state
        shown = [state.study, state.beside.study if state.beside is not None else None]
        open_uids = {study.uid for study in shown if study is not None} - {self._by_itself}
        closed = [study for study in studies if study.uid not in open_uids]
        self._left_open = self._left_open or len(closed) < len(studies)
        return closed

    def _remove(self, home: Path, days: int, studies: Sequence[Study]) -> Steps[None]:
        """The files that came over the network first: what a kill leaves is a row, which goes the next time."""
        images = [image for study in studies for image in study.images]
        keys, digests = [image.key for image in images], [image.digest for image in images if image.digest]
        files = frozenset(image.path for image in images)
        yield ask_disk(partial(_remove_received, incoming_folder(home), files))
        yield ask_disk(partial(_clear_outbox, home, digests, 0.0))
        self._forget(keys)
        self._history.forget_images(frozenset(keys))
        self._store.remove(keys)
        yield self._database.ask(lambda database: database.expiring.remove(keys, len(studies), days))
        self.gone.emit(tuple(files))

    def _on_session(self, old: Session, new: Session) -> None:
        if new.study is not None and new.study.uid != self._by_itself:
            self._by_itself = ""
        if self._left_open and new.differs(old, "study", "beside"):
            self._left_open = False
            self._begin_anew()


def _clock(ahead: int) -> Notice:
    return Notice(
        Severity.WARNING,
        f"No study was removed by its age: this computer's clock is {ahead} days further than when the program was "
        "used last.",
        "Set the clock if it is wrong. If it is right, they go once the program was used on three days.",
    )


def _said(removed: int, days: int) -> Notice:
    return Notice(Severity.INFO, f"Studies that came more than {days} days ago and were removed: {removed}.")


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011 - as the folders are named


def _waiting(home: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Digests and keys of images whose results are not sent yet."""
    if not (home / FILE).exists():  # to look makes no file
        return frozenset(), frozenset()
    return Outbox(home).unsent_sources(), Wanted(home).images()


def _clear_outbox(home: Path, digests: Sequence[str], before: float) -> None:
    if (home / FILE).exists():
        with contextlib.suppress(SquidError):  # it has said so
            Outbox(home).forget_sources(digests, before)


def _remove_received(incoming: Path, files: frozenset[Path]) -> None:
    for file in files:
        if incoming in file.parents:
            remove(file)


def _clear_incoming(incoming: Path, in_use: frozenset[Path], before: float) -> None:
    """What came over the network too long ago and is no image of the worklist; and folders of days that are empty."""
    with contextlib.suppress(OSError), os.scandir(incoming) as days:
        for day in [Path(entry.path) for entry in days if entry.is_dir(follow_symlinks=False)]:
            with contextlib.suppress(OSError), os.scandir(day) as entries:
                for entry in entries:
                    if Path(entry.path) not in in_use and entry.stat(follow_symlinks=False).st_mtime < before:
                        remove(Path(entry.path))
            if day.name < _today():
                with contextlib.suppress(OSError):
                    day.rmdir()  # where it is empty, and nothing more comes into it
