"""Affine maps of (row, column) as two rows of three numbers: matrix @ (row, column, 1). Conventions of the package."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Matrix = tuple[tuple[float, float, float], tuple[float, float, float]]
Number = TypeVar("Number", float, NDArray[np.float64])

IDENTITY: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def mapped(matrix: Matrix, row: Number, column: Number) -> tuple[Number, Number]:
    """Where a (row, column) comes to; numbers, or arrays that broadcast."""
    (a, b, down), (c, d, across) = matrix
    return a * row + b * column + down, c * row + d * column + across


def then(first: Matrix, second: Matrix) -> Matrix:
    """`first`, and what comes of it through `second`."""
    (a, b, row), (c, d, column) = first
    (e, f, down), (g, h, across) = second
    return (
        (e * a + f * c, e * b + f * d, e * row + f * column + down),
        (g * a + h * c, g * b + h * d, g * row + h * column + across),
    )


def inverse(matrix: Matrix) -> Matrix:
    """The way back.

    Raises:
        ZeroDivisionError: there is none.
    """
    (a, b, row), (c, d, column) = matrix
    e = a * d - b * c
    return (d / e, -b / e, (b * column - d * row) / e), (-c / e, a / e, (c * row - a * column) / e)


def resized(matrix: Matrix, shape: tuple[int, int], to: tuple[int, int]) -> Matrix:
    """The map of a picture's pixel centres, from that of the same picture at another size.

    Args:
        matrix: of the picture at `shape`.
        shape: (h, w) there.
        to: (h, w) here; the edges of both are the same.
    """
    down, across = shape[0] / to[0], shape[1] / to[1]
    return then(((down, 0.0, down / 2 - 0.5), (0.0, across, across / 2 - 0.5)), matrix)
