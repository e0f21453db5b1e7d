"""Gamma and CLAHE: display only, off by default."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.domain.settings import DisplaySettings
from app.domain.tone import shown_greys
from squid_core.contracts.radiograph import VoiFunction, Window
from squid_core.voi import to_uint8

WINDOW = Window(500, 1000, VoiFunction.LINEAR_EXACT)
RAMP = np.arange(0, 1001, dtype=np.uint16).reshape(7, 143)


def test_off_it_is_the_window_alone() -> None:
    assert np.array_equal(shown_greys(RAMP, WINDOW, DisplaySettings()), to_uint8(RAMP, WINDOW))


@pytest.mark.parametrize("gamma", [0.5, 1.8])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_gamma_bends_the_greys_and_leaves_black_and_white(gamma: float, dtype: type) -> None:
    shown = shown_greys(RAMP.astype(dtype), WINDOW, DisplaySettings(gamma=gamma))
    by_hand = np.floor(255 * (RAMP / 1000) ** (1 / gamma) + 0.5)
    assert np.abs(shown.astype(int) - by_hand).max() <= 1
    assert shown.flat[0] == 0
    assert shown.flat[-1] == 255
    assert (shown.mean() > to_uint8(RAMP, WINDOW).mean()) == (gamma > 1)


def test_gamma_is_taken_before_rounding_so_dark_greys_stay_apart() -> None:
    dark = np.arange(0, 40, dtype=np.uint16)[None]
    assert len(np.unique(shown_greys(dark, WINDOW, DisplaySettings(gamma=2.0)))) > 30  # 11 if rounded first


def test_a_negative_with_gamma_is_the_negative_of_the_picture() -> None:
    display = DisplaySettings(gamma=1.5)
    both = [shown_greys(RAMP, WINDOW, display, invert).astype(int) for invert in (False, True)]
    assert np.abs(both[0] + both[1] - 255).max() <= 1


def test_clahe_is_opencvs_on_what_the_window_shows() -> None:
    pixels = np.random.default_rng(0).integers(300, 500, (160, 200), dtype=np.uint16)
    shown = shown_greys(pixels, WINDOW, DisplaySettings(clahe=True, clahe_limit=3.0))
    assert np.array_equal(shown, cv2.createCLAHE(3.0, (8, 8)).apply(to_uint8(pixels, WINDOW)))
    assert shown.std() > to_uint8(pixels, WINDOW).std()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (9, 7)])
def test_clahe_copes_with_slivers(shape: tuple[int, int]) -> None:
    assert shown_greys(np.full(shape, 400, np.uint16), WINDOW, DisplaySettings(clahe=True)).shape == shape


def test_colours_are_left_alone() -> None:
    colour = np.random.default_rng(0).integers(0, 256, (9, 9, 3)).astype(np.uint8)
    assert np.array_equal(shown_greys(colour, WINDOW, DisplaySettings(gamma=2.0, clahe=True)), colour)
