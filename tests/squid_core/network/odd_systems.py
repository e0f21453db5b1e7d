"""Systems that answer as they are told, over DICOM (pynetdicom in a thread) and over HTTP; on loopback."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pynetdicom import AE

from squid_core.network.configuration import NetworkSettings, Peer

LOOPBACK = "127.0.0.1"
ALWAYS = ("1.2.840.10008.1.1", "1.2.840.10008.5.1.4.1.2.2.1")  # Verification, Study Root FIND


@contextlib.contextmanager
def scp(
    handlers: list[Any] | None = None,
    classes: tuple[str, ...] = ALWAYS,
    change: Callable[[AE], None] = lambda _: None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Peer]:
    """An SCP of pynetdicom's, as it is configured here."""
    entity = AE("ODD")
    for sop_class in classes:
        entity.add_supported_context(sop_class)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = 2
    change(entity)
    server = entity.make_server(
        (LOOPBACK, 0), "ODD", entity.supported_contexts, evt_handlers=handlers or [], ssl_context=tls
    )
    assert server.socket is not None
    entity._servers.append(server)  # as `start_server` does, which looks but twice a second whether it is to end
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Peer(name="odd", ae_title="ODD", host=LOOPBACK, port=server.socket.getsockname()[1])
    finally:
        for association in server.active_associations:
            association.abort()
        server.shutdown()
        thread.join(5)
        for association in server.active_associations:
            association.join(5)


@contextlib.contextmanager
def listener(answer: Callable[[socket.socket], None]) -> Iterator[Peer]:
    """Something that listens and does with each connection as it is told."""
    with socket.create_server((LOOPBACK, 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, contextlib.suppress(OSError):
                        answer(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Peer(name="odd", ae_title="ODD", host=LOOPBACK, port=server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@dataclass
class WebAnswer:
    """What an HTTP server answers with; `pieces` are written one after another, then the connection is closed."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/dicom+json"})
    pieces: Iterable[bytes] = (b"[]",)


@dataclass
class WebAsked:
    """What it was asked."""

    path: str
    headers: dict[str, str]


@contextlib.contextmanager
def web(
    answer: Callable[[WebAsked], WebAnswer], context: ssl.SSLContext | None = None
) -> Iterator[tuple[Peer, list[WebAsked]]]:
    """A DICOMweb server that answers as it is told, and what it was asked."""
    asked: list[WebAsked] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(WebAsked(self.path, dict(self.headers)))
            told = answer(asked[-1])
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                for piece in told.pieces:
                    self.wfile.write(piece)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    scheme = "http" if context is None else "https"
    try:
        yield Peer(name="odd", dicomweb=f"{scheme}://{LOOPBACK}:{server.server_address[1]}/dicom-web"), asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def settings_of(peer: Peer) -> NetworkSettings:
    return NetworkSettings(peers=(peer,))
