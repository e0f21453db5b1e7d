"""A drawn region replaced by normal: which pixels, how much of each, and what the detector makes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from squid_core.contracts.detection import Geometry, ModelInput, Region, RegionShape
from squid_core.contracts.errors import SquidError
from squid_core.inference.detector import Detector
from squid_core.inference.region import BLEND, region_weight, replaced_by_normal
from tests.squid_core import aslant

# Model pixel (i, j) has its centre at original (10 + 4i, 20 + 2j): rows and columns cannot be confused.
GEOMETRY = Geometry.upright((300, 200), (32, 32), (10.0, 20.0), (4.0, 2.0))


def region(shape: RegionShape, top: float, left: float, bottom: float, right: float) -> Region:
    """From edges in model pixels."""
    return Region(shape, *GEOMETRY.to_original(top, left), *GEOMETRY.to_original(bottom, right))


def test_a_rectangle_is_whole_inside_and_fades_over_three_pixels_outside() -> None:
    weight = region_weight(region(RegionShape.RECTANGLE, 9.5, 4.5, 13.5, 20.5), GEOMETRY)
    assert (weight >= 1).sum() == 4 * 16
    assert (weight[10:14, 5:21] == 1).all()
    assert weight[14, 10] == pytest.approx(1 - 0.5 / BLEND)
    assert weight[16, 10] == pytest.approx(1 - 2.5 / BLEND)
    assert weight[17, 10] == 0
    assert weight[14, 21] == pytest.approx(1 - np.hypot(0.5, 0.5) / BLEND), "round the corner"
    assert weight[0, 0] == 0


def test_an_ellipse_touches_its_four_edges_and_leaves_the_corners() -> None:
    weight = region_weight(region(RegionShape.ELLIPSE, 6.0, 8.0, 18.0, 24.0), GEOMETRY)
    assert weight[6, 16] == weight[18, 16] == weight[12, 8] == weight[12, 24] == 1
    assert weight[5, 16] == pytest.approx(1 - 1 / BLEND)
    assert weight[12, 26] == pytest.approx(1 - 2 / BLEND)
    assert weight[6, 8] < 1, "a corner of the box"
    rows, columns = np.mgrid[0:32, 0:32]
    inside = ((rows - 12) / 6) ** 2 + ((columns - 16) / 8) ** 2 <= 1
    assert np.array_equal(weight >= 1, inside)


def test_the_image_is_normal_inside_and_itself_far_away() -> None:
    rng = np.random.default_rng(0)
    image, normal = rng.random((32, 32), dtype=np.float32), rng.random((32, 32), dtype=np.float32)
    drawn = region(RegionShape.RECTANGLE, 9.5, 4.5, 13.5, 20.5)
    made = replaced_by_normal(ModelInput(image, GEOMETRY), drawn, normal)
    assert np.array_equal(made.image[10:14, 5:21], normal[10:14, 5:21])
    assert np.array_equal(made.image[18:], image[18:])
    assert np.array_equal(made.image[:, 25:], image[:, 25:])
    assert made.image[15, 8] == pytest.approx(image[15, 8] + (normal[15, 8] - image[15, 8]) * 0.5)
    assert made.geometry is GEOMETRY


@pytest.mark.parametrize("shape", RegionShape)
def test_in_an_image_that_lies_aslant_the_region_is_where_it_was_drawn(shape: RegionShape) -> None:
    geometry = aslant.GEOMETRY
    (row, column), (high, wide) = aslant.MARKS[1], (60.03, 25.04)  # half its height and width: no axis may be exchanged
    weight = region_weight(Region(shape, row - high, column - wide, row + high, column + wide), geometry)
    matrix = np.array(geometry.matrix)
    places = np.stack([*np.mgrid[: aslant.SIZE, : aslant.SIZE], np.ones((aslant.SIZE, aslant.SIZE))], axis=-1)
    down, across = np.moveaxis((places @ matrix.T - aslant.MARKS[1]) / (high, wide), -1, 0)
    reach = np.hypot(down, across) if shape is RegionShape.ELLIPSE else np.maximum(abs(down), abs(across))
    assert np.array_equal(weight >= 1, reach <= 1)
    middle = (places @ matrix.T)[weight >= 1].mean(axis=0)
    assert middle == pytest.approx(aslant.MARKS[1], abs=1.0)
    edge = weight[(weight > 0) & (weight < 1)]
    assert 0 < edge.min() < 0.2
    assert edge.max() > 0.8


def test_a_region_without_a_model_pixel_or_of_other_weights_gets_a_sentence() -> None:
    image = ModelInput(np.zeros((32, 32), np.float32), GEOMETRY)
    normal = np.ones((32, 32), np.float32)
    for edges in ((3.2, 3.2, 3.6, 3.6), (40, 40, 60, 60)):
        with pytest.raises(SquidError, match="smaller than a pixel of the model"):
            replaced_by_normal(image, region(RegionShape.RECTANGLE, *edges), normal)
    with pytest.raises(SquidError, match="other weights"):
        replaced_by_normal(image, region(RegionShape.ELLIPSE, 1, 1, 9, 9), np.ones((8, 8), dtype=np.float32))
    with pytest.raises(ValueError, match="height and a width"):
        Region(RegionShape.RECTANGLE, 5, 5, 5, 9)


def test_the_detector_scores_the_changed_image_and_says_where_it_was_changed(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    usual = detector.detect(image)
    top_left, _, bottom_right, _ = image.geometry.corners
    everywhere = Region(RegionShape.RECTANGLE, *top_left, *bottom_right)
    found = detector.what_if(usual, replace(usual.trial, region=everywhere))
    normal = detector.detect(ModelInput(usual.reconstruction, image.geometry))
    assert found.score == normal.score, "all replaced: the score of the reconstruction itself"
    assert np.array_equal(found.input_image, usual.reconstruction)
    assert found.trial.region == everywhere
    assert usual.trial.region is None
    assert detector.detect(image).score == usual.score, "nothing is left behind"
