"""Detectors that cost nothing, and some that end their worker: loaders that a worker imports by name.

What they do to which image lies below the home of the process: a worker has no other way to know of a test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from squid_core.bundle.card import Calibration, Card, Statistic
from squid_core.contracts.detection import Detection, DetectorSettings, ModelInput, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.home import bundles_folder, home_folder
from squid_core.inference.scorer import DetectorLike
from squid_core.preprocessing import Preprocessing

SIZE = 32
WEIGHTS = "cheap"


def write_bundle(folder: Path | None = None, weights_sha256: str = "0" * 64) -> Path:
    """A card without weights, by its name where no folder is given."""
    folder = folder or bundles_folder() / WEIGHTS
    card = Card.model_validate(
        {
            "name": WEIGHTS,
            "population": "adult",
            "weights_sha256": weights_sha256,
            "preprocessing": Preprocessing(size=SIZE),
            "network": {},
            "settings": DetectorSettings(top_k=5),
            "calibration": Calibration(
                discriminator=Statistic(mean=0, std=1),
                components={},
                quantiles=(0.5,),
                patch_quantiles=((0.5,),),
                thresholds={},
                held_out_normals=1,
            ),
        }
    )
    folder.mkdir(parents=True)
    (folder / "card.json").write_text(card.model_dump_json(), encoding="utf-8")
    return folder


class Cheap:
    """Scores by the mean of its input."""

    def detect_many(self, model_inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
        return [self.detect(one) for one in model_inputs]

    def detect(self, model_input: ModelInput) -> Detection:
        blank, grid = np.zeros_like(model_input.image), np.zeros((2, 2), np.float32)
        return Detection(
            score=float(model_input.image.mean()),
            percentile=50.0,
            paper_score=0.5,
            components={},
            input_image=model_input.image,
            reconstruction=blank,
            difference=blank,
            patch_scores=grid,
            patch_percentiles=grid,
            matches=((), (), (), ()),
            geometry=model_input.geometry,
            trial=Trial(DetectorSettings(5)),
            model=WEIGHTS,
            model_hash="0" * 64,
            digest=model_input.digest,
        )

    def picture(self, detection: Detection) -> FloatArray | None:
        return None


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
    return Cheap()


def deadly(_: Path, __: str) -> DetectorLike:
    return Deadly()


def failing(_: Path, __: str) -> DetectorLike:
    return Failing()


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
    return Sleepy()


class Noting(Cheap):
    """Notes below the home what it has scored."""

    def detect(self, model_input: ModelInput) -> Detection:
        with (home_folder() / "scored").open("a", encoding="ascii") as notes:
            notes.write(f"{model_input.digest}\n")
        return super().detect(model_input)


def noting(_: Path, __: str) -> DetectorLike:
    return Noting()
