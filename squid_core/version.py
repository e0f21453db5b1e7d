"""Which version this is. `pyproject.toml` alone says it; an installation knows it from there."""

from __future__ import annotations

import argparse

from squid_core.terminal import say


def installed_version(distribution: str = "squid-viewer") -> str | None:
    """Of an installed package, this program's own unless another is named; None where it is not installed."""
    from importlib import metadata  # not at every start of the window

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


class SayVersion(argparse.Action):
    """`--version`: looked up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Say it and exit."""
        say(f"{parser.prog} {installed_version() or 'of unknown version'}")
        parser.exit()
