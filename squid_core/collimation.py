"""Where the exposed field of a radiograph ends: the even borders that collimator, scanner or printer have left.

Not in the paper. A border is no anatomy, and every hospital has another: where one stood in the picture, memory and
statistics took most healthy chests for sick ones.
"""

from __future__ import annotations

import cv2
import numpy as np

from squid_core.contracts.radiograph import FloatArray

SIDE = 256  # px of the longer side, at which borders are looked for
ALIKE = 0.03  # of the grey scale, by which a border's pixels differ
SHARE = 0.9  # of a line's pixels that are alike; a letter may stand in a border
MOST = 0.4  # of a side that a border may cover
AT_ONCE = 8  # lines that are looked at
SOFT = 1  # px more are cut off, for an edge is never sharp
LEAST = 1 / 3  # of either axis that a field has at least; else nothing is cut off


def field_of(picture: FloatArray) -> tuple[int, int, int, int]:
    """The rows and columns of the exposed field.

    Args:
        picture: (H, W) of any range.

    Returns:
        (top, bottom, left, right), the field being picture[top:bottom, left:right]; the whole picture where there is no
        border, or where a value is not finite.
    """
    height, width = picture.shape
    shrink = max(1.0, max(height, width) / SIDE)
    rows, columns = (max(1, round(side / shrink)) for side in (height, width))
    small = np.asarray(cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA))
    if not np.isfinite(small).all():
        return 0, height, 0, width
    low, high = float(small.min()), float(small.max())
    small = (small - low) / max(high - low, 1e-9)
    top = bottom = left = right = 0
    for _ in range(2):  # beside a border at the top, one at the side shows only once that is cut off
        inner = small[top : rows - bottom, left : columns - right]
        top, bottom = top + _border(inner), bottom + _border(inner[::-1])
        inner = small[top : rows - bottom, left : columns - right]
        left, right = left + _border(inner.T), right + _border(inner.T[::-1])
    top, bottom = (round((border + SOFT) * height / rows) if border else 0 for border in (top, bottom))
    left, right = (round((border + SOFT) * width / columns) if border else 0 for border in (left, right))
    if height - top - bottom < LEAST * height or width - left - right < LEAST * width:
        return 0, height, 0, width
    return top, height - bottom, left, width - right


def _border(lines: FloatArray) -> int:
    """How many of the first lines are all of one grey, the same for all."""
    lines, found, first = lines[: int(MOST * len(lines))], 0, None
    while found < len(lines):  # a few at a time: most pictures have no border, and the first line says so
        part = lines[found : found + AT_ONCE]
        greys = np.median(part, axis=1)
        first = greys[0] if first is None else first
        alike = np.mean(np.abs(part - greys[:, None]) <= ALIKE, axis=1) >= SHARE
        border = alike & (np.abs(greys - first) <= ALIKE)
        if not border.all():
            return found + int(border.argmin())
        found += len(part)
    return found
