"""squid node."""

from __future__ import annotations

import argparse
import logging
import threading
import warnings
from collections import Counter

from squid_core.commands.common import Commands, add_network, network_settings
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.network.configuration import incoming_folder
from squid_core.network.errands import CHILD_DATA_BYTES
from squid_core.processes.child import limit_memory, shut_out_decoders
from squid_core.terminal import EXIT_OK, OutputError, ending_on_term, say

COUNT_SECONDS = 60.0
_SAID = {NodeEventKind.LISTENING, NodeEventKind.REFUSED, NodeEventKind.FAULT, NodeEventKind.STOPPED}


def add_node(commands: Commands) -> None:
    """`squid node`: take what other systems send, without the window."""
    parser = commands.add_parser(
        "node", help="listen for other systems and write what they send into the incoming folder, until Ctrl+C"
    )
    add_network(parser)
    parser.set_defaults(run=run_node_here)


def run_node_here(arguments: argparse.Namespace) -> int:
    """Listen until Ctrl+C or TERM, and say once a minute how many objects have come.

    Raises:
        SquidError: it cannot listen, and why.
    """
    settings = network_settings(arguments)
    if not settings.listening.wanted:
        raise SquidError("No node is configured here.", "Set an AE title and a port in the network settings.")
    limit_memory(CHILD_DATA_BYTES)
    shut_out_decoders()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # the library's log quotes data sets
    stop, ended, failed = threading.Event(), threading.Event(), list[Exception]()
    told = _Told(stop)

    def listen() -> None:
        try:
            from squid_core.network.node import run_node

            run_node(settings.listening, incoming_folder(arguments.home), told, stop, settings.peers)
        except Exception as error:  # noqa: BLE001 - raised again where the program says it
            failed.append(error)
        finally:
            ended.set()

    with ending_on_term():
        threading.Thread(target=listen, name="node", daemon=True).start()
        try:
            _say_now_and_then(ended, told)
        except KeyboardInterrupt:  # how it is meant to end
            stop.set()
            ended.wait()
    if failed:
        raise failed[0]
    if told.unsaid is not None:
        raise told.unsaid
    told.say_counts()
    return EXIT_OK


def _say_now_and_then(ended: threading.Event, told: _Told) -> None:
    while not ended.wait(COUNT_SECONDS):
        told.say_counts()


class _Told:
    """Says what must be said at once, and counts the rest."""

    def __init__(self, stop: threading.Event) -> None:
        self._counts: Counter[str] = Counter()
        self._stop = stop
        self.unsaid: OutputError | None = None  # nobody hears any more

    def __call__(self, event: NodeEvent) -> None:
        if event.kind in _SAID:
            try:
                say(event.sentence + (f" ({event.count} times)" if event.count > 1 else ""))
            except OutputError as error:
                self.unsaid = error
                self._stop.set()
        elif event.path is None:
            self._counts["had already"] += event.count
        else:
            self._counts["stored"] += event.count

    def say_counts(self) -> None:
        """How many objects have come since the last time; nothing where none has."""
        counts, self._counts = self._counts, Counter()
        if counts:
            had = f", {counts['had already']} were there already" if counts["had already"] else ""
            say(f"Objects stored: {counts['stored']}{had}.")
