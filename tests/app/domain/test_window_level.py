"""Oracles: the formulas of PS3.3 C.11.2.1.2.1 and C.11.2.1.3 worked out by hand or in plain Python."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.window_level import dragged, full_range
from squid_core.contracts.radiograph import VoiFunction, VoiTable, Window
from squid_core.voi import to_uint8


def standard(x: float, c: float, w: float, function: VoiFunction) -> float:
    """The pseudo-code of the standard, ymin 0 and ymax 255."""
    if function is VoiFunction.SIGMOID:
        return 255 / (1 + math.exp(min(-4 * (x - c) / w, 700)))  # 700: where a float ends
    if function is VoiFunction.LINEAR:
        if x <= c - 0.5 - (w - 1) / 2:
            return 0
        if x > c - 0.5 + (w - 1) / 2:
            return 255
        return ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
    if x <= c - w / 2:
        return 0
    if x > c + w / 2:
        return 255
    return ((x - c) / w + 0.5) * 255


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        # c = 2048, w = 4096: LINEAR maps 0 to 0 and 4095 to 255 exactly (the standard's own example).
        (VoiFunction.LINEAR, [0, 0, 127, 128, 255, 255]),
        (VoiFunction.LINEAR_EXACT, [0, 0, 127, 128, 255, 255]),
        (VoiFunction.SIGMOID, [30, 30, 127, 128, 225, 255]),
    ],
)
def test_known_values_of_a_twelve_bit_window(function: VoiFunction, expected: list[int]) -> None:
    pixels = np.array([[0, 1, 2047, 2048, 4095, 65535]], dtype=np.uint16)
    assert to_uint8(pixels, Window(2048, 4096, function)).tolist() == [expected]


def test_linear_of_width_one_is_a_threshold() -> None:
    pixels = np.array([[99, 100, 101]], dtype=np.uint16)
    # x <= c - 0.5 is black: with c = 100.5 the value 100 is, 101 is not.
    assert to_uint8(pixels, Window(100.5, 1, VoiFunction.LINEAR)).tolist() == [[0, 0, 255]]


def test_linear_below_width_one_is_taken_as_exact_for_files_in_fractions() -> None:
    pixels = np.array([[0.0, 0.25, 0.5]], dtype=np.float32)
    assert to_uint8(pixels, Window(0.25, 0.5, VoiFunction.LINEAR)).tolist() == [[0, 128, 255]]


@given(
    st.integers(0, 65535),
    st.floats(-1000, 70000, width=32),
    st.floats(1.5, 70000, width=32),
    st.sampled_from(list(VoiFunction)),
)
def test_every_value_is_within_one_level_of_the_standard(x: int, c: float, w: float, function: VoiFunction) -> None:
    expected = standard(x, c, w, function)
    window = Window(c, w, function)
    for dtype in (np.uint16, np.float32):
        shown = int(to_uint8(np.array([[x]], dtype=dtype), window)[0, 0])
        # Half a level for rounding, and float32 of a steep window at a value of 65535.
        assert abs(shown - expected) <= 0.5 + 255 * 0.02 / (w - 1) + 1e-2


@given(st.lists(st.integers(0, 65535), min_size=2, max_size=30), st.sampled_from(list(VoiFunction)))
def test_brighter_stays_brighter_and_inverted_turns_round(values: list[int], function: VoiFunction) -> None:
    pixels = np.array([sorted(values)], dtype=np.uint16)
    window = Window(20000, 9000, function)
    shown = to_uint8(pixels, window).astype(int)
    assert (np.diff(shown) >= 0).all()
    assert np.abs(shown + to_uint8(pixels, window, invert=True) - 255).max() <= 1


def test_float_and_integer_pixels_show_alike_and_keep_left_from_right() -> None:
    pixels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 300
    window = Window(1500, 3000)
    assert (to_uint8(pixels, window) == to_uint8(pixels.astype(np.float32), window)).all()
    assert to_uint8(pixels, window)[0, 0] == 0
    assert to_uint8(pixels, window)[2, 3] == 255
    assert to_uint8(pixels, window)[0, 3] < to_uint8(pixels, window)[2, 0]


def test_colour_is_left_alone_by_a_grey_window() -> None:
    pixels = np.array([[[10, 200, 30]]], dtype=np.uint8)
    assert to_uint8(pixels, Window(100, 5)).tolist() == [[[10, 200, 30]]]
    assert to_uint8(pixels, Window(100, 5), invert=True).tolist() == [[[245, 55, 225]]]


def test_dragging_right_lowers_contrast_and_down_darkens() -> None:
    start = Window(2000, 1000, VoiFunction.LINEAR, "As filed")
    moved = dragged(start, right=250, down=125)
    assert (moved.width, moved.center, moved.name) == (2000, 2500, "")
    assert dragged(start, right=250, down=0, fine=True).width == 1200
    pixel = np.array([[2000]], dtype=np.uint16)
    assert to_uint8(pixel, dragged(start, 0, 50)) < to_uint8(pixel, start)


def test_a_drag_never_makes_an_impossible_window() -> None:
    assert dragged(Window(0, 100), right=-1e6, down=0).width == 1
    assert dragged(Window(0, 100, VoiFunction.SIGMOID), right=-1e6, down=0).width > 0


def test_the_full_range_shows_the_lowest_black_and_the_highest_white() -> None:
    pixels = np.array([[7, 500, 4000]], dtype=np.uint16)
    assert to_uint8(pixels, full_range(pixels)).tolist()[0][::2] == [0, 255]
    flat = np.full((2, 2), 9, dtype=np.uint16)
    assert full_range(flat).width > 0


def bent() -> Window:
    """A table over 10 .. 14 that rises, stays and falls."""
    return Window(
        12, 4, VoiFunction.LINEAR_EXACT, "CURVE", VoiTable(np.array([0, 51, 51, 255, 102], "<u2").tobytes(), 255)
    )


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
@pytest.mark.parametrize("invert", [False, True])
def test_a_table_is_looked_up_and_clamps_at_its_ends(dtype: Any, invert: bool) -> None:
    pixels = np.array([[0, 10, 11, 12, 13, 14, 500]], dtype)
    expected = np.array([[0, 0, 51, 51, 255, 102, 102]])
    assert to_uint8(pixels, bent(), invert).tolist() == (255 - expected if invert else expected).tolist()


def test_a_drag_stretches_a_table_and_keeps_its_curve() -> None:
    after = dragged(bent(), right=250, down=0)  # twice as wide: 8 .. 16
    assert (after.center, after.width, after.name) == (12, 8, "")
    pixels = np.array([[8, 10, 12, 14, 16]], np.uint16)
    assert to_uint8(pixels, after).tolist() == [[0, 51, 51, 255, 102]]


def test_the_name_of_a_window_makes_no_other_picture() -> None:
    pixels = np.arange(20, dtype=np.uint16).reshape(4, 5)
    assert (to_uint8(pixels, replace(bent(), name="A")) == to_uint8(pixels, replace(bent(), name="B"))).all()


def test_a_turned_table_shows_the_inverse() -> None:
    turned = bent().turned(40)
    values = np.arange(0, 40, dtype=np.uint16)[None]
    assert (to_uint8(40 - values, turned) == 255 - to_uint8(values, bent())).all()
