"""A thousand connections to the node, and the window that supervises it goes on as before."""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState
from app.services.network.node_keeper import NodeKeeper
from squid_core.network.configuration import Caller, Listening, NetworkSettings
from tests.app.services.network.desks import Room
from tests.network.peers import LOOPBACK, free_port

CONNECTIONS = 1000
BEAT_MS = 10
WORST_SECONDS = 1.0  # other programs have the processors as well
FLOOD = """
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20) for _ in range(int(sys.argv[2]))]
for one in held:
    one.close()
"""


def test_the_window_does_not_notice_a_thousand_connections(qtbot: QtBot, room: Room) -> None:
    port, beats = free_port(), list[float]()
    callers = (Caller(ae_title="PACS", address=LOOPBACK),)
    listening = Listening(ae_title="SQUID", port=port, callers=callers, free_gb=0.1, a_minute=CONNECTIONS)
    keeper = NodeKeeper(room.home, room.holder, room.courier)
    heart = QTimer(interval=BEAT_MS)
    heart.timeout.connect(lambda: beats.append(time.monotonic()))
    try:
        keeper.start()
        room.holder.update(network=NetworkSettings(listening=listening))
        qtbot.waitUntil(lambda: room.holder.state.node.state is NodeState.LISTENING, timeout=15000)
        heart.start()
        with subprocess.Popen([sys.executable, "-c", FLOOD, str(port), str(CONNECTIONS)]) as flood:
            qtbot.waitUntil(lambda: flood.poll() is not None, timeout=30000)
        assert flood.returncode == 0
        qtbot.waitUntil(lambda: room.holder.state.node.refused > 0, timeout=10000)
        heart.stop()
    finally:
        keeper.close()
    pauses = [after - before for before, after in itertools.pairwise(beats)]
    assert statistics.median(pauses) < 3 * BEAT_MS / 1000
    assert max(pauses) < WORST_SECONDS
