"""A pretext task that shapes the encoder's features on normal images alone: where was this patch, which way is up?

Not in the paper. In an anatomy every patch has its place, so its position is a label that costs nothing (Doersch et
al., ICCV 2015); quarter turns are another (Gidaris et al., ICLR 2018), and features that tell both keep what a
one-class detector needs (Golan and El-Yaniv, NeurIPS 2018). The head trains the encoder and is not shipped: the
evidence stays the distance of a patch's feature from its memory.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig, Pretext

TURNS = 4  # 0, 90, 180 and 270 degrees


class PretextHead(nn.Module):
    """A linear read-out of position, or of position and quarter turn, from patch features."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.positions = config.grid**2
        self.turns = TURNS if config.pretext is Pretext.PLACE_AND_TURN else 1
        self.read_out = nn.Linear(config.feature_size, self.positions * self.turns)

    def turned(self, patches: Tensor) -> tuple[Tensor, Tensor]:
        """Every patch by a random quarter turn of its own, never upright; no patches where turns are not asked for.

        Args:
            patches: (B*N*N, 1, P, P).

        Returns:
            The turned patches, in the same order, and how often each was turned, (B*N*N,) int64 in 1..3.
        """
        if self.turns == 1:
            return patches[:0], torch.zeros(0, dtype=torch.long, device=patches.device)
        n = patches.shape[0]
        turns = torch.randint(1, TURNS, (n,), device=patches.device)
        every = torch.stack([torch.rot90(patches, k, (2, 3)) for k in range(1, TURNS)])
        return every[turns - 1, torch.arange(n, device=patches.device)], turns

    def forward(self, features: Tensor, turns: Tensor) -> Tensor:
        """Cross entropy, a scalar.

        Args:
            features: (M*N*N, D) of the patches of M images, in row-major order image by image.
            turns: (M*N*N,) int64, quarter turns of each.
        """
        place = torch.arange(self.positions, device=features.device).repeat(features.shape[0] // self.positions)
        return F.cross_entropy(self.read_out(features), place + self.positions * turns)
