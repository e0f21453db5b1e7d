"""Equal sharpness is really equal, and nothing else is done to the images."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from squid_core.datasets.image_set import ImageSet
from squid_core.evaluation.floors import laplacian
from squid_core.evaluation.metrics import auc
from squid_core.evaluation.sharpness import BLURRIEST, common_energy, equalise, laplacian_energy, log_spread

SIZE = 64


def made_up(count: int, sigma: float, seed: int) -> ImageSet:
    """Noise on a left-to-right ramp, blurred by about `sigma`, each image by its own."""
    rng = np.random.default_rng(seed)
    images = []
    for _ in range(count):
        fine = cv2.GaussianBlur(rng.normal(0, 60, (SIZE, SIZE)), (0, 0), sigma * rng.uniform(0.8, 1.2))
        images.append(np.clip(128 + 2 * fine + np.linspace(-40, 40, SIZE), 0, 255).astype(np.uint8))
    names = tuple(f"{i}" for i in range(count))
    return ImageSet(np.stack(images), names, names)


def by_hand(image: NDArray[np.uint8]) -> float:
    padded = np.pad(image / 255, 1, mode="symmetric")
    curvature = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:] - 4 * padded[1:-1, 1:-1]
    return float((curvature**2).mean())


def test_the_energy_is_the_mean_squared_laplacian_with_mirrored_edges() -> None:
    images = made_up(3, 1.0, 0).images
    assert laplacian_energy(images) == pytest.approx([by_hand(image) for image in images])


def test_sharp_and_blurred_images_end_at_one_sharpness() -> None:
    sharp, blurred = made_up(40, 0.8, 0), made_up(40, 1.1, 1)
    assert auc(laplacian_energy(blurred.images), laplacian_energy(sharp.images)) > 0.95, "before: sharpness tells all"
    energy = common_energy([sharp, blurred])
    (a, _), (b, _) = equalise(sharp, energy), equalise(blurred, energy)
    after = np.concatenate([laplacian_energy(a.images), laplacian_energy(b.images)])
    assert np.mean(np.abs(after / energy - 1) < 0.02) >= 1 - BLURRIEST - 0.01, "all but the blurriest, and rounding"
    assert after.max() < 1.02 * energy


def test_the_floor_of_sharpness_has_nothing_left_to_tell() -> None:
    sharp, blurred = made_up(60, 0.8, 0), made_up(60, 1.0, 1)
    energy = common_energy([sharp, blurred])

    def floor(images: ImageSet) -> NDArray[np.float64]:
        return laplacian(torch.from_numpy(images.images)[:, None].float() / 255).double().numpy()

    assert auc(floor(sharp), floor(blurred)) > 0.85
    after = np.concatenate([floor(equalise(images, energy)[0]) for images in (sharp, blurred)])
    assert np.quantile(after, 0.9) - np.quantile(after, 0.1) < 0.1, "its edges are cut, where ours are mirrored"
    assert log_spread([sharp, blurred]) > 5 * log_spread([equalise(images, energy)[0] for images in (sharp, blurred)])


def test_a_blur_is_the_gaussian_it_says_it_is_and_less_sharp_images_stay_as_they_are() -> None:
    images = made_up(4, 0.8, 2)
    energy = float(laplacian_energy(images.images).min()) / 4
    made, sigmas = equalise(images, energy)
    for before, after, sigma in zip(images.images, made.images, sigmas, strict=True):
        expected = cv2.GaussianBlur(before.astype(np.float64), (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        inside = slice(8, -8)  # OpenCV samples the kernel, which matters for a narrow one
        assert np.abs(after[inside, inside] - expected[inside, inside]).mean() < 1.5
    same, zero = equalise(images, 1e3)
    assert (same.images == images.images).all()
    assert not zero.any()
