"""squid peers."""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings

from squid_core.commands.common import Commands, add_network, network_settings
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Outcome
from squid_core.network import secrets
from squid_core.network.configuration import Peer
from squid_core.network.errands import try_peer
from squid_core.terminal import EXIT_OK, say

EXIT_NOT_WELL = 1  # the system does not do all that is wanted of it


def add_peers(commands: Commands) -> None:
    """`squid peers`: which systems are configured, whether they answer, and their passwords."""
    parser = commands.add_parser("peers", help="list the systems of the network settings, or test one of them")
    task = parser.add_mutually_exclusive_group()
    task.add_argument("--test", metavar="NAME", help="whether it answers and offers what it is configured for")
    task.add_argument("--password", metavar="NAME", help="ask for its user's password and keep it in the key ring")
    task.add_argument("--forget", metavar="NAME", help="remove its user's password from the key ring")
    add_network(parser)
    parser.set_defaults(run=run_peers)


def run_peers(arguments: argparse.Namespace) -> int:
    """List the systems, test one, or keep its password.

    Returns:
        0; 1 where a system that is tested does not do all that is wanted of it.

    Raises:
        SquidError: no such system is configured, or the key ring does not open.
    """
    settings = network_settings(arguments)
    if arguments.test:
        peer = settings.peer(arguments.test)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the libraries' quote values
            said = try_peer(settings, peer.name, secrets.password(peer))
        say(" ".join(filter(None, (said.sentence, f"({said.detail})" if said.detail else ""))))
        return EXIT_OK if said.outcome is Outcome.DONE else EXIT_NOT_WELL
    if arguments.password:
        peer = settings.peer(arguments.password)
        secrets.keep(peer, _asked(peer))
        say("The password is in the key ring.")
    elif arguments.forget:
        secrets.forget(settings.peer(arguments.forget))
        say("The key ring holds no password for it.")
    else:
        for peer in settings.peers:
            say(f"{peer.name:20}  {_where(peer)}  ({', '.join(sorted(peer.roles))})")
        if not settings.peers:
            say("No system is configured.")
    return EXIT_OK


def _where(peer: Peer) -> str:
    if peer.dicomweb:
        return f"{peer.dicomweb}{f', user {peer.user}' if peer.user else ''}"
    return f"{peer.ae_title} at {peer.host}:{peer.port}{', TLS' if peer.tls else ''}, by C-{peer.retrieval.upper()}"


def _asked(peer: Peer) -> str:
    """The password, from the terminal without showing it, or a line of what is piped in."""
    if sys.stdin.isatty():
        stated = getpass.getpass(f"Password of {peer.user}: ")
    else:
        stated = sys.stdin.readline().rstrip("\r\n")
    if not stated:
        raise SquidError("No password was given.")
    return stated
