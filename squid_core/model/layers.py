"""The two blocks that encoder and decoders are made of."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - as all of torch calls it
from torch import Tensor, nn


def _conv(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs)]


class ConvBlock(nn.Module):
    """A convolution and a residual one: (B, I, H, W) -> (B, O, H/stride, W/stride).

    Deviation: the published block has two convolutions in its residual branch; one costs a third less.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Sequential(*_conv(inputs, outputs, stride), nn.ReLU(inplace=True))
        self.second = nn.Sequential(*_conv(outputs, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """(B, I, H, W) -> (B, O, H/stride, W/stride)."""
        x = self.first(x)
        return F.relu(x + self.second(x))


class Up(nn.Module):
    """Bilinear doubling, an optional skip, a block: (B, I, H, W) -> (B, O, 2H, 2W)."""

    def __init__(self, inputs: int, outputs: int, skip: int = 0) -> None:
        super().__init__()
        self.block = ConvBlock(inputs + skip, outputs)

    def forward(self, x: Tensor, skip: Tensor | None = None) -> Tensor:
        """`skip`: (B, S, 2H, 2W), concatenated before the block."""
        x = x.contiguous(memory_format=torch.channels_last)  # here, where it is four times smaller than behind
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        out: Tensor = self.block(x if skip is None else torch.cat((skip, x), dim=1))
        return out
