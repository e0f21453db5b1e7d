"""A bundle as an evaluation uses it: evidence of whole sets, and the one score that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from squid_core.bundle.calibration import LOW_IS_ABNORMAL, apply
from squid_core.bundle.card import Card
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.detection import DetectorSettings
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.metrics import auc
from squid_core.model.device import pick_device
from squid_core.model.squid import Evidence, Squid

BATCH = 32

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measured:
    """Raw evidence of a whole set: (B,) values by name and (B, P) patch distances."""

    values: dict[str, Array]
    distances: Array

    def subset(self, keep: Sequence[int] | NDArray[np.integer]) -> Measured:
        """The evidence of the images of the given indices."""
        chosen = np.asarray(keep, dtype=np.intp)
        return Measured({name: values[chosen] for name, values in self.values.items()}, self.distances[chosen])


def measure_set(squid: Squid, images: ImageSet | NDArray[np.float32], settings: DetectorSettings) -> Measured:
    """Run the networks, in evaluation mode, over a set, or (N, S, S) images in 0..1, in batches."""
    device = next(squid.parameters()).device
    pixels = images.images if isinstance(images, ImageSet) else images
    batches = (pixels[start : start + BATCH] for start in range(0, len(pixels), BATCH))
    return join([as_measured(squid.measure(as_tensor(batch, device), settings)) for batch in batches])


def as_measured(evidence: Evidence) -> Measured:
    """Evidence as plain numbers."""
    values = {name: v.double().cpu().numpy() for name, v in evidence.values().items()}
    return Measured(values, evidence.distances.double().cpu().numpy())


def join(parts: Sequence[Measured]) -> Measured:
    """Several sets' evidence as one's."""
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return Measured(values, np.concatenate([part.distances for part in parts]))


def score_of(card: Card, measured: Measured, score: str) -> Array:
    """(B,) one score of a bundle, high is abnormal.

    Args:
        card: of the bundle.
        measured: its evidence.
        score: "paper", "combined", or the name of a raw quantity.

    Raises:
        SquidError: the bundle has no such score.
    """
    if score in ("paper", "combined"):
        scores = apply(card.calibration, measured.values)
        return scores.paper if score == "paper" else scores.combined
    if score not in measured.values:
        names = ", ".join(("combined", "paper", *measured.values))
        raise SquidError(f"The weights have no score '{score[:40]}'.", f"Choose one of: {names}.")
    return measured.values[score] * (-1 if score in LOW_IS_ABNORMAL else 1)


@dataclass(frozen=True)
class Judge:
    """A loaded bundle, and which of its scores is looked at.

    Attributes:
        folder: of the bundle.
        score: "paper", "combined", or the name of a raw quantity (memory, texture coarse...).
    """

    folder: Path
    card: Card
    squid: Squid
    score: str

    @classmethod
    def load(cls, weights: Path, device: str, score: str | None = None) -> Self:
        """Read a bundle.

        Args:
            weights: the bundle's folder.
            device: auto, cpu or cuda.
            score: None takes the one that the card sorts the worklist by.

        Raises:
            SquidError: the bundle or the device cannot be used.
        """
        card, squid = read_bundle(weights, pick_device(device))
        return cls(weights, card, squid, score or card.calibration.score)

    @property
    def locked(self) -> bool:
        """Whether the score is the card's own, for which the card has thresholds and percentiles."""
        return self.score == self.card.calibration.score

    def measure(self, images: ImageSet | NDArray[np.float32]) -> Measured:
        """Evidence of a set, or of (N, S, S) images in 0..1, prepared with the card's preprocessing."""
        return measure_set(self.squid, images, self.card.settings)

    def of(self, measured: Measured) -> Array:
        """(B,) the score; high is abnormal.

        Raises:
            SquidError: the bundle has no such score.
        """
        return score_of(self.card, measured, self.score)

    def aucs(self, normal: Measured, abnormal: Measured) -> dict[str, float]:
        """AUC of the score, of the paper's A, of the combined score and of each of its components alone."""
        calm, ill = (apply(self.card.calibration, measured.values) for measured in (normal, abnormal))
        return {
            self.score: auc(self.of(normal), self.of(abnormal)),
            "paper": auc(calm.paper, ill.paper),
            "combined": auc(calm.combined, ill.combined),
            **{name: auc(z, ill.z[name]) for name, z in calm.z.items()},
        }

    def scores(self, images: ImageSet | NDArray[np.float32]) -> Array:
        """(B,) the score of images; high is abnormal."""
        return self.of(self.measure(images))

    def percentiles(self, scores: Array, normal: Array) -> Array:
        """(B,) 0..100: the card's percentile of its own score; of another the rank among evaluated normals.

        Args:
            scores: what `of` gave.
            normal: scores of the evaluated normals.
        """
        among = np.asarray(self.card.calibration.quantiles) if self.locked else np.sort(normal)
        return 100 * np.searchsorted(among, scores, side="left") / len(among)
