"""The network settings and the passwords: read and written off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.domain.layers.policy import REFUSED
from app.services.network.messenger import Messenger
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier, Steps, answer
from app.services.threads.disk import ask_disk
from squid_core.contracts.errors import SquidError
from squid_core.network import secrets
from squid_core.network.configuration import (
    NetworkSettings,
    Peer,
    read_settings,
    settings_file,
    write_settings,
)
from squid_core.policy import NETWORK

RING_SECONDS = 120.0  # the key ring may ask its owner to unlock it
CLOSE_SECONDS = 2.0  # that the end of the program waits for a disk
SET_ASIDE = ".damaged"  # added to the name of a file that could not be read, once new settings take its place
KEPT = Notice(Severity.INFO, "The password was kept in the system's key ring.")
FORGOTTEN = Notice(Severity.INFO, "The password was removed from the system's key ring.")


class NetworkKeeper(QObject):
    """Holds what is configured in the session; says what is wrong with its file.

    Args:
        home: the program's own folder.
        holder: its session has the settings.
        messenger: asks the key ring.
        courier: brings answers to the window's thread.
        notifier: tells the user.
    """

    def __init__(
        self, home: Path, holder: SessionHolder, messenger: Messenger, courier: Courier, notifier: Notifier
    ) -> None:
        super().__init__()
        self._home, self._holder, self._messenger = home, holder, messenger
        self._courier, self._notifier = courier, notifier
        self._passwords: dict[Peer, str] = {}  # of this run, as the key ring has them
        self._changed = False  # since the program began: what the file said is outdated
        self._to_write: NetworkSettings | None = None  # the latest, while others are being written
        self._writing: Future[None] = Future()
        self._writing.set_result(None)

    def read(self) -> Steps[None]:
        """Bring the settings into the session; where they are damaged nothing is configured, and that is said."""
        try:
            settings = yield from answer(ask_disk(partial(read_settings, self._home)))
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
            self._holder.update(network_fault=str(error))
        else:
            if not self._changed:
                self._holder.update(network=settings)

    def change(self, settings: NetworkSettings) -> None:
        """Use other settings from now on, and keep them; not where they are the administrator's."""
        if self._holder.state.is_fixed(NETWORK):
            self._notifier.post(REFUSED)
            return
        damaged = bool(self._holder.state.network_fault)
        self._changed = True
        self._passwords.clear()
        self._holder.update(network=settings, network_fault="")
        self._to_write = settings
        if self._writing.done():
            self._write(damaged)

    def keep_password(self, peer: str, secret: str) -> None:
        """Keep the password of a system in the key ring; '' to remove it."""
        self._courier.run(self._keep_password(peer, secret))

    def password(self, peer: str) -> Steps[str]:
        """What the key ring has for a system; '' for none.

        Raises:
            SquidError: there is no such system, or the key ring is locked or absent.
        """
        named = self._holder.state.network.peer(peer)
        if named not in self._passwords:
            self._passwords[named] = yield from self._ask_ring(secrets.password, named)
        return self._passwords[named]

    def close(self) -> None:
        """What is to be written is waited for, but not for long."""
        wait([self._writing], CLOSE_SECONDS)
        if self._to_write is not None and self._writing.done():
            wait([ask_disk(partial(_put, self._to_write, self._home, False))], CLOSE_SECONDS)

    def _keep_password(self, peer: str, secret: str) -> Steps[None]:
        try:
            named = self._holder.state.network.peer(peer)
            if secret:
                yield from self._ask_ring(secrets.keep, named, secret)
            else:
                yield from self._ask_ring(secrets.forget, named)
        except SquidError as error:
            self._notifier.post(Notice.from_error(error))
        else:
            self._passwords.pop(named, None)
            self._notifier.post(KEPT if secret else FORGOTTEN)

    def _ask_ring(self, question: Callable[..., Any], peer: Peer, *args: str) -> Steps[Any]:
        if not peer.user:
            return question(peer, *args)  # says so without the ring
        return (yield from answer(self._messenger.ask(question, peer, *args, seconds=RING_SECONDS, urgent=True)))

    def _write(self, damaged: bool = False) -> None:
        settings, self._to_write = self._to_write, None
        if settings is not None:
            self._writing = ask_disk(partial(_put, settings, self._home, damaged))
            self._courier.when_done(self._writing, self._on_written)

    def _on_written(self, written: Future[None]) -> None:
        error = written.exception()
        if isinstance(error, SquidError):
            self._notifier.post(Notice.from_error(error))
        elif error is not None:
            title, advice = "The network settings could not be saved.", "Look at the disk, then change them once more."
            self._notifier.post(Notice(Severity.ERROR, title, advice, type(error).__name__))
        self._write()


def _put(settings: NetworkSettings, home: Path, damaged: bool) -> None:
    """Write them; what could not be read stays beside."""
    path = settings_file(home)
    if damaged and path.exists():
        path.replace(path.with_name(path.name + SET_ASIDE))
    write_settings(settings, home)
