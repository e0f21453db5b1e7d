"""The node's process: only where it is wanted, begun again when it dies, ended with the program."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState, NodeStatus
from app.services.network import node_keeper
from app.services.network.node_keeper import NodeKeeper
from squid_core.network.configuration import Caller, Listening, NetworkSettings
from tests.app.services.network.desks import Room
from tests.network.peers import LOOPBACK, free_port, needs, run
from tests.squid_core.dicom.phantoms import chest, phantom, save


def children() -> set[int | None]:
    """Numbers of the processes that this one has spawned and that live."""
    return {child.pid for child in multiprocessing.active_children()}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


@pytest.fixture
def keeper(room: Room) -> Iterator[NodeKeeper]:
    made = NodeKeeper(room.home, room.holder, room.courier)
    yield made
    made.close()


def wanted(port: int) -> NetworkSettings:
    callers = (Caller(ae_title="STORESCU", address=LOOPBACK), Caller(ae_title="ECHOSCU", address=LOOPBACK))
    return NetworkSettings(listening=Listening(ae_title="SQUID", port=port, callers=callers, free_gb=0.1))


def status(room: Room) -> NodeStatus:
    return room.holder.state.node


def test_nothing_configured_is_no_process(qtbot: QtBot, room: Room, keeper: NodeKeeper) -> None:
    room.holder.update(network=NetworkSettings())
    keeper.start()
    qtbot.wait(100)
    assert not keeper.running
    assert status(room) == NodeStatus()
    assert children() == set()


def test_it_listens_moves_and_stops_as_the_settings_say(qtbot: QtBot, room: Room, keeper: NodeKeeper) -> None:
    ports = free_port(), free_port()
    keeper.start()
    for port in ports:
        room.holder.update(network=wanted(port))
        qtbot.waitUntil(
            lambda port=port: status(room).state is NodeState.LISTENING and listens(port),  # type: ignore[misc]
            timeout=15000,
        )
    assert not listens(ports[0])
    before = children()
    room.holder.update(network=wanted(ports[1]).model_copy(update={"priors_from": ""}))  # nothing that concerns it
    qtbot.wait(50)
    assert children() == before
    room.holder.update(network=NetworkSettings())
    qtbot.waitUntil(lambda: status(room).state is NodeState.OFF and not listens(ports[1]), timeout=10000)
    qtbot.waitUntil(lambda: children() == set(), timeout=5000)


def test_what_comes_is_counted_and_the_killed_is_begun_again(
    qtbot: QtBot, room: Room, keeper: NodeKeeper, tmp_path: Path
) -> None:
    echo, store = needs("echoscu"), needs("storescu")
    port = free_port()
    room.holder.update(network=wanted(port))
    received: list[bool] = []
    keeper.received.connect(lambda: received.append(True))
    keeper.start()
    qtbot.waitUntil(lambda: status(room).state is NodeState.LISTENING, timeout=15000)
    (child,) = children()
    assert child is not None
    os.kill(child, signal.SIGKILL)
    qtbot.waitUntil(lambda: children() not in (set(), {child}), timeout=15000)
    qtbot.waitUntil(lambda: status(room).state is NodeState.LISTENING and listens(port), timeout=15000)
    assert run(echo, "-aec", "SQUID", LOOPBACK, str(port)).returncode == 0
    path = save(tmp_path, chest(phantom(32, 40)))
    assert run(store, "-aec", "SQUID", LOOPBACK, str(port), path).returncode == 0
    qtbot.waitUntil(lambda: status(room).received == 1 and received != [], timeout=5000)


def test_a_port_that_is_taken_is_a_sentence_and_tried_again(
    qtbot: QtBot, room: Room, keeper: NodeKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_keeper, "PAUSES", (0.2,))
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = int(other.getsockname()[1])
        room.holder.update(network=wanted(port))
        keeper.start()
        qtbot.waitUntil(lambda: status(room).state is NodeState.FAULT, timeout=15000)
        assert status(room).sentence
    qtbot.waitUntil(lambda: status(room).state is NodeState.LISTENING, timeout=15000)
    assert status(room).sentence == ""
