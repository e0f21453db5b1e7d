"""Pictures drawn through an affine map."""

from __future__ import annotations

import cv2
import numpy as np

from squid_core.contracts.affine import Matrix
from squid_core.contracts.radiograph import PixelArray


def warped(picture: PixelArray, matrix: Matrix, shape: tuple[int, int]) -> PixelArray:
    """(H, W) or (H, W, C) of `shape`, dtype kept: at (row, column) what `picture` has at matrix @ (row, column, 1).

    Linear between pixel centres. Beyond the outermost ones their value goes on without end: what must not be seen there
    is for the caller to leave out.
    """
    (a, b, row), (c, d, column) = matrix
    in_xy = np.array(((d, c, column), (b, a, row)))  # cv2 says (x, y)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (shape[1], shape[0])
    return np.asarray(cv2.warpAffine(picture, in_xy, size, flags=flags, borderMode=cv2.BORDER_REPLICATE))
