"""How like the mean chest a picture is that was laid on it. Not in the paper.

A frontal chest, sick or not, has lungs, heart, diaphragm and shoulders where all have them; what is none does not.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

SIDE = 64  # px at which pictures are compared
NEAR, AROUND = 1.25, 8.0  # px there: sigmas of a place, and of the surroundings that it is seen against
FAINT = 0.03  # standard deviation of surroundings in which nothing is to be seen
EDGE = SIDE // 8  # px at each edge that are not compared


class Likeness(nn.Module):
    """Correlation with the mean of normal chests, each place seen against its surroundings.

    All is one picture in a buffer; before `fit` nothing is like it.
    """

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(SIDE, SIDE))

    def forward(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) in 0..1, laid on the mean chest -> (B,), -1..1."""
        ours, theirs = _against_surroundings(_small(images)), _against_surroundings(self.mean[None, None])
        return F.cosine_similarity(ours - ours.mean(1, keepdim=True), theirs - theirs.mean(1, keepdim=True), dim=1)

    @torch.no_grad()
    def fit(self, mean: Tensor) -> None:
        """Take the mean (1, 1, S, S) of training normals, laid on each other."""
        self.mean.copy_(_small(mean)[0, 0])


def _small(images: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(images, SIDE)


def _against_surroundings(small: Tensor) -> Tensor:
    """(B, 1, SIDE, SIDE) -> (B, D): each place less its surroundings' mean, over their standard deviation."""
    near, around = _blur(NEAR, small.device), _blur(AROUND, small.device)
    soft = near @ small @ near.T
    less = soft - around @ soft @ around.T
    spread = (around @ less**2 @ around.T + FAINT**2).sqrt()
    return (less / spread)[..., EDGE:-EDGE, EDGE:-EDGE].flatten(1)


@lru_cache(maxsize=4)
def _blur(sigma: float, device: torch.device) -> Tensor:
    """(SIDE, SIDE): G such that G @ column is the column blurred, edges repeated."""
    reach = math.ceil(3 * sigma)
    offsets = torch.arange(-reach, reach + 1, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    columns = F.pad(torch.eye(SIDE)[None], (reach, reach), mode="replicate").transpose(0, 1)
    return F.conv1d(columns, (kernel / kernel.sum()).view(1, 1, -1)).squeeze(1).T.to(device)
