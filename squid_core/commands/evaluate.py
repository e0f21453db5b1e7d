"""squid evaluate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from squid_core.commands.common import Commands, add_device, add_source, whole_number
from squid_core.contracts.errors import SquidError
from squid_core.files import write_json
from squid_core.terminal import EXIT_OK, say

STRESS_PICTURES, SITES, PAINTED = 60, 12, 100


def add_evaluate(commands: Commands) -> None:
    """`squid evaluate`: how good weights are on labelled folders."""
    parser = commands.add_parser("evaluate", help="measure weights on normal and abnormal images")
    parser.add_argument(
        "--weights", required=True, nargs="+", metavar="NAME|DIR", help="several, of several seeds: mean and deviation"
    )
    add_source(parser, "normal images")
    parser.add_argument("--abnormal", nargs="+", type=Path, metavar="DIR", help="abnormal images, with --normal")
    parser.add_argument(
        "--score", metavar="NAME", help="combined, paper or a component (memory, ...); default: what the card sorts by"
    )
    parser.add_argument(
        "--floors",
        type=Path,
        metavar="DIR",
        help="training normals: compare with scores that need no training, plain and at equal sharpness",
    )
    parser.add_argument(
        "--stress",
        nargs="?",
        type=whole_number(),
        const=STRESS_PICTURES,
        metavar="N",
        help=f"rewrite N ({STRESS_PICTURES}) pictures as all kinds of DICOM, change them: how far does the score move?",
    )
    parser.add_argument(
        "--sites",
        nargs="?",
        type=whole_number(),
        const=SITES,
        metavar="N",
        help=f"take the pictures to N ({SITES}) made-up hospitals: false alarms and AUC, median and worst",
    )
    parser.add_argument(
        "--by-source",
        nargs="+",
        type=_named_folder,
        default=(),
        metavar="NAME=DIR",
        help="real pictures of one label each, as of another hospital: shares beyond the percentiles",
    )
    parser.add_argument(
        "--adapt",
        nargs="+",
        type=whole_number(),
        default=(),
        metavar="N",
        help="adapt to N normals, as squid adapt does, and measure on the others; with --sites at these hospitals too",
    )
    parser.add_argument(
        "--picture",
        nargs="?",
        type=whole_number(),
        const=PAINTED,
        metavar="N",
        help=f"how good the normal pictures of N ({PAINTED}) images a folder are: normal, this patient's, sharp",
    )
    parser.add_argument("--outside", action="store_true", help="what is flagged as outside memory, and what is not")
    parser.add_argument(
        "--others", nargs="+", type=Path, default=(), metavar="DIR", help="other pictures, with --outside"
    )
    parser.add_argument("--mnist", type=Path, metavar="DIR", help="MNIST's files: grids of digits, with --outside")
    add_device(parser)
    parser.add_argument("--png", type=Path, metavar="DIR", help="draw ROC curves and histograms of the scores")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument(
        "--record",
        metavar="NAME",
        help="keep the figures in each bundle's card, under this name; of several seeds mean and deviation too",
    )
    parser.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print AUC with its interval, and the figures at the published and at the held-out normals' thresholds.

    Raises:
        SquidError: weights, folders or device cannot be used, or the options do not go together.
    """
    from functools import partial

    from squid_core.bundle.card import read_card
    from squid_core.bundle.library import Bundles
    from squid_core.bundle.weights import record
    from squid_core.datasets.labelled import from_chexpert, from_digits, from_folders
    from squid_core.evaluation.evaluate import evaluate, over_seeds, same_but_seed
    from squid_core.evaluation.tables import as_text, seeds_as_text

    if bool(arguments.normal) != bool(arguments.abnormal) or (arguments.floors and not arguments.normal):
        raise SquidError(
            "The options do not go together.",
            "Give --normal with --abnormal (and --floors if you like), or --digits alone, which brings its floors, or "
            "--chexpert alone.",
        )
    if arguments.digits:
        labelled = partial(from_digits, arguments.digits)
    elif arguments.chexpert:
        labelled = partial(from_chexpert, arguments.chexpert)
    else:
        labelled = partial(from_folders, arguments.normal, arguments.abnormal, arguments.floors)
    bundles = Bundles()
    weights = [bundles.choose(name).folder for name in arguments.weights]
    extras = _questions(arguments)
    found = []
    for evaluation in evaluate(weights, labelled, arguments.device, arguments.score, extras):
        found.append(evaluation)
        say(("" if len(weights) == 1 else f"\n{evaluation.figures['weights']}\n") + as_text(evaluation.figures))
    figures = [evaluation.figures for evaluation in found]
    written, together = figures[0], {}
    if len(found) > 1:
        written = {"bundles": figures, "over_seeds": over_seeds(figures)}
        say("\n" + seeds_as_text(figures, written["over_seeds"]))
        if same_but_seed([read_card(folder) for folder in weights]):
            together = {"over_seeds": {"weights": [one["weights"] for one in figures], **written["over_seeds"]}}
    if arguments.record:
        for folder, measured in zip(weights, figures, strict=True):
            record(folder, arguments.record, measured | together)
    if arguments.png:
        from squid_core.evaluation.score_plots import draw_all

        draw_all(arguments.png, found)
    if arguments.json:
        write_json(arguments.json, written)
    return EXIT_OK


def _questions(arguments: argparse.Namespace) -> dict[str, Any]:
    """What else is asked of each bundle.

    Raises:
        SquidError: a folder cannot be used, or the options do not go together.
    """
    if (arguments.others or arguments.mnist) and not arguments.outside:
        raise SquidError("The options do not go together.", "Give --others and --mnist with --outside.")
    further = (
        arguments.stress,
        arguments.sites,
        arguments.by_source,
        arguments.adapt,
        arguments.picture,
        arguments.outside,
    )
    if not arguments.normal and any(further):
        raise SquidError(
            "The options do not go together.",
            "--stress, --sites, --by-source, --adapt, --picture and --outside are for chests: use --normal.",
        )
    from squid_core.evaluation.questions import ask_outside, ask_picture, ask_sites, ask_sources, ask_stress

    questions = {}
    if arguments.stress:
        questions["stress"] = ask_stress(arguments.normal, arguments.abnormal, arguments.stress)
    if arguments.sites:
        questions["pseudo_sites"] = ask_sites(arguments.normal, arguments.abnormal, arguments.sites)
    if arguments.by_source:
        questions["by_source"] = ask_sources(dict(arguments.by_source))
    if arguments.adapt:
        from squid_core.adaptation.curves import ask_curves

        sites = arguments.sites or 0
        questions["adapted"] = ask_curves(arguments.normal, arguments.abnormal, arguments.adapt, sites)
    if arguments.picture:
        questions["picture"] = ask_picture(arguments.normal, arguments.abnormal, arguments.picture)
    if arguments.outside:
        questions["outside"] = ask_outside(arguments.normal, arguments.abnormal, arguments.others, arguments.mnist)
    return questions


def _named_folder(text: str) -> tuple[str, Path]:
    """A source's name and its folder.

    Raises:
        ArgumentTypeError: it is not NAME=DIR.
    """
    name, _, folder = text.partition("=")
    if not (name and folder):
        raise argparse.ArgumentTypeError(f"'{text}' is not NAME=DIR")
    return name, Path(folder)
