"""An image as a small picture, under a window that shows all of it. Runs only in a child process (`readers`)."""

from __future__ import annotations

import cv2
import numpy as np

from squid_core.contracts.radiograph import Radiograph, VoiFunction, Window
from squid_core.contracts.small_picture import SmallPicture
from squid_core.dicom import reader
from squid_core.dicom.source import Source
from squid_core.voi import ByteArray, to_uint8

SHARES = (1.0, 99.0)  # percentiles that become black and white


def small_picture(source: Source, side: int) -> SmallPicture:
    """Decode an image and make it small.

    Args:
        source: a file, or a member of an archive.
        side: pixels of the longer side.

    Raises:
        SquidError: the file is no image, broken, or beyond the limits.
    """
    image = reader.read(source)
    return SmallPicture(shrunk(image, side), image.identity, image.content)


def shrunk(image: Radiograph, side: int) -> ByteArray:
    """(h, w) uint8: the whole image, its longer side `side` pixels."""
    height, width = image.pixels.shape[0] * image.aspect, image.pixels.shape[1]
    times = side / max(height, width)
    size = max(round(width * times), 1), max(round(height * times), 1)
    small = cv2.resize(image.pixels.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = small.mean(axis=2)
    low, high = np.percentile(small, SHARES)
    window = Window(float(low + high) / 2, max(float(high - low), 1e-6), VoiFunction.LINEAR_EXACT)
    return to_uint8(np.asarray(small, np.float32), window)
