"""squid export."""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from squid_core.commands.common import Commands, add_charset, add_weights
from squid_core.contracts.errors import SquidError
from squid_core.export.errand import start
from squid_core.export.request import NEED_DETECTION, PICTURED, Exported, ExportKind, ExportRequest
from squid_core.privacy import new_key
from squid_core.terminal import EXIT_OK, say

DEFAULT_KINDS = (ExportKind.SECONDARY_CAPTURE, ExportKind.STRUCTURED_REPORT, ExportKind.SEGMENTATION)
AT_ONCE = 3  # files being written while the next are scored


def add_export(commands: Commands) -> None:
    """`squid export`: results as files for other programs."""
    parser = commands.add_parser("export", help="write results on chest X-rays as DICOM objects and pictures")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folder or file")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="write into this folder")
    parser.add_argument(
        "--kinds",
        type=_kinds,
        default=DEFAULT_KINDS,
        help=f"of {', '.join(ExportKind)}, with commas between; {','.join(DEFAULT_KINDS)} by default",
    )
    add_weights(parser, "score")
    add_charset(parser)
    parser.add_argument("--deidentify", action="store_true", help="leave out whatever says who the patient is")
    parser.add_argument("--mask-names", action="store_true", help="a pseudonym on pictures and pages")
    parser.add_argument(
        "--insist", action="store_true", help="de-identify also where the file says that the picture may show a name"
    )
    parser.set_defaults(run=run_export, key=new_key())


def _kinds(stated: str) -> tuple[ExportKind, ...]:
    """Each kind once, in the order given."""
    try:
        return tuple(dict.fromkeys(ExportKind(kind.strip()) for kind in stated.split(",")))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(ExportKind)}") from error


def run_export(arguments: argparse.Namespace) -> int:
    """Score each file and write what was asked for; files are named as they come.

    Raises:
        SquidError: a path or the weights cannot be used, or nothing could be exported.
    """
    from squid_core.dicom.readers import ReaderPool

    written = seen = 0
    with ReaderPool(1, charset=arguments.charset) as pool:
        waiting: deque[tuple[str, Future[Exported]]] = deque()
        for name, request in _requests(arguments):
            seen += 1
            if isinstance(request, str):
                say(f"{name}: not exported. {request}")
                continue
            waiting.append((name, start(pool, request)))
            if len(waiting) > AT_ONCE:
                written += _finish(*waiting.popleft())
        while waiting:
            written += _finish(*waiting.popleft())
    if not written:
        raise SquidError("Nothing was exported.", "The lines above say why." if seen else "No file was found.")
    say(f"{written} files written to {arguments.out}. Research use only.")
    return EXIT_OK


def _requests(arguments: argparse.Namespace) -> Iterator[tuple[str, ExportRequest | str]]:
    """Each file's name with what is to be written of it, or why nothing is."""
    if not NEED_DETECTION.intersection(arguments.kinds):
        yield from _unscored(arguments)
        return
    from squid_core.inference.triage import triage

    how = {
        "accept_asked": arguments.accept_asked,
        "paint": bool(PICTURED.intersection(arguments.kinds)),
        "charset": arguments.charset,
    }
    for one in triage(arguments.paths, arguments.weights, arguments.device, **how):
        name, detection = one.found.relative, one.result.detection
        if detection is None or one.card is None:
            yield name, one.result.message
            continue
        facts, more = one.card.facts(), _patient(arguments) | {"picture": one.picture}
        yield name, ExportRequest(one.found.source, arguments.out, arguments.kinds, detection, facts, **more)


def _patient(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is said of the patient; with one key, so that what is de-identified in one run belongs together."""
    return {name: getattr(arguments, name) for name in ("deidentify", "mask_names", "insist", "key")}


def _unscored(arguments: argparse.Namespace) -> Iterator[tuple[str, ExportRequest | str]]:
    """What needs no detector is written of every image."""
    from squid_core.dicom.container.scan import walk

    for path in arguments.paths:
        for found in walk(path):
            if found.status:
                yield found.relative, found.message
            else:
                request = ExportRequest(found.path, arguments.out, arguments.kinds, **_patient(arguments))
                yield found.relative, request


def _finish(name: str, exporting: Future[Exported]) -> int:
    """Say what came of one file; how many files were written."""
    try:
        exported = exporting.result()
    except SquidError as error:
        say(f"{name}: not exported. {error}")
        return 0
    files = ", ".join(path.name for path in exported.paths) or "nothing to write"
    say(" ".join((f"{name}: {files}.", *exported.notices)))
    return len(exported.paths)
