"""squid forget."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from squid_core.claim import claim_folder
from squid_core.commands.common import Commands
from squid_core.contracts.errors import SquidError
from squid_core.forgetting import (
    KIND_WORDS,
    MAX_SAID,
    OF_SETTINGS,
    Held,
    Kind,
    forget,
    is_ordered,
    order_forgetting,
    what_is_held,
)
from squid_core.home import home_folder
from squid_core.terminal import EXIT_OK, say

EXIT_LEFT = 1  # something could not be removed
WORD = "forget"
MEGABYTE = 1_000_000


def add_forget(commands: Commands) -> None:
    """`squid forget`: remove what squid-viewer keeps of patients."""
    parser = commands.add_parser(
        "forget", help="remove what squid-viewer keeps of patients; it says what there is, and asks"
    )
    parser.add_argument("--settings", action="store_true", help="also settings, passwords and weights learned here")
    parser.add_argument("--all", action="store_true", help="all of it and the folder itself, as when uninstalling")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="squid-viewer's own folder, if it is another")
    parser.set_defaults(run=run_forget)


def run_forget(arguments: argparse.Namespace) -> int:
    """Say what there is, ask, remove it, say what was left.

    Returns:
        0 where all of it is gone, 1 where something could not be removed.

    Raises:
        SquidError: the window runs, nobody can be asked, or the answer was no.
    """
    home: Path = arguments.home or home_folder()
    if not home.is_dir():
        say(f"There is nothing to forget in {home}.")
        return EXIT_OK
    own = claim_folder(home)
    if own is None:
        raise SquidError("SQUID Viewer is running.", "Close it first, or forget everything from its File menu.")
    try:
        if is_ordered(home):
            say("An earlier run was stopped before it had forgotten everything; that is finished now.")
        else:
            _order(home, arguments)
        return _say_what_came_of_it(home)
    finally:
        own.release()


def _order(home: Path, arguments: argparse.Namespace) -> None:
    also = arguments.settings or arguments.all
    held = what_is_held(home)
    say(f"In {home}:")
    _say_held(one for one in held if also or one.kind not in OF_SETTINGS)
    if not also and any(one.kind in OF_SETTINGS for one in held):
        say("Settings, other systems and learned weights stay; --settings removes them too.")
    if unsent := sum(one.count for one in held if one.kind is Kind.OUTBOX):
        say(f"{unsent} of the results in the outbox are not sent yet, and never will be.")
    if not arguments.yes:
        _ask()
    order_forgetting(home, settings=arguments.settings, whole=arguments.all)


def _ask() -> None:
    if not sys.stdin.isatty():
        raise SquidError("Nothing was removed: nobody can be asked here.", "Say --yes where it is meant.")
    say(f"This cannot be undone. Type {WORD} to go on:")
    if sys.stdin.readline().strip() != WORD:
        raise SquidError("Nothing was removed.")


def _say_what_came_of_it(home: Path) -> int:
    done = forget(home)
    if done is None or not done.failed:
        say("All of it is removed.")
    else:
        say(f"What could not be removed ({len(done.failed)}):")
        for line in done.failed[:MAX_SAID]:
            say(f"  {line}")
    if done is not None and done.left:
        say(f"Other files in that folder, which the program has not put there, stay: {done.left}.")
    return EXIT_LEFT if done is not None and done.failed else EXIT_OK


def _say_held(held: Iterable[Held]) -> None:
    for one in held:
        say(f"  {KIND_WORDS[one.kind]:<40}{one.count:>9}  {one.bytes / MEGABYTE:>10.1f} MB".rstrip())
