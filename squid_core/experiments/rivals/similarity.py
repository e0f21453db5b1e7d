"""Structural similarity of images, at one scale and at several.

Source: Z. Wang et al., Image quality assessment: from error visibility to structural similarity, IEEE TIP 2004,
equation 13; Z. Wang et al., Multiscale structural similarity for image quality assessment, Asilomar 2003, equation 7.
Windows are square and even, not Gaussian.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

C1, C2 = 0.01**2, 0.03**2  # for images in 0..1
WINDOW = 7  # px
SCALES = (0.0516, 0.3295, 0.3463, 0.2726)  # exponents, finest first, as IGD's published code has them
SMALL_WINDOW = 3  # px, of every scale, as there


def ssim(one: Tensor, other: Tensor) -> Tensor:
    """(B, 1, S, S) twice, in 0..1 -> (B,) structural similarity, 1 for equal images."""
    luminance, structure = _parts(one, other, WINDOW)
    return (luminance * structure).mean((1, 2, 3))


def ms_ssim(one: Tensor, other: Tensor) -> Tensor:
    """(B, 1, S, S) twice, in 0..1 -> (B,) multi-scale structural similarity; a negative scale counts as none."""
    likeness = one.new_ones(len(one))
    for scale, exponent in enumerate(SCALES):
        if scale:
            one, other = F.avg_pool2d(one, 2), F.avg_pool2d(other, 2)
        luminance, structure = _parts(one, other, SMALL_WINDOW)
        last = scale == len(SCALES) - 1
        seen = (luminance * structure if last else structure).mean((1, 2, 3))
        likeness = likeness * seen.clamp(min=1e-6) ** exponent
    return likeness


def _parts(one: Tensor, other: Tensor, window: int) -> tuple[Tensor, Tensor]:
    """Maps of luminance and of contrast with structure."""

    def mean(x: Tensor) -> Tensor:
        return F.avg_pool2d(x, window, 1)

    a, b = mean(one), mean(other)
    variances = (mean(one * one) - a * a, mean(other * other) - b * b)
    covariance = mean(one * other) - a * b
    structure = (2 * covariance + C2) / (torch.stack(variances).sum(0) + C2)
    return (2 * a * b + C1) / (a * a + b * b + C1), structure
