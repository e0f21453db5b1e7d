from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.storage.pictures import EXACT, pack, packed_size, steps_of, unpack
from squid_core.contracts.detection import INPUT_STEPS, RECONSTRUCTION_STEPS, in_steps

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=12)


def there_and_back(image: np.ndarray, steps: int) -> None:
    data = pack(image, steps)
    assert len(data) == packed_size(image.shape, steps)
    after = unpack(data, image.shape, steps)
    assert after.dtype == np.float32
    np.testing.assert_array_equal(after.view(np.uint32), image.view(np.uint32))


@given(arrays(np.float32, SHAPES, elements=st.floats(width=32)))
def test_any_picture_comes_back_bit_for_bit(image: np.ndarray) -> None:
    there_and_back(image, steps_of(image))


@given(arrays(np.uint16, SHAPES), st.sampled_from([INPUT_STEPS, RECONSTRUCTION_STEPS]))
def test_a_picture_in_steps_is_kept_in_no_more_than_these(integers: np.ndarray, steps: int) -> None:
    image = in_steps((integers / 65535).astype(np.float32), steps)
    assert EXACT < steps_of(image) <= steps
    there_and_back(image, steps_of(image))


@pytest.mark.parametrize("wrong", [np.nextafter(np.float32(1), np.float32(2)), -0.0, -0.5, np.nan, np.inf, 0.12345])
def test_a_value_that_is_no_step_is_kept_as_it_is(wrong: float) -> None:
    image = np.zeros((3, 4), np.float32)
    image[1, 2] = wrong
    assert steps_of(image) == EXACT
    there_and_back(image, EXACT)
