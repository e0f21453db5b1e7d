"""A drawn region of the model's input, replaced by what would be normal there. Pure arrays, no torch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from squid_core.contracts.affine import inverse
from squid_core.contracts.detection import Geometry, ModelInput, Region, RegionShape
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray

# Model pixels outside the region over which the image takes over again. A hard seam is an edge that no chest has, and
# the evidence that reads the image would answer to it.
BLEND = 3.0


def region_weight(region: Region, geometry: Geometry) -> FloatArray:
    """How much of each model pixel is replaced: 1 in the region, falling to 0 over BLEND pixels round it.

    Distances are in model pixels, to the nearest place along the axes of the original; from an ellipse along the ray
    from its centre, which is exact on its axes.

    Args:
        region: in pixels of the original.
        geometry: from these to the model's.

    Returns:
        (S, S) float32 in 0..1.
    """
    rows, columns = geometry.to_original(*np.mgrid[: geometry.model_shape[0], : geometry.model_shape[1]].astype(float))
    rows, columns = rows - (region.top + region.bottom) / 2, columns - (region.left + region.right) / 2
    half_height, half_width = (region.bottom - region.top) / 2, (region.right - region.left) / 2
    if region.shape is RegionShape.ELLIPSE:
        past = 1 - 1 / np.maximum(np.hypot(rows / half_height, columns / half_width), 1)
        down, across = rows * past, columns * past
    else:
        down = rows - np.clip(rows, -half_height, half_height)
        across = columns - np.clip(columns, -half_width, half_width)
    (a, b, _), (c, d, _) = inverse(geometry.matrix)
    outside = np.hypot(a * down + b * across, c * down + d * across)
    weight: FloatArray = np.clip(1 - outside / BLEND, 0, 1).astype(np.float32)
    return weight


def replaced_by_normal(model_input: ModelInput, region: Region, normal: FloatArray) -> ModelInput:
    """The image as if it were normal in the region.

    Args:
        model_input: what the detector sees.
        region: in pixels of the original.
        normal: (S, S) float32 in 0..1, what is normal there: the reconstruction at the locked settings.

    Raises:
        SquidError: no model pixel has its centre in the region, or what is normal is of another size.
    """
    if normal.shape != model_input.image.shape:
        raise SquidError("The reconstruction belongs to other weights.", "Open the study again.")
    weight = region_weight(region, model_input.geometry)
    if not (weight >= 1).any():
        raise SquidError(
            "The region is smaller than a pixel of the model, or lies outside what it sees.", "Draw a larger one."
        )
    image = (1 - weight) * model_input.image + weight * normal
    return replace(model_input, image=np.clip(image, 0, 1).astype(np.float32))
