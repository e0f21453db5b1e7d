"""Handwritten digits from MNIST's idx files, plain or gzipped."""

from __future__ import annotations

import gzip
import math
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError

GZIP_MAGIC = b"\x1f\x8b"
UNSIGNED_BYTES = 0x08  # the idx format's code of its element type; MNIST uses no other
MAX_BYTES = 256 * 2**20
ADVICE = "Give the folder of MNIST's four idx files, gzipped or not, as they were downloaded."

Part = Literal["train", "t10k"]


@dataclass(frozen=True, eq=False)
class Digits:
    """Pictures of single digits.

    Attributes:
        images: (N, H, W) uint8, white on black.
        labels: (N,) uint8, 0..9.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    @cached_property
    def by_digit(self) -> tuple[NDArray[np.intp], ...]:
        """Indices of the pictures of each digit 0..9."""
        return tuple(np.flatnonzero(self.labels == digit) for digit in range(10))

    def split(self, share: float) -> tuple[Digits, Digits]:
        """(All but the last `share`, the last `share`): no picture is on both sides."""
        cut = len(self.labels) - max(1, round(share * len(self.labels)))
        return Digits(self.images[:cut], self.labels[:cut]), Digits(self.images[cut:], self.labels[cut:])


def load_digits(folder: Path, part: Part) -> Digits:
    """Read MNIST's images and labels of one part: "train" (60 000) or "t10k", written by other people (10 000).

    Raises:
        SquidError: a file is missing or damaged, or the two do not belong together.
    """
    images = read_idx(_find(folder, f"{part}-images", "idx3-ubyte"))
    labels = read_idx(_find(folder, f"{part}-labels", "idx1-ubyte"))
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels):
        raise SquidError("The digits' images and labels do not belong together.", ADVICE)
    if 0 in images.shape or labels.max() > 9:
        raise SquidError("The idx files hold no digits.", ADVICE)
    return Digits(images, labels)


def read_idx(path: Path) -> NDArray[np.uint8]:
    """One idx file of unsigned bytes as an array of its own shape.

    The format (Y. LeCun, THE MNIST DATABASE): two zero bytes, the type of the elements, the number of dimensions;
    the size of each dimension as four bytes, highest first; the elements, the last dimension fastest.

    Raises:
        SquidError: not readable, not idx, another type, too large, or shorter or longer than its header says.
    """

    def wrong(what: str, detail: str = "") -> SquidError:
        return SquidError(f"{path.name} {what}.", ADVICE, detail)

    try:
        with path.open("rb") as first:
            zipped = first.read(2) == GZIP_MAGIC
        with gzip.open(path) if zipped else path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise wrong("cannot be read", type(error).__name__) from error
    if len(data) > MAX_BYTES:
        raise wrong("is too large to be MNIST's")
    if len(data) < 4 or data[:2] != b"\0\0":
        raise wrong("is no idx file")
    if data[2] != UNSIGNED_BYTES:
        raise wrong("does not hold unsigned bytes")
    start = 4 + 4 * data[3]
    shape = [int.from_bytes(data[at : at + 4], "big") for at in range(4, start, 4)]
    if not shape or len(data) - start != math.prod(shape):
        raise wrong("is cut short or longer than its header says")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)


def _find(folder: Path, stem: str, kind: str) -> Path:
    """The file under one of the names it goes by."""
    for name in (f"{stem}-{kind}.gz", f"{stem}-{kind}", f"{stem}.{kind}"):
        if (folder / name).is_file():
            return folder / name
    raise SquidError(f"The folder holds no {stem}-{kind}.", ADVICE)
