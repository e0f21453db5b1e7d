"""Made-up frontal chests, each a little different: enough of one to be laid on a mean chest, and nobody's."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from squid_core.contracts.radiograph import FloatArray
from squid_core.datasets.image_set import ImageSet
from squid_core.training.laying import learn_mean_chest

SIDE = 128


def chest(seed: int, side: int = SIDE) -> FloatArray:
    """(side, side) float32 in 0..1: two lungs, ribs, spine, a heart on the patient's left, diaphragm and shoulders."""
    rng = np.random.default_rng(seed)
    rows, columns = (np.mgrid[:side, :side] + 0.5) / side
    across, down = columns - 0.5 - rng.normal(0, 0.012), rows - 0.5 - rng.normal(0, 0.012)
    grown = np.exp(rng.normal(0, 0.04, 2))
    across, down = across * grown[0], down * grown[1]

    def blob(column: float, row: float, width: float, height: float, soft: float = 0.15) -> FloatArray:
        far = np.hypot((across - column) / width, (down - row) / height)
        return np.asarray(1 / (1 + np.exp((far - 1) / soft)), dtype=np.float32)

    body = 0.62 + 0.1 * down
    lungs = np.maximum(blob(-0.2, -0.03, 0.15, 0.3), blob(0.2, -0.03, 0.14, 0.3))
    ribs = 0.05 * np.sin(2 * np.pi * (down * 9 + 1.5 * across**2)) * lungs
    heart = blob(0.08, 0.12, 0.15, 0.15)  # the patient's left is the picture's right
    spine = np.exp(-((across / 0.035) ** 2))
    picture = body - 0.48 * lungs + ribs + 0.36 * heart + 0.12 * spine + 0.25 * blob(0, 0.42, 0.5, 0.14)
    picture -= 0.5 * (np.abs(across) > 0.44 - 0.1 * np.cos(3 * down))
    grain = cv2.GaussianBlur(rng.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 1.5)
    return np.asarray(np.clip(picture + 0.04 * grain, 0, 1), dtype=np.float32)


def chests(seeds: range) -> ImageSet:
    """Of as many patients."""
    images = np.stack([np.rint(chest(seed) * 255).astype(np.uint8) for seed in seeds])
    names = tuple(f"{seed:04d}.png" for seed in seeds)
    return ImageSet(images, names, names)


@lru_cache(maxsize=1)
def mean_chest() -> str:
    """Learned from some of them."""
    return learn_mean_chest(chests(range(48)), seed=0)
