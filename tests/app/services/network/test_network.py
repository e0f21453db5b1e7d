"""The parts of the network joined: what is configured, what is not any more, and what follows from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.network import NodeStatus, OutboxPage, PeerTest
from app.services.exporting.preparing import Preparer
from app.services.network import network as joined
from app.services.network.network import Network
from app.services.state.worklist_store import WorklistStore
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from squid_core.contracts.network import Meant, Sent
from squid_core.network.configuration import FILE, NetworkSettings
from squid_core.network.outbox import Outbox, Outgoing
from tests.app.services.fakes import FakeReaders
from tests.app.services.network.desks import DONE, DOWN, PACS, SETTINGS, FakeMessenger, Room


@pytest.fixture
def messenger(monkeypatch: pytest.MonkeyPatch) -> FakeMessenger:
    made = FakeMessenger()
    monkeypatch.setattr(joined, "Messenger", lambda: made)
    return made


@pytest.fixture
def begin(room: Room, messenger: FakeMessenger) -> Iterator[Callable[[], Network]]:
    database = DatabaseThread(room.home / "worklist.sqlite", lambda _: None)
    begun: list[Network] = []

    def build() -> Network:
        store, readers = WorklistStore(), FakeReaders()
        maps: Callable[..., Future[Any]] = lambda *_: Future()  # noqa: E731 - nobody asks
        preparer = Preparer(readers, room.holder, store, database, maps, Bundles())
        parts = (room.holder, store, database, room.courier, room.notifier)
        begun.append(Network(room.home, readers, preparer, *parts))
        begun[-1].start()
        return begun[-1]

    yield build
    for network in begun:
        network.close()
    database.close()


def test_nothing_configured_is_no_file_and_no_process(
    qtbot: QtBot, room: Room, messenger: FakeMessenger, begin: Callable[[], Network]
) -> None:
    room.holder.update(network=NetworkSettings())
    network = begin()
    qtbot.wait(200)
    assert network.idle
    assert messenger.asked == []
    assert not network.node.running
    assert room.holder.state.node == NodeStatus()
    assert [path.name for path in room.home.iterdir() if not path.name.startswith("worklist")] == []


def test_a_damaged_file_stops_everything_until_the_user_configures_anew(
    qtbot: QtBot, room: Room, begin: Callable[[], Network]
) -> None:
    room.holder.update(network=NetworkSettings())
    (room.home / FILE).write_bytes(b"\x00")
    network = begin()
    qtbot.waitUntil(lambda: bool(room.holder.state.network_fault))
    assert not (room.home / "incoming").exists()
    network.change_settings(SETTINGS)
    assert room.holder.state.network_fault == ""
    qtbot.waitUntil(lambda: (room.home / "incoming").exists())


def test_what_was_said_of_a_system_goes_with_it(
    qtbot: QtBot, room: Room, messenger: FakeMessenger, begin: Callable[[], Network]
) -> None:
    network = begin()
    qtbot.waitUntil(lambda: not (room.home / FILE).exists() and room.holder.state.network == NetworkSettings())
    network.change_settings(SETTINGS)
    network.queries.test("PACS")
    messenger.answer(DOWN)
    qtbot.waitUntil(lambda: room.holder.state.peers_tested == (PeerTest("PACS", DOWN),))
    room.holder.update(peer_faults={"PACS": DOWN.sentence})
    network.change_settings(NetworkSettings())
    assert room.holder.state.peers_tested == ()
    assert room.holder.state.peer_faults == {}


def test_a_system_that_is_reached_otherwise_now_is_tried_at_once(
    qtbot: QtBot, room: Room, messenger: FakeMessenger, begin: Callable[[], Network], tmp_path: Path
) -> None:
    result = tmp_path / "result.dcm"
    result.write_bytes(b"a report")
    Outbox(room.home).add("PACS", [Outgoing(result, Meant("9.1", "1.2", "P7"), "sr", "digest")], 0.0)
    sent: list[int] = []

    def send(settings: NetworkSettings, peer: str, password: str, files: Any, meant: Any) -> Sent:
        sent.append(settings.peer(peer).port)
        return Sent(DONE, accepted=("9.1",)) if sent[-1] == 105 else Sent(DOWN, unsent=("9.1",))

    messenger.answers["send_files"] = send
    network = begin()
    qtbot.waitUntil(lambda: room.holder.state.network == NetworkSettings())
    network.change_settings(NetworkSettings(peers=(PACS,)))
    qtbot.waitUntil(lambda: sent == [104] and network.idle)
    qtbot.waitUntil(lambda: room.holder.state.outbox.waiting == 1)
    network.change_settings(NetworkSettings(peers=(PACS.model_copy(update={"port": 105}),)))
    qtbot.waitUntil(lambda: sent == [104, 105])
    qtbot.waitUntil(lambda: room.holder.state.outbox == OutboxPage(sent=1))
