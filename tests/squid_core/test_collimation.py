"""Even borders are found where they end, and nothing of a chest is taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from squid_core.collimation import field_of
from squid_core.contracts.radiograph import FloatArray
from squid_core.preprocessing import Preprocessing, prepare
from tests.squid_core.chests import chest, mean_chest

BORDERS = ((0.11, 0.04, 0.03, 0.06), (0.0, 0.2, 0.0, 0.0), (0.05, 0.0, 0.3, 0.0), (0.02, 0.02, 0.02, 0.02))


def body(seed: int, side: int) -> FloatArray:
    """(side, side) of a made-up chest that fills the picture."""
    inner = slice(side // 6, -side // 6)
    return np.ascontiguousarray(0.9 * chest(seed, side)[inner, inner] + np.float32(0.05))


def framed(
    picture: FloatArray, shares: tuple[float, ...], grey: float, noise: float = 0.0
) -> tuple[FloatArray, list[int]]:
    """The picture within borders of these shares of its sides, and where its field lies."""
    height, width = picture.shape
    top, bottom, left, right = (
        round(share * side) for share, side in zip(shares, (height, height, width, width), strict=True)
    )
    seen: FloatArray = np.full((height + top + bottom, width + left + right), grey, np.float32)
    seen[top : top + height, left : left + width] = picture
    seen += np.random.default_rng(1).normal(0, noise, seen.shape).astype(np.float32)
    return seen, [top, top + height, left, left + width]


@pytest.mark.parametrize("shares", BORDERS)
@pytest.mark.parametrize("grey", [0.0, 1.0, 0.4])
@pytest.mark.parametrize("side", [240, 1500])
def test_borders_end_where_the_field_begins(shares: tuple[float, ...], grey: float, side: int) -> None:
    seen, field = framed(body(3, side), shares, grey, noise=0.004)
    seen[4:16, 4:12] = 1 - round(grey)  # a marker
    off = np.subtract(field_of(seen), field) * (1, -1, 1, -1)  # inwards
    assert off.min() >= 0, "some of a border is left"
    assert off.max() <= 0.02 * side, "some of the chest is gone"


def test_a_chest_without_borders_is_left_alone() -> None:
    for seed in range(6):
        picture = body(seed, 300)
        assert field_of(picture) == (0, 300 - 2 * 50, 0, 300 - 2 * 50)


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan, np.inf])
def test_what_is_flat_or_no_number_is_left_alone(value: float) -> None:
    assert field_of(np.full((300, 200), value, np.float32)) == (0, 300, 0, 200)
    assert field_of(np.full((1, 2), value, np.float32)) == (0, 1, 0, 2)


def test_a_field_too_small_to_be_one_is_not_cut_out() -> None:
    seen, _ = framed(body(3, 240), (2.0, 2.0, 0.0, 0.0), 0.0)
    assert field_of(seen) == (0, *seen.shape[:1], 0, *seen.shape[1:])


@pytest.mark.parametrize("laid", [False, True])
@pytest.mark.parametrize("fit", ["squeeze", "crop"])
def test_the_detector_sees_the_field_and_knows_where_it_was(fit: str, laid: bool) -> None:
    picture = chest(5, 256)
    picture[116:124, 72:80] = 1.0  # a mark in a lung
    whole = Preprocessing(size=64, fit=fit, collimated=True, mean_chest=mean_chest() if laid else "")
    plain = prepare(picture, whole)
    field = field_of(picture)
    seen, (top, _, left, _) = framed(picture[field[0] : field[1], field[2] : field[3]], (0.12, 0.05, 0.2, 0.03), 0.0)
    found, uncut = prepare(seen, whole), prepare(seen, whole.model_copy(update={"collimated": False}))
    assert np.abs(found.image - plain.image).mean() < 0.5 * np.abs(uncut.image - plain.image).mean()
    row, column = found.geometry.to_model(119.5 + top - field[0], 75.5 + left - field[2])
    assert (row, column) == pytest.approx(plain.geometry.to_model(119.5, 75.5), abs=1.0)
    around = found.image[round(row) - 4 : round(row) + 5, round(column) - 4 : round(column) + 5]
    assert np.unravel_index(around.argmax(), around.shape) == pytest.approx((4, 4), abs=1)
    assert found.geometry.original_shape == seen.shape
