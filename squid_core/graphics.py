"""Overlays and shutters of a file, drawn: which pixels they cover, and how they look over a picture. Display only."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.graphics import BoolArray, OverlayKind, OverlayPlane, Shutter

COLOUR = (255, 214, 102)  # of overlays; the standard leaves it open (PS3.3 C.9.2), and a radiograph is grey
REGION_OPACITY = 0.35  # of a region of interest, which would hide what it is about
FULL = 255

ByteArray = NDArray[np.uint8]


def hidden(shutter: Shutter, shape: tuple[int, int], aspect: float = 1.0) -> BoolArray:
    """What a shutter hides of an image.

    Args:
        shutter: of the image.
        shape: (H, W) of the image.
        aspect: height of a pixel over its width, for the circle.

    Returns:
        (H, W), True outside of any of its shapes (PS3.3 C.7.6.11: the least that remains is seen).
    """
    height, width = shape
    seen = np.ones(shape, np.bool_)
    if shutter.rectangle is not None:
        top, left, bottom, right = shutter.rectangle
        inside = np.zeros(shape, np.bool_)
        inside[max(top, 0) : max(bottom + 1, 0), max(left, 0) : max(right + 1, 0)] = True
        seen &= inside
    if shutter.circle is not None:
        row, column, radius = shutter.circle
        down = ((np.arange(height) - row) * aspect) ** 2
        across = (np.arange(width) - float(column)) ** 2
        seen &= down[:, None] + across[None] <= float(radius) ** 2
    if shutter.polygon:
        corners = np.array([[column, row] for row, column in shutter.polygon], np.int32)
        filled = cv2.fillPoly(np.zeros(shape, np.uint8), [corners], (1,))
        seen &= np.asarray(filled, np.bool_)
    if shutter.bitmap is not None:
        seen[_where(shutter.bitmap)] &= ~shutter.bitmap.drawn
    return ~seen


def left_over(shutter: Shutter, shape: tuple[int, int], aspect: float = 1.0) -> tuple[int, int, int, int]:
    """The rectangle round what a shutter leaves of an image (H, W): (top, bottom, left, right), as of `field_of`."""
    seen = ~hidden(shutter, shape, aspect)
    rows, columns = (np.flatnonzero(seen.any(axis=axis)) for axis in (1, 0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def strength(planes: Iterable[OverlayPlane], shape: tuple[int, int]) -> ByteArray:
    """(H, W) uint8 of all planes of an image: what `opacity` has an answer to, 0 where nothing is drawn."""
    drawn = np.zeros(shape, np.uint8)
    for plane in planes:
        level = FULL if plane.kind is OverlayKind.GRAPHICS else round(FULL * REGION_OPACITY**2)
        part = drawn[_where(plane)]
        np.maximum(part, plane.drawn * np.uint8(level), out=part)
    return drawn


def opacity(shrunk: ByteArray) -> NDArray[np.float32]:
    """0..1 of each strength, also after a picture was made smaller by means.

    The square root keeps a line legible that is a pixel wide and a quarter of a pixel on the screen.
    """
    return np.sqrt(shrunk.astype(np.float32) / FULL)


def shuttered(picture: ByteArray, shutter: Shutter, aspect: float = 1.0) -> ByteArray:
    """A picture (H, W) or (H, W, 3) of an image, of its size, with the shutter's grey where the shutter hides it."""
    made = picture.copy()
    made[hidden(shutter, (picture.shape[0], picture.shape[1]), aspect)] = round(FULL * shutter.grey)
    return made


def overlaid(picture: ByteArray, drawn: ByteArray) -> ByteArray:
    """(h, w, 3): a picture (h, w) or (h, w, 3) under the `strength` of its overlays, brought to the picture's size."""
    colour = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    mixed = colour + (np.array(COLOUR, np.float32) - colour) * opacity(drawn)[..., None]
    made: ByteArray = np.rint(mixed).astype(np.uint8)
    return made


def _where(plane: OverlayPlane) -> tuple[slice, slice]:
    return slice(plane.top, plane.top + plane.rows), slice(plane.left, plane.left + plane.columns)
