"""squid triage."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import ExitStack
from pathlib import Path

from squid_core.commands.common import Commands, add_charset, add_weights
from squid_core.files import GrowingFile
from squid_core.terminal import EXIT_OK, say


def add_triage(commands: Commands) -> None:
    """`squid triage`: score every chest X-ray below some folders."""
    parser = commands.add_parser("triage", help="score every chest X-ray in folders of DICOM files")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folder or file")
    add_weights(parser, "score")
    add_charset(parser)
    parser.add_argument(
        "--jsonl", type=Path, metavar="FILE", help="write one JSON object a file (FILE.partial until the end)"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for spreadsheets (likewise)")
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
        lines = stack.enter_context(GrowingFile(arguments.jsonl)) if arguments.jsonl else None
        # utf-8-sig: spreadsheets take plain UTF-8 for the system's old code page.
        cells = stack.enter_context(GrowingFile(arguments.csv, "utf-8-sig")) if arguments.csv else None
        writer = csv.writer(cells) if cells else None
        if writer:
            writer.writerow(COLUMNS)
        how = {"accept_asked": arguments.accept_asked, "charset": arguments.charset}
        found = triage(arguments.paths, arguments.weights, arguments.device, **how)
        for one in tqdm(found, unit=" files", leave=False, disable=not sys.stderr.isatty()):
            result = one.result
            results.append(result)
            if lines:
                lines.write(to_json_line(result) + "\n")
            if writer:
                writer.writerow(to_csv_row(result))
    say(table(results))
    return EXIT_OK
