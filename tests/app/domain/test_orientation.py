"""Turning and mirroring by numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.orientation import CLOCKWISE, UPRIGHT, Orientation, Side

EVERY = [Orientation(mirrored, quarters) for mirrored in (False, True) for quarters in range(4)]
LETTERS = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
# By hand: the same six numbers as they lie after each of the eight.
BY_HAND = {
    (False, 0): [[1, 2, 3], [4, 5, 6]],
    (False, 1): [[4, 1], [5, 2], [6, 3]],
    (False, 2): [[6, 5, 4], [3, 2, 1]],
    (False, 3): [[3, 6], [2, 5], [1, 4]],
    (True, 0): [[3, 2, 1], [6, 5, 4]],
    (True, 1): [[6, 3], [5, 2], [4, 1]],
    (True, 2): [[4, 5, 6], [1, 2, 3]],
    (True, 3): [[1, 4], [2, 5], [3, 6]],
}


@pytest.mark.parametrize("orientation", EVERY)
def test_the_picture_lies_as_by_hand(orientation: Orientation) -> None:
    assert orientation.picture(LETTERS).tolist() == BY_HAND[orientation.mirrored, orientation.quarters]


@pytest.mark.parametrize("orientation", EVERY)
def test_a_point_goes_where_its_pixel_goes(orientation: Orientation) -> None:
    shown = orientation.picture(LETTERS)
    for row, column in np.ndindex(*LETTERS.shape):
        x, y = orientation.to_screen(column + 0.5, row + 0.5, (3, 2))
        assert shown[int(y), int(x)] == LETTERS[row, column]


@given(st.sampled_from(EVERY), st.floats(-9, 9), st.floats(-9, 9), st.floats(1, 50), st.floats(1, 50))
def test_there_and_back(orientation: Orientation, right: float, down: float, width: float, height: float) -> None:
    x, y = orientation.to_screen(right, down, (width, height))
    assert orientation.to_picture(x, y, (width, height)) == pytest.approx((right, down), abs=1e-9)


@pytest.mark.parametrize("orientation", EVERY)
def test_turns_and_mirrors_are_those_of_the_screen(orientation: Orientation) -> None:
    shown = orientation.picture(LETTERS)
    assert orientation.turned(1).picture(LETTERS).tolist() == np.rot90(shown, -1).tolist()
    assert orientation.turned(-1).picture(LETTERS).tolist() == np.rot90(shown).tolist()
    assert orientation.flipped().picture(LETTERS).tolist() == np.fliplr(shown).tolist()
    assert orientation.upended().picture(LETTERS).tolist() == np.flipud(shown).tolist()


def test_four_turns_and_two_mirrors_change_nothing() -> None:
    turned = UPRIGHT
    for _ in range(4):
        turned = turned.turned(1)
    assert turned == UPRIGHT
    assert UPRIGHT.turned(1).flipped().flipped().turned(-1) == UPRIGHT
    assert UPRIGHT.flipped() != UPRIGHT


@pytest.mark.parametrize("orientation", EVERY)
def test_an_edge_goes_where_its_pixels_go(orientation: Orientation) -> None:
    middles = {Side.TOP: (0.5, 0.0), Side.RIGHT: (1.0, 0.5), Side.BOTTOM: (0.5, 1.0), Side.LEFT: (0.0, 0.5)}
    for side in CLOCKWISE:
        found = orientation.to_screen(*middles[side], (1, 1))
        assert middles[orientation.side(side)] == pytest.approx(found)


def test_colours_keep_their_channels() -> None:
    colour = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    assert UPRIGHT.turned(1).picture(colour)[0, 1].tolist() == colour[0, 0].tolist()
