"""Values on the model's grid -> values at every pixel of the original, through `Geometry`."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import Geometry
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray

MAX_MAP_PIXELS = 40_000_000  # of the original; a map at its size has to fit into a reader's memory several times


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
    rows, rows_seen = _model_coordinates(geometry, 0)
    columns, columns_seen = _model_coordinates(geometry, 1)
    patch_rows = _cell(rows, geometry.model_shape[0], marked.shape[0])
    patch_columns = _cell(columns, geometry.model_shape[1], marked.shape[1])
    spread: NDArray[np.bool_] = marked[np.ix_(patch_rows, patch_columns)]
    return spread & rows_seen[:, None] & columns_seen[None, :]


def image_to_original(image: FloatArray, geometry: Geometry) -> FloatArray:
    """(h, w) float32 model image -> (H, W) float32 of the original, linear between pixel centres.

    Beyond the outermost centres their value goes on to the edge of what the model saw; what it did not see is 0.
    """
    top, left, height, width = geometry.extent
    rows = slice(round(top + 0.5), round(top + 0.5 + height))  # `imaging.prepare` looks at whole pixels
    columns = slice(round(left + 0.5), round(left + 0.5 + width))
    spread = np.zeros(geometry.original_shape, np.float32)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    spread[rows, columns] = cv2.resize(image.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    return spread


def _model_coordinates(geometry: Geometry, axis: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Model coordinate of every pixel centre of the original along an axis, and whether the model saw it."""
    centres = np.arange(geometry.original_shape[axis], dtype=np.float64)
    coordinates = (centres - geometry.origin[axis]) / geometry.scale[axis]
    seen = (coordinates >= -0.5 - 1e-9) & (coordinates <= geometry.model_shape[axis] - 0.5 + 1e-9)
    return coordinates, seen


def _cell(coordinates: NDArray[np.float64], size: int, count: int) -> NDArray[np.intp]:
    return np.clip(np.floor((coordinates + 0.5) * count / size), 0, count - 1).astype(np.intp)
