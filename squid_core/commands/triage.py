"""squid triage."""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Generator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from squid_core.commands.common import Commands, add_charset, add_weights, whole_number
from squid_core.commands.progress import TriageProgress
from squid_core.contracts.errors import SquidError
from squid_core.files import GrowingFile
from squid_core.inference.shard import Shard
from squid_core.terminal import EXIT_OK, EXIT_UNWRITTEN, OutputError, complain, ending_on_term, say

if TYPE_CHECKING:
    from squid_core.inference.ledger import Ledger
    from squid_core.inference.results import FileResult
    from squid_core.inference.triage import Triaged

EXIT_UNANSWERED = EXIT_UNWRITTEN  # some files have no answer yet


def add_triage(commands: Commands) -> None:
    """`squid triage`: score every chest X-ray below some folders."""
    parser = commands.add_parser(
        "triage",
        help="score every chest X-ray in folders of DICOM files",
        description="Score every chest X-ray below some folders: a line a file, as answers come.",
        epilog="Exits with 0 when every file has its answer, and why it was not scored is one; with 1 when some are to "
        "be tried again, such as all where the weights could not be loaded.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folder or file")
    add_weights(parser, "score")
    add_charset(parser)
    parser.add_argument(
        "--jsonl",
        type=Path,
        metavar="FILE",
        help="write one JSON object a file; it grows by whole lines, and what is there is not replaced",
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table for spreadsheets (likewise)")
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with the --jsonl FILE of an earlier run: what the same weights have answered is not scored again. "
        "The --csv is written anew from it",
    )
    parser.add_argument(
        "--readers",
        type=whole_number(),
        metavar="N",
        help="files that are read at once; by default a core less than there are",
    )
    parser.add_argument(
        "--shard",
        type=_shard,
        default=Shard(),
        metavar="I/N",
        help="only the Ith of N parts of the files, a machine each",
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="on the workers of a Dask cluster, tcp://HOST:PORT or tls://HOST:PORT, which all see the files under the "
        "same path; local:N starts N workers here",
    )
    parser.set_defaults(run=run_triage)


def _shard(stated: str) -> Shard:
    try:
        return Shard.read(stated)
    except SquidError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def run_triage(arguments: argparse.Namespace) -> int:
    """Answer for every file; results are written as they come.

    Raises:
        SquidError: a path, the weights or an output file cannot be used.
        KeyboardInterrupt: it was stopped; says how to go on.
    """
    if arguments.resume and not arguments.jsonl:
        raise SquidError("There is nothing to resume.", "Name the file of results with --jsonl FILE.")
    how_on = f"What is answered is in {arguments.jsonl.name}; --resume goes on from there." if arguments.jsonl else ""
    try:
        with ending_on_term():
            return _triage(arguments)
    except KeyboardInterrupt as stop:
        raise type(stop)(how_on) from None
    except OutputError as error:
        if error.reader_gone and how_on:
            complain(f"squid: nobody reads the output any more. {how_on}")
        raise


class _Sheet:
    """The table for spreadsheets. A context.

    Args:
        path: of the file.
        earlier: of an earlier run, which it begins with; None where there was none.
    """

    def __init__(self, path: Path, earlier: Ledger | None) -> None:
        from squid_core.inference.report import COLUMNS

        # utf-8-sig: spreadsheets take plain UTF-8 for the system's old code page.
        self._file = GrowingFile(path, "utf-8-sig", replace=earlier is not None)
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)
        for result in earlier or ():
            self.add(result)

    def __enter__(self) -> _Sheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def add(self, result: FileResult) -> None:
        """Write a result's row."""
        from squid_core.inference.report import to_csv_row

        self._writer.writerow(to_csv_row(result))


def _triage(arguments: argparse.Namespace) -> int:
    from squid_core.inference.ledger import Ledger
    from squid_core.inference.report import ResultTable

    began, table = time.monotonic(), ResultTable()
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(arguments.jsonl, resume=arguments.resume)) if arguments.jsonl else None
        if ledger and ledger.repaired:
            complain("squid: the last run had written half a line, which was cut off; its file is answered again.")
        sheet = (
            stack.enter_context(_Sheet(arguments.csv, ledger if arguments.resume else None)) if arguments.csv else None
        )
        answers = stack.enter_context(closing(_answers(arguments, ledger)))
        progress = stack.enter_context(TriageProgress(arguments.paths, arguments.shard))
        say(table.head())
        for one in answers:
            line = table.line(one.result, before=one.before)
            if not one.before:
                if ledger is not None:
                    ledger.add(one.result)
                if sheet is not None:
                    sheet.add(one.result)
            progress.done("" if one.before else line)
    say(table.end(time.monotonic() - began))
    return EXIT_UNANSWERED if table.unanswered else EXIT_OK


def _answers(arguments: argparse.Namespace, earlier: Ledger | None) -> Generator[Triaged]:
    """Of this machine, or of a cluster."""
    how = {
        "accept_asked": arguments.accept_asked,
        "charset": arguments.charset,
        "readers": arguments.readers,
        "shard": arguments.shard,
        "earlier": earlier,
    }
    if arguments.cluster is None:
        from squid_core.inference.triage import triage

        return triage(arguments.paths, arguments.weights, arguments.device, **how)
    try:
        from squid_core.cluster.triage import triage as triage_there
    except ImportError as error:
        raise SquidError(
            "The part of this program for clusters is not installed.",
            "Install it with pip install 'squid-viewer[cluster]'.",
            str(error),
        ) from error
    where = {"cluster": arguments.cluster, "tell": lambda sentence: complain(f"squid: {sentence}")}
    return triage_there(arguments.paths, arguments.weights, arguments.device, **how, **where)
