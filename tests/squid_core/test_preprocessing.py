"""Preprocessing with values by hand, and the way back to the original's pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.datasets.image_set import to_bytes
from squid_core.preprocessing import Preprocessing, prepare, resize, scale_intensity
from tests.squid_core.dicom.phantoms import phantom

WHOLE = Preprocessing(size=16, low=0, high=100)
HALF_A_STEP = 0.5 / 255 + 1e-5


def test_shrinking_is_the_mean_of_areas() -> None:
    image = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    expected = image.reshape(16, 4, 16, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(image, 16), expected, rtol=1e-6)


def test_squeeze_scales_each_axis_on_its_own() -> None:
    model_input = prepare(phantom(320, 160), WHOLE)
    assert model_input.geometry.matrix == ((20.0, 0.0, 9.5), (0.0, 10.0, 4.5))
    assert model_input.geometry.corners[2] == (319.5, 159.5)
    assert model_input.image[0, 0] == 1  # the bright corner stays top left
    assert model_input.image[-4, -1] == 0  # the dark bar stays at the lower right


@pytest.mark.parametrize(("shape", "top", "left"), [((48, 32), 8, 0), ((32, 48), 0, 8), ((32, 33), 0, 0)])
def test_crop_takes_the_centred_square(shape: tuple[int, int], top: int, left: int) -> None:
    pixels = np.add.outer(np.arange(shape[0]) * 100, np.arange(shape[1])).astype(np.uint16)
    model_input = prepare(pixels, Preprocessing(size=16, fit="crop", low=0, high=100))
    assert model_input.geometry.matrix == ((2.0, 0.0, top + 0.5), (0.0, 2.0, left + 0.5))
    square = pixels[top : top + 32, left : left + 32].astype(np.float32)
    means = square.reshape(16, 2, 16, 2).mean(axis=(1, 3))
    expected = (means - means.min()) / (means.max() - means.min())
    np.testing.assert_allclose(model_input.image, expected, atol=HALF_A_STEP)


def test_the_detector_sees_the_eight_bits_with_which_it_was_trained() -> None:
    pixels = np.random.default_rng(3).uniform(0, 4095, (50, 70)).astype(np.float32)
    image = prepare(pixels, Preprocessing(size=32)).image
    np.testing.assert_array_equal(image, to_bytes(image).astype(np.float32) / 255)


def test_bit_depth_rescale_and_offset_do_not_matter() -> None:
    plain = prepare(phantom(bits=12), Preprocessing()).image
    changed = prepare(phantom(bits=12).astype(np.float32) * 3.5 - 1000, Preprocessing()).image
    np.testing.assert_allclose(plain, changed, atol=1e-5)


def test_percentiles_become_zero_and_one() -> None:
    image = np.arange(1000, dtype=np.float32).reshape(20, 50)
    scaled = scale_intensity(image, Preprocessing(low=10, high=90))
    low, high = np.percentile(image, (10, 90))
    np.testing.assert_allclose(scaled, np.clip((image - low) / (high - low), 0, 1), atol=1e-6)
    assert scaled.dtype == np.float32


def test_a_flat_image_becomes_zeros() -> None:
    assert not prepare(np.full((40, 40), 7, np.uint16), WHOLE).image.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(bad: float) -> None:
    image = np.ones((40, 40), np.float32)
    image[3, 4] = bad
    with pytest.raises(ValueError, match="finite"):
        prepare(image, WHOLE)


def test_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="one plane"):
        prepare(np.zeros((40, 40, 3), np.uint8), WHOLE)


@given(
    height=st.integers(16, 400),
    width=st.integers(16, 400),
    size=st.integers(16, 64),
    fit=st.sampled_from(["squeeze", "crop"]),
    row=st.floats(0, 63),
    column=st.floats(0, 63),
)
def test_there_and_back_again(height: int, width: int, size: int, fit: str, row: float, column: float) -> None:
    preprocessing = Preprocessing.model_validate({"size": size, "fit": fit})
    geometry = prepare(np.zeros((height, width), np.uint8), preprocessing).geometry
    assert geometry.to_model(*geometry.to_original(row, column)) == pytest.approx((row, column), abs=1e-6)
    (top, left), _, (bottom, right), _ = geometry.corners
    assert min(top, left) >= -0.5 - 1e-6
    assert bottom <= height - 0.5 + 1e-6
    assert right <= width - 0.5 + 1e-6


def test_the_cursor_lands_on_what_it_points_at() -> None:
    pixels = np.zeros((300, 200), np.uint16)
    pixels[210:220, 40:50] = 4095
    model_input = prepare(pixels, Preprocessing(size=64, low=0, high=100))
    row, column = np.unravel_index(int(model_input.image.argmax()), model_input.image.shape)
    original = model_input.geometry.to_original(float(row), float(column))
    assert 208 <= original[0] <= 221
    assert 38 <= original[1] <= 51


@pytest.mark.parametrize("gamma", [0.7, 1.4])
def test_with_a_tone_the_gamma_of_a_file_does_not_matter(gamma: float) -> None:
    image = np.random.default_rng(0).uniform(0, 1, (64, 64)).astype(np.float32) ** 1.7
    how = Preprocessing(size=64, low=0, high=100, tone=0.5)
    plain, changed = prepare(image, how).image, prepare((image**gamma) * 3000 + 20, how).image
    np.testing.assert_allclose(plain, changed, atol=2e-3 + 2 * HALF_A_STEP)
    middle = plain[6:-6, 6:-6]
    assert np.median(middle) == pytest.approx(0.5, abs=1e-3 + HALF_A_STEP)


def test_a_tone_keeps_black_and_white_and_does_not_stretch_without_end() -> None:
    image = np.full((64, 64), 0.99, np.float32)
    image[0, 0], image[0, 1] = 0, 1
    toned = scale_intensity(image, Preprocessing(size=64, low=0, high=100, tone=0.5))
    assert (toned[0, 0], toned[0, 1]) == (0, 1)
    assert toned[30, 30] == pytest.approx(0.99**3, abs=1e-4), "the steepest power is 3"


def test_a_crop_is_square_in_millimetres_and_a_square_pixel_changes_nothing() -> None:
    pixels = np.random.default_rng(2).uniform(0, 1000, (300, 200)).astype(np.float32)
    crop = Preprocessing(size=64, fit="crop")
    tall = prepare(pixels, crop, aspect=2.0)  # 600 x 200 in widths of a pixel: 100 rows are as long as 200 columns
    top_left, _, bottom_right, _ = tall.geometry.corners
    assert (*top_left, *bottom_right) == pytest.approx((99.5, -0.5, 199.5, 199.5))
    for preprocessing in (crop, Preprocessing(size=64)):
        plain, square = prepare(pixels, preprocessing), prepare(pixels, preprocessing, aspect=1.0)
        np.testing.assert_array_equal(plain.image, square.image)
        assert plain.geometry == square.geometry
