"""Grey windows as the user handles them; their formulas are in `squid_core.voi`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from squid_core.contracts.radiograph import PixelArray, VoiFunction, Window

DRAG_PIXELS_PER_WIDTH = 250.0  # screen pixels of drag that add one window width
FINE_FACTOR = 0.2  # with Ctrl, or with Shift
MIN_WIDTH = {VoiFunction.LINEAR: 1.0, VoiFunction.LINEAR_EXACT: 1e-6, VoiFunction.SIGMOID: 1e-6}


def dragged(start: Window, right: float, down: float, fine: bool = False) -> Window:
    """The window after a drag: right widens (less contrast), down raises the centre (darker).

    A table keeps its curve, stretched over the new width and moved to the new centre.

    Args:
        start: the window when the button went down.
        right: screen pixels to the right of there.
        down: screen pixels below.
        fine: a fifth of the speed.
    """
    step = start.width / DRAG_PIXELS_PER_WIDTH * (FINE_FACTOR if fine else 1.0)
    width = max(start.width + step * right, MIN_WIDTH[start.function])
    return replace(start, center=start.center + step * down, width=width, name="")


def full_range(pixels: PixelArray) -> Window:
    """The window from the lowest to the highest value of `pixels`, so that these show as 0 and 255."""
    low, high = float(np.min(pixels)), float(np.max(pixels))
    return Window((low + high) / 2, max(high - low, 1e-6), VoiFunction.LINEAR_EXACT, "Full range")
