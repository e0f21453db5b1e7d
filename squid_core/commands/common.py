"""What several subcommands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from squid_core.contracts.charset import Charset
from squid_core.dicom.header.charsets import to_charset
from squid_core.files import narrow
from squid_core.home import home_folder
from squid_core.network.configuration import NetworkSettings, read_settings

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - has no public name


def whole_number(least: int = 1, most: int | None = None) -> Callable[[str], int]:
    """For the `type` of an argument: a whole number within these bounds, and a sentence for whatever else is given."""

    def read(stated: str) -> int:
        number = int(stated) if stated.isascii() and stated.isdecimal() else -1
        if number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"a whole number from {least}{'' if most is None else f' to {most}'}")
        return number

    return read


def add_weights(parser: argparse.ArgumentParser, work: str) -> None:
    """With which weights, where, and whether also what the program would ask about: `work` says what is done to it."""
    parser.add_argument("--weights", default="auto", help="auto (by the patient's age), a name, or a bundle's folder")
    add_device(parser)
    parser.add_argument("--accept-asked", action="store_true", help=f"{work} also what the program would ask about")


def add_charset(parser: argparse.ArgumentParser) -> None:
    """In which characters text is read whose file does not say so."""
    parser.add_argument(
        "--charset",
        type=to_charset,
        default=Charset.AUTOMATIC,
        metavar="NAME",
        help=f"of text whose file states no fitting character set: {', '.join(Charset)}",
    )


def add_device(parser: argparse.ArgumentParser) -> None:
    """Where the networks run."""
    parser.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))


def add_network(parser: argparse.ArgumentParser) -> None:
    """Which systems and which node there are: as the window has them, or another file of the same kind."""
    parser.add_argument("--settings", type=Path, metavar="FILE", help="network settings, if they are another file")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="squid-viewer's own folder, if it is another")


def network_settings(arguments: argparse.Namespace) -> NetworkSettings:
    """What is configured, as `add_network` has it. The folder that it lies in is for this user alone from then on.

    Raises:
        SquidError: it cannot be read.
    """
    narrow(arguments.home or home_folder())
    return read_settings(arguments.home, arguments.settings)


def add_source(parser: argparse.ArgumentParser, what: str) -> argparse._MutuallyExclusiveGroup:
    """Images from a folder, films of CheXpert, or grids of digits."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--normal", type=Path, metavar="DIR", help=what)
    source.add_argument("--digits", type=Path, metavar="DIR", help="folder of MNIST's files: DigitAnatomy grids")
    source.add_argument("--chexpert", type=Path, metavar="CSV", help="CheXpert's train.csv or valid.csv")
    return source


def normals_of(arguments: argparse.Namespace) -> Path | None:
    """Folder of the normal images to train on, or a packed file; None where they lie in none."""
    if getattr(arguments, "zhanglab", None):
        return Path(arguments.zhanglab) / "train" / "NORMAL"
    return Path(arguments.normal) if arguments.normal else None
