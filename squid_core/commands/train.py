"""squid train."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from squid_core.commands.common import Commands, add_device, add_source, normals_of, whole_number
from squid_core.contracts.errors import SquidError
from squid_core.terminal import EXIT_OK, say

if TYPE_CHECKING:
    from squid_core.training.preset import Preset
    from squid_core.training.sets import Sets


def add_train(commands: Commands) -> None:
    """`squid train`: make weights from normal images."""
    parser = commands.add_parser("train", help="train on folders of normal chest X-rays (PNG, JPEG or DICOM)")
    parser.add_argument("--preset", required=True, help="name of a preset, or a TOML file of your own")
    source = add_source(parser, "normal images, to train on")
    source.add_argument("--zhanglab", type=Path, metavar="DIR", help="folder of ZhangLab with train/NORMAL in it")
    parser.add_argument(
        "--other-normal",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="normals from elsewhere, for the lesion critic alone",
    )
    parser.add_argument(
        "--fine", type=Path, metavar="DIR", help="the same normals in more pixels, for the picture's detail"
    )
    parser.add_argument("--critic", metavar="NAME|DIR", help="take the lesion critic of these weights, train none")
    parser.add_argument(
        "--start", metavar="NAME|DIR", help="go on from the networks of these weights, with --steps and --critic-steps"
    )
    parser.add_argument("--steps", type=int, metavar="N", help="with --start: steps of SQUID; 0 leaves it as it is")
    parser.add_argument("--critic-steps", type=int, metavar="N", help="with --start: steps of the lesion critic, or 0")
    parser.add_argument("--val-normal", type=Path, metavar="DIR", help="normals for the reported figures only")
    parser.add_argument(
        "--val-abnormal", nargs="+", type=Path, metavar="DIR", help="abnormals for the reported figures only"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="BUNDLE", help="folder for weights and card")
    parser.add_argument("--work", type=Path, metavar="DIR", help="folder for checkpoint, log and pictures")
    parser.add_argument(
        "--minutes",
        type=float,
        metavar="M",
        help="take so long in all, from reading to the bundle, and make as many steps as that allows",
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--seed", type=whole_number(0), default=0)
    add_device(parser)
    parser.set_defaults(run=run_train)


def run_train(arguments: argparse.Namespace) -> int:
    """Train, calibrate, write the bundle.

    Raises:
        SquidError: preset, folders or device cannot be used, or the training diverged.
    """
    began = time.monotonic()
    from squid_core.evaluation.tables import as_text
    from squid_core.long_runs import claim_folder
    from squid_core.model.device import pick_device
    from squid_core.training.budget import Budget
    from squid_core.training.checkpoint import work_folder
    from squid_core.training.critic import borrow_critic
    from squid_core.training.finish import finish, reserve
    from squid_core.training.loop import Trainer
    from squid_core.training.preset import going_on, load_preset
    from squid_core.training.ranks import joined
    from squid_core.training.start import laid, networks_of

    if arguments.minutes is not None and not 0 < arguments.minutes < math.inf:
        raise SquidError("A training takes some minutes.", "Give --minutes a number greater than 0.")
    if not arguments.normal and (arguments.val_normal or arguments.val_abnormal or arguments.other_normal):
        raise SquidError(
            "This source brings its own labelled images.",
            "Leave --val-normal, --val-abnormal and --other-normal out, or use --normal.",
        )
    if arguments.fine and not (arguments.normal or arguments.zhanglab):
        raise SquidError("This source has no finer images.", "Leave --fine out, or use --normal or --zhanglab.")
    if arguments.critic and arguments.other_normal:
        raise SquidError("A critic from other weights is not trained.", "Give --critic or --other-normal, not both.")
    budget = Budget(arguments.minutes, began=began)
    more = (arguments.steps, arguments.critic_steps)
    if any((one is not None) != bool(arguments.start) for one in more):
        raise SquidError(
            "--start, --steps and --critic-steps go together.", "Give all three of them, or train the preset's steps."
        )
    preset = load_preset(arguments.preset)
    if arguments.start:
        preset = going_on(preset, *more)
    preset = laid(preset, normals_of(arguments), arguments.seed)
    claim_folder(arguments.out, "bundle's folder")
    with joined(pick_device(arguments.device)) as (ranks, device):
        sets, found = _training_sets(arguments, preset)
        work = arguments.work or work_folder(arguments.out)
        critic = borrow_critic(arguments.critic, preset) if arguments.critic else None
        trainer = Trainer(preset, arguments.preset, sets, work, arguments.seed, device, ranks, critic, budget)
        if arguments.start:
            trainer.begin_with(*networks_of(arguments.start, preset))
        if ranks.leads:
            say(f"{found}\nCheckpoint, log and pictures: {work}")
        reserve(trainer)
        trainer.run(resume=arguments.resume)
        metrics = finish(trainer, arguments.out, resume=arguments.resume) if ranks.leads else {}
    if "validation" in metrics:
        say(as_text(metrics["validation"]))
    if ranks.leads:
        say(f"{trainer.step} steps in {budget.used() / 60:.1f} minutes. The weights are in {arguments.out}.")
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
        sets, unreadable = read.sets_from_zhanglab(arguments.zhanglab, preset, arguments.fine)
    else:
        abnormal, others = arguments.val_abnormal or (), arguments.other_normal or ()
        sets, unreadable = read.sets_from_folders(
            arguments.normal, arguments.val_normal, abnormal, preset, others, arguments.fine
        )
    return sets, f"{len(sets.train)} images to train on, {len(sets.held_out)} held out, {unreadable} files not used."
