"""Detectors that cost nothing, and some that end their worker: loaders that a worker imports by name.

What they do to which image lies below the home of the process: a worker has no other way to know of a test.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from squid_core.contracts.detection import Detection, ModelInput
from squid_core.home import bundles_folder, home_folder
from squid_core.inference.scorer import DetectorLike
from tests.squid_core.inference.cheap_detector import Cheap, write_card

SIZE = 32
WEIGHTS = "cheap"


def write_bundle(folder: Path | None = None, weights_sha256: str = "0" * 64) -> Path:
    """A card without weights, by its name where no folder is given."""
    return write_card(folder or bundles_folder() / WEIGHTS, WEIGHTS, "adult", SIZE, weights_sha256)


class Deadly(Cheap):
    """Ends its worker over the images whose digests lie below the home; once where the file there says so."""

    def detect(self, model_input: ModelInput) -> Detection:
        note = home_folder() / f"deadly {model_input.digest}"
        if note.exists():
            if note.read_text(encoding="ascii") == "once":
                note.unlink()
            os._exit(7)
        return super().detect(model_input)


def cheap(_: Path, __: str) -> DetectorLike:
    return Cheap(WEIGHTS)


def deadly(_: Path, __: str) -> DetectorLike:
    return Deadly(WEIGHTS)


def failing(_: Path, __: str) -> DetectorLike:
    return Failing(WEIGHTS)


class Failing(Cheap):
    """Fails as no detector should."""

    def detect(self, model_input: ModelInput) -> Detection:
        raise RuntimeError("not a sentence")


SLEEP_SECONDS = 0.08


class Sleepy(Cheap):
    """Takes its time, and no processor."""

    def detect(self, model_input: ModelInput) -> Detection:
        time.sleep(SLEEP_SECONDS)
        return super().detect(model_input)


def sleepy(_: Path, __: str) -> DetectorLike:
    return Sleepy(WEIGHTS)


class Noting(Cheap):
    """Notes below the home what it has scored."""

    def detect(self, model_input: ModelInput) -> Detection:
        with (home_folder() / "scored").open("a", encoding="ascii") as notes:
            notes.write(f"{model_input.digest}\n")
        return super().detect(model_input)


def noting(_: Path, __: str) -> DetectorLike:
    return Noting(WEIGHTS)
