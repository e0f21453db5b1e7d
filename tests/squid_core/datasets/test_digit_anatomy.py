"""Grids of digits: the right digit in every place, and what is wrong is where the truth says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from squid_core.contracts.errors import SquidError
from squid_core.datasets.digit_anatomy import MIRRORED, Anomaly, DigitAnatomy, draw_grid, fixed_set
from squid_core.datasets.idx import Digits, load_digits
from squid_core.preprocessing import Preprocessing
from tests.squid_core.datasets.made_up_digits import SIDE, digits

NATIVE = Preprocessing(size=3 * SIDE, low=0, high=100)
DIGITS = digits()


def cell(grid: NDArray[np.uint8], index: int) -> NDArray[np.uint8]:
    row, column = divmod(index, 3)
    return grid[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]


def read(picture: NDArray[np.uint8]) -> str:
    """The made-up digit in a cell: "4", "4 mirrored" or "nothing"."""
    bright = picture >= 200
    if not bright.any():
        return "nothing"
    digit = int(bright.any(1).argmax()) - 1
    return f"{digit}" if bright[1 + digit, 0] else f"{digit} mirrored"


def contents(grid: NDArray[np.uint8]) -> list[str]:
    return [read(cell(grid, index)) for index in range(9)]


NORMAL = [str(digit) for digit in range(1, 10)]


@pytest.mark.parametrize("anomaly", list(Anomaly))
def test_only_the_cells_of_the_truth_are_wrong_and_wrong_in_their_way(anomaly: Anomaly) -> None:
    seen: set[int] = set()
    for seed in range(60):
        grid, cells = draw_grid(DIGITS, np.random.default_rng(seed), anomaly)
        assert cells.shape == (3, 3)
        wrong = np.flatnonzero(cells).tolist()
        found = contents(grid)
        assert [i for i in range(9) if found[i] != NORMAL[i]] == wrong
        seen.update(wrong)
        if anomaly is Anomaly.MISORDERED:
            a, b = wrong
            assert (found[a], found[b]) == (NORMAL[b], NORMAL[a])
        else:
            (at,) = wrong
            expected = {"missing": "nothing", "zero": "0", "flipped": f"{NORMAL[at]} mirrored"}
            assert found[at] == expected[anomaly]
            if anomaly is Anomaly.MISSING:
                assert cell(grid, at).max() == 0
    assert seen == ({digit - 1 for digit in MIRRORED} if anomaly is Anomaly.FLIPPED else set(range(9)))


def test_training_grids_are_whole_new_every_epoch_and_known_from_the_seed() -> None:
    source = DigitAnatomy(DIGITS, NATIVE, seed=4, size=20)
    first = source.batch([3, 5], epoch=0)
    assert (len(source), first.shape, first.dtype.name) == (20, (2, 36, 36), "uint8")
    assert np.array_equal(first, DigitAnatomy(DIGITS, NATIVE, seed=4, size=20).batch([3, 5], epoch=0))
    assert np.array_equal(first[1:], source.batch([5], epoch=0)), "whatever it is drawn together with"
    for others in (source.batch([3, 5], epoch=1), DigitAnatomy(DIGITS, NATIVE, 5, 20).batch([3, 5], epoch=0)):
        assert not any(np.array_equal(a, b) for a in first for b in others)
    assert np.array_equal(source.subset([3, 5]).images, first)
    assert source.subset([3, 5]).names == ("grid 3", "grid 5")


def test_a_share_of_the_training_grids_may_be_spoilt_and_the_others_stay_as_they_are() -> None:
    clean, spoilt = (DigitAnatomy(DIGITS, NATIVE, seed=4, size=200, abnormal_share=share) for share in (0.0, 0.4))
    grids = spoilt.batch(range(200), epoch=0)
    wrong = [contents(grid) != NORMAL for grid in grids]
    assert 0.3 < np.mean(wrong) < 0.5
    kinds = {" ".join(sorted(set(contents(grid)) - set(NORMAL))).split(" ")[-1] for grid in grids}
    assert kinds == {"", "nothing", "mirrored", "0"}, "misordered, or nothing wrong, have no foreign content"
    assert all(contents(grid) == NORMAL for grid in clean.batch(range(20), epoch=0))


def test_the_fixed_set_is_fixed_and_has_its_numbers() -> None:
    one, other = (fixed_set(DIGITS, NATIVE, seed=1, normals=6, each=4) for _ in range(2))
    assert len(one.normal) == 6
    assert set(one.abnormal) == set(one.cells) == set(Anomaly)
    for anomaly in Anomaly:
        assert np.array_equal(one.abnormal[anomaly].images, other.abnormal[anomaly].images)
        assert one.abnormal[anomaly].images.shape == (4, 36, 36)
        assert one.cells[anomaly].sum((1, 2)).tolist() == [2 if anomaly is Anomaly.MISORDERED else 1] * 4
    assert len({image.tobytes() for image in one.normal.images}) == 6


def test_digits_that_are_not_there_get_a_sentence() -> None:
    without = Digits(DIGITS.images[:3], DIGITS.labels[:3])
    with pytest.raises(SquidError, match="no picture of the digit 3, 4, 5"):
        DigitAnatomy(without, NATIVE, seed=0)
    nonzero = DIGITS.labels != 0
    with pytest.raises(SquidError, match="no picture of the digit 0"):
        fixed_set(Digits(DIGITS.images[nonzero], DIGITS.labels[nonzero]), NATIVE, seed=0, normals=1, each=1)


@pytest.mark.shared
def test_real_digits_fill_the_networks_image(shared: Path) -> None:
    test = load_digits(shared / "mnist", "t10k")
    grids = fixed_set(test, Preprocessing(size=96, low=0, high=100), seed=0, normals=10, each=5)
    assert grids.normal.images.shape == (10, 96, 96)
    inked = (grids.normal.images.reshape(10, 3, 32, 3, 32) > 127).mean((2, 4))
    assert 0.03 < inked.min() < inked.max() < 0.4, "a digit in every cell"
    empty = (grids.abnormal[Anomaly.MISSING].images.reshape(5, 3, 32, 3, 32) > 127).any((2, 4))
    assert np.array_equal(~empty, grids.cells[Anomaly.MISSING])
