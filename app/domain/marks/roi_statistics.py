"""Modality values inside a region of interest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain.marks.measurements import Roi, RoiShape
from squid_core.contracts.radiograph import Radiograph


@dataclass(frozen=True, slots=True)
class RoiStatistics:
    """Of the pixels whose centres lie inside the outline, in the file's modality values.

    Attributes:
        sd: standard deviation of these pixels themselves (divided by their number, not by one less).
    """

    count: int
    mean: float
    sd: float
    least: float
    greatest: float


def roi_statistics(roi: Roi, radiograph: Radiograph) -> RoiStatistics | None:
    """Statistics of a region.

    The polarity that the reader settled for display is taken back, so that the figures of a MONOCHROME1 file are
    those any other program gives. Padding pixels count as the least bright value, as they are shown.

    Returns:
        None for a colour image, whose pixels are no modality values, and where no pixel centre lies inside.
    """
    if radiograph.is_colour:
        return None
    rows, columns = _covered(roi, radiograph.pixels.shape[:2])
    part = radiograph.pixels[slice(*rows), slice(*columns)]
    if not part.size:
        return None
    mask = None if roi.shape is RoiShape.RECTANGLE else _inside_ellipse(roi, rows, columns)
    count = part.size if mask is None else int(cv2.countNonZero(mask))
    if count == 0:
        return None
    mean, sd = (float(np.asarray(value).flat[0]) for value in cv2.meanStdDev(part, mask=mask))
    low, high, _, _ = cv2.minMaxLoc(part, mask=mask)
    ends = sorted((radiograph.file_value(low), radiograph.file_value(high)))
    return RoiStatistics(count, radiograph.file_value(mean), sd, ends[0], ends[1])


def _covered(roi: Roi, shape: tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Half-open ranges of the rows and columns whose centres lie in the box and in the image."""
    top, left, bottom, right = roi.box
    found = []
    for low, high, length in ((top, bottom, shape[0]), (left, right, shape[1])):
        first = max(math.ceil(low), 0)
        found.append((first, max(min(math.floor(high) + 1, length), first)))
    return found[0], found[1]


def _inside_ellipse(roi: Roi, rows: tuple[int, int], columns: tuple[int, int]) -> NDArray[np.uint8]:
    """255 where a pixel centre lies inside; row by row, for an ellipse crosses each row in one stretch."""
    top, left, bottom, right = roi.box
    half_rows, half_columns = max((bottom - top) / 2, 1e-9), max((right - left) / 2, 1e-9)
    away = (np.arange(*rows) - (top + bottom) / 2) / half_rows
    reach = half_columns * np.sqrt(np.clip(1 - away**2, 0, 1))
    middle = (left + right) / 2
    first = np.clip(np.ceil(middle - reach), columns[0], columns[1]).astype(int) - columns[0]
    last = np.clip(np.floor(middle + reach) + 1, columns[0], columns[1]).astype(int) - columns[0]
    mask = np.zeros((rows[1] - rows[0], columns[1] - columns[0]), np.uint8)
    for line, start, stop in zip(mask, first, last, strict=True):
        line[start:stop] = 255
    return mask
