"""The node among peers that break off, lie, flood or stall: it lives, says so, and keeps no half file."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import struct
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from squid_core.contracts.network import NodeEventKind
from squid_core.network.listening import admission
from squid_core.network.node import _end
from tests.network.nodes import (
    AET,
    CALLER,
    SECONDS,
    Node,
    answer,
    connected,
    data_pdu,
    pdu,
    request,
    running_node,
    squid_node,
    store_command,
    until,
)
from tests.network.peers import LOOPBACK, needs, run
from tests.squid_core.dicom.phantoms import DX, chest, phantom, save, to_bytes

IMPLICIT, VERIFICATION = "1.2.840.10008.1.2", "1.2.840.10008.1.1"
CONTEXTS = [(1, DX, IMPLICIT), (3, VERIFICATION, IMPLICIT)]
SEED, FUZZED = 16, 2000
ABORT = pdu(7, bytes(4))


def _begun(node: Node) -> socket.socket:
    """An association in which half an object has come."""
    before, peer = len(node.halves()), connected(node.port)
    peer.sendall(request(CONTEXTS))
    assert answer(peer)[0] == 2
    peer.sendall(data_pdu((1, 3, store_command(DX, "1.2.3"))) + data_pdu((1, 0, bytes(30_000))))
    until(lambda: len(node.halves()) > before)
    return peer


def _break_off(peer: socket.socket) -> None:
    """As where a peer's machine dies: a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


LAST: dict[str, bytes | None] = {
    "aborts": ABORT,
    "closes": b"",
    "resets": None,
    "releases": pdu(5, bytes(4)),
    "cuts a PDU": data_pdu((1, 0, bytes(100)))[:40],
    "says 4 GB": pdu(4, bytes(10), length=0xFFFFFFFF),
    "says nothing": pdu(4, bytes(10), length=0),
    "fragment beyond its PDU": pdu(4, struct.pack(">LBB", 0xFFFFFFFF, 1, 0) + bytes(20)),
    "fragment of no length": pdu(4, struct.pack(">LBB", 0, 1, 0)),
    "fragment without header": pdu(4, struct.pack(">LB", 1, 1)),
    "another context": data_pdu((3, 0, bytes(100))),
    "another command": data_pdu((1, 3, store_command(DX, "1.2.4"))),
    "more of a command": data_pdu((1, 1, bytes(100))),
    "no such PDU": pdu(9, bytes(4)),
    "a second request": request(CONTEXTS),
}


@pytest.mark.parametrize("last", LAST.values(), ids=LAST)
def test_an_object_that_is_broken_off_leaves_nothing_and_harms_nobody(tmp_path: Path, last: bytes | None) -> None:
    with running_node(tmp_path) as node, _begun(node) as other, _begun(node) as peer:
        assert len(node.halves()) == 2
        if last is None:
            _break_off(peer)
        else:
            peer.sendall(last)
            peer.shutdown(socket.SHUT_WR)
        until(lambda: len(node.halves()) == 1)
        other.sendall(data_pdu((1, 2, bytes(100))))
        assert answer(other)[0] == 4
        until(lambda: node.count(NodeEventKind.STORED) == 1)
        assert node.halves() == []
        assert len(node.whole()) == 1
        assert node.echoes()


def test_two_thousand_fuzzed_pdus_leave_the_node_as_it_was(tmp_path: Path) -> None:
    needs("echoscu")
    dice = random.Random(SEED)  # noqa: S311 - a test's
    whole = [
        request(CONTEXTS),
        data_pdu((1, 3, store_command(DX, "1.2.3"))),
        data_pdu((1, 0, bytes(3000))),
        data_pdu((1, 2, bytes(100))),
        data_pdu((3, 3, store_command(VERIFICATION, "1.2.3"))),
        pdu(5, bytes(4)),
        ABORT,
    ]
    with squid_node(tmp_path, associations=100) as (port, process):
        memory = psutil.Process(process.pid).memory_info
        before, sent = memory().rss, 0
        while sent < FUZZED:
            with connected(port) as peer, contextlib.suppress(OSError):
                if dice.random() < 0.6:
                    peer.sendall(whole[0])
                    assert answer(peer)[:1] in (b"\x02", b"\x03")
                for _ in range(dice.randint(1, 6)):
                    peer.sendall(_fuzzed(dice, dice.choice(whole)))
                    sent += 1
                if dice.random() < 0.5:
                    _break_off(peer)
        assert run("echoscu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(port)).returncode == 0
        until(lambda: not [path for path in (tmp_path / "incoming").rglob(".*") if path.is_file()])
        until(lambda: psutil.Process(process.pid).num_threads() < 8)
        assert memory().rss - before < 150_000_000
        process.terminate()
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert errors == ""
    assert out.splitlines()[-2 if "Objects" in out else -1] == "Nothing listens any more."


def _fuzzed(dice: random.Random, whole: bytes) -> bytes:
    """A PDU that is not as it should be."""
    data = bytearray(whole)
    match dice.randint(0, 5):
        case 0:
            return dice.randbytes(dice.randint(1, 300))
        case 1:
            data[2:6] = struct.pack(">L", dice.choice((0, 1, 5, len(data), 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)))
        case 2:
            del data[dice.randrange(len(data)) :]
        case 3:
            at = dice.randrange(len(data))
            data[at:at] = dice.randbytes(dice.randint(1, 40))
        case _:
            for _ in range(dice.randint(1, 12)):
                data[dice.randrange(min(len(data), 200))] = dice.randrange(256)
    return bytes(data)


def test_what_came_whole_before_a_peer_went_wrong_is_kept_or_not_and_is_no_fault_of_ours(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        for number in range(20):
            with connected(node.port) as peer:
                peer.sendall(request(CONTEXTS))
                assert answer(peer)[0] == 2
                whole = data_pdu((1, 3, store_command(DX, f"1.2.{number}")), (1, 2, b"x"))
                peer.sendall(whole + pdu(4, struct.pack(">LBB", 0, 1, 0)))
                while answer(peer):
                    pass
        until(lambda: node.halves() == [])
        assert node.count(NodeEventKind.FAULT) == 0
        assert node.count(NodeEventKind.STORED) == len(node.whole())


def test_a_message_has_bounds_in_memory(tmp_path: Path) -> None:
    with running_node(tmp_path) as node:
        for pieces in (
            [data_pdu((1, 1, bytes(16_000)))] * 10,  # a command without end
            [data_pdu((3, 3, store_command(VERIFICATION, "1.2")[:-10]))],  # no command
            [data_pdu((3, 3, store_command(DX, "1.2.3")))],  # a class of another context
            [data_pdu((1, 3, store_command(DX, "1.2.3")), (1, 2, b"x"))] * 200,  # without waiting for an answer
        ):
            with connected(node.port) as peer, contextlib.suppress(OSError):
                peer.sendall(request(CONTEXTS))
                assert answer(peer)[0] == 2
                for piece in pieces:
                    peer.sendall(piece)
                while (came := answer(peer)) and came[0] == 4:
                    pass
                assert came == b"" or came[0] == 7
        assert node.echoes()
        until(lambda: node.halves() == [])


def test_a_thousand_connections_are_bounded_and_nobody_else_suffers(tmp_path: Path) -> None:
    with squid_node(tmp_path, associations=10) as (port, process):
        these = psutil.Process(process.pid)
        open_ones: list[socket.socket] = []
        with contextlib.ExitStack() as stack:
            for _ in range(1000):
                open_ones.append(stack.enter_context(connected(port)))
            until(lambda: these.num_threads() < 2 * (10 + admission.SPARE_CONNECTIONS) + 6)
            assert these.num_fds() < 150
        until(lambda: run("echoscu", "-aet", CALLER, "-aec", AET, LOOPBACK, str(port)).returncode == 0)
        until(lambda: these.num_threads() < 8)
        process.terminate()
        out, errors = process.communicate(timeout=20)
    assert errors == ""
    told = [line.removeprefix(admission.TOO_MANY) for line in out.splitlines() if line.startswith(admission.TOO_MANY)]
    counts = [int(line.removeprefix(" (").removesuffix(" times)") or 1) for line in told]
    assert sum(counts) >= 1000 - 10 - admission.SPARE_CONNECTIONS
    assert len(counts) < 10  # told together


def test_a_hundred_associations_live_within_the_memory_that_is_allowed(tmp_path: Path) -> None:
    with squid_node(tmp_path, associations=100) as (port, process), contextlib.ExitStack() as stack:
        for number in range(100):
            peer = stack.enter_context(connected(port))
            peer.sendall(request(CONTEXTS))
            assert answer(peer)[0] == 2
            peer.sendall(data_pdu((1, 3, store_command(DX, f"1.2.{number}")), (1, 2, b"x")))
            assert answer(peer)[0] == 4
        assert psutil.Process(process.pid).memory_info().rss < 400_000_000
        assert len(list((tmp_path / "incoming").rglob("*.dcm"))) == 100


def test_one_address_cannot_come_too_often(tmp_path: Path) -> None:
    with running_node(tmp_path, a_minute=3) as node:
        assert [node.echoes() for _ in range(5)] == [True, True, True, False, False]
        assert node.sentences(NodeEventKind.REFUSED) == {admission.TOO_OFTEN}


@pytest.mark.parametrize("beginning", ["nothing", "half a request", "half an object"])
def test_a_slow_writer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beginning: str) -> None:
    monkeypatch.setattr("squid_core.network.node.REQUEST_SECONDS", 0.5)
    with running_node(tmp_path, idle_seconds=0.5) as node:
        with connected(node.port) as peer:
            if beginning == "half an object":
                peer.sendall(request(CONTEXTS))
                assert answer(peer)[0] == 2
                peer.sendall(data_pdu((1, 3, store_command(DX, "1.2.3"))))
            slowly = (
                b""
                if beginning == "nothing"
                else (request(CONTEXTS) if "request" in beginning else data_pdu((1, 0, bytes(5000))))
            )
            begun = time.monotonic()
            _write_slowly(peer, slowly)
            assert time.monotonic() - begun < 4
        assert node.echoes()
        until(lambda: node.halves() == [])


def test_a_connection_that_has_not_quite_begun_is_ended_with_the_node() -> None:
    class Beginning(threading.Thread):
        dimse = SimpleNamespace(busy=False)
        aborted = threading.Event()

        def abort(self, *, block: bool) -> None:
            assert not block
            self.aborted.set()

        def run(self) -> None:
            self.aborted.wait(SECONDS)

    beginning = Beginning()  # as `threading.enumerate` shows it before it runs

    class Server:
        @property
        def active_associations(self) -> list[Beginning]:
            return [beginning] if beginning.ident is None or beginning.is_alive() else []

    threading.Timer(0.2, beginning.start).start()
    _end(cast(Any, Server()))
    assert beginning.ident is not None
    assert not beginning.is_alive()


def _write_slowly(peer: socket.socket, data: bytes) -> None:
    """A byte at a time, until the other end has had enough."""
    peer.settimeout(0.05)
    for number in range(400):
        with contextlib.suppress(TimeoutError):
            try:
                peer.sendall(data[number : number + 1])
                came = peer.recv(100)
            except ConnectionError:
                return
            if not came:
                return
    pytest.fail("it waits for ever")


def test_a_full_disk_is_said_to_both_sides_and_begins_anew_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    with running_node(tmp_path / "incoming") as node:
        with monkeypatch.context() as full:
            full.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 10**6))
            refused = run("storescu", "-v", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), film)
            assert "OutOfResources" in refused.stdout + refused.stderr
            assert node.whole() == node.halves() == []
            assert any("is full" in sentence for sentence in node.sentences(NodeEventKind.FAULT))
        assert node.takes(film).returncode == 0
        assert len(node.whole()) == 1


def test_a_disk_that_fails_at_the_last_moment_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "no")

    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    with running_node(tmp_path / "incoming") as node:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            refused = run("storescu", "-v", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), film)
        assert "OutOfResources" in refused.stdout + refused.stderr
        assert node.whole() == node.halves() == []


def test_an_incoming_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(64, 64))), "film")
    with running_node(tmp_path / "incoming") as node:
        shutil.rmtree(tmp_path / "incoming")
        refused = run("storescu", "-v", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), film)
        assert "OutOfResources" in refused.stdout + refused.stderr
        assert any("is gone" in sentence for sentence in node.sentences(NodeEventKind.FAULT))
        assert node.echoes()


def test_too_large_an_object_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    film = save(tmp_path, to_bytes(chest(phantom(1000, 1000))), "film")
    with running_node(tmp_path / "incoming", object_mb=1) as node:
        refused = run("storescu", "-v", "-aet", CALLER, "-aec", AET, LOOPBACK, str(node.port), film)
        assert "OutOfResources" in refused.stdout + refused.stderr
        assert node.whole() == node.halves() == []
        assert node.sentences(NodeEventKind.REFUSED) == {
            "An object has more than 1 MB. Raise the limit in the network settings."
        }
        with connected(node.port) as peer:  # one that never ends
            peer.sendall(request(CONTEXTS))
            assert answer(peer)[0] == 2
            peer.sendall(data_pdu((1, 3, store_command(DX, "1.2.3"))))
            with pytest.raises(ConnectionError):
                _write_on_and_on(peer)
        assert node.echoes()


def _write_on_and_on(peer: socket.socket) -> None:
    for _ in range(1000):
        peer.sendall(data_pdu((1, 0, bytes(100_000))))


def test_what_a_killed_node_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    with squid_node(tmp_path) as (port, process), connected(port) as peer:
        peer.sendall(request(CONTEXTS))
        assert answer(peer)[0] == 2
        peer.sendall(data_pdu((1, 3, store_command(DX, "1.2.3"))) + data_pdu((1, 0, bytes(500_000 // 8))))
        until(lambda: bool(list((tmp_path / "incoming").glob(".*"))))
        process.kill()
        process.wait()
    assert list((tmp_path / "incoming").glob(".*"))
    with running_node(tmp_path / "incoming") as node:
        assert node.halves() == []


def test_no_thread_is_left_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with running_node(tmp_path) as node, _begun(node), _begun(node):
        assert threading.active_count() > before
        node.stop.set()
        until(lambda: node.count(NodeEventKind.STOPPED) == 1)
        until(lambda: threading.active_count() <= before)
    assert node.halves() == []
