"""What failed in the background, in the session: a quiet sentence for each system, and no storm of notices."""

from __future__ import annotations

from app.domain.errors import Notice, Severity
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Outcome, Said

BROKEN = "The network's record could not be used."


class PeerFaults:
    """Says and takes back what failed last at each system."""

    def __init__(self, holder: SessionHolder, notifier: Notifier) -> None:
        self._holder, self._notifier = holder, notifier
        self._told: set[str] = set()

    def note(self, peer: str, said: Said) -> None:
        """How an errand to a system ended."""
        faults = dict(self._holder.state.peer_faults)
        if said.outcome in (Outcome.FAILED, Outcome.REFUSED):
            faults[peer] = said.sentence
        elif said.outcome is not Outcome.CANCELLED:
            faults.pop(peer, None)
        self._keep(faults)

    def keep_only(self, peers: frozenset[str]) -> None:
        """Others are not configured any more."""
        self._keep({peer: said for peer, said in self._holder.state.peer_faults.items() if peer in peers})

    def say_once(self, error: Exception) -> None:
        """A failure of this program's own, which each further try would repeat."""
        title = error.title if isinstance(error, SquidError) else BROKEN
        if title not in self._told:
            self._told.add(title)
            plain = Notice(Severity.ERROR, BROKEN, "It is tried again by itself.", type(error).__name__)
            self._notifier.post(Notice.from_error(error) if isinstance(error, SquidError) else plain)

    def _keep(self, faults: dict[str, str]) -> None:
        if faults != self._holder.state.peer_faults:
            self._holder.update(peer_faults=faults)
