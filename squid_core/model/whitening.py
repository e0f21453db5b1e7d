"""How far a vector lies from normal ones: Mahalanobis distance with a covariance that is kept well conditioned."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

FLOOR = 1e-6  # smallest squared distance
SMALLEST_STD = 1e-4  # its inverse still fits in half precision
DEAD = 0.01  # share of the mean standard deviation below which a dimension says next to nothing and is not blown up
RIDGE = 0.3  # share of the identity in the covariance


class Whitening(NamedTuple):
    """Mean (..., D) and whitening matrix (..., D, D) of feature vectors, float32; leading axes are places."""

    mean: Tensor
    matrix: Tensor

    @classmethod
    def of(cls, features: Tensor) -> Whitening:
        """Fit on (..., N, D): the correlations of standardised features, RIDGE of the identity mixed in."""
        wide = features.double()
        mean, std = wide.mean(-2), wide.std(-2)
        std = torch.maximum(std, DEAD * std.mean(-1, keepdim=True)).clamp(min=SMALLEST_STD)
        standard = (wide - mean.unsqueeze(-2)) / std.unsqueeze(-2)
        covariance = (1 - RIDGE) * standard.mT @ standard / wide.shape[-2]
        covariance += RIDGE * torch.eye(wide.shape[-1], dtype=wide.dtype, device=wide.device)
        values, vectors = torch.linalg.eigh(covariance)
        return cls(mean.float(), ((vectors / std.unsqueeze(-1)) * values.rsqrt().unsqueeze(-2)).float())

    def distance(self, features: Tensor) -> Tensor:
        """(..., B, D) -> (..., B) log of the squared Mahalanobis distance per dimension."""
        white = (features - self.mean.unsqueeze(-2)) @ self.matrix
        return torch.log(white.square().mean(-1) + FLOOR)
