"""The node of this program, running in the test's process, and what a test does to it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydicom import dcmread

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.network.configuration import Caller, Listening, Peer
from tests.network.peers import LOOPBACK, free_port, run

AET, CALLER = "SQUID", "PACS"
SECONDS = 20.0


@dataclass
class Node:
    """A node that listens.

    Attributes:
        told: what it has told, in order.
    """

    port: int
    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)
    told: list[NodeEvent] = field(default_factory=list)
    failed: list[SquidError] = field(default_factory=list)

    def count(self, kind: NodeEventKind) -> int:
        """How much of a kind it has told."""
        return sum(event.count for event in list(self.told) if event.kind == kind)

    def sentences(self, kind: NodeEventKind) -> set[str]:
        """What it has said of a kind."""
        return {event.sentence for event in list(self.told) if event.kind == kind}

    def whole(self) -> list[Path]:
        """Objects in order of their names."""
        return sorted(self.folder.rglob("*.dcm"))

    def halves(self) -> list[Path]:
        """What is not whole."""
        return [path for path in self.folder.rglob(".*") if path.is_file()]

    def echoes(self, calling: str = CALLER, called: str = AET) -> bool:
        """Whether DCMTK's echoscu has an answer."""
        done = run("echoscu", "-aet", calling, "-aec", called, "-to", "5", LOOPBACK, str(self.port))
        return done.returncode == 0

    def takes(self, *files: Path, calling: str = CALLER) -> Any:
        """What became of DCMTK's storescu."""
        return run("storescu", "-R", "-aet", calling, "-aec", AET, LOOPBACK, str(self.port), *files)


@contextlib.contextmanager
def running_node(
    folder: Path, *, peers: Sequence[Peer] = (), idle_seconds: float = 0, **listening: Any
) -> Iterator[Node]:
    """A node that lets CALLER in from this machine, until the block ends; further settings of `Listening` by name."""
    from squid_core.network.node import run_node

    node = Node(listening.get("port", 0) or free_port(), folder)
    callers = (Caller(ae_title=CALLER, address=LOOPBACK),)
    settings = Listening(**{"ae_title": AET, "port": node.port, "callers": callers, "a_minute": 10_000} | listening)
    if idle_seconds:
        settings = settings.model_copy(update={"idle_seconds": idle_seconds})  # fewer than a user may ask for

    def listen() -> None:
        try:
            run_node(settings, folder, node.told.append, node.stop, peers)
        except SquidError as error:
            node.failed.append(error)

    thread = threading.Thread(target=listen, name="node under test")
    thread.start()
    try:
        until(lambda: bool(node.told or node.failed))
        yield node
    finally:
        node.stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()


@contextlib.contextmanager
def squid_node(home: Path, **listening: Any) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`squid node`, a process of its own, and its port; it is ended with the block, if it has not ended before."""
    port = free_port()
    home.mkdir(exist_ok=True)
    settings = {"ae_title": AET, "port": port, "callers": [{"ae_title": CALLER, "address": LOOPBACK}]}
    text = json.dumps({"listening": settings | {"a_minute": 10_000} | listening})
    (home / "network.json").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "squid_core.cli", "node", "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"Listening as {AET} on {LOOPBACK} port {port}.\n"
            yield port, process
        finally:
            process.kill()


def until(true: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait for it."""
    late = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < late, "it did not come about in time"
        time.sleep(0.01)


def digest(path: Path) -> str:
    """Of the data set, without what stands before it."""
    data = path.read_bytes()
    assert data[128:132] == b"DICM"
    start = 144 + struct.unpack("<L", data[140:144])[0]
    return hashlib.sha256(data[start:]).hexdigest()


def uid_of(path: Path) -> str:
    """SOP Instance UID."""
    return str(dcmread(path, stop_before_pixels=True).SOPInstanceUID)


def connected(port: int) -> socket.socket:
    """A bare connection."""
    return socket.create_connection((LOOPBACK, port), timeout=SECONDS)


def pdu(kind: int, body: bytes, length: int | None = None) -> bytes:
    """A PDU, whose length may be a lie (PS3.8 9.3.1)."""
    return struct.pack(">BBL", kind, 0, len(body) if length is None else length) + body


def data_pdu(*pdvs: tuple[int, int, bytes]) -> bytes:
    """A P-DATA-TF of fragments: context, control header, data (PS3.8 9.3.5)."""
    return pdu(
        4, b"".join(struct.pack(">LBB", len(data) + 2, context, control) + data for context, control, data in pdvs)
    )


def element(tag: int, value: bytes) -> bytes:
    """An element of a command set (PS3.7 6.3.1)."""
    return struct.pack("<HHL", 0, tag, len(value)) + value


def store_command(sop_class: str, instance: str, *, message: int = 1) -> bytes:
    """A C-STORE-RQ (PS3.7 9.3.1.1)."""

    def padded(uid: str) -> bytes:
        return uid.encode() + b"\0" * (len(uid) % 2)

    body = element(0x0002, padded(sop_class)) + element(0x0100, struct.pack("<H", 1))
    body += element(0x0110, struct.pack("<H", message)) + element(0x0700, b"\0\0") + element(0x0800, b"\1\0")
    body += element(0x1000, padded(instance))
    return element(0x0000, struct.pack("<L", len(body))) + body


def request(contexts: Sequence[tuple[int, str, str]], calling: str = CALLER, called: str = AET) -> bytes:
    """An A-ASSOCIATE-RQ: number, abstract and transfer syntax of each context (PS3.8 9.3.2)."""

    def item(kind: int, body: bytes) -> bytes:
        return struct.pack(">BBH", kind, 0, len(body)) + body

    body = struct.pack(">HH16s16s32x", 1, 0, called.ljust(16).encode(), calling.ljust(16).encode())
    body += item(0x10, b"1.2.840.10008.3.1.1.1")
    for number, abstract, transfer in contexts:
        body += item(0x20, bytes((number, 0, 0, 0)) + item(0x30, abstract.encode()) + item(0x40, transfer.encode()))
    return pdu(1, body + item(0x50, item(0x51, struct.pack(">L", 16384)) + item(0x52, b"1.2.3.4")))


def answer(connection: socket.socket) -> bytes:
    """A whole PDU; what came of it where the peer has closed."""
    data = b""
    with contextlib.suppress(OSError):
        while len(data) < 6 or len(data) < 6 + struct.unpack(">L", data[2:6])[0]:
            more = connection.recv(65536)
            if not more:
                break
            data += more
    return data
