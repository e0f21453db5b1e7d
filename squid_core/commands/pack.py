"""squid pack."""

from __future__ import annotations

import argparse
from pathlib import Path

from squid_core.commands.common import Commands
from squid_core.contracts.errors import SquidError
from squid_core.terminal import EXIT_OK, say


def add_pack(commands: Commands) -> None:
    """`squid pack`: a folder of images as one file, prepared for a preset or for weights."""
    parser = commands.add_parser("pack", help="prepare a folder of images once, as one file for train and evaluate")
    parser.add_argument("folder", type=Path, metavar="DIR", help="images (PNG, JPEG or DICOM), at any depth")
    prepared = parser.add_mutually_exclusive_group(required=True)
    prepared.add_argument("--preset", metavar="NAME", help="for a training: a preset, or a TOML file of your own")
    prepared.add_argument("--weights", metavar="NAME|DIR", help="for an evaluation of these weights")
    prepared.add_argument("--like", type=Path, metavar="FILE", help="as the images of this packed file were prepared")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="the packed file")
    parser.add_argument(
        "--held-out",
        type=Path,
        metavar="FILE",
        help="with --preset: those a training holds out, once more alone",
    )
    parser.set_defaults(run=run_pack)


def run_pack(arguments: argparse.Namespace) -> int:
    """Read, prepare, write.

    Raises:
        SquidError: preset, weights or folder cannot be used, or the file not be written.
    """
    from squid_core.bundle.card import read_card
    from squid_core.bundle.library import Bundles
    from squid_core.datasets.image_set import load_images, pack_images, split_by_patient
    from squid_core.datasets.packed import packed_for
    from squid_core.training.preset import load_preset
    from squid_core.training.start import laid

    preset = load_preset(arguments.preset) if arguments.preset else None
    if preset is not None:
        preprocessing = laid(preset, arguments.folder, seed=0).preprocessing
    elif arguments.held_out:
        raise SquidError("Only a preset says which patients are held out.", "Give --held-out with --preset.")
    elif arguments.like:
        preprocessing = packed_for(arguments.like)
    else:
        preprocessing = read_card(Bundles().choose(arguments.weights).folder).preprocessing
    images = load_images(arguments.folder, preprocessing)
    if preset is not None and arguments.held_out:
        pack_images(arguments.held_out, split_by_patient(images, preset.held_out)[1], preprocessing)
    pack_images(arguments.out, images, preprocessing)
    patients = len(set(images.patients))
    say(
        f"{len(images)} images of {patients} patients are in {arguments.out}, {images.unreadable} files not used.\n"
        "It names nobody, but it holds the pictures: look after it as after the folder."
    )
    return EXIT_OK
