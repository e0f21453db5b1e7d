"""squid adapt."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from squid_core.commands.common import Commands, add_device
from squid_core.contracts.errors import SquidError
from squid_core.files import private_files
from squid_core.home import home_folder
from squid_core.terminal import EXIT_OK, say

if TYPE_CHECKING:
    from squid_core.bundle.card import Adapted, Estimate

WANTED = 30  # normals; with fewer it works, and is worth less


def add_adapt(commands: Commands) -> None:
    """`squid adapt`: weights for one's own hospital, from some of its normal images."""
    parser = commands.add_parser("adapt", help="adapt weights to your hospital's normal chest X-rays, in seconds")
    parser.add_argument("--weights", required=True, metavar="NAME|DIR", help="a name, or a bundle's folder")
    parser.add_argument(
        "--normal", required=True, nargs="+", type=Path, metavar="DIR", help="images read as normal: DICOM, PNG or JPEG"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="BUNDLE", help="new folder for weights and card")
    parser.add_argument("--site", default="", metavar="WORDS", help="whose images, for the card; no patient")
    add_device(parser)
    parser.set_defaults(run=run_adapt)


def run_adapt(arguments: argparse.Namespace) -> int:
    """Adapt, say what that is worth, write the bundle.

    Raises:
        SquidError: weights, images, device or the new folder cannot be used, or there are too few normals.
    """
    from tqdm import tqdm

    from squid_core.adaptation.adapt import adapt, check_new, write
    from squid_core.adaptation.normals import read_normals
    from squid_core.bundle.library import AUTO, Bundles

    if arguments.weights == AUTO:
        raise SquidError("Adults and children have weights of their own.", "Name those that are to be adapted.")
    parent = Bundles().choose(arguments.weights)
    check_new(arguments.out)
    normals, not_used = read_normals(arguments.normal, parent.card)
    with tqdm(total=100, desc="adapting", leave=False, disable=not sys.stderr.isatty()) as bar:
        adaptation = adapt(
            parent.folder,
            normals,
            device=arguments.device,
            not_used=not_used,
            site=arguments.site,
            progress=lambda share: bar.update(round(100 * share) - bar.n),
        )
    with private_files(arguments.out.resolve().is_relative_to(home_folder().resolve())):
        write(adaptation, arguments.out)
    say(as_text(adaptation.adapted))
    say(f"The weights are in {arguments.out}.")
    return EXIT_OK


def as_text(adapted: Adapted) -> str:
    """Counts, and the estimates before and after."""
    lines = [f"Adapted '{adapted.parent}' to {adapted.normals} normal images, each of another patient."]
    lines += [f"Not used: {count} ({reason})." for reason, count in adapted.not_used.items()]
    if adapted.normals < WANTED:
        lines.append(f"These are few: with {WANTED} or more the percentiles are better.")
    lines.append("How many of them lie beyond a percentile, each scored by weights that were adapted to others:")
    lines.append(f"{'':26}{'as it was':28}adapted")
    for name in adapted.before.beyond:
        before, after = (_share(estimate, name, adapted.normals) for estimate in (adapted.before, adapted.after))
        lines.append(f"{f'{name}th ({100 - int(name)}% is right)':26}{before:28}{after}")
    lines.append(f"{'distance from uniform':26}{adapted.before.ks:<28.2f}{adapted.after.ks:.2f}")
    if adapted.before.fits:
        lines.append(f"'{adapted.parent}' fits these normals as it is: adapting it gains little.")
    return "\n".join(lines)


def _share(estimate: Estimate, name: str, normals: int) -> str:
    share = estimate.beyond[name]
    return f"{100 * share.count / normals:.1f}% ({100 * share.low:.1f} to {100 * share.high:.1f})"
