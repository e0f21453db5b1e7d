"""The transformer block that in-paints a patch from the memory outputs of its neighbours (paper, section 3.3)."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.patches import neighbours


class InpaintBlock(nn.Module):
    """Query: the patch's feature. Keys and values: the memory outputs of its 8 neighbours.

    The residual stream carries the patch's own memory output, never its feature, so nothing but memory passes.
    Deviation: neighbours outside the image are masked; published code attends to zero vectors there, 5 of 8 on its
    2 x 2 grid (`mask_padding=False` does the same).
    """

    table: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        size = config.feature_size
        self.mask_padding = config.mask_padding
        self.attention = nn.MultiheadAttention(size, config.heads, batch_first=True)
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.feed_forward = nn.Sequential(nn.Linear(size, size // 4), nn.ReLU(), nn.Linear(size // 4, size))
        self.relu = config.feature_relu
        self.register_buffer("table", neighbours(config.grid), persistent=False)

    def forward(self, features: Tensor, memories: Tensor) -> Tensor:
        """In-paint every patch.

        Args:
            features: (B, P, D) encoded features.
            memories: (B, P, D) memory outputs.

        Returns:
            (B, P, D).
        """
        b, p, d = features.shape
        attention, heads = self.attention, self.attention.num_heads
        query_weight, key_value_weight = torch.split(attention.in_proj_weight, [d, 2 * d])
        query_bias, key_value_bias = torch.split(attention.in_proj_bias, [d, 2 * d])
        query = F.linear(features, query_weight, query_bias).view(b, p, heads, 1, -1)
        # Every memory output is projected once, not once for each of its neighbours; a zero stands for the outside.
        padded = F.pad(memories, (0, 0, 0, 1))
        outside = self.table < 0  # (P, 8)
        around = F.linear(padded, key_value_weight, key_value_bias)[:, self.table.masked_fill(outside, p)]
        key, value = around.view(b, p, 8, 2, heads, -1).permute(3, 0, 1, 4, 2, 5)  # (B, P, heads, 8, D/heads)
        mask = ~outside[:, None, None] if self.mask_padding else None
        seen = F.scaled_dot_product_attention(query, key, value, mask)
        seen = attention.out_proj(seen.reshape(b, p, d))
        x = self._activate(self.norm1(seen + memories))
        return self._activate(self.norm2(self.feed_forward(x) + x))

    def _activate(self, x: Tensor) -> Tensor:
        return F.relu(x) if self.relu else x
