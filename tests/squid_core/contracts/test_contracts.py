"""What crosses a border is checked once, when it is built."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from squid_core.contracts.detection import (
    Detection,
    DetectorSettings,
    Geometry,
    ModelInput,
    Pose,
    Region,
    RegionShape,
    Trial,
    WeightsFacts,
)
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Decision, Identity, Radiograph, Spacing, SpacingSource, Verdict, Window

GEOMETRY = Geometry.upright((320, 160), (16, 16), (9.5, 4.5), (20.0, 10.0))


def radiograph(pixels: Any) -> Radiograph:
    return Radiograph(pixels, Window(0, 1), Identity("1.2"), Verdict(Decision.ANALYSE))


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5), np.float64),
        np.zeros((0, 5), np.uint16),
        np.zeros((4, 5, 3), np.uint16),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros(5, np.float32),
    ],
)
def test_pixels_of_another_form_are_refused(pixels: Any) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        radiograph(pixels)


def test_pixels_cannot_be_written() -> None:
    grey = radiograph(np.zeros((4, 5), np.uint16))
    assert not grey.is_colour
    assert radiograph(np.zeros((4, 5, 3), np.uint8)).is_colour
    with pytest.raises(ValueError, match="read-only"):
        grey.pixels[0, 0] = 1


@pytest.mark.parametrize(("center", "width"), [(0, 0), (0, -1), (np.nan, 1), (0, np.inf)])
def test_windows_need_a_width(center: float, width: float) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(center, width)


@pytest.mark.parametrize("row", [0, -1, 100, float("nan")])
def test_spacing_is_a_length(row: float) -> None:
    with pytest.raises(ValueError, match="spacing"):
        Spacing(row, 0.2, SpacingSource.DETECTOR)


@pytest.mark.parametrize("decision", [Decision.ASK, Decision.REFUSE])
def test_a_verdict_against_needs_a_reason(decision: Decision) -> None:
    with pytest.raises(ValueError, match="reason"):
        Verdict(decision)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((16, 16), np.float64),
        np.zeros((16, 15), np.float32),
        np.full((16, 16), 1.5, np.float32),
        np.full((16, 16), -0.1, np.float32),
        np.full((16, 16), np.nan, np.float32),
    ],
)
def test_model_inputs_lie_in_nought_to_one(image: Any) -> None:
    with pytest.raises(ValueError, match="model input"):
        ModelInput(image, GEOMETRY)


def test_geometry_maps_centres_to_centres() -> None:
    assert GEOMETRY.to_original(0, 0) == (9.5, 4.5)
    assert GEOMETRY.to_original(15, 15) == (309.5, 154.5)
    assert GEOMETRY.to_model(9.5, 4.5) == (0, 0)
    assert GEOMETRY.corners == ((-0.5, -0.5), (-0.5, 159.5), (319.5, 159.5), (319.5, -0.5))


TURNED = Geometry((300, 200), (16, 16), ((20.0, 3.0, 5.0), (-2.0, 10.0, 7.0)))


def test_a_turned_geometry_maps_by_hand() -> None:
    assert TURNED.to_original(1.0, 2.0) == (20 + 6 + 5, -2 + 20 + 7)
    assert TURNED.to_model(31.0, 25.0) == pytest.approx((1, 2))
    assert TURNED.corners[1] == TURNED.to_original(-0.5, 15.5)
    assert TURNED.outline(0, 0, 1, 2) == ((5, 7), (11, 27), (31, 25), (25, 5))


def test_a_geometry_maps_arrays_as_it_maps_numbers() -> None:
    rows, columns = np.array([1.0, 4.0]), np.array([2.0, 0.0])
    down, right = TURNED.to_original(rows, columns)
    assert (down[1], right[1]) == TURNED.to_original(4.0, 0.0)
    np.testing.assert_allclose(TURNED.to_model(down, right), (rows, columns), atol=1e-12)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (((0, 0, 0), (0, 1, 0)), "positive scales"),
        (((1, 0, 0), (0, -1, 0)), "mirror"),  # left and right change places
        (((-1, 0, 0), (0, -1, 0)), "positive scales"),  # upside down
        (((0.1, 1, 0), (1, 0.1, 0)), "mirror"),  # rows and columns change places
        (((1, 0, float("nan")), (0, 1, 0)), "finite"),
        (((1, 0), (0, 1)), "2 x 3"),
    ],
)
def test_no_image_is_mirrored_or_laid_on_its_side(matrix: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Geometry((5, 5), (1, 1), matrix)


def test_a_geometry_has_sizes() -> None:
    with pytest.raises(ValueError, match="positive sizes"):
        Geometry.upright((0, 5), (1, 1), (0, 0), (1, 1))


def test_the_quality_of_a_pose_is_a_share() -> None:
    with pytest.raises(ValueError, match="quality"):
        Pose(1.2, registered=True)


@pytest.mark.parametrize(("top_k", "rho"), [(0, 0.5), (3, -0.1), (3, 1.1)])
def test_settings_have_bounds(top_k: int, rho: float) -> None:
    with pytest.raises(ValueError, match=r"top_k|rho"):
        DetectorSettings(top_k, rho=rho)


def detection(**changes: Any) -> Detection:
    image = np.zeros((16, 16), np.float32)
    values: dict[str, Any] = {
        "score": 0.7,
        "percentile": 91.0,
        "paper_score": 0.6,
        "components": {"a": 1.0},
        "input_image": image,
        "reconstruction": image,
        "difference": image,
        "patch_scores": np.zeros((2, 2), np.float32),
        "patch_percentiles": np.zeros((2, 2), np.float32),
        "matches": ((), (), (), ()),
        "geometry": GEOMETRY,
        "trial": Trial(DetectorSettings(5)),
        "model": "test",
        "model_hash": "0" * 64,
    }
    return Detection(**(values | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"score": 1.01},
        {"percentile": 101},
        {"paper_score": -0.1},
        {"difference": np.zeros((8, 8), np.float32)},
        {"matches": ((),)},
    ],
)
def test_detections_hold_together(changes: dict[str, Any]) -> None:
    assert detection().grid == 2
    with pytest.raises(ValueError, match=r"scores|images|matches"):
        detection(**changes)


@pytest.mark.parametrize(
    "value",
    [radiograph(np.ones((4, 5), np.uint16)), ModelInput(np.zeros((16, 16), np.float32), GEOMETRY), detection()],
)
def test_values_travel_between_processes(value: Any) -> None:
    copy = pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes
    assert type(copy) is type(value)
    for field in dataclasses.fields(value):
        np.testing.assert_equal(getattr(copy, field.name), getattr(value, field.name))


def test_an_error_travels_and_speaks_plainly() -> None:
    error = pickle.loads(pickle.dumps(SquidError("It broke.", "Try again.", "ValueError")))  # noqa: S301
    assert str(error) == "It broke. Try again."
    assert error.detail == "ValueError"


def test_values_that_were_turned_round_say_about_what() -> None:
    pixels = np.zeros((2, 2), np.uint16)
    for inverted, pivot in ((True, None), (False, 4095.0)):
        with pytest.raises(ValueError, match="pivot"):
            Radiograph(
                pixels,
                Window(0, 1),
                Identity("1.2"),
                Verdict(Decision.ANALYSE),
                polarity_inverted=inverted,
                pivot=pivot,
            )


def test_whatever_was_changed_makes_a_detection_a_what_if() -> None:
    usual = detection()
    facts = WeightsFacts("", "adult", "", usual.trial.settings, {}, 0)
    assert not facts.is_what_if(usual)
    drawn = Region(RegionShape.RECTANGLE, 0, 0, 4, 4)
    for change in ({"settings": DetectorSettings(9)}, {"shuffled": True}, {"region": drawn}):
        assert facts.is_what_if(detection(trial=replace(usual.trial, **change)))
