"""What is not configured is not there: no port, no connection, whoever looks."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.headless.phantom import draw
from tests.network.peers import LOOPBACK, free_port
from tests.network.squid import SQUID
from tests.network.watch import SocketWatch, sockets_of
from tests.squid_core.dicom.phantoms import chest, save, to_bytes

# pydicom imports requests where it is installed, and that asks once whether there is an IPv6: bound, and closed again.
PROBE = "socket.bind ('::1', 0)"
SECONDS = 90.0  # for a film to be scored, on a machine that has much else to do
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture
def watch(tmp_path: Path) -> SocketWatch:
    return SocketWatch(tmp_path / "watch")


def scored(home: Path) -> int:
    """Images of the worklist that have a score."""
    try:
        with closing(sqlite3.connect(f"file:{home / 'worklist.sqlite'}?mode=ro", uri=True, timeout=5)) as store:
            return int(store.execute("SELECT count(*) FROM images WHERE state = 'scored'").fetchone()[0])
    except sqlite3.OperationalError:  # it is not there yet
        return 0


def test_the_watch_sees_what_a_child_of_a_program_listens_on_and_connects_to(watch: SocketWatch) -> None:
    port = free_port()
    child = (
        f"import socket, sys; a = socket.create_server(({LOOPBACK!r}, {port}));"
        f"b = socket.create_connection(({LOOPBACK!r}, {port})); print('up', flush=True); sys.stdin.read()"
    )
    parent = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {child!r}]).returncode)"
    command = [sys.executable, "-c", parent]
    with subprocess.Popen(
        command, env=watch.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        held = sockets_of(process.pid)
        process.communicate("")
    assert len([one for one in held if str(port) in one]) == 2
    address = f"('{LOOPBACK}', {port})"
    assert watch.calls == [f"socket.bind {address}", f"socket.connect {address}"]


@pytest.mark.slow  # the whole program, from its start to the score of a film
def test_a_program_with_nothing_configured_listens_on_nothing_and_connects_to_nothing(
    watch: SocketWatch, tmp_path: Path
) -> None:
    film = save(tmp_path, to_bytes(chest(draw())), "film")
    home = tmp_path / "viewer home"
    held: set[str] = set()
    environment = watch.environment | {"QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", str(film)], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + SECONDS
        while not scored(home) and time.monotonic() < until and process.poll() is None:
            held.update(sockets_of(process.pid))
            time.sleep(0.2)
        held.update(sockets_of(process.pid))
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, complaints) == (0, "")
    assert scored(home) == 1
    assert held == set()
    assert set(watch.calls) <= {PROBE}


@pytest.mark.parametrize("words", [("node",), ("peers", "--test", "PACS"), ("fetch", "--from", "PACS", "--today")])
def test_without_a_configuration_the_command_line_says_so_and_opens_nothing(
    watch: SocketWatch, words: tuple[str, ...]
) -> None:
    command = [*SQUID, *words]
    done = subprocess.run(command, env=watch.environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "configured" in done.stderr
    assert done.stderr.count("\n") == 1
    assert watch.calls == []
