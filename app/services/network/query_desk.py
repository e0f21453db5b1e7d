"""What the user asks of other systems: whether they answer, and which studies they have."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from app.domain.network import PeerTest, QueryPage
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.signals import TypedSignal
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Answer, Outcome, Question, Said
from squid_core.network import errands

TEST_SECONDS = 60.0
FIND_SECONDS = 180.0
CANCELLED = Said(Outcome.CANCELLED, "The search was stopped.")
BROKEN = Said(Outcome.FAILED, "The other system could not be asked. Try again.")


class QueryDesk(QObject):
    """Answers by changing the session; of several questions only the last is answered."""

    answered = TypedSignal[str]()  # name of a system that does

    def __init__(self, keeper: NetworkKeeper, holder: SessionHolder, messenger: Messenger, courier: Courier) -> None:
        super().__init__()
        self._keeper, self._holder, self._messenger, self._courier = keeper, holder, messenger, courier
        self._asked: Future[Any] | None = None  # what the messenger has in hand of the last question

    @property
    def running(self) -> bool:
        """Whether an answer is waited for."""
        return self._holder.state.elsewhere.running

    def test(self, peer: str) -> None:
        """Whether a system answers, in words."""
        self._say(PeerTest(peer))
        self._courier.run(self._test(peer))

    def find(self, peer: str, question: Question) -> None:
        """Ask a system for studies; what was asked before is wanted no more."""
        self._drop()
        page = QueryPage(peer, question)
        self._holder.update(elsewhere=page)
        self._courier.run(self._find(page), lambda: self._holder.state.elsewhere is page)

    def cancel(self) -> None:
        """Wait for no answer any more."""
        page = self._holder.state.elsewhere
        if page.running:
            self._holder.update(elsewhere=replace(page, said=CANCELLED))
            self._drop()

    def _test(self, peer: str) -> Steps[None]:
        settings = self._holder.state.network
        try:
            password = yield from self._keeper.password(peer)
            errand = self._messenger.ask(errands.try_peer, settings, peer, password, seconds=TEST_SECONDS, urgent=True)
            said: Said = yield from answer(errand)
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - told in the session
            said = in_words(error)
        if said.outcome is Outcome.DONE:
            self.answered.emit(peer)
        if any(test.peer == peer for test in self._holder.state.peers_tested):
            self._say(PeerTest(peer, said))

    def _say(self, test: PeerTest) -> None:
        others = (one for one in self._holder.state.peers_tested if one.peer != test.peer)
        self._holder.update(peers_tested=(*others, test))

    def _find(self, page: QueryPage) -> Steps[None]:
        settings = self._holder.state.network
        try:
            password = yield from self._keeper.password(page.peer)
            self._asked = self._messenger.ask(
                errands.find, settings, page.peer, password, page.question, seconds=FIND_SECONDS, urgent=True
            )
            found: Answer = yield from answer(self._asked)
        except CancelledError:
            self._holder.update(elsewhere=replace(page, said=CANCELLED))
        except Exception as error:  # noqa: BLE001 - told in the session
            self._holder.update(elsewhere=replace(page, said=in_words(error)))
        else:
            self._holder.update(elsewhere=replace(page, said=found.said, studies=found.studies, more=found.more))

    def _drop(self) -> None:
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None


def in_words(error: BaseException) -> Said:
    """What to say of an errand that failed before the other system could say anything."""
    if isinstance(error, SquidError):
        return Said(Outcome.FAILED, str(error), error.detail)
    return replace(BROKEN, detail=type(error).__name__)
