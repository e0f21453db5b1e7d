"""All images blurred to one sharpness, to see what a score still knows when sharpness tells nothing.

Sharpness of an image I is its Laplacian energy E(I) = mean (L I)^2, L the 5-point Laplacian; its negative log is the
simplest floor there is. Every image is convolved with the Gaussian of the smallest sigma for which

    E(G_sigma * I) <= T,   T = the BLURRIEST quantile of E over all evaluated images, normal and abnormal together,

so that all have the energy T, but for the share BLURRIEST of images that were less sharp from the start and stay as
they are. Edges are mirrored, which makes both operators diagonal in the cosine transform C of the image: with
w_k = pi k / S, sum over k, l of C_kl^2 (2 cos w_k + 2 cos w_l - 4)^2 exp(-sigma^2 (w_k^2 + w_l^2)) = S^2 E(G_sigma * I)
falls with sigma, and bisection finds it.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.datasets.image_set import ImageSet

BLURRIEST = 0.05
SIGMA_MAX = 16.0  # px; nothing but shadows is left
BISECTIONS = 24
TINY = 1e-9

Array = NDArray[np.float64]


def laplacian_energy(images: NDArray[np.uint8]) -> Array:
    """(N, S, S) 0..255 -> (N,) mean squared Laplacian of the image in 0..1, S even."""
    _, curvature = _frequencies(images.shape[-1])
    return np.array([(cv2.dct(image / 255.0) ** 2 * curvature).mean() for image in images])


def common_energy(sets: Sequence[ImageSet]) -> float:
    """T: the energy that nearly all of these images can be blurred to."""
    return float(np.quantile(np.concatenate([laplacian_energy(images.images) for images in sets]), BLURRIEST))


def log_spread(sets: Sequence[ImageSet]) -> float:
    """Standard deviation of the log energy over all images: 0 where all are equally sharp."""
    energies = np.concatenate([laplacian_energy(images.images) for images in sets])
    return float(np.log(energies + TINY).std())


def equalise(images: ImageSet, energy: float) -> tuple[ImageSet, Array]:
    """Blur each image until its Laplacian energy is no more than `energy`.

    Returns:
        The images, rounded to bytes again, and (N,) the sigma used for each, px.
    """
    square, curvature = _frequencies(images.images.shape[-1])
    made, sigmas = [], []
    for image in images.images:
        cosines = cv2.dct(image / 255.0)
        sigma = _sigma(cosines**2 * curvature, square, energy)
        blurred = cv2.idct(cosines * np.exp(-0.5 * sigma**2 * square))
        made.append(np.rint(np.clip(blurred, 0, 1) * 255).astype(np.uint8))
        sigmas.append(sigma)
    return ImageSet(np.stack(made), images.names, images.patients, images.unreadable), np.array(sigmas)


def _frequencies(size: int) -> tuple[Array, Array]:
    """(S, S) squared angular frequency, and squared eigenvalue of the Laplacian, of each cosine coefficient."""
    angle = np.pi * np.arange(size) / size
    part = 2 * np.cos(angle) - 2
    return angle[:, None] ** 2 + angle**2, (part[:, None] + part) ** 2


def _sigma(power: Array, square: Array, energy: float) -> float:
    """The smallest sigma in 0..SIGMA_MAX at which the mean of `power`, damped, is no more than `energy`."""
    if power.mean() <= energy:
        return 0.0
    low, high = 0.0, SIGMA_MAX
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if (power * np.exp(-(middle**2) * square)).mean() > energy:
            low = middle
        else:
            high = middle
    return high
