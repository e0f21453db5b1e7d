"""squid send."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from squid_core.commands.common import Commands, add_network, network_settings
from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant, Outcome, Said, Sent
from squid_core.home import home_folder
from squid_core.network.configuration import NetworkSettings, Role
from squid_core.network.errands import send_files
from squid_core.network.outbox import Outbox, OutboxRow, OutboxState
from squid_core.network.secrets import password
from squid_core.terminal import EXIT_OK, ending_on_term, say

EXIT_LEFT = 1  # something was not sent
AT_ONCE = 20  # objects, after which it is said how far it has come
_KEPT = (OutboxState.WAITING, OutboxState.REFUSED)


def add_send(commands: Commands) -> None:
    """`squid send`: files, or what waits in the outbox, to a system that is configured."""
    parser = commands.add_parser("send", help="send DICOM files as they are, or what waits in the outbox")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folder or file")
    parser.add_argument("--to", metavar="NAME", help="of a system in the network settings")
    outbox = parser.add_mutually_exclusive_group()
    outbox.add_argument("--waiting", action="store_true", help="send what waits in the outbox, now and once")
    outbox.add_argument("--list", action="store_true", help="say what is in the outbox; names no patient")
    add_network(parser)
    parser.set_defaults(run=run_send)


def run_send(arguments: argparse.Namespace) -> int:
    """Send, or list.

    Returns:
        0 where nothing is left to be sent, 1 where something is.

    Raises:
        SquidError: nothing can be sent: a path, the settings, the system's name or the outbox.
    """
    if bool(arguments.paths) == (arguments.waiting or arguments.list):
        raise SquidError("Nothing says what is to be sent.", "Name files, or --waiting or --list for the outbox.")
    if bool(arguments.paths) != bool(arguments.to):
        raise SquidError("Files go to a system by name.", "Name it with --to, and only together with files.")
    if arguments.list:
        return _list(Outbox(arguments.home or home_folder()))
    settings = network_settings(arguments)
    with ending_on_term():
        if arguments.waiting:
            return _send_waiting(settings, Outbox(arguments.home or home_folder()))
        return _send_paths(settings, arguments.to, arguments.paths)


def _send_paths(settings: NetworkSettings, peer: str, paths: Sequence[Path]) -> int:
    secret = password(settings.peer(peer))  # before anything is read: nothing goes to a system that is not configured
    sent = left = 0
    batch: list[tuple[str, Path, Meant]] = []
    stopped = False
    for name, path, found in _sendable(paths):
        if isinstance(found, str):
            say(f"{name}: not sent. {found}")
            left += 1
            continue
        if stopped:
            left += 1
            continue
        batch.append((name, path, found))
        if len(batch) == AT_ONCE:
            good, stopped = _send(settings, peer, secret, batch)
            sent, left, batch = sent + good, left + len(batch) - good, []
            say(f"{sent} objects sent.")
    if batch:
        good, stopped = _send(settings, peer, secret, batch)
        sent, left = sent + good, left + len(batch) - good
    if not sent and not left:
        raise SquidError("Nothing was sent.", "No DICOM file was found.")
    say(f"{sent} of {sent + left} objects sent to {peer}.")
    return EXIT_LEFT if left else EXIT_OK


def _send(
    settings: NetworkSettings, peer: str, secret: str, batch: Sequence[tuple[str, Path, Meant]]
) -> tuple[int, bool]:
    """How many were accepted, and whether there is no use in sending more now."""
    files, meant = tuple(path for _, path, _ in batch), tuple(whose for _, _, whose in batch)
    sent = send_files(settings, peer, secret, files, meant)
    for name, _, whose in batch:
        uid = whose.sop_instance_uid
        if uid in sent.refused:
            say(f"{name}: not sent. {sent.refused[uid]}")
        elif uid not in sent.accepted:
            say(f"{name}: not sent. {sent.said.sentence}")
    accepted = sum(whose.sop_instance_uid in sent.accepted for whose in meant)
    return accepted, not accepted and not sent.refused


def _sendable(paths: Sequence[Path]) -> Iterator[tuple[str, Path, Meant | str]]:
    """Each DICOM file below the paths with whose it is, or why it is not sent; what else lies in a folder is not."""
    from squid_core.dicom.container.scan import walk
    from squid_core.network.sending.sendable import NO_DICOM, sendable

    for path in paths:
        for found in walk(path):
            if found.status:
                yield found.relative, found.path, found.message
                continue
            try:
                yield found.relative, found.path, sendable(found.path).meant
            except SquidError as error:
                if path.is_dir() and error.title == NO_DICOM:
                    continue
                yield found.relative, found.path, str(error)


def _send_waiting(settings: NetworkSettings, outbox: Outbox) -> int:
    """Each system is asked once, whether its pause is over or not."""
    outbox.sweep(time.time())
    peers = [peer.name for peer in settings.peers if Role.SEND in peer.roles]
    outbox.hurry(peers)
    while (batch := outbox.next_due(time.time(), peers, AT_ONCE)) is not None:
        sent = Sent(Said(Outcome.CANCELLED, ""))
        try:
            sent = send_files(settings, batch.peer, password(settings.peer(batch.peer)), batch.files, batch.meant)
        except SquidError as error:
            sent = Sent(Said(Outcome.FAILED, str(error)))
        finally:  # also where it is stopped
            outbox.settle(batch, sent, time.time())
        say(f"{batch.peer}: {len(sent.accepted)} of {len(batch.rows)} objects sent. {sent.said.sentence}".rstrip())
    left = outbox.rows(_KEPT)
    strangers = sum(row.state is OutboxState.WAITING and row.peer not in peers for row in left)
    if strangers:
        say(f"{strangers} objects wait for a system that is not configured, or that results do not go to.")
    say(_summary(outbox))
    return EXIT_LEFT if left else EXIT_OK


def _list(outbox: Outbox) -> int:
    left = outbox.rows(_KEPT)
    for row in left:
        say(_line(row))
    say(_summary(outbox))
    return EXIT_LEFT if left else EXIT_OK


def _line(row: OutboxRow) -> str:
    state = row.state.value
    if row.state is OutboxState.WAITING and row.next_try > time.time():
        state += f" until {datetime.fromtimestamp(row.next_try).astimezone():%Y-%m-%d %H:%M:%S}"
    return f"{row.number:>6}  {row.peer}  {row.kind}  {state}, tried {row.tries} times. {row.said}".rstrip()


def _summary(outbox: Outbox) -> str:
    return ", ".join(f"{count} {state}" for state, count in outbox.counts().items()) + "."
