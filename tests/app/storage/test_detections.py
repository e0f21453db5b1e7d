from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.detections import decode, encode, settings_key
from squid_core.contracts.detection import DetectorSettings, Gate, Shrinkage
from squid_core.contracts.errors import SquidError
from tests.app.samples import detection


@pytest.mark.parametrize("top_k", [1, 3])
def test_a_detection_comes_back_bit_for_bit(top_k: int) -> None:
    before = detection(top_k=top_k)
    after = decode(encode(before))
    for field in fields(before):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other, field.name


def test_the_training_images_behind_the_entries_are_kept_with_the_result() -> None:
    before = detection()
    named = tuple(replace(match, source=f"child/{match.slot}.png") for match in before.matches[1])
    before = replace(before, matches=(before.matches[0], named, *before.matches[2:]))
    after = decode(encode(before))
    assert after.matches == before.matches
    assert after.matches[0][0].source is None


@given(st.binary(max_size=200))
def test_damaged_bytes_are_a_plain_error(junk: bytes) -> None:
    with pytest.raises(SquidError, match="damaged"):
        decode(junk)


def test_a_truncated_result_is_a_plain_error() -> None:
    payload = encode(detection())
    with pytest.raises(SquidError, match="damaged"):
        decode(payload[: len(payload) // 2])


def test_settings_that_differ_have_keys_that_differ() -> None:
    variants = [
        DetectorSettings(5),
        DetectorSettings(4),
        DetectorSettings(5, Shrinkage.HARD),
        DetectorSettings(5, gate=Gate.SOFT),
        DetectorSettings(5, rho=0.5),
    ]
    assert len({settings_key(settings) for settings in variants}) == len(variants)
    assert settings_key(DetectorSettings(5)) == settings_key(DetectorSettings(5))
