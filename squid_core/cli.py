"""The command line: squid triage | explain | train | evaluate | baselines | ablate.

Heavy imports wait until a subcommand needs them.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from squid_core.contracts import Gate, Shrinkage, SquidError

if TYPE_CHECKING:
    from squid_core.training.preset import Preset
    from squid_core.training.sets import Sets

EXIT_OK, EXIT_FAILED, EXIT_INTERRUPTED = 0, 2, 130
STRESS_PICTURES = 60


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
        _say(f"squid{_process()}: {error}", sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt as stop:
        _say(f"squid{_process()}: stopped. {stop}".rstrip(), sys.stderr)
        return EXIT_INTERRUPTED


def build_parser() -> argparse.ArgumentParser:
    """All subcommands. Each has a function `add_...` that sets `run`, a function of the parsed arguments."""
    parser = argparse.ArgumentParser(
        prog="squid", description="SQUID for chest radiographs. Research use only, not a medical device."
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add_triage(commands)
    add_explain(commands)
    add_train(commands)
    add_evaluate(commands)
    add_baselines(commands)
    add_ablate(commands)
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


def add_explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid explain`: what led to the score of one image."""
    parser = commands.add_parser("explain", help="draw what led to the score of one chest X-ray")
    parser.add_argument("file", type=Path, metavar="FILE", help="DICOM, PNG or JPEG")
    parser.add_argument("--png", required=True, type=Path, metavar="OUT", help="write the picture")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write all numbers")
    parser.add_argument("--weights", default="auto", help="auto (by the patient's age), a name, or a bundle's folder")
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))
    parser.add_argument("--patch", type=int, metavar="N", help="show this patch, row by row from 1; else the strangest")
    parser.add_argument("--accept-asked", action="store_true", help="explain also what the program would ask about")
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
    )
    from squid_core.bundle.weights import write_atomically
    from squid_core.inference.explain_picture import draw

    write_atomically(arguments.png, draw(explained))
    if arguments.json:
        write_atomically(arguments.json, (json.dumps(to_record(explained), indent=2) + "\n").encode())
    detection = explained.explanation.detection
    _say(f"Score {detection.score:.3f}, percentile {detection.percentile:.1f}. Research use only.")
    return EXIT_OK


def add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid train`: make weights from normal images."""
    parser = commands.add_parser("train", help="train on folders of normal chest X-rays (PNG, JPEG or DICOM)")
    parser.add_argument("--preset", required=True, help="name of a preset, or a TOML file of your own")
    source = _add_source(parser, "normal images, to train on")
    source.add_argument("--zhanglab", type=Path, metavar="DIR", help="folder of ZhangLab with train/NORMAL in it")
    parser.add_argument(
        "--other-normal",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="normals from elsewhere, for the lesion critic alone",
    )
    parser.add_argument("--critic", metavar="NAME|DIR", help="take the lesion critic of these weights, train none")
    parser.add_argument("--val-normal", type=Path, metavar="DIR", help="normals for the reported figures only")
    parser.add_argument(
        "--val-abnormal", nargs="+", type=Path, metavar="DIR", help="abnormals for the reported figures only"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="BUNDLE", help="folder for weights and card")
    parser.add_argument("--work", type=Path, metavar="DIR", help="folder for checkpoint, log and pictures")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))
    parser.set_defaults(run=run_train)


def _add_source(parser: argparse.ArgumentParser, what: str) -> argparse._MutuallyExclusiveGroup:
    """Images from a folder, films of CheXpert, or grids of digits."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--normal", type=Path, metavar="DIR", help=what)
    source.add_argument("--digits", type=Path, metavar="DIR", help="folder of MNIST's files: DigitAnatomy grids")
    source.add_argument("--chexpert", type=Path, metavar="CSV", help="CheXpert's train.csv or valid.csv")
    return source


def run_train(arguments: argparse.Namespace) -> int:
    """Train, calibrate, write the bundle.

    Raises:
        SquidError: preset, folders or device cannot be used, or the training diverged.
    """
    from squid_core.model.device import pick_device
    from squid_core.training.checkpoint import claim_folder, work_folder
    from squid_core.training.critic import borrow_critic
    from squid_core.training.evaluation_text import as_text
    from squid_core.training.loop import Trainer
    from squid_core.training.preset import load_preset
    from squid_core.training.ranks import joined

    if not arguments.normal and (arguments.val_normal or arguments.val_abnormal or arguments.other_normal):
        raise SquidError(
            "This source brings its own labelled images.",
            "Leave --val-normal, --val-abnormal and --other-normal out, or use --normal.",
        )
    if arguments.critic and arguments.other_normal:
        raise SquidError("A critic from other weights is not trained.", "Give --critic or --other-normal, not both.")
    preset = load_preset(arguments.preset)
    claim_folder(arguments.out, "bundle's folder")
    with joined(pick_device(arguments.device)) as (ranks, device):
        sets, found = _training_sets(arguments, preset)
        work = arguments.work or work_folder(arguments.out)
        critic = borrow_critic(arguments.critic, preset) if arguments.critic else None
        trainer = Trainer(preset, arguments.preset, sets, work, arguments.seed, device, ranks, critic)
        if ranks.leads:
            _say(f"{found}\nCheckpoint, log and pictures: {work}")
        trainer.run(resume=arguments.resume)
        metrics = trainer.write(arguments.out) if ranks.leads else {}
    if "validation" in metrics:
        _say(as_text(metrics["validation"]))
    if ranks.leads:
        _say(f"The weights are in {arguments.out}.")
    return EXIT_OK


def _training_sets(arguments: argparse.Namespace, preset: Preset) -> tuple[Sets, str]:
    """The images of `squid train`, and a sentence about them.

    Raises:
        SquidError: they cannot be used.
    """
    from squid_core.training import sets as read

    if arguments.digits:
        sets = read.sets_from_digits(arguments.digits, preset, arguments.seed)
        grids = f"{len(sets.train)} grids an epoch, drawn on the fly"
        return sets, f"{grids}, {len(sets.held_out)} of other digits held out."
    if arguments.chexpert:
        sets, unreadable = read.sets_from_chexpert(arguments.chexpert, preset)
    elif arguments.zhanglab:
        sets, unreadable = read.sets_from_zhanglab(arguments.zhanglab, preset)
    else:
        abnormal, others = arguments.val_abnormal or (), arguments.other_normal or ()
        sets, unreadable = read.sets_from_folders(arguments.normal, arguments.val_normal, abnormal, preset, others)
    return sets, f"{len(sets.train)} images to train on, {len(sets.held_out)} held out, {unreadable} files not used."


def add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid evaluate`: how good weights are on labelled folders."""
    parser = commands.add_parser("evaluate", help="measure weights on normal and abnormal images")
    parser.add_argument(
        "--weights", required=True, nargs="+", metavar="NAME|DIR", help="several, of several seeds: mean and deviation"
    )
    _add_source(parser, "normal images")
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
        type=int,
        const=STRESS_PICTURES,
        metavar="N",
        help=f"rewrite N ({STRESS_PICTURES}) pictures as all kinds of DICOM, change them: how far does the score move?",
    )
    parser.add_argument("--outside", action="store_true", help="what is flagged as outside memory, and what is not")
    parser.add_argument(
        "--others", nargs="+", type=Path, default=(), metavar="DIR", help="other pictures, with --outside"
    )
    parser.add_argument("--mnist", type=Path, metavar="DIR", help="MNIST's files: grids of digits, with --outside")
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))
    parser.add_argument("--png", type=Path, metavar="DIR", help="draw ROC curves and histograms of the scores")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    parser.add_argument("--record", metavar="NAME", help="keep the figures in each bundle's card, under this name")
    parser.set_defaults(run=run_evaluate)


def run_evaluate(arguments: argparse.Namespace) -> int:
    """Print AUC with its interval, and the figures at the published and at the held-out normals' thresholds.

    Raises:
        SquidError: weights, folders or device cannot be used, or the options do not go together.
    """
    from functools import partial

    from squid_core.bundle.registry import resolve
    from squid_core.bundle.weights import record, write_atomically
    from squid_core.training.evaluate import evaluate, over_seeds
    from squid_core.training.evaluation_text import as_text, seeds_as_text
    from squid_core.training.labelled import from_chexpert, from_digits, from_folders

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
    weights = [resolve(name) for name in arguments.weights]
    extras = _questions(arguments)
    found = []
    for evaluation in evaluate(weights, labelled, arguments.device, arguments.score, extras):
        found.append(evaluation)
        _say(("" if len(weights) == 1 else f"\n{evaluation.figures['weights']}\n") + as_text(evaluation.figures))
    figures = [evaluation.figures for evaluation in found]
    if arguments.record:
        for folder, measured in zip(weights, figures, strict=True):
            record(folder, arguments.record, measured)
    written = figures[0]
    if len(found) > 1:
        written = {"bundles": figures, "over_seeds": over_seeds(figures)}
        _say("\n" + seeds_as_text(figures, written["over_seeds"]))
    if arguments.png:
        from squid_core.training.evaluation_plots import draw_all

        draw_all(arguments.png, found)
    if arguments.json:
        write_atomically(arguments.json, (json.dumps(written, indent=2) + "\n").encode())
    return EXIT_OK


def _questions(arguments: argparse.Namespace) -> dict[str, Any]:
    """What else is asked of each bundle.

    Raises:
        SquidError: a folder cannot be used, or the options do not go together.
    """
    if (arguments.others or arguments.mnist) and not arguments.outside:
        raise SquidError("The options do not go together.", "Give --others and --mnist with --outside.")
    if not arguments.normal and (arguments.stress or arguments.outside):
        raise SquidError("The options do not go together.", "--stress and --outside are for chests: use --normal.")
    from squid_core.training.questions import ask_outside, ask_stress

    questions = {}
    if arguments.stress:
        questions["stress"] = ask_stress(arguments.normal, arguments.abnormal, arguments.stress)
    if arguments.outside:
        questions["outside"] = ask_outside(arguments.normal, arguments.abnormal, arguments.others, arguments.mnist)
    return questions


def add_baselines(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid baselines`: SQUID beside other detectors on the same data and budget."""
    parser = commands.add_parser("baselines", help="train SQUID and other detectors alike and compare them in a table")
    _add_source(parser, "normal images, to train on")
    parser.add_argument("--val-normal", type=Path, metavar="DIR", help="normals to measure on, with --normal")
    parser.add_argument("--val-abnormal", nargs="+", type=Path, metavar="DIR", help="abnormals, with --normal")
    parser.add_argument("--preset", help="widths and schedule of all (default: digit, or default-adult for folders)")
    parser.add_argument("--steps", type=int, metavar="N", help="steps of every training, instead of the preset's")
    _add_results(parser)
    parser.set_defaults(run=run_baselines)


def run_baselines(arguments: argparse.Namespace) -> int:
    """Train and measure every method; results that the folder holds already are not made again.

    Raises:
        SquidError: preset, folders or device cannot be used, the options do not go together, or a training diverged.
    """
    from squid_core.model.device import pick_device
    from squid_core.training.baselines.compare import as_markdown, compare
    from squid_core.training.labelled import from_digits, from_folders
    from squid_core.training.preset import load_preset, with_steps
    from squid_core.training.sets import sets_from_digits, sets_from_folders

    if bool(arguments.normal) != bool(arguments.val_normal and arguments.val_abnormal):
        raise SquidError(
            "The options do not go together.", "Give --normal, --val-normal and --val-abnormal, or --digits."
        )
    preset = with_steps(
        load_preset(arguments.preset or ("digit" if arguments.digits else "default-adult")), arguments.steps
    )
    if arguments.digits:
        sets = sets_from_digits(arguments.digits, preset, arguments.seed)
        labelled = from_digits(arguments.digits, preset.preprocessing)
    else:
        sets, _ = sets_from_folders(arguments.normal, None, (), preset)
        labelled = from_folders(arguments.val_normal, arguments.val_abnormal, arguments.normal, preset.preprocessing)
    rows = compare(preset, sets, labelled, arguments.out, arguments.seed, pick_device(arguments.device))
    _write_results(arguments.out / "baselines", as_markdown(rows), rows)
    return EXIT_OK


def add_ablate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`squid ablate`: what each part of SQUID is worth, on digits."""
    parser = commands.add_parser(
        "ablate", help="ablations on DigitAnatomy: components, k, queue, grid, rho, unclean data"
    )
    parser.add_argument("--digits", required=True, type=Path, metavar="DIR", help="folder of MNIST's files")
    parser.add_argument("--steps", type=int, default=200, metavar="N", help="steps of every training (default: 200)")
    _add_results(parser)
    parser.set_defaults(run=run_ablate)


def run_ablate(arguments: argparse.Namespace) -> int:
    """Train and measure every variation; results that the folder holds already are not made again.

    Raises:
        SquidError: digits or device cannot be used, or a training diverged.
    """
    from squid_core.model.device import pick_device
    from squid_core.training.ablation import VARIATIONS, ablate, as_markdown
    from squid_core.training.ablation_plot import draw
    from squid_core.training.preset import load_preset, with_steps

    preset = with_steps(load_preset("digit"), arguments.steps)
    device = pick_device(arguments.device)
    rows = ablate(preset, arguments.digits, arguments.out, arguments.seed, device, VARIATIONS)
    draw(rows, preset, arguments.out / "ablations.png")
    _write_results(arguments.out / "ablations", as_markdown(rows, preset), rows)
    return EXIT_OK


def _add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))


def _write_results(stem: Path, table: str, rows: list[dict[str, object]]) -> None:
    """Print a table and write it with all figures beside each other, as .md and .json."""
    from squid_core.bundle.weights import write_atomically

    _say(table)
    write_atomically(stem.with_suffix(".md"), table.encode())
    write_atomically(stem.with_suffix(".json"), (json.dumps(rows, indent=2) + "\n").encode())


def _process() -> str:
    """Which of several processes speaks (torchrun numbers them); nothing for the one that leads, or is alone."""
    rank = os.environ.get("RANK", "0")
    return "" if rank == "0" else f" (process {rank})"


def _say(text: str, stream: TextIO | None = None) -> None:
    (stream or sys.stdout).write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
