"""DigitAnatomy: 3 x 3 grids of the digits 1 to 9, an anatomy that anyone can read (paper, section 4.1).

A normal grid has every digit in its place, each drawn at random from the pictures of that digit. Four things can be
wrong: a digit is missing, two have changed places, one is mirrored, or a zero stands where it does not belong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError
from squid_core.datasets.idx import Digits
from squid_core.datasets.image_set import ImageSet, to_bytes
from squid_core.preprocessing import Preprocessing, prepare

SIDE = 3  # cells a side
CELLS = SIDE**2  # cell c, row-major, holds digit c + 1
GRIDS_AN_EPOCH = 1600  # published: 50 batches of 32
MIRRORED = (2, 3, 4, 5, 6, 7, 9)  # digits that a mirror makes into something else; 1 and 8 stay what they are
# Streams of the random generator, so that no two uses of one seed draw the same grids.
TRAINING, FIXED = 0, 1

Rng = np.random.Generator
Cells = NDArray[np.bool_]


class Anomaly(StrEnum):
    """What is wrong with a grid."""

    MISSING = "missing"  # one cell is empty
    MISORDERED = "misordered"  # the digits of two cells have changed places
    FLIPPED = "flipped"  # one digit is mirrored left to right
    ZERO = "zero"  # a zero in place of one digit


def draw_grid(digits: Digits, rng: Rng, anomaly: Anomaly | None = None) -> tuple[NDArray[np.uint8], Cells]:
    """One grid, in the digits' own resolution.

    Args:
        digits: with every digit that is needed.
        rng: the source of chance.
        anomaly: what is wrong; None for a normal grid.

    Returns:
        (3H, 3W) uint8, and the (3, 3) cells that are wrong.
    """
    wanted = list(range(1, CELLS + 1))
    wrong: list[int] = []
    if anomaly is Anomaly.MISORDERED:
        a, b = wrong = sorted(int(c) for c in rng.choice(CELLS, 2, replace=False))
        wanted[a], wanted[b] = wanted[b], wanted[a]
    elif anomaly is Anomaly.FLIPPED:
        wrong = [int(rng.choice(MIRRORED)) - 1]
    elif anomaly is not None:
        wrong = [int(rng.integers(CELLS))]
    if anomaly is Anomaly.ZERO:
        wanted[wrong[0]] = 0
    pictures = [digits.images[rng.choice(digits.by_digit[digit])] for digit in wanted]
    if anomaly is Anomaly.MISSING:
        pictures[wrong[0]] = np.zeros_like(pictures[0])
    elif anomaly is Anomaly.FLIPPED:
        pictures[wrong[0]] = pictures[wrong[0]][:, ::-1]
    rows = [np.concatenate(pictures[at : at + SIDE], axis=1) for at in range(0, CELLS, SIDE)]
    cells = np.zeros(CELLS, dtype=np.bool_)
    cells[wrong] = True
    return np.concatenate(rows), cells.reshape(SIDE, SIDE)


@dataclass(frozen=True)
class DigitAnatomy:
    """A training source (see TrainingSet) of normal grids, drawn as they are asked for.

    Grid `i` of epoch `e` follows from the seed, e and i alone, so a resumed training sees what an unbroken one does.

    Attributes:
        digits: the pictures to draw from.
        preprocessing: the bundle's way from a picture to a model input.
        seed: of all grids.
        size: grids in an epoch.
        abnormal_share: 0..1, how many of the grids have something wrong with them, as when normals are not checked
            by anyone; only ablations use it.
    """

    digits: Digits
    preprocessing: Preprocessing
    seed: int
    size: int = GRIDS_AN_EPOCH
    abnormal_share: float = 0.0

    def __post_init__(self) -> None:
        check_whole(self.digits, range(0 if self.abnormal_share else 1, 10))

    def __len__(self) -> int:
        return self.size

    def batch(self, indices: Sequence[int], epoch: int) -> NDArray[np.uint8]:
        """(B, S, S) uint8 grids that no other epoch has."""
        seeds = ((self.seed, TRAINING, epoch, int(index)) for index in indices)
        return np.stack([self._one(np.random.default_rng(seed)) for seed in seeds])

    def subset(self, keep: Sequence[int]) -> ImageSet:
        """The grids of the first epoch with the given indices."""
        names = tuple(f"grid {index}" for index in keep)
        return ImageSet(self.batch(keep, epoch=0), names, names)

    def _one(self, rng: Rng) -> NDArray[np.uint8]:
        spoilt = self.abnormal_share > 0 and rng.random() < self.abnormal_share
        anomaly = tuple(Anomaly)[rng.integers(len(Anomaly))] if spoilt else None
        return _prepared(draw_grid(self.digits, rng, anomaly)[0], self.preprocessing)


@dataclass(frozen=True, eq=False)
class FixedSet:
    """Grids that are the same in every run.

    Attributes:
        normal: grids with nothing wrong.
        abnormal: by what is wrong.
        cells: (N, 3, 3) bool for each kind of anomaly: where it is.
    """

    normal: ImageSet
    abnormal: dict[Anomaly, ImageSet]
    cells: dict[Anomaly, Cells]


def fixed_set(digits: Digits, preprocessing: Preprocessing, *, seed: int, normals: int, each: int) -> FixedSet:
    """Draw `normals` normal grids and `each` of every anomaly.

    Raises:
        SquidError: a digit is not among the pictures.
    """
    check_whole(digits, range(10))

    def drawn(anomaly: Anomaly | None, kind: int, count: int) -> tuple[ImageSet, Cells]:
        made = [draw_grid(digits, np.random.default_rng((seed, FIXED, kind, i)), anomaly) for i in range(count)]
        names = tuple(f"{anomaly or 'normal'} {i}" for i in range(count))
        images = np.stack([_prepared(grid, preprocessing) for grid, _ in made])
        return ImageSet(images, names, names), np.stack([cells for _, cells in made])

    pairs = {anomaly: drawn(anomaly, kind, each) for kind, anomaly in enumerate(Anomaly, start=1)}
    abnormal = {anomaly: images for anomaly, (images, _) in pairs.items()}
    return FixedSet(drawn(None, 0, normals)[0], abnormal, {anomaly: cells for anomaly, (_, cells) in pairs.items()})


def check_whole(digits: Digits, wanted: range) -> None:
    """Make sure every wanted digit is there.

    Raises:
        SquidError: one is not.
    """
    absent = [str(digit) for digit in wanted if not len(digits.by_digit[digit])]
    if absent:
        raise SquidError(f"There is no picture of the digit {', '.join(absent)}.", "Use MNIST's files whole.")


def _prepared(grid: NDArray[np.uint8], preprocessing: Preprocessing) -> NDArray[np.uint8]:
    return to_bytes(prepare(grid, preprocessing).image)
