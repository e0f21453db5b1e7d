"""Every part of the network, built and joined; `Services` has it where the program has a folder of its own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.session import Session
from app.services.exporting.preparing import Preparer
from app.services.network.faults import PeerFaults
from app.services.network.fetch_desk import FetchDesk
from app.services.network.incoming_watch import IncomingWatch
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.network.node_keeper import NodeKeeper
from app.services.network.prior_fetch import PriorFetch
from app.services.network.query_desk import QueryDesk
from app.services.network.result_writer import ResultWriter
from app.services.network.sending_desk import SendingDesk
from app.services.network.standing_desk import StandingDesk
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier, Steps
from app.services.threads.database_thread import DatabaseThread
from squid_core.dicom.readers import ReaderPool
from squid_core.network.configuration import NetworkSettings


class Network(QObject):
    """What speaks to other systems. Nothing configured: no process, no socket, no file.

    Args:
        home: the program's own folder.
        readers: who writes results.
        preparer: what they are asked.
        holder: its session has the settings, and says how it goes.
        store: the worklist.
        database: knows when the worklist is committed.
        courier: brings answers to the window's thread.
        notifier: tells the user.
    """

    def __init__(
        self,
        home: Path,
        readers: ReaderPool,
        preparer: Preparer,
        holder: SessionHolder,
        store: WorklistStore,
        database: DatabaseThread,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._holder, self._database, self._courier = holder, database, courier
        self._store, self._watching = store, False
        self._messenger = messenger = Messenger()
        faults = PeerFaults(holder, notifier)
        self._faults = faults
        self.keeper = keeper = NetworkKeeper(home, holder, messenger, courier, notifier)
        self.node = NodeKeeper(home, holder, courier)
        self.incoming = IncomingWatch(home, courier, notifier)
        self.queries = QueryDesk(keeper, holder, messenger, courier)
        self.fetching = FetchDesk(home, keeper, holder, messenger, courier)
        self.priors = PriorFetch(keeper, self.fetching, holder, store, messenger, faults, courier)
        self.standing = StandingDesk(home, keeper, self.fetching, holder, messenger, faults, courier)
        self.writer = ResultWriter(home, readers, preparer, holder, store, database, messenger, courier, notifier)
        self.sending = SendingDesk(home, keeper, holder, messenger, faults, courier, notifier)
        self.node.received.connect(self.incoming.look)
        self.fetching.came.connect(self.incoming.look)
        self.writer.put.connect(self.sending.go_on)
        self.writer.left_changed.connect(self.sending.show_writing)
        self.queries.answered.connect(self.sending.hurry)

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way in or out; what waits for its next try is not."""
        parts = (self.queries, self.fetching, self.standing, self.incoming, self.writer, self.sending)
        return not any(part.running for part in parts)

    def start(self) -> None:
        """Read what is configured and go to work; the stored worklist is back."""
        self._courier.run(self._start())

    def scored(self, key: str) -> None:
        """The result of an image is committed."""
        if (item := self._store.worklist.image(key)) is not None:
            self.writer.on_scored([item])

    def read(self, keys: Sequence[str]) -> None:
        """The reader is done with these images."""
        self.writer.on_read(keys)

    def imported(self, paths: Sequence[Path]) -> None:
        """These were imported; what of them came over the network need not be looked at again."""
        if self.incoming.imported(paths):
            committed: Future[Any] = self._database.ask(lambda _: None)
            self._courier.when_done(committed, lambda _: self.incoming.note())

    def change_settings(self, settings: NetworkSettings) -> None:
        """Use other settings from now on, and keep them."""
        self.keeper.change(settings)

    def cancel(self) -> None:
        """Fetch nothing more of what the user has asked for."""
        self.queries.cancel()
        self.fetching.cancel()

    def close(self) -> None:
        """End everything; what waits goes on at the next start."""
        self.priors.close()
        self.standing.close()
        self.writer.close()
        self.sending.close()
        self.incoming.stop()
        self.node.close()
        self._messenger.close()
        self.keeper.close()

    def _start(self) -> Steps[None]:
        yield from self.keeper.read()
        self._holder.changed.connect(self._on_session)
        self._follow(self._holder.state)
        self.node.start()
        self.priors.start()
        yield from self.writer.start()
        self.sending.start()
        self.standing.use()

    def _on_session(self, old: Session, new: Session) -> None:
        if new.network is old.network:
            return
        if new.network.peers != old.network.peers:
            self.fetching.cancel_behind()
            self._faults.keep_only(frozenset(peer.name for peer in new.network.peers))
            same = {
                peer.name for peer in new.network.peers if peer in old.network.peers
            }  # another has to be tested anew
            tested = tuple(test for test in new.peers_tested if test.peer in same)
            self._holder.update(peers_tested=tested)
            for peer in set(new.network.peers) - set(old.network.peers):
                self.sending.hurry(peer.name)
        self.standing.use()
        self.writer.use_rules()
        self.sending.go_on()
        self._follow(new)

    def _follow(self, state: Session) -> None:
        """Watch the incoming folder once anything can come into it."""
        if not self._watching and (state.network.peers or state.network.listening.wanted):
            self._watching = True
            self.incoming.start()
