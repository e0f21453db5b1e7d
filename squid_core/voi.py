"""Grey windows and VOI tables: modality values -> what is shown (PS3.3 C.11.2). Display only."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.radiograph import PixelArray, VoiFunction, VoiTable, Window

BLACK, WHITE = 0.0, 255.0  # ymin, ymax of the formulas

ByteArray = NDArray[np.uint8]
_NARROW_LINEAR = 2.0  # below, the ramp of LINEAR is less than half as wide as its window


def as_meant(window: Window, *, whole: bool) -> Window:
    """The window with the function that its width allows: the one rule about widths.

    LINEAR (PS3.3 C.11.2.1.2.1) counts whole values: its ramp is one narrower than its window. Deviation: the standard
    forbids it below width 1, and files in fractions (0..1) state width 1; LINEAR_EXACT (C.11.2.1.3.2) is meant then.

    Args:
        window: with a width above 0.
        whole: whether the values that it is for are whole numbers.
    """
    least = 1.0 if whole else _NARROW_LINEAR
    exact = window.table is None and window.function is VoiFunction.LINEAR and window.width < least
    return replace(window, function=VoiFunction.LINEAR_EXACT) if exact else window


def ramp(window: Window) -> tuple[float, float]:
    """The values between which a window's output changes; for SIGMOID where it lies between 2% and 98%."""
    window = as_meant(window, whole=True)
    if window.function is VoiFunction.LINEAR:
        middle, half = window.center - 0.5, (window.width - 1) / 2
    elif window.function is VoiFunction.LINEAR_EXACT:
        middle, half = window.center, window.width / 2
    else:
        middle, half = window.center, window.width
    return middle - half, middle + half


def to_uint8(pixels: PixelArray, window: Window, invert: bool = False, gamma: float = 1.0) -> ByteArray:
    """Apply a window.

    Args:
        pixels: (H, W) uint16 or float32 modality values, high is bright; or (H, W, 3) uint8 RGB, which a grey
            window does not touch.
        window: centre and width in modality values, with its VOI LUT function or its table.
        invert: show it as a negative.
        gamma: what is shown at share s of the way from black to white is shown at s ** (1 / gamma); above 1 is
            brighter. The window's own formula at 1.

    Returns:
        uint8 of the same shape; rounded to nearest, values beyond the window are 0 or 255.
    """
    if pixels.ndim == 3:
        colour: ByteArray = pixels.astype(np.uint8, copy=False)
        return 255 - colour if invert else colour
    if pixels.dtype == np.uint16:
        looked_up: ByteArray = np.take(_table(replace(window, name=""), invert, gamma), pixels)
        return looked_up
    return _apply(pixels.astype(np.float32, copy=False), window, invert, gamma)


@lru_cache(maxsize=8)
def _table(window: Window, invert: bool, gamma: float) -> ByteArray:
    """(65536,) uint8: the window at every value of uint16, so that a drag costs one look-up a pixel."""
    table = _apply(np.arange(65536, dtype=np.float32), window, invert, gamma)
    table.setflags(write=False)
    return table


def _apply(values: NDArray[np.float32], window: Window, invert: bool, gamma: float) -> ByteArray:
    """The formulas themselves on float32 of any shape."""
    center, width = window.center, window.width
    if window.table is not None:
        shown = _looked_up(values, window, window.table)
    elif window.function is VoiFunction.SIGMOID:  # C.11.2.1.3.1
        exponent = np.clip(values * np.float32(-4 / width) + np.float32(4 * center / width), -80, 80)
        shown = np.float32(WHITE - BLACK) / (1 + np.exp(exponent)) + np.float32(BLACK)
    else:
        low, high = ramp(window)
        center, width = (low + high) / 2, high - low
        if width == 0:  # LINEAR of width 1 is a threshold: x <= c - 0.5 is black
            shown = np.where(values <= np.float32(center), np.float32(BLACK), np.float32(WHITE))
        else:
            shown = (values - np.float32(center)) * np.float32((WHITE - BLACK) / width)
            shown += np.float32((WHITE + BLACK) / 2)
            np.clip(shown, BLACK, WHITE, out=shown)
    if gamma != 1.0:
        share = np.clip((shown - np.float32(BLACK)) / np.float32(WHITE - BLACK), 0, 1)
        shown = np.float32(WHITE - BLACK) * share ** np.float32(1 / gamma) + np.float32(BLACK)
    if invert:
        shown = np.float32(WHITE + BLACK) - shown
    np.nan_to_num(shown, copy=False)
    shown += np.float32(0.5)
    result: ByteArray = shown.astype(np.uint8)
    return result


def _looked_up(values: NDArray[np.float32], window: Window, table: VoiTable) -> NDArray[np.float32]:
    """PS3.3 C.11.2.1.1: the entry of each value; a straight line between whole values, which resampling makes."""
    entries = np.minimum(table.values, table.top)
    place = (values.astype(np.float64) - (window.center - window.width / 2)) * ((len(entries) - 1) / window.width)
    shown = np.interp(place, np.arange(len(entries)), entries) * ((WHITE - BLACK) / table.top) + BLACK
    return shown.astype(np.float32)
