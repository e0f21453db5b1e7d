"""From a detection's difference to entries of a colour table; one place for pane, overlay and colour bar."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.settings import DisplaySettings
from app.ui.look.colour_maps import CENTRE, ENTRIES
from squid_core.contracts.radiograph import FloatArray, PixelArray

# Differences are drawn on one fixed scale, so that two studies can be compared; beyond it the colour saturates.
DIFFERENCE_RANGE = 0.5


def difference_field(difference: FloatArray, display: DisplaySettings) -> FloatArray:
    """(S, S) float32 in -1..1, smoothed by the Gaussian of `display.smoothing` model pixels; 0 leaves it alone."""
    if display.smoothing <= 0:
        return difference
    blurred = cv2.GaussianBlur(difference, (0, 0), display.smoothing, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, dtype=np.float32)


def to_index(values: PixelArray, threshold: float, signed: bool, top: float = DIFFERENCE_RANGE) -> NDArray[np.uint8]:
    """Entries of the 256-entry colour table.

    Args:
        values: (h, w) float32 differences in -1..1, or another map's values in 0..1.
        threshold: absolute values below it are drawn as zero.
        signed: zero is entry 128; else entry 0 and the absolute value counts.
        top: the value at which the colour saturates.

    Returns:
        (h, w) uint8.
    """
    absolute = np.abs(values)
    if signed:
        index = np.rint(CENTRE + values * ((ENTRIES - 1 - CENTRE) / top))
        index = np.clip(index, 1, ENTRIES - 1)
        zero = CENTRE
    else:
        index = np.clip(np.rint(absolute * ((ENTRIES - 1) / top)), 0, ENTRIES - 1)
        zero = 0
    made: NDArray[np.uint8] = np.where(absolute < threshold, zero, index).astype(np.uint8)
    return made
