"""In the footer: what the network does, quietly, and the way to where it is put right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState, NodeStatus, OutboxPage
from app.domain.session import Session
from app.ui.words.network_words import network_line
from squid_core.network import words
from tests.app.ui import networked
from tests.app.ui.conftest import Room
from tests.app.ui.hands import LEFT

CONFIGURED, WAITING = networked.CONFIGURED, networked.WAITING


@pytest.mark.parametrize(
    ("session", "words", "wrong"),
    [
        (Session(), "", False),
        (CONFIGURED, "Listening", False),
        (replace(CONFIGURED, node=NodeStatus(NodeState.STARTING)), "Node starts", False),
        (networked.FAULT, "Node is down", True),
        (replace(CONFIGURED, fetching=networked.FETCHING), "Fetching 2 of 3", False),
        (replace(CONFIGURED, outbox=OutboxPage(waiting=2, writing=1, sending=True)), "Sending 3", False),
        (replace(CONFIGURED, outbox=OutboxPage(waiting=2)), "2 to be sent", False),
        (WAITING, "1 not sent", True),
        (replace(CONFIGURED, peer_faults={"PACS": "It is down."}), "Network", True),
        (Session(network_fault="The network settings are damaged."), "Network settings", True),
    ],
)
def test_a_few_words_say_how_it_goes(session: Session, words: str, wrong: bool) -> None:
    said, tip, bad = network_line(session)
    assert (said, bad) == (words, wrong)
    assert bool(tip) == bool(words)


def test_it_is_hidden_until_there_is_something_to_say(room: Room) -> None:
    button = room.window.footer.network
    assert not button.isVisible()
    room.holder.update(**networked.fields(CONFIGURED))
    assert button.isVisible()
    assert "SQUID listens on port 11112" in button.accessibleDescription()
    room.holder.update(**networked.fields(Session()))
    assert not button.isVisible()


def test_a_click_leads_to_the_outbox_or_to_the_settings(room: Room, qtbot: QtBot) -> None:
    button = room.window.footer.network
    room.holder.update(**networked.fields(networked.FAULT))
    with qtbot.waitSignal(room.wishes.network_settings_requested):
        QTest.mouseClick(button, LEFT)
    room.holder.update(**networked.fields(WAITING))
    assert words.CLOSED_PORT in button.accessibleDescription()
    QTest.mouseClick(button, LEFT)
    outbox = room.window.dialogs.outbox
    assert outbox is not None
    assert outbox.table.rowCount() == 4
    outbox.close()
