"""The window while others push hundreds of studies into its node, and while strangers knock on it a thousand times."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from pytestqt.qtbot import QtBot

from app.domain.network import NodeState
from app.main import Program, application
from app.paths import AppPaths
from squid_core.network.configuration import Caller, Listening, NetworkSettings, incoming_folder, write_settings
from tests.app import light_worker
from tests.app.test_responsiveness import MOST_SECONDS, Heart
from tests.network.peers import LOOPBACK, free_port, needs
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

SENDERS, EACH = 10, 50
CONNECTIONS = 1000
PATIENCE_MS = 120_000


@pytest.fixture
def program(qapp: object, qtbot: QtBot, tmp_path: Path) -> Iterator[Program]:
    """It listens, and its detector starts at once."""
    home = tmp_path / "home"
    home.mkdir()
    callers = (Caller(ae_title="STORESCU", address=LOOPBACK),)
    listening = Listening(ae_title="SQUID", port=free_port(), callers=callers, free_gb=0.1, a_minute=10_000)
    write_settings(NetworkSettings(listening=listening), home)
    application()
    with patch("app.services.detector.client.worker", light_worker):
        made = Program(AppPaths(home), "cpu")
        made.start()
        qtbot.waitUntil(lambda: made.holder.state.node.state is NodeState.LISTENING, timeout=PATIENCE_MS)
        yield made
        made.close()


def films(folder: Path) -> list[Path]:
    """A folder for each sender, of studies that differ in their names alone."""
    sound = to_bytes(chest(phantom(64, 64), StudyInstanceUID="1.2.3.100000", SOPInstanceUID="1.2.4.100000"))
    for number in range(SENDERS * EACH):
        save(folder / f"{number // EACH}", sound.replace(b".100000", b".1%05d" % number), f"IM{number:03d}")
    return sorted(folder.iterdir())


@pytest.mark.slow  # five hundred objects, scored, and a thousand connections
def test_what_is_pushed_is_listed_once_in_order_of_arrival_and_strangers_do_not_hold_up_the_window(
    qtbot: QtBot, program: Program, tmp_path: Path
) -> None:
    port = program.holder.state.network.listening.port
    folders, store = films(tmp_path / "films"), program.store
    heart, began = Heart(), time.monotonic()
    command = [needs("storescu"), "-aec", "SQUID", "+sd", LOOPBACK, str(port)]
    senders = [subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL) for folder in folders]
    qtbot.waitUntil(lambda: all(sender.poll() is not None for sender in senders), timeout=PATIENCE_MS)
    assert [sender.returncode for sender in senders] == [0] * SENDERS
    pushed = time.monotonic() - began
    qtbot.waitUntil(lambda: len(store.worklist) >= SENDERS * EACH, timeout=PATIENCE_MS)
    listed = time.monotonic() - began

    with contextlib.ExitStack() as strangers:
        for number in range(CONNECTIONS):
            strangers.enter_context(contextlib.closing(socket.create_connection((LOOPBACK, port), timeout=10)))
            if number % 50 == 0:
                qtbot.wait(1)
        qtbot.waitUntil(lambda: program.holder.state.node.refused > 0, timeout=PATIENCE_MS)
    heart.stop()

    images = sorted(store.worklist.images(), key=lambda image: image.arrival)
    assert len({image.study_uid for image in images}) == len(images) == SENDERS * EACH
    on_disk = sorted(incoming_folder(tmp_path / "home").rglob("*.dcm"))
    assert [image.path for image in images] == on_disk
    assert program.holder.state.node.state is NodeState.LISTENING
    assert program.holder.state.node.received == SENDERS * EACH
    assert heart.own < MOST_SECONDS, f"paused for {heart.own * 1000:.0f} ms of its own work"
    print(f"{pushed:.1f} s until pushed, {listed:.1f} s until listed, longest pause {heart.own * 1000:.0f} ms")  # noqa: T201
