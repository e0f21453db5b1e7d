"""Studies come from other systems, one after another: what the user asked for first, then what is fetched by itself.

They appear through the incoming folder, like what others have sent. What has come is not fetched twice, so a study that
stopped midway goes on where it stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.network import UNDER_WAY, Fetching, FetchItem, FetchState
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.network.query_desk import in_words
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.signals import TypedSignal
from squid_core.contracts.network import Fetched, Outcome, Said
from squid_core.network import errands
from squid_core.network.configuration import incoming_folder

FETCH_SECONDS = 1800.0  # for one study
STOPPED = "Stopped. Fetch it again to go on."
_ENDED = {
    Outcome.DONE: FetchState.DONE,
    Outcome.PARTLY: FetchState.PARTLY,
    Outcome.CANCELLED: FetchState.CANCELLED,
}

OnFetched = Callable[[Fetched], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """A study that is to be fetched."""

    peer: str
    uid: str
    modalities: tuple[str, ...] = ()
    then: OnFetched | None = None  # None for what the user has asked for, which the session shows


class FetchDesk(QObject):
    """Fetches studies, one at a time, so that the other system and the user's own questions have room."""

    came = TypedSignal[()]()  # something may lie in the incoming folder

    def __init__(
        self, home: Path, keeper: NetworkKeeper, holder: SessionHolder, messenger: Messenger, courier: Courier
    ) -> None:
        super().__init__()
        self._folder = incoming_folder(home)
        self._keeper, self._holder, self._messenger, self._courier = keeper, holder, messenger, courier
        self._waiting: deque[_Wanted] = deque()
        self._behind: deque[_Wanted] = deque()  # what is fetched by itself
        self._now: _Wanted | None = None
        self._errand: Future[Any] | None = None
        self._stopped = False  # what is on its way is wanted no more

    @property
    def running(self) -> bool:
        """Whether a study is on its way."""
        return self._now is not None

    def fetch(self, peer: str, uids: Sequence[str]) -> None:
        """Fetch studies for the user; what is on its way already is not asked for twice."""
        fetching = self._holder.state.fetching
        items = fetching.items if fetching.running else ()
        under_way = {item.study_instance_uid for item in items if item.state in UNDER_WAY}
        new = [uid for uid in dict.fromkeys(uids) if uid not in under_way]
        if not new:
            return
        kept = tuple(item for item in items if item.study_instance_uid not in new)
        self._holder.update(fetching=Fetching((*kept, *(FetchItem(peer, uid) for uid in new))))
        self._waiting += [_Wanted(peer, uid) for uid in new]
        self._go_on()

    def fetch_behind(self, peer: str, uid: str, modalities: tuple[str, ...], then: OnFetched) -> None:
        """Fetch a study when the user waits for none.

        Args:
            peer: name of the system.
            uid: StudyInstanceUID.
            modalities: of the series that are wanted; empty for all.
            then: called with what came of it; not at the end of the program.
        """
        self._behind.append(_Wanted(peer, uid, modalities, then))
        self._go_on()

    def cancel(self) -> None:
        """Fetch nothing more of what the user has asked for."""
        for wanted in self._waiting:
            self._show(wanted, FetchState.CANCELLED, sentence=STOPPED)
        self._waiting.clear()
        if self._now is not None and self._now.then is None:
            self._stop()

    def cancel_behind(self) -> None:
        """Fetch nothing more by itself: other systems are configured now."""
        behind, self._behind = self._behind, deque()
        for wanted in behind:
            if wanted.then is not None:
                wanted.then(Fetched(Said(Outcome.CANCELLED, STOPPED)))
        if self._now is not None and self._now.then is not None:
            self._stop()

    def _stop(self) -> None:
        self._stopped = True
        if self._errand is not None:
            self._errand.cancel()

    def _go_on(self) -> None:
        if self._now is not None or not (self._waiting or self._behind):
            return
        self._now = (self._waiting or self._behind).popleft()
        self._courier.run(self._fetch(self._now))

    def _fetch(self, wanted: _Wanted) -> Steps[None]:
        self._show(wanted, FetchState.FETCHING)
        try:
            password = yield from self._keeper.password(wanted.peer)
            self._errand = self._messenger.ask(
                errands.fetch_study,
                self._holder.state.network,
                wanted.peer,
                password,
                wanted.uid,
                self._folder,
                wanted.modalities,
                seconds=FETCH_SECONDS,
            )
            if self._stopped:  # while the key ring was asked
                self._errand.cancel()
            fetched: Fetched = yield from answer(self._errand)
        except CancelledError:
            fetched = Fetched(Said(Outcome.CANCELLED, STOPPED))
        except Exception as error:  # noqa: BLE001 - told in the session
            fetched = Fetched(in_words(error))
        self._now, self._errand, self._stopped = None, None, False
        said = fetched.said
        state = _ENDED.get(said.outcome, FetchState.FAILED)
        sentence = "" if state is FetchState.DONE else said.sentence
        self._show(wanted, state, fetched.files + fetched.had, sentence)
        if wanted.then is not None:
            wanted.then(fetched)
        self.came.emit()
        self._go_on()

    def _show(self, wanted: _Wanted, state: FetchState, files: int = 0, sentence: str = "") -> None:
        """How it goes, of what the user has asked for."""
        if wanted.then is not None:
            return
        items = self._holder.state.fetching.items
        shown = tuple(
            replace(item, state=state, files=files, sentence=sentence)
            if (item.peer, item.study_instance_uid) == (wanted.peer, wanted.uid)
            else item
            for item in items
        )
        self._holder.update(fetching=Fetching(shown))
