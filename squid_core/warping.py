"""Affine maps one after the other, and pictures drawn through them."""

from __future__ import annotations

import cv2
import numpy as np

from squid_core.contracts.detection import Matrix
from squid_core.contracts.radiograph import PixelArray


def then(first: Matrix, second: Matrix) -> Matrix:
    """`first`, then `second`: second @ (first @ (row, column, 1), 1)."""
    (a, b, row), (c, d, column) = first
    (e, f, down), (g, h, across) = second
    return (
        (e * a + f * c, e * b + f * d, e * row + f * column + down),
        (g * a + h * c, g * b + h * d, g * row + h * column + across),
    )


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
