"""The network settings: kept off the window's thread, and never half believed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.services.network.network_keeper import FORGOTTEN, KEPT
from squid_core.contracts.errors import SquidError
from squid_core.network.configuration import FILE, Listening, NetworkSettings, read_settings, write_settings
from tests.app.services.network.desks import ARCHIVE, PACS, SETTINGS, Room


def test_what_was_configured_is_in_the_session(qtbot: QtBot, room: Room) -> None:
    wanted = NetworkSettings(listening=Listening(ae_title="SQUID", port=11112), peers=(PACS,))
    write_settings(wanted, room.home)
    room.courier.run(room.keeper.read())
    qtbot.waitUntil(lambda: room.holder.state.network == wanted)
    assert room.holder.state.network_fault == ""


def test_a_damaged_file_is_said_and_nothing_is_configured(qtbot: QtBot, room: Room) -> None:
    room.holder.update(network=NetworkSettings())
    (room.home / FILE).write_text('{"peers": [{"name"', encoding="ascii")
    room.courier.run(room.keeper.read())
    qtbot.waitUntil(lambda: bool(room.notices))
    assert "damaged" in room.holder.state.network_fault
    assert room.holder.state.network == NetworkSettings()

    room.keeper.change(SETTINGS)
    qtbot.waitUntil(lambda: (room.home / (FILE + ".damaged")).exists() and (room.home / FILE).exists())
    qtbot.waitUntil(lambda: read_settings(room.home) == SETTINGS)
    assert room.holder.state.network_fault == ""


def test_the_last_of_quick_changes_is_kept(qtbot: QtBot, room: Room) -> None:
    for port in range(1000, 1020):
        room.keeper.change(NetworkSettings(listening=Listening(ae_title="SQUID", port=port)))
    room.keeper.close()
    assert read_settings(room.home).listening.port == 1019


def test_what_the_user_changes_while_the_file_is_read_stays(qtbot: QtBot, room: Room) -> None:
    write_settings(NetworkSettings(peers=(PACS,)), room.home)
    room.courier.run(room.keeper.read())
    room.keeper.change(SETTINGS)
    qtbot.waitUntil(lambda: read_settings(room.home) == SETTINGS)
    qtbot.wait(20)
    assert room.holder.state.network == SETTINGS


def test_a_password_goes_to_the_key_ring_and_is_asked_for_once(qtbot: QtBot, room: Room) -> None:
    ring: dict[str, str] = {}
    room.messenger.answers = {
        "keep": lambda peer, secret: ring.update({peer.name: secret}),
        "password": lambda peer: ring[peer.name],
        "forget": lambda peer: ring.pop(peer.name),
    }
    room.keeper.keep_password("Archive", "geheim")
    qtbot.waitUntil(lambda: KEPT in room.notices)
    said: list[str] = []

    def ask() -> object:
        said.append((yield from room.keeper.password("Archive")))

    for _ in range(2):
        room.courier.run(ask())  # type: ignore[arg-type] # a generator
    qtbot.waitUntil(lambda: said == ["geheim", "geheim"])
    assert room.messenger.names().count("password") <= 2
    assert not any("geheim" in path.read_text("latin-1") for path in room.home.iterdir())
    room.keeper.keep_password("Archive", "")
    qtbot.waitUntil(lambda: FORGOTTEN in room.notices)
    assert ring == {}


def test_a_locked_key_ring_is_a_sentence(qtbot: QtBot, room: Room) -> None:
    def locked(*_: object) -> None:
        raise SquidError("The system's key ring is locked.", "Unlock it, then try again.")

    room.messenger.answers = {"keep": locked}
    room.keeper.keep_password("Archive", "geheim")
    qtbot.waitUntil(lambda: room.titles() == ["The system's key ring is locked."])
    room.keeper.keep_password("PACS", "geheim")  # which has no user
    qtbot.waitUntil(lambda: len(room.notices) == 2)
    assert ARCHIVE.user
    assert room.messenger.names() == ["keep"]
