"""squid explain."""

from __future__ import annotations

import argparse
from pathlib import Path

from squid_core.commands.common import Commands, add_charset, add_weights
from squid_core.contracts.detection import Gate, Shrinkage
from squid_core.files import write_atomically, write_json
from squid_core.terminal import EXIT_OK, say


def add_explain(commands: Commands) -> None:
    """`squid explain`: what led to the score of one image."""
    parser = commands.add_parser("explain", help="draw what led to the score of one chest X-ray")
    parser.add_argument("file", type=Path, metavar="FILE", help="DICOM, PNG or JPEG")
    parser.add_argument("--png", required=True, type=Path, metavar="OUT", help="write the picture")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all numbers")
    add_weights(parser, "explain")
    add_charset(parser)
    parser.add_argument("--patch", type=int, metavar="N", help="show this patch, row by row from 1; else the strangest")
    what_if = parser.add_argument_group("what-if", "settings other than the model card's")
    what_if.add_argument("--top-k", type=int, metavar="K", help="memory entries a patch")
    what_if.add_argument("--shrinkage", type=Shrinkage, choices=list(Shrinkage))
    what_if.add_argument("--gate", type=Gate, choices=list(Gate), help="let the encoder's features past memory")
    what_if.add_argument("--rho", type=float, help="share of memory with the gate on, 0..1")
    parser.set_defaults(run=run_explain)


def run_explain(arguments: argparse.Namespace) -> int:
    """Draw one image's explanation.

    Raises:
        SquidError: file, weights, device, settings or patch cannot be used, or an output cannot be written.
    """
    from squid_core.inference.explain_file import explain_file, to_record

    names = ("top_k", "shrinkage", "gate", "rho")
    what_if = {name: getattr(arguments, name) for name in names if getattr(arguments, name) is not None}
    explained = explain_file(
        arguments.file,
        arguments.weights,
        arguments.device,
        what_if,
        arguments.patch,
        accept_asked=arguments.accept_asked,
        charset=arguments.charset,
    )
    from squid_core.export.pictures.explanation import draw

    write_atomically(arguments.png, draw(explained))
    if arguments.json:
        write_json(arguments.json, to_record(explained))
    detection = explained.explanation.detection
    say(f"Score {detection.score:.3f}, percentile {detection.percentile:.1f}. Research use only.")
    return EXIT_OK
