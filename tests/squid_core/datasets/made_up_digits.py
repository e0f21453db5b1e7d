"""Digits and idx files that tests make up, byte by byte."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from squid_core.datasets.idx import Digits

SIDE = 12


def idx(array: NDArray[np.uint8]) -> bytes:
    header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
    return header + array.tobytes()


def picture(digit: int, noise: np.random.Generator) -> NDArray[np.uint8]:
    """A bar whose row and length tell the digit and that a mirror changes; dim noise beside it."""
    image = noise.integers(0, 30, (SIDE, SIDE)).astype(np.uint8)
    image[1 + digit, 0 : 2 + digit % 9] = 200 + 5 * digit
    return image


def digits(count: int = 100, seed: int = 0) -> Digits:
    labels = (np.arange(count) % 10).astype(np.uint8)
    noise = np.random.default_rng(seed)
    return Digits(np.stack([picture(int(label), noise) for label in labels]), labels)


def write_mnist(folder: Path) -> Path:
    """Two parts: one gzipped with dashes in its names, the other plain with a dot in the image file's."""
    folder.mkdir()
    train, test = digits(200, 1), digits(60, 2)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(train.images)))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(train.labels)))
    (folder / "t10k-images.idx3-ubyte").write_bytes(idx(test.images))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx(test.labels))
    return folder
