"""Colour tables of 256 entries: two diverging maps computed in OKLab, and sequential ones for absolute values.

Blue against orange is told apart by people with red-green and by people with blue-yellow deficiency. Along each
arm lightness and chroma are linear, so equal steps of the value are equal steps of perceived colour (OKLab:
B. Ottosson, "A perceptual color space for image processing", 2020).
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.settings import ColourMap

ENTRIES = 256
CENTRE = 128  # the table's entry for zero in a signed map
BLUE_HUE, ORANGE_HUE = 250.0, 60.0  # degrees in OKLCh

ByteTable = NDArray[np.uint8]
Floats = NDArray[np.float64]

# (lightness, chroma) in OKLCh at zero and at the ends.
_DARK_ENDS = ((0.17, 0.0), (0.80, 0.105))
_LIGHT_ENDS = ((0.95, 0.0), (0.42, 0.092))

_SEQUENTIAL = {ColourMap.INFERNO: cv2.COLORMAP_INFERNO, ColourMap.CIVIDIS: cv2.COLORMAP_CIVIDIS}


def oklch_to_srgb(lightness: Floats, chroma: Floats, hue: Floats) -> Floats:
    """OKLCh (hue in degrees) -> sRGB (n, 3), 0..1 where the colour is within the gamut."""
    a, b = chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = np.stack(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ],
        axis=-1,
    )
    curved: Floats = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    )
    return curved


def diverging(centre: tuple[float, float], end: tuple[float, float]) -> Floats:
    """(256, 3) sRGB before clipping: blue below zero, orange above.

    Args:
        centre: OKLCh lightness and chroma at zero.
        end: the same at both ends.
    """
    signed = (np.arange(ENTRIES, dtype=np.float64) - CENTRE) / (ENTRIES - 1 - CENTRE)
    arm = np.minimum(np.abs(signed), 1.0)
    hue = np.where(signed < 0, BLUE_HUE, ORANGE_HUE)
    return oklch_to_srgb(centre[0] + (end[0] - centre[0]) * arm, centre[1] + (end[1] - centre[1]) * arm, hue)


def is_signed(colour_map: ColourMap) -> bool:
    """Whether the map tells brighter from darker; the others show the absolute value."""
    return colour_map in (ColourMap.DARK_CENTRE, ColourMap.LIGHT_CENTRE)


@lru_cache(maxsize=8)
def table(colour_map: ColourMap) -> ByteTable:
    """(256, 3) uint8. Signed maps have zero at entry 128; the others at entry 0."""
    if is_signed(colour_map):
        ends = _DARK_ENDS if colour_map is ColourMap.DARK_CENTRE else _LIGHT_ENDS
        made: ByteTable = np.clip(np.rint(diverging(*ends) * 255), 0, 255).astype(np.uint8)
    else:
        ramp = np.arange(ENTRIES, dtype=np.uint8)[:, None]
        made = np.ascontiguousarray(cv2.applyColorMap(ramp, _SEQUENTIAL[colour_map])[:, 0, ::-1])  # from BGR
    made.setflags(write=False)
    return made


@lru_cache(maxsize=32)
def overlay_table(colour_map: ColourMap, opacity: float) -> ByteTable:
    """(256, 4) uint8 for drawing a map over the original: clear at zero.

    A signed map has the colour of its ends throughout, for its dark or light middle would lie on a lung like a film of
    grey; opacity alone tells how far a value is from zero. In the others it grows with the square root of that: their
    small values are dark, and must not vanish.

    Args:
        colour_map: whose colours.
        opacity: 0..1, reached at the ends of the map.
    """
    made, signed = np.empty((ENTRIES, 4), np.uint8), is_signed(colour_map)
    colours = table(colour_map)
    made[:, :3] = np.where(np.arange(ENTRIES)[:, None] < CENTRE, colours[0], colours[-1]) if signed else colours
    distance = np.abs(np.arange(ENTRIES) - CENTRE) if signed else np.arange(ENTRIES)
    rise = np.minimum(distance / (ENTRIES - 1 - (CENTRE if signed else 0)), 1)
    rise = rise if signed else np.sqrt(rise)
    made[:, 3] = np.rint(255 * opacity * rise)
    made.setflags(write=False)
    return made
