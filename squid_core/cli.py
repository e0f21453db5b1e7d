"""The command line: a subcommand of squid for each module of the room commands."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence

from squid_core.commands.adapt import add_adapt
from squid_core.commands.audit import add_audit
from squid_core.commands.evaluate import add_evaluate
from squid_core.commands.experiments import add_ablate, add_baselines
from squid_core.commands.explain import add_explain
from squid_core.commands.export import add_export
from squid_core.commands.fetch import add_fetch
from squid_core.commands.forget import add_forget
from squid_core.commands.node import add_node
from squid_core.commands.pack import add_pack
from squid_core.commands.peers import add_peers
from squid_core.commands.send import add_send
from squid_core.commands.train import add_train
from squid_core.commands.triage import add_triage
from squid_core.long_runs import own_rank
from squid_core.terminal import Parser, run_guarded
from squid_core.version import SayVersion


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; its exit code is the process's."""
    multiprocessing.freeze_support()
    return run_guarded(f"squid{_process()}", lambda: _run(argv))


def build_parser() -> argparse.ArgumentParser:
    """All subcommands. Each has a function `add_...` that sets `run`, a function of the parsed arguments."""
    parser: argparse.ArgumentParser = Parser(
        prog="squid", description="SQUID for chest radiographs. Research use only, not a medical device."
    )
    parser.add_argument("--version", action=SayVersion, nargs=0, help="say which version this is, and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (add_triage, add_explain, add_export, add_node, add_peers, add_fetch, add_send, add_audit, add_forget):
        add(commands)
    for add in (add_pack, add_train, add_adapt, add_evaluate, add_baselines, add_ablate):
        add(commands)
    return parser


def _run(argv: Sequence[str] | None) -> int:
    arguments = build_parser().parse_args(argv)
    return int(arguments.run(arguments))


def _process() -> str:
    """Which of several processes speaks (torchrun numbers them); nothing for the one that leads, or is alone."""
    return f" (process {rank})" if (rank := own_rank()) else ""


if __name__ == "__main__":
    sys.exit(main())
