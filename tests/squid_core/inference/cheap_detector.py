"""A detector that costs next to nothing, and a bundle that has a card only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from squid_core.bundle.card import Calibration, Card, Statistic
from squid_core.contracts.detection import Detection, DetectorSettings, ModelInput, Trial
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.preprocessing import Preprocessing


class Cheap:
    """Scores by the mean of its input."""

    def __init__(self, name: str) -> None:
        self.name = name  # of its weights

    def detect_many(self, model_inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
        return [self.detect(one) for one in model_inputs]

    def detect(self, model_input: ModelInput) -> Detection:
        return detected(model_input, float(model_input.image.mean()), self.name, np.zeros_like(model_input.image))

    def picture(self, detection: Detection) -> FloatArray | None:
        return None


def detected(model_input: ModelInput, score: float, model: str, blank: FloatArray) -> Detection:
    """A detection without anything in it; `blank` stands for its pictures."""
    grid = np.zeros((2, 2), np.float32)
    return Detection(
        score=score,
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
        model=model,
        model_hash="0" * 64,
        digest=model_input.digest,
    )


def write_card(folder: Path, name: str, population: str, size: int, weights_sha256: str = "0" * 64) -> Path:
    """A bundle without weights, which no such detector needs."""
    card = Card.model_validate(
        {
            "name": name,
            "population": population,
            "weights_sha256": weights_sha256,
            "preprocessing": Preprocessing(size=size),
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
