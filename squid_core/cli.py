"""The command line: squid triage | ... Heavy imports wait until a subcommand needs them."""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from squid_core.contracts import SquidError

EXIT_OK, EXIT_FAILED, EXIT_INTERRUPTED = 0, 2, 130


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
        _say(f"squid: {error}", sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        _say("squid: stopped.", sys.stderr)
        return EXIT_INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """All subcommands. Each has a function `add_...` that sets `run`, a function of the parsed arguments."""
    parser = argparse.ArgumentParser(
        prog="squid", description="SQUID for chest radiographs. Research use only, not a medical device."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_triage(commands)
    return parser


def add_triage(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid triage`: score every chest X-ray below some folders."""
    parser = commands.add_parser("triage", help="score every chest X-ray in folders of DICOM files")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folder or file")
    parser.add_argument("--weights", default="auto", help="auto (by the patient's age), a name, or a bundle's folder")
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))
    parser.add_argument("--jsonl", type=Path, metavar="FILE", help="write one JSON object a file")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for spreadsheets")
    parser.add_argument("--accept-asked", action="store_true", help="score also what the program would ask about")
    parser.set_defaults(run=run_triage)


def run_triage(arguments: argparse.Namespace) -> int:
    """Answer for every file; results are written as they come.

    Raises:
        SquidError: a path, the weights or an output file cannot be used.
    """
    from tqdm import tqdm

    from squid_core.inference.report import COLUMNS, table, to_csv_row, to_json_line
    from squid_core.inference.triage import triage

    results = []
    with ExitStack() as stack:
        try:
            lines = stack.enter_context(arguments.jsonl.open("w", encoding="utf-8")) if arguments.jsonl else None
            cells = None
            if arguments.csv:
                # utf-8-sig: spreadsheets take plain UTF-8 for the system's old code page.
                cells = stack.enter_context(arguments.csv.open("w", encoding="utf-8-sig", newline=""))
        except OSError as error:
            raise SquidError(
                "The output file cannot be written.", "Choose another place.", type(error).__name__
            ) from error
        writer = csv.writer(cells) if cells else None
        if writer:
            writer.writerow(COLUMNS)
        found = triage(arguments.paths, arguments.weights, arguments.device, accept_asked=arguments.accept_asked)
        for result in tqdm(found, unit=" files", leave=False, disable=not sys.stderr.isatty()):
            results.append(result)
            if lines:
                lines.write(to_json_line(result) + "\n")
                lines.flush()
            if writer:
                writer.writerow(to_csv_row(result))
    _say(table(results))
    return EXIT_OK


def _say(text: str, stream: TextIO | None = None) -> None:
    (stream or sys.stdout).write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
