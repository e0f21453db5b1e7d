"""A critic of lesions: where does this image look changed, and how sure is that?

Not in the paper, whose discriminator judges the reconstruction. This one judges the image itself. It has learned on
normal images into which `training/synthetic_lesions.py` has drawn made-up lesions (as DRAEM, Zavrtanik et al., ICCV
2021; NSA, Schlueter et al., ECCV 2022; AnatPaste, Sato et al., iScience 2023) and has never seen a real abnormal one.
Its features, taught to see lesions and to overlook exposure and sharpness, serve `anatomy.py`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig

UNSHUFFLE = 2  # works at half resolution inside
ABNORMAL_SHARE = 0.08  # of the map's places, the most abnormal, whose mean is the image's evidence
DARKEST_STD = 0.02  # an image of less contrast is not stretched any further


class LesionMarks(NamedTuple):
    """What the critic says of B images.

    map: (B, h, w) logits, high where the image looks changed; place (i, j) covers an equal part of the image.
    logit: (B,), that anything is changed at all.
    features: (B, C, h/2, w/2), of the last stage.
    """

    map: Tensor
    logit: Tensor
    features: Tensor


def _conv(inputs: int, outputs: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]


class Stage(nn.Module):
    """A convolution and a residual pair: (B, I, H, W) -> (B, O, H/stride, W/stride)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = nn.Sequential(*_conv(inputs, outputs, stride))
        self.pair = nn.Sequential(*_conv(outputs, outputs), *_conv(outputs, outputs)[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """(B, I, H, W) -> (B, O, H/stride, W/stride)."""
        x = self.first(x)
        return F.relu(x + self.pair(x))


class LesionCritic(nn.Module):
    """A small U-Net that stops at an eighth of its image's resolution, and a read-out of its deepest features."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths = self.widths = config.lesion_widths
        self.size = config.lesion_size
        self.stem = nn.Sequential(nn.PixelUnshuffle(UNSHUFFLE), Stage(UNSHUFFLE**2, widths[0]))
        self.stages = nn.ModuleList(Stage(i, o, 2) for i, o in pairwise(widths))
        self.deepest = Stage(widths[-1], widths[-1], 2)
        narrow = widths[-2]
        self.up = nn.ModuleList(
            (nn.Sequential(*_conv(2 * widths[-1], narrow)), nn.Sequential(*_conv(2 * narrow, narrow)))
        )
        self.mark = nn.Conv2d(narrow, 1, 1)
        self.read_out = nn.Linear(2 * widths[-1], 1)

    def forward(self, images: Tensor) -> LesionMarks:
        """(B, 1, S, S) in 0..1 -> LesionMarks."""
        x = self.stem(standardised(images, self.size))
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        deepest = self.deepest(x)
        logit = self.read_out(torch.cat((deepest.mean((2, 3)), deepest.amax((2, 3))), dim=1)).squeeze(1)
        up = deepest
        for block, level in zip(self.up, (levels[-1], levels[-2]), strict=True):
            doubled = F.interpolate(up, scale_factor=2, mode="bilinear", align_corners=False)
            up = block(torch.cat((doubled, level), dim=1))
        return LesionMarks(self.mark(up).squeeze(1), logit, levels[-1])


def standardised(images: Tensor, size: int) -> Tensor:
    """(B, 1, S, S) -> (B, 1, size, size), each of mean 0 and deviation 1: exposure and contrast say nothing."""
    if images.shape[-1] != size:
        images = F.interpolate(images, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    images = images - images.mean((2, 3), keepdim=True)
    return images / images.std((2, 3), keepdim=True).clamp(min=DARKEST_STD)


def evidence(marks: LesionMarks) -> Tensor:
    """(B,) how sure the critic is of a lesion anywhere: the logit of the mean over the most abnormal places."""
    flat = marks.map.flatten(1).sigmoid()
    most_abnormal = flat.topk(max(1, round(ABNORMAL_SHARE * flat.shape[1])), dim=1).values.mean(1)
    return torch.logit(most_abnormal, eps=1e-6)
