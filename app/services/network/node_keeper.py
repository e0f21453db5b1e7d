"""The node's process: begun when it is to listen, and again when it dies; ended by new settings or the program."""

from __future__ import annotations

import contextlib
import logging
import math
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QObject, QTimer

from app.domain.network import NodeState, NodeStatus
from app.domain.session import Session
from app.services.network import node_worker
from app.services.state.session_holder import SessionHolder
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.network.configuration import NetworkSettings, incoming_folder
from squid_core.processes.held import Attempt, NoChildError
from squid_core.processes.pool import Pool

log = logging.getLogger(__name__)

PAUSES = (0.5, 2.0, 5.0, 15.0, 60.0)  # s until it is begun again, after one more failure each; then the last
GENTLE_SECONDS = 1.0  # for it to finish what has come, before it is ended
TELL_SECONDS = 0.2  # between two times that the window is told of what comes in
STOPPED = "The node was stopped."
FAILED = SquidError(
    "The process that listens has failed.", "It is started again by itself; if it fails again, send the log file."
)


class NodeKeeper(QObject):
    """Has a node listen as the session's settings say; says in the session how it goes. Window's thread only.

    Args:
        home: the program's own folder.
        holder: its session has the settings.
        courier: brings the node's word to the window's thread.
    """

    received = TypedSignal[()]()  # something has come into the incoming folder

    def __init__(self, home: Path, holder: SessionHolder, courier: Courier) -> None:
        super().__init__()
        self._folder, self._holder, self._courier = incoming_folder(home), holder, courier
        self._node: _Node | None = None
        self._wanted = NetworkSettings()  # as the node has them, or is to have them
        self._failures = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._begin)
        self._on = False

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._node is not None

    def start(self) -> None:
        """Listen, if that is wanted, and follow the settings from now on."""
        self._on = True
        self._holder.changed.connect(self._on_session)
        self._use(self._holder.state.network)

    def close(self) -> None:
        """End the process; what it has begun to write is finished, but not waited for long."""
        self._on = False
        self._again.stop()
        if self._node is not None:
            self._node.end()
            self._node = None

    def _on_session(self, old: Session, new: Session) -> None:
        if new.network is not old.network:
            self._use(new.network)

    def _use(self, settings: NetworkSettings) -> None:
        """New settings: a node that would be as before is left alone."""
        same = (settings.listening, settings.peers) == (self._wanted.listening, self._wanted.peers)
        self._wanted = settings
        if same and (self._node is not None or self._again.isActive() or not settings.listening.wanted):
            return
        self._again.stop()
        self._failures = 0
        if self._node is not None:
            former, self._node = self._node, None
            self._courier.when_done(ask_disk(former.end), lambda _: self._begin())  # it has the port until then
        else:
            self._begin()

    def _begin(self) -> None:
        if not self._on or self._node is not None:
            return
        if not self._wanted.listening.wanted:
            self._show(NodeState.OFF)
            return
        self._show(NodeState.STARTING, self._status.sentence)
        told, lost = (partial(self._courier.call, do) for do in (self._take, self._on_loss))
        self._node = node = _Node(self._wanted, self._folder, told, lost)
        self._courier.when_done(node.ended, lambda done: self._on_ended(node, done))

    @property
    def _status(self) -> NodeStatus:
        return self._holder.state.node

    def _show(self, state: NodeState, sentence: str = "") -> None:
        self._holder.update(node=replace(self._status, state=state, sentence=sentence))

    def _take(self) -> None:
        """What the node has said since the last time."""
        node = self._node
        if node is None:
            return
        received = False
        for event in node.take():
            status = self._status
            if event.kind is NodeEventKind.LISTENING:
                self._failures = 0
                status = replace(status, state=NodeState.LISTENING, sentence="")
            elif event.kind is NodeEventKind.STORED:
                count, received = status.received + event.count, True
                status = replace(status, received=count, sentence="")
            elif event.kind is NodeEventKind.REFUSED:
                status = replace(status, refused=status.refused + event.count, sentence=event.sentence)
            elif event.kind is NodeEventKind.FAULT:
                status = replace(status, sentence=event.sentence)
            self._holder.update(node=status)
        if received:
            self.received.emit()

    def _on_loss(self) -> None:
        """Somebody else has ended the process; the pool begins it again."""
        if self._status.state is NodeState.LISTENING:
            self._show(NodeState.STARTING)

    def _on_ended(self, node: _Node, done: Future[None]) -> None:
        """It has ended, by itself or because it could not listen: it is begun again after a pause."""
        if node is not self._node:
            return
        self._take()
        self._node = None
        ask_disk(node.end)  # waits for the child's end
        error = FAILED if done.cancelled() or done.exception() is None else done.exception()
        log.warning("The node has ended (%s) and is started again", type(error).__name__)
        self._show(NodeState.FAULT, str(error) if isinstance(error, SquidError) else str(FAILED))
        self._again.start(round(1000 * PAUSES[min(self._failures, len(PAUSES) - 1)]))
        self._failures += 1


class _Node:
    """One process, and the thread that hears what it says.

    Args:
        settings: what it is to do.
        folder: the incoming folder.
        on_event: called on that thread, now and then, when there is something to `take`.
        on_loss: called on some thread when the process was lost and is begun again.
    """

    def __init__(
        self, settings: NetworkSettings, folder: Path, on_event: Callable[[], None], on_loss: Callable[[], None]
    ) -> None:
        self._pipe, self._theirs = multiprocessing.get_context("spawn").Pipe()
        self._pool = Pool(1, node_worker.prepare_node, (self._theirs,), stopped=STOPPED, on_loss=lambda *_: on_loss())
        self._turn = threading.Lock()
        self._events: list[NodeEvent] = []
        self._on_event = on_event
        self._over = threading.Event()
        self.ended: Future[None] = self._pool.run(
            [Attempt(node_worker.serve_node, (settings, folder), math.inf)], _give_up
        )
        self._thread = threading.Thread(target=self._hear, name="hear the node", daemon=True)
        self._thread.start()

    def take(self) -> list[NodeEvent]:
        """What it has said since the last time, what is counted as one."""
        with self._turn:
            events, self._events = self._events, []
        return events

    def end(self) -> None:
        """Have it stop, then end it; waits for that, but not for long."""
        if not self._over.is_set() and not self.ended.done():
            with contextlib.suppress(OSError, ValueError):
                self._pipe.send_bytes(node_worker.STOP)
            wait([self.ended], GENTLE_SECONDS)
        self._over.set()
        self._pool.close()
        self._theirs.close()
        self._thread.join(GENTLE_SECONDS)  # it may hold half a word of one that was killed
        with contextlib.suppress(OSError):
            self._pipe.close()

    def _hear(self) -> None:
        """Until it is over. What comes quickly is told together: a window that is told of each object stalls."""
        while not self._over.is_set():
            try:
                if not self._pipe.poll(TELL_SECONDS):
                    continue
                heard = [self._pipe.recv()]
                while self._pipe.poll(0) and len(heard) < 1000:
                    heard.append(self._pipe.recv())
            except Exception:  # noqa: BLE001 - the end of the pipe, or half a word of one that was killed
                if self._over.wait(TELL_SECONDS):
                    return
                continue
            with self._turn:
                self._events = _together([*self._events, *heard])
            self._on_event()
            self._over.wait(TELL_SECONDS)


def _together(events: list[NodeEvent]) -> list[NodeEvent]:
    """The same in fewer words: neighbours of one kind and sentence become one, with their counts added."""
    merged: list[NodeEvent] = []
    for event in events:
        before = merged[-1] if merged else None
        if before is not None and (before.kind, before.sentence) == (event.kind, event.sentence):
            merged[-1] = replace(before, count=before.count + event.count)
        else:
            merged.append(event)
    return merged


def _give_up(error: BaseException, _: float) -> NoReturn:
    title = "There is no process to listen with." if isinstance(error, NoChildError) else FAILED.title
    raise SquidError(title, FAILED.advice, type(error).__name__)
