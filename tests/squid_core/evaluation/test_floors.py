"""The floors against values by hand and against what they must see."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from squid_core.datasets.image_set import ImageSet
from squid_core.evaluation.floors import EPS, Floors, laplacian

MAHALANOBIS = (
    "band_energies",
    "band_energies_lung_field",
    "lung_field_pattern_coarse_symmetry",
    "fine_lung_field_pattern_coarse_symmetry",
)


def noise(count: int, seed: int, *, patch: float = 1.0, blur: bool = False) -> ImageSet:
    """Grey noise; `patch` multiplies its contrast in one lung."""
    values = np.random.default_rng(seed).normal(0, 25, (count, 32, 32))
    values[:, 8:20, 6:14] *= patch
    if blur:
        values = (values + np.roll(values, 1, 1) + np.roll(values, 1, 2) + np.roll(values, (1, 1), (1, 2))) / 2
    names = tuple(map(str, range(count)))
    return ImageSet(np.clip(128 + values, 0, 255).astype(np.uint8), names, names)


def test_the_laplacian_by_hand() -> None:
    image = torch.zeros(1, 1, 5, 5)
    image[0, 0, 2, 2] = 1
    assert float(laplacian(image)) == pytest.approx(-math.log(20 / 9 + EPS)), "-4 once and 1 four times, of 9"
    ramp = torch.arange(25.0).view(1, 1, 5, 5) / 25
    assert float(laplacian(ramp)) > 15, "a plane has no curvature"


def test_every_floor_sees_its_kind_of_change_and_fresh_normals_are_none() -> None:
    floors = Floors(noise(300, 0))
    fresh = floors.scores(noise(30, 1))
    assert set(fresh) == {"laplacian", *MAHALANOBIS}
    local, soft = floors.scores(noise(20, 2, patch=0.3)), floors.scores(noise(20, 3, blur=True))
    for name in MAHALANOBIS:
        assert local[name].min() > fresh[name].max(), name
    assert soft["laplacian"].min() > fresh["laplacian"].max()


def test_outside_the_lungs_only_the_whole_image_is_looked_at() -> None:
    floors = Floors(noise(300, 0))
    margin = noise(20, 4)
    margin.images[:, :4] = 128
    fresh, seen = floors.scores(noise(20, 5)), floors.scores(margin)
    assert seen["band_energies"].min() > fresh["band_energies"].max()
    assert abs(seen["band_energies_lung_field"].mean() - fresh["band_energies_lung_field"].mean()) < 0.2
