"""A messenger that answers when the test says so, and what every desk needs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from app.domain.errors import Notice
from app.services.network.messenger import Messenger
from app.services.network.network_keeper import NetworkKeeper
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from squid_core.contracts.network import Outcome, Said
from squid_core.network.configuration import NetworkSettings, Peer

PACS = Peer(name="PACS", ae_title="PACS", host="127.0.0.1", port=104)
ARCHIVE = Peer(name="Archive", dicomweb="http://127.0.0.1/dicom-web", user="squid")
SETTINGS = NetworkSettings(peers=(PACS, ARCHIVE))
DONE = Said(Outcome.DONE, "All is well.")
DOWN = Said(Outcome.FAILED, "Nobody answers at that address.")


class FakeMessenger(Messenger):
    """Collects errands; the test answers them, or names who does."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...], Future[Any]]] = []
        self.answers: dict[str, Callable[..., Any]] = {}

    def ask(self, errand: Callable[..., Any], *args: Any, seconds: float, urgent: bool = False) -> Future[Any]:
        assert seconds > 0
        future: Future[Any] = Future()
        name = errand.__name__
        self.asked.append((name, args, future))
        if name in self.answers:
            try:
                future.set_result(self.answers[name](*args))
            except Exception as error:  # noqa: BLE001 - as from a child
                future.set_exception(error)
        return future

    def close(self) -> None:
        """There is no child."""

    def names(self) -> list[str]:
        """Of the errands so far."""
        return [name for name, _, _ in self.asked]

    def answer(self, value: Any) -> None:
        """Answer the oldest errand that waits."""
        waiting = next(future for _, _, future in self.asked if not future.done())
        if isinstance(value, BaseException):
            waiting.set_exception(value)
        else:
            waiting.set_result(value)

    @property
    def waiting(self) -> int:
        """Errands without an answer."""
        return sum(not future.done() for _, _, future in self.asked)


class Room:
    """A session, and who carries and tells."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(exist_ok=True)
        self.holder, self.courier, self.notifier = SessionHolder(), Courier(), Notifier()
        self.messenger = FakeMessenger()
        self.notices: list[Notice] = []
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        self.keeper = NetworkKeeper(home, self.holder, self.messenger, self.courier, self.notifier)
        self.holder.update(network=SETTINGS)

    def titles(self) -> list[str]:
        return [notice.title for notice in self.notices]

    def close(self) -> None:
        self.courier.close()
        self.keeper.close()
