"""Features of whole images at several depths, from a network that has learned something else before."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence

from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.generator import Generator
from squid_core.model.lesion import LesionCritic, standardised
from squid_core.model.patches import join, split


class Backbone(nn.Module):
    """A stem and stages, each half as fine as the one before.

    Attributes:
        name: what it is and where it has learned; for the table.
        widths: channels behind each stage.
        grid: patches a side that the network sees alone, 1 for whole images.
    """

    def __init__(
        self, name: str, stem: nn.Module, stages: Sequence[nn.Module], widths: Sequence[int], grid: int = 1
    ) -> None:
        super().__init__()
        self.name, self.widths, self.grid = name, tuple(widths), grid
        self.stem, self.stages = stem, nn.ModuleList(stages)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """(B, 1, S, S) in 0..1 -> (B, C, h, w) behind each stage, finest first."""
        x, levels = self.stem(split(images, self.grid) if self.grid > 1 else images), []
        for stage in self.stages:
            x = stage(x)
            levels.append(join(x, self.grid) if self.grid > 1 else x)
        return tuple(levels)

    def pooled(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) in 0..1 -> (B, C), the last level's mean over places."""
        deepest: Tensor = self(images)[-1]
        return deepest.mean((2, 3))

    def digest(self) -> str:
        """Hash of all its numbers."""
        tensors = (tensor.detach().cpu().contiguous().numpy() for tensor in self.state_dict().values())
        return hashlib.sha256(b"".join(tensor.tobytes() for tensor in tensors)).hexdigest()

    def fresh(self) -> Backbone:
        """The same network, before it has learned anything."""
        other = copy.deepcopy(self).requires_grad_(requires_grad=True)
        for module in other.modules():
            if isinstance(module, (nn.Conv2d, nn.BatchNorm2d)):
                module.reset_parameters()
        return other


class _Seen(nn.Module):
    """What the lesion critic does to an image first."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, images: Tensor) -> Tensor:
        return standardised(images, self.size)


def of_critic(critic: LesionCritic, name: str) -> Backbone:
    """The encoder of a lesion critic."""
    stem = nn.Sequential(_Seen(critic.size), critic.stem)
    return Backbone(name, stem, [*critic.stages, critic.deepest], (*critic.widths[1:], critic.widths[-1]))


def of_encoder(generator: Generator, name: str) -> Backbone:
    """SQUID's encoder without its bottleneck; patches are seen alone and put side by side."""
    unshuffle, first = generator.stem
    config: NetworkConfig = generator.config
    return Backbone(name, unshuffle, [first, *generator.stages], config.widths, config.grid)
