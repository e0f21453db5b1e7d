"""Standing queries: today's studies are asked for again and again, and what is new is fetched.

Which days and studies those are says `squid_core.network.standing`, whose state outlives the program.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.services.network.faults import PeerFaults
from app.services.network.fetch_desk import FetchDesk
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.network.query_desk import FIND_SECONDS, in_words
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.disk import ask_disk
from squid_core.contracts.network import Answer, Fetched, Outcome
from squid_core.network import errands
from squid_core.network.configuration import Standing
from squid_core.network.standing import MOST, StandingQuery
from squid_core.processes.pool import settle

MINUTE_MS = 60_000


def _now() -> datetime:
    return datetime.now(UTC)


class StandingDesk(QObject):
    """Runs the standing queries of the session's settings. What fails is a quiet sentence, and is tried again."""

    def __init__(
        self,
        home: Path,
        keeper: NetworkKeeper,
        fetching: FetchDesk,
        holder: SessionHolder,
        messenger: Messenger,
        faults: PeerFaults,
        courier: Courier,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        super().__init__()
        self._home, self._keeper, self._fetching, self._holder = home, keeper, fetching, holder
        self._messenger, self._faults, self._courier, self._clock = messenger, faults, courier, clock
        self._timers: dict[Standing, QTimer] = {}
        self._due: deque[Standing] = deque()  # one is asked after the other; the first is being asked

    @property
    def running(self) -> bool:
        """Whether one of them is being asked now."""
        return bool(self._due)

    def use(self) -> None:
        """Run those that are configured now; one that was before goes on as it was."""
        wanted = dict.fromkeys(self._holder.state.network.standing)
        for standing in [one for one in self._timers if one not in wanted]:
            self._timers.pop(standing).deleteLater()
        for standing in wanted:
            if standing not in self._timers:
                self._timers[standing] = timer = QTimer(self, singleShot=True)
                timer.setInterval(standing.minutes * MINUTE_MS)
                timer.timeout.connect(partial(self._ask, standing))
                self._ask(standing)

    def close(self) -> None:
        """Ask nothing more."""
        for timer in self._timers.values():
            timer.stop()
        self._timers.clear()

    def _ask(self, standing: Standing) -> None:
        if standing not in self._due:
            self._due.append(standing)
            if len(self._due) == 1:
                self._courier.run(self._ask_all())

    def _ask_all(self) -> Steps[None]:
        while self._due:
            yield from self._turn(self._due[0])
            standing = self._due.popleft()
            if (timer := self._timers.get(standing)) is not None:
                timer.start()

    def _turn(self, standing: Standing) -> Steps[None]:
        query = StandingQuery(standing, self._home)
        now = self._clock()
        try:
            for day in (yield from answer(ask_disk(partial(query.days, now)))):
                if standing not in self._timers:
                    break
                yield from self._ask_for(query, day, now)
        except CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - a quiet sentence, and the next time
            self._faults.note(standing.peer, in_words(error))

    def _ask_for(self, query: StandingQuery, day: date, now: datetime) -> Steps[None]:
        peer = query.standing.peer
        password = yield from self._keeper.password(peer)
        question, settings = query.question(day), self._holder.state.network
        found: Answer = yield from answer(
            self._messenger.ask(errands.find, settings, peer, password, question, MOST, seconds=FIND_SECONDS)
        )
        self._faults.note(peer, found.said)
        for study in (yield from answer(ask_disk(partial(query.wanted, found.studies, now)))):
            if query.standing not in self._timers:
                raise CancelledError
            if (part := query.part_of(study)) is not None:
                shows: Answer = yield from answer(
                    self._messenger.ask(errands.find, settings, peer, password, part, 1, seconds=FIND_SECONDS)
                )
                self._faults.note(peer, shows.said)
                if shows.said.outcome is not Outcome.DONE:
                    return
                if not shows.studies:
                    yield ask_disk(partial(query.done_with, study, day, now))
                    continue
            fetched = yield from answer(self._fetched(query.standing, study.study_instance_uid))
            self._faults.note(peer, fetched.said)
            yield ask_disk(partial(query.settle, study, day, fetched, now))
        yield ask_disk(partial(query.asked, day, now, found))

    def _fetched(self, standing: Standing, uid: str) -> Future[Fetched]:
        """A study on its way, once the user waits for none."""
        future: Future[Fetched] = Future()
        self._fetching.fetch_behind(standing.peer, uid, standing.modalities, partial(settle, future))
        return future
