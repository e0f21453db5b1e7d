"""What resembles nothing a bundle has in memory: made-up pictures, chests turned and inverted, and other pictures.

Whether a picture is flagged comes from the picture alone; the header, which refuses most of these in a folder of
DICOM files, has no say here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from squid_core.bundle.calibration import apply
from squid_core.contracts.radiograph import FloatArray
from squid_core.datasets.full_resolution import Picture, as_inputs
from squid_core.evaluation.measure import Judge
from squid_core.evaluation.metrics import wilson

SIZE = 224  # px of the made-up pictures
NOISES = 100
GRADIENTS = 24
SLOPES = (1.0, 1.5)  # amplitude falls as 1 / frequency^slope; natural scenes have about 1 (Field 1987)


def turned(pictures: Sequence[Picture]) -> dict[str, list[Picture]]:
    """Chests as nobody stores them."""
    return {
        "turned by 90 degrees": [np.rot90(picture) for picture in pictures],
        "turned by 270 degrees": [np.rot90(picture, 3) for picture in pictures],
        "turned by 180 degrees": [np.rot90(picture, 2) for picture in pictures],
        "mirrored top to bottom": [picture[::-1] for picture in pictures],
        "inverted": [picture.max() + picture.min() - picture for picture in pictures],
    }


def made_up() -> dict[str, list[Picture]]:
    """Noise, gradients and a flat picture, SIZE x SIZE."""
    rng = np.random.default_rng(0)
    noises = {f"noise, 1/f^{slope:g}": [noise(rng, slope) for _ in range(NOISES)] for slope in SLOPES}
    return noises | {
        "white noise": [noise(rng, 0) for _ in range(NOISES)],
        "gradients": [gradient(angle) for angle in np.linspace(0, 2 * np.pi, GRADIENTS, endpoint=False)],
        "flat": [np.zeros((SIZE, SIZE), np.float32)],
    }


def noise(rng: np.random.Generator, slope: float) -> Picture:
    """Gaussian noise whose amplitude spectrum falls as 1 / frequency^slope."""
    frequency = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.fftfreq(SIZE))
    frequency[0, 0] = 1 / SIZE
    spectrum = np.fft.fft2(rng.normal(size=(SIZE, SIZE))) / frequency**slope
    return np.fft.ifft2(spectrum).real.astype(np.float32)


def gradient(angle: float) -> Picture:
    """A linear ramp, bright towards `angle` (radians, clockwise from the right)."""
    y, x = np.mgrid[0:SIZE, 0:SIZE] / (SIZE - 1)
    return np.asarray(np.cos(angle) * x + np.sin(angle) * y, dtype=np.float32)


def outside(
    judge: Judge,
    chests: Mapping[str, Sequence[Picture]],
    strangers: Mapping[str, Sequence[Picture] | FloatArray],
    mixed: Mapping[str, Sequence[Picture]],
) -> dict[str, dict[str, Any]]:
    """The share flagged "outside memory" of each group of pictures.

    Args:
        judge: the bundle.
        chests: evaluated pictures by group; none of them should be flagged. The first group is also turned.
        strangers: no chests, as pictures or as inputs that are ready (N, S, S), by group; all should be flagged.
        mixed: pictures of which only a header says what they are, by group.

    Returns:
        By group: `should` (whether it ought to be flagged; None where that is not known), `count`, `flagged` (a
        share) and `interval_95`.
    """
    calm, *others = chests.values()
    ill = [picture for group in others for picture in group]
    groups: dict[str, Sequence[Picture] | FloatArray] = dict(chests)
    groups |= {f"normal, {name}": pictures for name, pictures in turned(calm).items()}
    groups |= {f"abnormal, {name}": pictures for name, pictures in turned(ill).items()} if ill else {}
    groups |= {**made_up(), **strangers, **mixed}
    found: dict[str, dict[str, Any]] = {}
    for name, pictures in groups.items():
        ready = pictures if isinstance(pictures, np.ndarray) else as_inputs(pictures, judge.card.preprocessing)
        flagged = apply(judge.card.calibration, judge.measure(ready).values).outside_memory
        count = int(flagged.sum())
        found[name] = {
            "should": None if name in mixed else name not in chests,
            "count": len(flagged),
            "flagged": count / len(flagged),
            "interval_95": list(wilson(count, len(flagged))),
        }
    return found
