"""How the anatomy at each place departs from normal: the lesion critic's features against those of normal images.

Not in the paper; as PaDiM (Defard et al., ICPR 2021), but with features that have learned on normal chest X-rays alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.lesion import UNSHUFFLE, Marks
from squid_core.model.whitening import Whitening

LEVELS = ("fine", "coarse")  # of Marks


class Anatomy(nn.Module):
    """Log Mahalanobis distance of the features at each place from those of normal training images at that place.

    All is statistics, kept in buffers; before `fit` every image gets the same values.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths = config.lesion_widths
        places = (config.lesion_size // (UNSHUFFLE * 2 ** (len(widths) - 1))) ** 2
        for name, size in zip(LEVELS, widths[-2:], strict=True):
            self.register_buffer(f"{name}_mean", torch.zeros(places, size))
            self.register_buffer(f"{name}_whitening", torch.zeros(places, size, size))

    def forward(self, marks: Marks) -> Tensor:
        """(B, places), row-major: mean over the levels of the log of the squared distance per dimension."""
        found = []
        for name in LEVELS:
            fitted = Whitening(self.get_buffer(f"{name}_mean"), self.get_buffer(f"{name}_whitening"))
            found.append(fitted.distance(_by_place(getattr(marks, name))).T)
        return torch.stack(found).mean(0)

    @torch.no_grad()
    def fit(self, training: list[Marks]) -> None:
        """Take mean and covariance of every place from the marks of training normals."""
        for name in LEVELS:
            fitted = Whitening.of(_by_place(torch.cat([getattr(marks, name) for marks in training])))
            self.get_buffer(f"{name}_mean").copy_(fitted.mean)
            self.get_buffer(f"{name}_whitening").copy_(fitted.matrix)


def _by_place(features: Tensor) -> Tensor:
    """(B, C, h, w) -> (h*w, B, C)."""
    return features.flatten(2).permute(2, 0, 1)
