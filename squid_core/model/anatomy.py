"""How the anatomy at each place departs from normal: the lesion critic's features against those of normal images.

Not in the paper; as PaDiM (Defard et al., ICPR 2021), but with features that have learned on normal chest X-rays alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.lesion import UNSHUFFLE, LesionMarks
from squid_core.model.whitening import Whitening


class Anatomy(nn.Module):
    """Log Mahalanobis distance of the features at each place from those of normal training images at that place.

    All is statistics, kept in buffers; before `fit` every image gets the same values.
    """

    mean: Tensor
    whitening: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size = config.lesion_widths[-1]
        self.side = config.lesion_size // (UNSHUFFLE * 2 ** (len(config.lesion_widths) - 1))
        self.register_buffer("mean", torch.zeros(self.side**2, size))
        self.register_buffer("whitening", torch.zeros(self.side**2, size, size))

    def forward(self, marks: LesionMarks) -> Tensor:
        """(B, side, side), log of the squared distance per dimension at each place."""
        found = Whitening(self.mean, self.whitening).distance(_by_place(marks.features))
        return found.T.reshape(-1, self.side, self.side)

    @torch.no_grad()
    def fit(self, features: Tensor) -> None:
        """Take mean and covariance of every place from the features (N, C, side, side) of training normals."""
        fitted = Whitening.of(_by_place(features))
        self.mean.copy_(fitted.mean)
        self.whitening.copy_(fitted.matrix)


def inner_mean(strangeness: Tensor) -> Tensor:
    """(B, side, side) -> (B,), the mean over all but the outermost places: what lies there is seldom lung."""
    inner = strangeness[:, 1:-1, 1:-1] if strangeness.shape[-1] > 2 else strangeness
    return inner.flatten(1).mean(1)


def _by_place(features: Tensor) -> Tensor:
    """(B, C, h, w) -> (h*w, B, C)."""
    return features.flatten(2).permute(2, 0, 1)
