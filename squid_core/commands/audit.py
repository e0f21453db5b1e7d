"""squid audit."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

from squid_core.audit import AuditLine, Head, examine
from squid_core.commands.common import Commands
from squid_core.contracts.errors import SquidError
from squid_core.home import DATABASE, HEAD, home_folder
from squid_core.terminal import EXIT_OK, say
from squid_core.text import clean_text, csv_cell

EXIT_BROKEN = 1
SAID_BREACHES = 100
_SELECT = "SELECT id, at, user, action, subject, detail, link FROM audit ORDER BY id"
_EARLIER = "no such column"


def add_audit(commands: Commands) -> None:
    """`squid audit`: what was done in the window, and whether its record is whole."""
    parser = commands.add_parser("audit", help="show the audit trail of squid-viewer, or verify that it is whole")
    tasks = parser.add_subparsers(title="tasks", required=True, metavar="TASK")
    verify = tasks.add_parser("verify", help="find lines that were changed, taken out, put in or swapped")
    verify.add_argument(
        "--noted",
        type=_head,
        metavar="NUMBER:LINK",
        help="a last line that an earlier verify said, kept where nobody else can write",
    )
    verify.set_defaults(run=run_verify)
    show = tasks.add_parser("show", help="list it, oldest line first; it names images by their keys, and no patient")
    form = show.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as one JSON document")
    form.add_argument("--csv", action="store_true", help="as a table for spreadsheets")
    show.add_argument("--since", type=_instant, metavar="TIME", help="as 2026-11-29 or 2026-11-29T14:00, local time")
    show.add_argument("--action", metavar="NAME", help="one kind of action alone, such as open, score or export")
    show.set_defaults(run=run_show)
    for task in (verify, show):
        task.add_argument("--home", type=Path, metavar="FOLDER", help="squid-viewer's own folder, if it is another")


def run_verify(arguments: argparse.Namespace) -> int:
    """Say what the trail suffered, and where it ends. It may be in use: it is read as it was at one instant.

    Returns:
        0 where it is whole, 1 where it is not.

    Raises:
        SquidError: there is none, or it cannot be read.
    """
    home = arguments.home or home_folder()
    with _connected(home) as database:
        noted = [head for head in (_noted(home), arguments.noted, _counted(database)) if head is not None]
        found = examine(_lines(database), noted)
    for breach in found.breaches[:SAID_BREACHES]:
        say(str(breach))
    if len(found.breaches) > SAID_BREACHES:
        say(f"And {len(found.breaches) - SAID_BREACHES} places more.")
    say(f"{found.lines} lines, {'not whole' if found.breaches else 'whole'}.")
    if found.head is not None:
        say(f"The last is {found.head}")
    return EXIT_BROKEN if found.breaches else EXIT_OK


def run_show(arguments: argparse.Namespace) -> int:
    """List the lines of the trail.

    Raises:
        SquidError: there is none, or it cannot be read.
    """
    names = [field.name for field in fields(AuditLine)]
    with _connected(arguments.home or home_folder()) as database:
        wanted = (
            line
            for line in _lines(database)
            if (arguments.since is None or line.at >= arguments.since) and arguments.action in (None, line.action)
        )
        if arguments.json:
            say("[")
            for number, line in enumerate(wanted):
                say(("," if number else "") + json.dumps(asdict(line)))
            say("]")
        elif arguments.csv:
            say(_cells(names))
            for line in wanted:
                say(_cells(asdict(line).values()))
        else:
            say(f"{'line':>7}  {'time (UTC)':<19}  {'user':<12}  {'action':<10}  {'subject':<24}  detail")
            for line in wanted:
                user, action, subject, detail = map(clean_text, (line.user, line.action, line.subject, line.detail))
                when = clean_text(line.at)[:19].replace("T", " ")
                say(f"{line.number:>7}  {when:<19}  {user:<12}  {action:<10}  {subject:<24}  {detail}".rstrip())
    return EXIT_OK


@contextlib.contextmanager
def _connected(home: Path) -> Iterator[sqlite3.Connection]:
    """The window's database, which may be in use, for reading only.

    Raises:
        SquidError: it is not there or cannot be read; also for what is read within.
    """
    path = home / DATABASE
    if not path.is_file():
        raise SquidError(f"There is no audit trail in {home}.", "Name squid-viewer's own folder with --home.")
    address = f"{path.absolute().as_uri()}?mode=ro"
    if not path.with_name(f"{path.name}-wal").exists():
        address += "&immutable=1"  # nobody has it open: nothing need be made beside it, where perhaps nothing can
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            connection.execute("BEGIN")  # all that is read is of one instant
            yield connection
    except sqlite3.Error as error:
        if _EARLIER in str(error):
            raise SquidError(
                "This audit trail was made by an earlier version, without a chain.",
                "Start squid-viewer once: it links the lines that are there.",
            ) from error
        raise SquidError(
            f"The audit trail in {home} cannot be read: {error}.",
            "If squid-viewer is busy, try again; else look for a copy of its folder.",
        ) from error


def _lines(database: sqlite3.Connection) -> Iterator[AuditLine]:
    for row in database.execute(_SELECT):
        yield AuditLine(*row)


def _counted(database: sqlite3.Connection) -> Head | None:
    """How many lines there have ever been, as SQLite counts them."""
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'").fetchone()
    return None if row is None else Head(int(row[0]))


def _noted(home: Path) -> Head | None:
    """The last line as the window noted it.

    Raises:
        SquidError: the note is there and cannot be read.
    """
    try:
        return Head.read((home / HEAD).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SquidError(
            f"The note of the last line, {HEAD}, cannot be read.",
            "It was changed or damaged. Without it (move it away) all but the end of the trail can be verified.",
        ) from error


def _head(stated: str) -> Head:
    try:
        return Head.read(stated)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give it as squid audit verify says it") from error


def _instant(stated: str) -> str:
    """A local time, as lines have theirs."""
    try:
        return datetime.fromisoformat(stated).astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError("give it as 2026-11-29 or 2026-11-29T14:00") from error


def _cells(values: Iterable[object]) -> str:
    row = io.StringIO(newline="")
    csv.writer(row, lineterminator="").writerow([csv_cell(value) for value in values])
    return row.getvalue()
