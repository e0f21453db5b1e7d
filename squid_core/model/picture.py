"""A normal picture at twice the detector's resolution: the patient's own where nothing is doubted, memory elsewhere.

Not in the paper, whose student draws from memory alone: soft, and of abnormal chests seldom normal. What the lesion
critic and the anatomy doubt is replaced by the student's image before anything is painted, so a lesion they see cannot
pass; a small network, which has learned on normals with made-up lesions and random places doubted, joins both, draws
what is missing from the memory of all patches together, and doubles the resolution. No score depends on it.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.lesion import Stage
from squid_core.model.patches import join

SCALE = 2  # of the picture's side over the input's
HINTS = 2  # the critic's map and the anatomy's strangeness
LOW, HIGH = 0.90, 0.98  # quantiles of normal places between which doubt rises from 0 to 1


class Given(NamedTuple):
    """What a picture is painted from, for B images.

    images: (B, 1, S, S) in 0..1, the input.
    student: (B, 1, S, S) and inpainted: (B, P, D), what memory answered; doubted patches did not choose for themselves.
    doubt: (B, 1, M, M) in 0..1, how far each place is not to be believed.
    """

    images: Tensor
    student: Tensor
    inpainted: Tensor
    doubt: Tensor


class Painter(nn.Module):
    """Paints from coarse to fine; M is the side of all patches' bottlenecks together."""

    position: Tensor
    low: Tensor
    high: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        widths, self.grid = config.picture_widths, config.grid
        self.sides = [config.grid * config.feature_side * 2**level for level in range(len(widths))]
        self.size, self.channels = config.image_size, config.feature_channels
        seen = [(self.size // side) ** 2 for side in self.sides]  # channels of what is known, folded to each side
        before = (config.feature_channels + 1 + 2, *widths[:-1])
        self.levels = nn.ModuleList(Stage(sum(i), o) for *i, o in zip(before, seen, widths, strict=True))
        self.shade = nn.Conv2d(widths[-2], 1, 3, padding=1)  # what is smooth, at half the input's side
        self.detail = nn.Conv2d(widths[-1], SCALE**2, 3, padding=1)
        for last in (self.shade, self.detail):  # begins with what is known
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)  # type: ignore[arg-type]
        # Never on "meta", where stacking would load torch's compiler.
        along = torch.linspace(-1, 1, self.sides[0], device="cpu")
        self.register_buffer("position", torch.stack(torch.meshgrid(along, along, indexing="ij")), persistent=False)
        self.register_buffer("low", torch.zeros(HINTS))
        self.register_buffer("high", torch.ones(HINTS))

    def hints(self, marks: Tensor, strangeness: Tensor) -> Tensor:
        """The critic's map (B, h, w) in logits and the anatomy's (B, i, j) -> (B, HINTS, M, M)."""
        size = (self.sides[0],) * 2
        both = (marks.sigmoid()[:, None], strangeness[:, None])
        return torch.cat([F.interpolate(x, size, mode="bilinear", align_corners=False) for x in both], 1)

    @torch.no_grad()
    def fit(self, hints: Tensor) -> None:
        """Take from normals, (N, HINTS, M, M), between which values doubt rises."""
        values = hints.transpose(0, 1).flatten(1)
        for buffer, share in ((self.low, LOW), (self.high, HIGH)):
            buffer.copy_(values.quantile(share, dim=1))

    def doubt(self, hints: Tensor) -> Tensor:
        """(B, HINTS, M, M) -> (B, 1, M, M) in 0..1: how far each place, or one beside it, is beyond normal ones."""
        low, high = (limit.view(1, HINTS, 1, 1) for limit in (self.low, self.high))
        beyond = ((hints - low) / (high - low).clamp(min=1e-6)).clamp(0, 1).amax(1, keepdim=True)
        return F.max_pool2d(beyond, 3, 1, 1)

    def forward(self, given: Given, crop: tuple[int, int] | None = None) -> Tensor:
        """Paint.

        Args:
            given: what is known.
            crop: (row, column) in quarters of the input's resolution, to paint a quarter of the picture only.

        Returns:
            (B, 1, 2S, 2S), of a crop (B, 1, S, S); about 0..1, not clamped.
        """
        unsure = F.interpolate(given.doubt, size=(self.size,) * 2, mode="bilinear", align_corners=False)
        known = given.images + unsure * (given.student - given.images)
        side = self.sides[0] // self.grid
        memory = join(given.inpainted.reshape(-1, self.channels, side, side), self.grid)
        x = torch.cat((memory, given.doubt, self.position.expand(len(memory), -1, -1, -1)), 1)
        shade = known.new_zeros(())
        for level, side in zip(self.levels, self.sides, strict=True):
            x = x if side == self.sides[0] else _doubled(x)
            if crop is not None and 2 * side == self.size:
                x, known = _quarter(x, crop, 2), _quarter(known, crop, 4)
            x = level(torch.cat((x, F.pixel_unshuffle(known, self.size // side)), 1))
            if 2 * side == self.size:
                shade = self.shade(x)
        return _doubled(known + _doubled(shade)) + F.pixel_shuffle(self.detail(x), SCALE)


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


def _quarter(x: Tensor, crop: tuple[int, int], scale: int) -> Tensor:
    """(B, C, s, s) -> (B, C, s/2, s/2) from `scale` times the crop's row and column on."""
    row, column = (scale * at for at in crop)
    side = x.shape[-1] // 2
    return x[..., row : row + side, column : column + side]
