"""What runs in the node's process: it listens, and tells the window what happens. No Qt, no torch, no decoder.

Imported by the window's process too, to name these functions; what speaks DICOM is imported inside them.
"""

from __future__ import annotations

import contextlib
import threading
from multiprocessing.connection import Connection
from pathlib import Path

from squid_core.contracts.network import NodeEvent
from squid_core.network.configuration import NetworkSettings
from squid_core.network.errands import prepare_messenger
from squid_core.processes.child import shut_out_decoders

STOP = b"stop"  # what the window's process says through the pipe

_told: list[Connection] = []  # the pipe, once this process has it


def prepare_node(pipe: Connection) -> None:
    """Limit and silence this process; what happens goes into the pipe."""
    prepare_messenger()
    shut_out_decoders()
    _told.append(pipe)


def serve_node(settings: NetworkSettings, folder: Path) -> None:
    """Listen until told to stop.

    Raises:
        SquidError: it cannot listen.
    """
    from squid_core.network.node import run_node

    pipe, stop = _told[0], threading.Event()
    turn = threading.Lock()

    def tell(event: NodeEvent) -> None:
        with contextlib.suppress(OSError), turn:  # the window's process has gone
            pipe.send(event)

    def hear() -> None:
        with contextlib.suppress(EOFError, OSError):
            while pipe.recv_bytes() != STOP:
                pass
        stop.set()

    threading.Thread(target=hear, name="hear the window", daemon=True).start()
    run_node(settings.listening, folder, tell, stop, settings.peers)
