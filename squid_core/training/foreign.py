"""What is no upright frontal chest, made from normal ones, to learn what such pictures have alike. Not in the paper.

No picture of anything else is used. A half of a chest drawn out to a whole picture has one lung in its middle, as a
lateral view has; parts of a chest stand for other parts of a body; the rest is chests as nobody looks at them.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.radiograph import FloatArray

_Change = Callable[[FloatArray, np.random.Generator], FloatArray]


def _part(picture: FloatArray, rng: np.random.Generator, least: float, most: float) -> FloatArray:
    """A part of it, anywhere, `least` to `most` of each side."""
    shape = [round(side * rng.uniform(least, most)) for side in picture.shape]
    top, left = (int(rng.integers(side - length + 1)) for side, length in zip(picture.shape, shape, strict=True))
    return picture[top : top + shape[0], left : left + shape[1]]


def _half(picture: FloatArray, rng: np.random.Generator) -> FloatArray:
    """One side of the chest, from a little beyond the middle."""
    width = picture.shape[1]
    cut = round(width * rng.uniform(0.4, 0.62))
    return picture[:, :cut] if rng.random() < 0.5 else picture[:, width - cut :]


def _upper_or_lower(picture: FloatArray, rng: np.random.Generator) -> FloatArray:
    height = picture.shape[0]
    cut = round(height * rng.uniform(0.35, 0.5))
    return picture[:cut] if rng.random() < 0.5 else picture[height - cut :]


def _folded(picture: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Both sides laid over each other and moved apart: lungs that cover one another."""
    other = np.roll(picture[:, ::-1], round(picture.shape[1] * rng.uniform(0.2, 0.5)), axis=1)
    return np.asarray((picture + other) / 2, dtype=np.float32)


def _noise(picture: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Its spectrum's amplitudes, their places lost."""
    spectrum = np.abs(np.fft.fft2(picture - picture.mean()))
    turned = np.fft.ifft2(spectrum * np.exp(2j * np.pi * rng.random(picture.shape))).real
    return np.asarray((turned - turned.min()) / max(float(np.ptp(turned)), 1e-6), dtype=np.float32)


CHANGES: dict[str, tuple[float, _Change]] = {  # how often, and what
    "half": (4.0, _half),
    "part": (3.0, lambda picture, rng: _part(picture, rng, 0.2, 0.5)),
    "upper or lower": (1.0, _upper_or_lower),
    "folded": (2.0, _folded),
    "turned": (1.0, lambda picture, rng: np.rot90(picture, int(rng.integers(1, 4)))),
    "upside down": (0.5, lambda picture, _: picture[::-1]),
    "inverted": (0.5, lambda picture, _: 1 - picture),
    "noise": (1.0, _noise),
}


def foreign(images: NDArray[np.uint8], seed: int) -> list[FloatArray]:
    """One of each of (N, S, S) uint8 normals: (H, W) float32 in 0..1, not laid on anything."""
    rng = np.random.default_rng(seed)
    often = np.array([weight for weight, _ in CHANGES.values()])
    made = []
    for image in images:
        _, change = list(CHANGES.values())[int(rng.choice(len(often), p=often / often.sum()))]
        changed = np.ascontiguousarray(change(image.astype(np.float32) / 255, rng))
        picture = cv2.resize(changed, image.shape, interpolation=cv2.INTER_LINEAR)
        made.append(np.asarray(picture, dtype=np.float32))
    return made
