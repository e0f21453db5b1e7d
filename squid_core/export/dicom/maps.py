"""Values on the model's grid -> values at every pixel of the original, through `Geometry`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.affine import inverse
from squid_core.contracts.detection import Geometry
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.warping import warped

MAX_MAP_PIXELS = 40_000_000  # of the original; a map at its size has to fit into a reader's memory several times
BLOCK = 256  # rows of the original at a time
EDGE = 1e-9  # model pixels by which a centre on the edge may be rounded out

FloatPlane = NDArray[np.float64]


def check_size(geometry: Geometry) -> None:
    """Refuse originals of which a map would not fit into memory.

    Raises:
        SquidError: it has more than MAX_MAP_PIXELS.
    """
    rows, columns = geometry.original_shape
    if rows * columns > MAX_MAP_PIXELS:
        raise SquidError(
            "The image is too large for a map of every pixel.", "Export the secondary capture or the report instead."
        )


def patches_to_original(marked: NDArray[np.bool_], geometry: Geometry) -> NDArray[np.bool_]:
    """(N, N) patches -> (H, W) of the original; False where the model saw nothing.

    A pixel belongs to the patch in which its centre lies.
    """
    spread = np.zeros(geometry.original_shape, np.bool_)
    for block, rows, columns, seen in _model_places(geometry):
        down = _cell(rows, geometry.model_shape[0], marked.shape[0])
        across = _cell(columns, geometry.model_shape[1], marked.shape[1])
        spread[block] = marked[down, across] & seen
    return spread


def image_to_original(image: FloatArray, geometry: Geometry) -> FloatArray:
    """(h, w) float32 model image -> (H, W) float32 of the original, linear between pixel centres.

    Beyond the outermost centres their value goes on to the edge of what the model saw; what it did not see is 0.
    """
    spread = warped(image.astype(np.float32), inverse(geometry.matrix), geometry.original_shape)
    for block, _, _, seen in _model_places(geometry):
        spread[block][~seen] = 0
    return spread


def _model_places(geometry: Geometry) -> Iterator[tuple[slice, FloatPlane, FloatPlane, NDArray[np.bool_]]]:
    """Rows of the original, and of each of their pixel centres the model's row and column and whether it is seen."""
    height, width = geometry.original_shape
    lowest, (bottom, right) = -0.5 - EDGE, (side - 0.5 + EDGE for side in geometry.model_shape)
    for start in range(0, height, BLOCK):
        block = slice(start, min(start + BLOCK, height))
        centres = np.mgrid[block, :width].astype(np.float64)
        rows, columns = geometry.to_model(centres[0], centres[1])
        yield block, rows, columns, (rows >= lowest) & (rows <= bottom) & (columns >= lowest) & (columns <= right)


def _cell(coordinates: FloatPlane, size: int, count: int) -> NDArray[np.intp]:
    return np.clip(np.floor((coordinates + 0.5) * count / size), 0, count - 1).astype(np.intp)
