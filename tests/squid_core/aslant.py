"""A phantom of a registered image: marks at known places of an original in which the model image lies aslant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import Detection, Geometry
from squid_core.contracts.radiograph import FloatArray

SHAPE, SIZE = (600, 400), 128
# Turned, sheared and shifted, with unequal scales; its upper right corner lies beside the original, and below, left
# and right there is original that the model does not see.
GEOMETRY = Geometry(SHAPE, (SIZE, SIZE), ((4.1, -0.5, 62.0), (0.7, 2.7, 5.0)))
MARKS = ((140.0, 125.0), (250.0, 280.0), (400.0, 170.0))  # (row, column) in the original; no axis may be exchanged, and
# in the model each lies well within a patch of a 4 x 4 grid
UNSEEN = ((20.0, 30.0), (580.0, 60.0), (60.0, 390.0))  # of the original, and none of the model's
WIDE = 6.0  # pixels of the original, standard deviation of a mark


def in_model(row: float, column: float) -> tuple[float, float]:
    """Original -> model, by another library's algebra."""
    matrix = np.array(GEOMETRY.matrix)
    down, across = np.linalg.solve(matrix[:, :2], np.array((row, column)) - matrix[:, 2])
    return float(down), float(across)


def marked(shape: tuple[int, int], places: Sequence[tuple[float, float]], wide: float) -> FloatArray:
    """(h, w) float32 in 0..1, black but for a soft round mark at each (row, column)."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    spots = [np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * wide**2)) for row, column in places]
    image: FloatArray = np.max(spots, axis=0).astype(np.float32)
    return image


def marked_original() -> FloatArray:
    """(H, W) float32 in 0..1 with the marks."""
    return marked(SHAPE, MARKS, WIDE)


def marked_model() -> FloatArray:
    """(S, S) float32 in 0..1 with the marks where the model sees them."""
    return marked((SIZE, SIZE), [in_model(*place) for place in MARKS], WIDE / 3.3)


def aslant(found: Detection, **changes: Any) -> Detection:
    """The same with the marks in every picture of the model."""
    seen = marked_model()
    pictures = {"input_image": seen, "reconstruction": seen, "difference": seen}
    return replace(found, geometry=GEOMETRY, **(pictures | changes))


def marks_in(picture: NDArray[Any], level: float) -> list[tuple[float, float]]:
    """(row, column) of the middle of each bright place of (h, w), from above."""
    grey = np.asarray(picture, np.float64)
    bright = grey > level
    count, names = cv2.connectedComponents(bright.astype(np.uint8))
    rows, columns = np.mgrid[: grey.shape[0], : grey.shape[1]]
    found = []
    for name in range(1, count):
        weight = np.where(names == name, grey - level, 0)
        if weight.astype(bool).sum() > 4:  # not a lone pixel
            found.append((float((rows * weight).sum() / weight.sum()), float((columns * weight).sum() / weight.sum())))
    return sorted(found)
