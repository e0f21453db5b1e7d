"""Grey values -> what the screen shows, with the options of the display: gamma and local contrast. Display only."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from app.domain.settings import DisplaySettings
from squid_core.contracts.radiograph import PixelArray, Window
from squid_core.voi import ByteArray, to_uint8

TILES = (8, 8)  # of the part on the screen; within each the greys are spread evenly
PLAIN_GAMMA = 1.0


def shown_greys(values: PixelArray, window: Window, display: DisplaySettings, invert: bool = False) -> ByteArray:
    """What the screen shows of the part of an image that is on it.

    Args:
        values: (h, w) uint16 or float32, or (h, w, 3) uint8 RGB, which stays as it is but for `invert`.
        window: the grey window.
        display: its `gamma` bends the window's greys before they are rounded to 8 bits; with `clahe` their
            contrast is then evened out tile by tile (contrast limited adaptive histogram equalisation: Zuiderveld,
            Graphics Gems IV, 1994), up to `clahe_limit` times the even share.
        invert: show it as a negative.

    Returns:
        uint8 of the same shape.
    """
    shown = to_uint8(values, window, invert, display.gamma)
    if not display.clahe or shown.ndim != 2:
        return shown
    equalised: ByteArray = np.asarray(_clahe(display.clahe_limit).apply(shown), np.uint8)
    return equalised


@lru_cache(maxsize=4)
def _clahe(limit: float) -> cv2.CLAHE:
    return cv2.createCLAHE(clipLimit=limit, tileGridSize=TILES)
