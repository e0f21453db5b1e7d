"""The maps beside the score, and whether they point to one place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from squid_core.bundle.library import weights_root
from squid_core.contracts.detection import Detection, DetectorSettings, Geometry, Maps, MemoryMatch, ModelInput, Trial
from squid_core.contracts.errors import SquidError
from squid_core.inference.agreement import Accord, MapName, agreement
from squid_core.inference.detector import Detector
from squid_core.preprocessing import prepare
from tests.squid_core.dicom.phantoms import phantom

S, GRID = 64, 4


def test_maps_are_those_of_the_explanation(bundle: Path, image: ModelInput) -> None:
    detector = Detector.load(bundle, "cpu")
    explanation = detector.explain(image)
    maps = detector.maps(explanation.detection)
    assert np.array_equal(maps.grad_cam, explanation.grad_cam)
    assert maps.grad_cam_side == detector._squid.discriminator.features(torch.zeros(1, 1, 32, 32)).shape[-1]
    assert maps.lesion is explanation.lesion_map is None
    assert explanation.reliance is not None
    assert maps.reliance == explanation.reliance.share
    with pytest.raises(SquidError, match="other weights"):
        detector.maps(replace(explanation.detection, model_hash="f" * 64))


def test_the_lesion_map_is_that_of_the_explanation() -> None:
    detector = Detector.load(weights_root() / "adult", "cpu")  # the made-up bundle has no lesion critic
    seen = prepare(phantom(), detector.card.preprocessing)
    explanation = detector.explain(seen, patches=())
    lesion = detector.maps(explanation.detection).lesion
    assert lesion is not None
    assert explanation.lesion_map is not None
    assert np.array_equal(lesion, explanation.lesion_map)


def bump(row: float, column: float, height: float = 1.0, side: int = S) -> np.ndarray:
    """A Gaussian at shares of the image."""
    rows, columns = (np.mgrid[0:side, 0:side] + 0.5) / side
    made: np.ndarray = height * np.exp(-(((rows - row) / 0.08) ** 2 + ((columns - column) / 0.08) ** 2))
    return made.astype(np.float32)


def detection(difference: np.ndarray, patch: int, percentile: float = 99.0) -> Detection:
    percentiles = np.full((GRID, GRID), 40, np.float32)
    percentiles.flat[patch] = percentile
    image = np.full((S, S), 0.5, np.float32)
    return Detection(
        score=0.5, percentile=50, paper_score=0.5, components={}, input_image=image, reconstruction=image,
        difference=difference, patch_scores=(percentiles / 100).astype(np.float32), patch_percentiles=percentiles,
        matches=((MemoryMatch(0, 1.0, 1.0, 0),),) * GRID**2, geometry=Geometry.upright((S, S), (S, S), (0, 0), (1, 1)),
        trial=Trial(DetectorSettings(1)), model="", model_hash="",
    )  # fmt: skip


def maps(lesion: np.ndarray | None) -> Maps:
    return Maps(bump(0.5, 0.5), 4, lesion)


def test_three_maps_of_one_place_point_to_it() -> None:
    # Patch 4 is row 1, column 0 of the grid: its middle lies at 0.375, 0.125 of the image.
    found = agreement(detection(-bump(0.30, 0.15), patch=4), maps(bump(0.4, 0.2, side=12)))
    assert found.accord is Accord.SAME
    assert found.nowhere == ()
    assert found.places[MapName.DIFFERENCE] == pytest.approx((0.30, 0.15), abs=0.02)
    assert found.places[MapName.PATCHES] == (0.375, 0.125)
    assert found.places[MapName.LESION] == pytest.approx((0.4, 0.2), abs=0.05)


def test_one_map_elsewhere_is_enough_to_disagree() -> None:
    assert agreement(detection(bump(0.3, 0.15), 4), maps(bump(0.8, 0.8, side=12))).accord is Accord.APART
    assert agreement(detection(bump(0.3, 0.15), 11), maps(bump(0.3, 0.2, side=12))).accord is Accord.APART


def test_maps_that_mark_the_same_two_places_do_not_disagree_on_which_is_worse() -> None:
    """As disease of both lungs does: each map has its own strongest place, and marks the other's too."""
    difference = bump(0.3, 0.15, 0.9) + bump(0.8, 0.8, 1.0)
    lesion = bump(0.3, 0.15, 1.0, side=12) + bump(0.8, 0.8, 0.9, side=12)
    found = agreement(detection(difference, 4), maps(lesion))
    assert found.places[MapName.DIFFERENCE] == pytest.approx((0.8, 0.8), abs=0.02)
    assert found.places[MapName.LESION] == pytest.approx((0.3, 0.15), abs=0.06)
    assert found.accord is Accord.OVERLAP


def test_a_difference_that_every_second_normal_has_points_nowhere() -> None:
    assert MapName.DIFFERENCE in agreement(detection(bump(0.3, 0.15, 0.3), 4), maps(None)).nowhere


def test_a_map_that_finds_nothing_points_nowhere_and_takes_no_side() -> None:
    quiet = agreement(detection(bump(0.3, 0.15, 0.05), 4, 60.0), maps(bump(0.8, 0.8, 0.4, side=12)))
    assert quiet.accord is Accord.NONE
    assert set(quiet.nowhere) == {MapName.DIFFERENCE, MapName.PATCHES, MapName.LESION}
    two = agreement(detection(bump(0.3, 0.15), 4), maps(bump(0.8, 0.8, 0.4, side=12)))
    assert two.accord is Accord.SAME
    assert two.nowhere == (MapName.LESION,)


def test_without_a_lesion_critic_grad_cam_is_asked() -> None:
    found = agreement(detection(bump(0.5, 0.45), 5), maps(None))
    assert MapName.LESION not in found.places
    assert found.places[MapName.GRAD_CAM] == pytest.approx((0.5, 0.5), abs=0.02)
    assert found.accord is Accord.SAME


def test_the_mass_counts_and_not_the_brightest_pixel() -> None:
    difference = bump(0.25, 0.75, 0.4)
    difference[60, 3] = 1.0
    assert agreement(detection(difference, 3), maps(bump(0.2, 0.8, side=12))).accord is Accord.SAME
