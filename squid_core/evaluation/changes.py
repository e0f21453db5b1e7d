"""Small changes of a picture that mean nothing: another apparatus or another position, the same patient.

A score that moves with one of them measures the apparatus. Lengths are in pixels of a picture 128 px wide and high,
scaled to the picture at hand.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from squid_core.contracts.radiograph import PixelArray
from squid_core.datasets.full_resolution import Picture

UNIT = 128  # lengths below are in pixels of a picture of this size
CONTRAST, BLUR, SHARPENING, SHIFT, SCALE, ROTATION, JPEG_QUALITY = 0.2, 0.7, 0.5, 0.04, 0.05, 3.0, 50


def contrast(picture: Picture, factor: float) -> Picture:
    """Stretch about the mean; what leaves the picture's own range is clipped, as a detector would."""
    mean = picture.mean()
    return _within(mean + factor * (picture - mean), picture)


def blurred(picture: Picture, sigma: float = BLUR) -> Picture:
    """Gaussian blur, mirrored edges."""
    height, width = picture.shape
    made = cv2.GaussianBlur(
        picture, (0, 0), sigmaX=sigma * width / UNIT, sigmaY=sigma * height / UNIT, borderType=cv2.BORDER_REFLECT
    )
    return _within(made, picture)


def sharpened(picture: Picture) -> Picture:
    """Unsharp mask: what a blur of 1 px takes away is added by SHARPENING, within the picture's own range."""
    return _within(picture + SHARPENING * (picture - blurred(picture, 1.0)), picture)


def moved(picture: Picture, down: float = 0.0, right: float = 0.0, scale: float = 1.0, degrees: float = 0.0) -> Picture:
    """Shift by shares of the height and width, scale and turn (counter-clockwise) about the middle; edges repeated."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, scale)
    matrix[:, 2] += (right * width, down * height)
    made = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return _within(made, picture)


def jpeg(picture: Picture, quality: int = JPEG_QUALITY) -> Picture:
    """8 bits between the least and the greatest value, and JPEG at a quality of 1..100."""
    low, high = float(picture.min()), float(picture.max())
    grey = np.rint((picture - low) / max(high - low, 1e-6) * 255).astype(np.uint8)
    _, stream = cv2.imencode(".jpg", grey, (cv2.IMWRITE_JPEG_QUALITY, quality))
    seen = np.asarray(cv2.imdecode(stream, cv2.IMREAD_GRAYSCALE), dtype=np.float32)
    return low + (high - low) / 255 * seen


def _within(made: PixelArray, picture: Picture) -> Picture:
    """Clipped to the picture's own range."""
    return np.asarray(np.clip(made, picture.min(), picture.max()), dtype=np.float32)


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    f"contrast +{CONTRAST:.0%}": lambda picture: contrast(picture, 1 + CONTRAST),
    f"contrast -{CONTRAST:.0%}": lambda picture: contrast(picture, 1 - CONTRAST),
    f"blurred by {BLUR} px": blurred,
    "unsharp mask": sharpened,
    f"{SHIFT:.0%} to the right": lambda picture: moved(picture, right=SHIFT),
    f"{SHIFT:.0%} down": lambda picture: moved(picture, down=SHIFT),
    f"{SCALE:.0%} larger": lambda picture: moved(picture, scale=1 + SCALE),
    f"{SCALE:.0%} smaller": lambda picture: moved(picture, scale=1 - SCALE),
    f"turned by {ROTATION:g} degrees": lambda picture: moved(picture, degrees=ROTATION),
    f"JPEG quality {JPEG_QUALITY}": jpeg,
}
