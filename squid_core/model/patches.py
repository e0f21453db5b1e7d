"""Cutting images into N x N patches, joining them, and who neighbours whom."""

from __future__ import annotations

from torch import Tensor, full, long


def split(images: Tensor, grid: int) -> Tensor:
    """(B, C, H, W) -> (B*N*N, C, H/N, W/N), patches of an image in row-major order."""
    b, c, h, w = images.shape
    patches = images.view(b, c, grid, h // grid, grid, w // grid).permute(0, 2, 4, 1, 3, 5)
    return patches.reshape(b * grid * grid, c, h // grid, w // grid)


def join(patches: Tensor, grid: int) -> Tensor:
    """(B*N*N, C, p, q) -> (B, C, N*p, N*q); the inverse of `split`."""
    n, c, p, q = patches.shape
    images = patches.view(n // grid**2, grid, grid, c, p, q).permute(0, 3, 1, 4, 2, 5)
    return images.reshape(n // grid**2, c, grid * p, grid * q)


def neighbours(grid: int) -> Tensor:
    """Row-major indices of the 8 neighbours of every patch: (N*N, 8) int64, -1 outside the image.

    Order: the 3 x 3 window row by row without its centre (paper, section 3.3).
    """
    table = full((grid * grid, 8), -1, dtype=long)
    window = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
    for row in range(grid):
        for column in range(grid):
            for i, (r, c) in enumerate(window):
                if 0 <= row + r < grid and 0 <= column + c < grid:
                    table[row * grid + column, i] = (row + r) * grid + column + c
    return table
