"""squid baselines and squid ablate."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from squid_core.commands.common import Commands, add_device, add_source, normals_of, whole_number
from squid_core.contracts.errors import SquidError
from squid_core.files import write_atomically, write_json
from squid_core.terminal import EXIT_OK, say

if TYPE_CHECKING:
    from squid_core.datasets.image_set import ImageSet
    from squid_core.datasets.labelled import Labelled
    from squid_core.training.preset import Preset
    from squid_core.training.sets import Sets


def add_baselines(commands: Commands) -> None:
    """`squid baselines`: SQUID beside other detectors on the same data and budget."""
    parser = commands.add_parser("baselines", help="train SQUID and other detectors alike and compare them in a table")
    source = add_source(parser, "normal images, to train on")
    source.add_argument("--zhanglab", type=Path, metavar="DIR", help="folder of ZhangLab with train/NORMAL in it")
    parser.add_argument("--val-normal", type=Path, metavar="DIR", help="normals to measure on, with --normal")
    parser.add_argument("--val-abnormal", nargs="+", type=Path, metavar="DIR", help="abnormals, with --normal")
    parser.add_argument("--preset", help="widths and schedule of all (default: by the images)")
    parser.add_argument("--steps", type=int, metavar="N", help="steps of every training, instead of the preset's")
    parser.add_argument(
        "--backbone",
        type=Path,
        metavar="FILE",
        help="safetensors of a ResNet in torchvision's naming, for the methods built on learned features (default: the "
        "encoder that SQUID's own run has trained)",
    )
    _add_results(parser)
    parser.set_defaults(run=run_baselines)


def run_baselines(arguments: argparse.Namespace) -> int:
    """Train and measure every method; results that the folder holds already are not made again.

    Raises:
        SquidError: preset, folders or device cannot be used, the options do not go together, or a training diverged.
    """
    from squid_core.experiments.baselines import as_markdown, compare
    from squid_core.model.device import pick_device
    from squid_core.training.preset import load_preset, with_steps, without_picture
    from squid_core.training.start import laid

    if bool(arguments.normal) != bool(arguments.val_normal and arguments.val_abnormal):
        raise SquidError(
            "The options do not go together.",
            "Give --normal, --val-normal and --val-abnormal, or another source alone.",
        )
    own = "digit" if arguments.digits else "default-paediatric" if arguments.zhanglab else "default-adult"
    preset = with_steps(without_picture(load_preset(arguments.preset or own)), arguments.steps)
    preset = laid(preset, normals_of(arguments), arguments.seed)
    sets, labelled = _images(arguments, preset)
    device = pick_device(arguments.device)
    rows = compare(preset, sets, labelled, arguments.out, arguments.seed, device, arguments.backbone)
    _write_results(arguments.out / "baselines", as_markdown(rows), rows)
    return EXIT_OK


def _images(arguments: argparse.Namespace, preset: Preset) -> tuple[Sets, Labelled]:
    """What is trained on, and what is measured on; where a source has no other normals, on patients that are held out.

    Raises:
        SquidError: the source cannot be used, or has no abnormal image.
    """
    from squid_core.datasets.labelled import Labelled, from_digits, from_folders
    from squid_core.training import sets as read

    if arguments.digits:
        grids = read.sets_from_digits(arguments.digits, preset, arguments.seed)
        return grids, from_digits(arguments.digits, preset.preprocessing)
    if arguments.normal:
        sets, _ = read.sets_from_folders(arguments.normal, None, (), preset)
        labelled = from_folders(arguments.val_normal, arguments.val_abnormal, None, preset.preprocessing)
        return sets, replace(labelled, training=_for_floors(sets))
    if arguments.zhanglab:
        sets, _ = read.sets_from_zhanglab(arguments.zhanglab, preset)
    else:
        sets, _ = read.sets_from_chexpert(arguments.chexpert, preset)
    if sets.val_abnormal is None:
        raise SquidError(
            "There is no abnormal image to measure on.", "Detectors are compared on normals and abnormals."
        )
    kind = "PNEUMONIA" if arguments.zhanglab else "any finding"
    return sets, Labelled(sets.val_normal or sets.held_out, {kind: sets.val_abnormal}, _for_floors(sets))


def _for_floors(sets: Sets) -> ImageSet:
    from squid_core.datasets.image_set import spread
    from squid_core.evaluation.floors import FITTED_ON

    return sets.train.subset(spread(len(sets.train), FITTED_ON))


def add_ablate(commands: Commands) -> None:
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
    from squid_core.experiments.ablation import VARIATIONS, ablate, as_markdown
    from squid_core.experiments.ablation_plot import draw
    from squid_core.model.device import pick_device
    from squid_core.training.preset import load_preset, with_steps

    preset = with_steps(load_preset("digit"), arguments.steps)
    device = pick_device(arguments.device)
    rows = ablate(preset, arguments.digits, arguments.out, arguments.seed, device, VARIATIONS)
    draw(rows, preset, arguments.out / "ablations.png")
    _write_results(arguments.out / "ablations", as_markdown(rows, preset), rows)
    return EXIT_OK


def _add_results(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    parser.add_argument("--seed", type=whole_number(0), default=0)
    add_device(parser)


def _write_results(stem: Path, table: str, rows: list[dict[str, object]]) -> None:
    """Print a table and write it with all figures beside each other, as .md and .json."""
    say(table)
    write_atomically(stem.with_suffix(".md"), table.encode())
    write_json(stem.with_suffix(".json"), rows)
