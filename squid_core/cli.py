"""The command line: squid triage | explain | export | train | evaluate | baselines | ablate."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
from collections.abc import Sequence

from squid_core.commands.common import say
from squid_core.commands.evaluate import add_evaluate
from squid_core.commands.experiments import add_ablate, add_baselines
from squid_core.commands.explain import add_explain
from squid_core.commands.export import add_export
from squid_core.commands.train import add_train
from squid_core.commands.triage import add_triage
from squid_core.contracts.errors import SquidError
from squid_core.version import SayVersion

EXIT_FAILED, EXIT_INTERRUPTED = 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code is the process's."""
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a file name must never end the run
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except SquidError as error:
        say(f"squid{_process()}: {error}", sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt as stop:
        say(f"squid{_process()}: stopped. {stop}".rstrip(), sys.stderr)
        return EXIT_INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """All subcommands. Each has a function `add_...` that sets `run`, a function of the parsed arguments."""
    parser = argparse.ArgumentParser(
        prog="squid", description="SQUID for chest radiographs. Research use only, not a medical device."
    )
    parser.add_argument("--version", action=SayVersion, nargs=0, help="say which version this is, and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (add_triage, add_explain, add_export, add_train, add_evaluate, add_baselines, add_ablate):
        add(commands)
    return parser


def _process() -> str:
    """Which of several processes speaks (torchrun numbers them); nothing for the one that leads, or is alone."""
    rank = os.environ.get("RANK", "0")
    return "" if rank == "0" else f" (process {rank})"


if __name__ == "__main__":
    sys.exit(main())
