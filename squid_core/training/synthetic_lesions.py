"""Made-up lesions drawn into normal images, for the lesion critic to learn from (not in the paper).

No real abnormal image is used. A lesion is a change of a normal image inside a soft mask; what it imitates is said
beside it, but none is meant to be realistic: the critic has to learn what normal lungs are to find them all. Images are
(B, 1, S, S) float in 0..1 with high bright; all chance comes from torch's global generator.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.training.augmentation import blur

CELLS = 16  # centres of lesions are drawn by the darkness of CELLS x CELLS
INNER = (0.15, 0.85)  # rows and columns of the image, as shares, that hold the lungs
VISIBLE = 0.012  # smallest mean change of grey that counts as a lesion
SURE = 0.4  # mask value from which a place counts as changed
SECOND = 0.5  # share of the changed images that get a second lesion
SMALLEST = 0.004  # share of the image that must be visibly changed for the image to count as abnormal


class Lesion(NamedTuple):
    """A lesion: the changed images (not yet clamped) and the soft mask of the change, both (B, 1, S, S)."""

    images: Tensor
    mask: Tensor


class LesionBatch(NamedTuple):
    """Images, half of them changed.

    images: (B, 1, S, S) in 0..1. mask: (B, 1, S, S), 1 where visibly changed, else 0.
    abnormal: (B,) float 1 or 0, and weight: (B,) float, 0 where a change was drawn that can hardly be seen.
    """

    images: Tensor
    mask: Tensor
    abnormal: Tensor
    weight: Tensor


def draw(images: Tensor, kinds: Mapping[str, float]) -> LesionBatch:
    """Draw lesions into every second image.

    Args:
        images: (B, 1, S, S) normal images in 0..1.
        kinds: how often each kind of KINDS is drawn, relative to the others.
    """
    out, mask = images.clone(), torch.zeros_like(images)
    names, often = list(kinds), torch.tensor(list(kinds.values()))
    # Which images are changed and by what is drawn on the CPU: how many there are of a kind must be known there.
    chosen = torch.arange(0, len(images), 2)
    drawn = torch.zeros(len(images), device=images.device)
    drawn[::2] = 1
    for again in (False, True):
        if again:
            chosen = chosen[torch.rand(len(chosen)) < SECOND]
        which = torch.multinomial(often, max(1, len(chosen)), replacement=True)[: len(chosen)]
        for number, name in enumerate(names):
            of_kind = chosen[which == number]
            if not len(of_kind):
                continue
            rows = of_kind.to(images.device, non_blocking=True)
            lesion = KINDS[name](out[rows], images)
            changed = lesion.images.clamp(0, 1)
            much = blur((changed - out[rows]).abs(), torch.full((len(rows),), 2.0))
            seen = ((lesion.mask > SURE) & (much > VISIBLE)).float()
            mask[rows] = torch.maximum(mask[rows], seen)
            out[rows] = changed
    abnormal = (mask.mean((1, 2, 3)) > SMALLEST).float()
    return LesionBatch(out, mask, abnormal, 1 - (drawn - abnormal).clamp(min=0))


# --- the kinds ---------------------------------------------------------------------------------------------------


def _opacity(x: Tensor, _donors: Tensor) -> Lesion:
    """Consolidation: one cloud, brighter towards soft tissue."""
    mask = _blob(x, 0.07, 0.3)
    cloud = (_uniform(x, 0.15, 0.85) * mask * (1 + 0.35 * _fractal(x)).clamp(0, 1.5)).clamp(0, 1)
    return Lesion(_towards(x, _level(x, 0.55, 0.95), cloud), mask)


def _haze(x: Tensor, _donors: Tensor) -> Lesion:
    """Ground glass: large, faint, without texture of its own."""
    mask = _blob(x, 0.25, 0.6)
    return Lesion(_towards(x, _level(x, 0.6, 0.95), _uniform(x, 0.1, 0.5) * mask), mask)


def _diffuse(x: Tensor, _donors: Tensor) -> Lesion:
    """Haze over both lungs or one, at times with the vessels' detail gone."""
    mask = _side(x, 0.2) * _patchy_lungs(x)
    hazy = _towards(x, _level(x, 0.55, 0.95), _uniform(x, 0.15, 0.75) * mask)
    soft = hazy + mask * (blur(hazy, 0.5 + 2.5 * torch.rand(len(x))) - hazy)
    return Lesion(torch.where(_chance(x, 0.5), soft, hazy), mask)


def _effusion(x: Tensor, _donors: Tensor) -> Lesion:
    """The lower part of one lung or both turned white, with a slanting or curved upper border."""
    rows, columns = _axes(x)
    left = _chance(x, 0.5)
    side = torch.where(left, torch.sigmoid((0.5 - columns) * 30), torch.sigmoid((columns - 0.5) * 30))
    side = torch.where(_chance(x, 0.25), torch.ones_like(side), side)
    border = _uniform(x, 0.4, 0.8) + torch.where(left, columns, 1 - columns) * _uniform(x, 0, 0.5)
    below = torch.sigmoid((rows - border - 0.03 * _fractal(x)) * _uniform(x, 12, 60))
    mask = _lungs(x) * side * below
    return Lesion(_towards(x, _level(x, 0.75, 0.97), _uniform(x, 0.4, 1) * mask), mask)


def _interstitial(x: Tensor, _donors: Tensor) -> Lesion:
    """Fine or coarse markings over the lungs."""
    mask = _patchy_lungs(x)
    marked = x + mask * _grain(x, (20, 32, 48)) * _uniform(x, 0.02, 0.09)
    return Lesion(_towards(marked, _level(x, 0.55, 0.9), _uniform(x, 0, 0.3) * mask), mask)


def _texture(x: Tensor, _donors: Tensor) -> Lesion:
    """The same in one region, most of it in the lungs."""
    mask = _blob(x, 0.1, 0.45) * (0.3 + 0.7 * _lungs(x))
    return Lesion(x + mask * _grain(x, (24, 40, 64)) * _uniform(x, 0.02, 0.1), mask)


def _lost_detail(x: Tensor, _donors: Tensor) -> Lesion:
    """A region whose structures are washed out."""
    mask = _blob(x, 0.08, 0.35)
    return Lesion(x + mask * (blur(x, 1.5 + 3 * torch.rand(len(x))) - x), mask)


def _foreign_piece(x: Tensor, donors: Tensor) -> Lesion:
    """A piece from elsewhere in another normal image (CutPaste; NSA), at times fitted to the mean around it."""
    mask = _blob(x, 0.06, 0.25)
    reach = x.shape[-1] // 4
    rows, columns = (int(torch.randint(-reach, reach + 1, ())) for _ in range(2))
    piece = donors[torch.randint(len(donors), (len(x),), device=x.device)].roll((rows, columns), (2, 3))
    piece = torch.where(_chance(x, 0.5), piece.flip(-1), piece)
    gap = ((piece - x) * mask).sum((2, 3), keepdim=True) / mask.sum((2, 3), keepdim=True).clamp(min=1e-6)
    return Lesion(x + mask * (piece - _uniform(x, 0, 0.8) * gap - x), mask)


def _dark(x: Tensor, _donors: Tensor) -> Lesion:
    """Air where none belongs: darker, without markings."""
    mask = _blob(x, 0.08, 0.3)
    low, smooth = _level(x, 0.02, 0.2), blur(x, 1 + 2 * torch.rand(len(x)))
    return Lesion(x + mask * _uniform(x, 0.3, 0.9) * (torch.minimum(smooth, low + 0.3 * (smooth - low)) - x), mask)


def _nodules(x: Tensor, _donors: Tensor) -> Lesion:
    """One to five small bright spots."""
    mask = torch.zeros_like(x)
    for _ in range(int(torch.randint(1, 6, ()))):
        mask = torch.maximum(mask, _blob(x, 0.02, 0.06))
    return Lesion(_towards(x, _level(x, 0.6, 0.95), _uniform(x, 0.2, 0.8) * mask), mask)


def _displaced(x: Tensor, _donors: Tensor) -> Lesion:
    """A region pulled out of shape: a heart too large, a diaphragm too high."""
    mask = _blob(x, 0.12, 0.35)
    shift = torch.cat((_noise(x, 4), _noise(x, 4)), dim=1) * _uniform(x, 0.03, 0.09) * mask
    plain = torch.eye(2, 3, device=x.device).expand(len(x), 2, 3)
    where = F.affine_grid(plain, list(x.shape), align_corners=False) + shift.permute(0, 2, 3, 1)
    return Lesion(F.grid_sample(x, where, padding_mode="reflection", align_corners=False), mask)


KINDS: dict[str, Callable[[Tensor, Tensor], Lesion]] = {
    "opacity": _opacity,
    "haze": _haze,
    "diffuse": _diffuse,
    "effusion": _effusion,
    "interstitial": _interstitial,
    "texture": _texture,
    "lost_detail": _lost_detail,
    "foreign_piece": _foreign_piece,
    "dark": _dark,
    "nodules": _nodules,
    "displaced": _displaced,
}

# --- what they are made of ---------------------------------------------------------------------------------------


def _uniform(x: Tensor, low: float, high: float) -> Tensor:
    """One number an image, (B, 1, 1, 1)."""
    return low + (high - low) * torch.rand(len(x), 1, 1, 1, device=x.device)


def _chance(x: Tensor, probability: float) -> Tensor:
    """(B, 1, 1, 1) bool."""
    return torch.rand(len(x), 1, 1, 1, device=x.device) < probability


def _axes(x: Tensor) -> tuple[Tensor, Tensor]:
    """Row (1, 1, S, 1) and column (1, 1, 1, S) of every pixel as a share of the side."""
    along = (torch.arange(x.shape[-1], device=x.device) + 0.5) / x.shape[-1]
    return along.view(1, 1, -1, 1), along.view(1, 1, 1, -1)


def _noise(x: Tensor, cells: int) -> Tensor:
    """(B, 1, S, S) standard normal on a coarse grid, smoothly between."""
    coarse = torch.randn(len(x), 1, cells, cells, device=x.device)
    return F.interpolate(coarse, size=x.shape[-2:], mode="bicubic", align_corners=False)


def _fractal(x: Tensor) -> Tensor:
    """(B, 1, S, S) noise of four scales, mixed differently for each image, variance about one."""
    weights = torch.rand(len(x), 4, 1, 1, device=x.device) ** 2
    weights = weights / weights.square().sum(1, keepdim=True).sqrt()
    return torch.stack([weights[:, i : i + 1] * _noise(x, cells) for i, cells in enumerate((4, 8, 16, 32))]).sum(0)


def _grain(x: Tensor, cells: tuple[int, ...]) -> Tensor:
    """Noise of one scale, in half of the images its bright part only."""
    noise = _noise(x, cells[int(torch.randint(len(cells), ()))])
    return torch.where(_chance(x, 0.5), noise, noise.clamp(min=0) * 1.5)


def _level(x: Tensor, low: float, high: float) -> Tensor:
    """(B, 1, 1, 1), a grey of the image's middle: its quantile at a random share between `low` and `high`."""
    margin = x.shape[-1] // 6
    ordered = x[..., margin:-margin, margin:-margin].flatten(1).sort(1).values
    share = _uniform(x, low, high).flatten()
    return ordered.gather(1, (share * (ordered.shape[1] - 1)).long()[:, None]).view(-1, 1, 1, 1)


def _towards(x: Tensor, level: Tensor, share: Tensor) -> Tensor:
    """Brighten what is darker than `level` by a share of the way; what is brighter stays."""
    return x + share * (level - x).clamp(min=0)


def _centres(x: Tensor) -> tuple[Tensor, Tensor]:
    """Row and column, (B, 1, 1, 1) as shares of the side, likelier where the inner image is dark: in the lungs."""
    darkness = F.adaptive_avg_pool2d(x, CELLS).flatten(1)
    along = (torch.arange(CELLS, device=x.device) + 0.5) / CELLS
    inside = (along > INNER[0]) & (along < INNER[1])
    inside = (inside[:, None] & inside[None]).flatten().float()
    middle = (darkness * inside).sum(1, keepdim=True) / inside.sum()
    likely = (torch.sigmoid((middle - darkness) * 12) + 1e-4) * inside
    cell = torch.multinomial(likely, 1)
    row = (cell // CELLS + torch.rand(len(x), 1, device=x.device)) / CELLS
    column = (cell % CELLS + torch.rand(len(x), 1, device=x.device)) / CELLS
    return row[..., None, None], column[..., None, None]


def _blob(x: Tensor, smallest: float, largest: float) -> Tensor:
    """(B, 1, S, S) in 0..1: a turned ellipse with ragged, more or less soft borders.

    Args:
        x: images, for the place.
        smallest: radius as a share of the side; drawn log-uniformly up to `largest`.
        largest: radius.
    """
    (rows, columns), (row, column) = _axes(x), _centres(x)
    radius = smallest * (largest / smallest) ** _uniform(x, 0, 1)
    longer, angle = torch.exp(_uniform(x, -0.6, 0.6)), _uniform(x, 0, math.pi)
    down, right = rows - row, columns - column
    u = (down * angle.cos() + right * angle.sin()) / (radius * longer)
    v = (right * angle.cos() - down * angle.sin()) / (radius / longer)
    ragged = 0.35 * _fractal(x) * _uniform(x, 0, 2).clamp(max=1)
    return torch.sigmoid((1 - (u * u + v * v).sqrt() + ragged) / _uniform(x, 0.04, 0.24))


def _lungs(x: Tensor) -> Tensor:
    """(B, 1, S, S) in 0..1: the dark of the inner image, a rough lung field."""
    reach = max(1, round(x.shape[-1] / 21))
    smooth = F.avg_pool2d(F.pad(x, (reach,) * 4, mode="reflect"), 2 * reach + 1, 1)
    rows, columns = (torch.sigmoid((0.38 - (axis - 0.5).abs()) * 30) for axis in _axes(x))
    inside = rows * columns
    core = (inside > 0.5).float()
    middle = (smooth * core).sum((2, 3), keepdim=True) / core.sum()
    return torch.sigmoid((middle - smooth) * _uniform(x, 12, 30)) * inside


def _patchy_lungs(x: Tensor) -> Tensor:
    """The lungs, unevenly."""
    return _lungs(x) * (0.6 + 0.5 * _fractal(x) * _uniform(x, 0, 1)).clamp(0, 1)


def _side(x: Tensor, share: float) -> Tensor:
    """(B, 1, 1, S): the right half in `share` of the images, the left in as many, else all."""
    _, columns = _axes(x)
    draw = _uniform(x, 0, 1)
    half = torch.where(draw < share, torch.sigmoid((columns - 0.5) * 40), torch.sigmoid((0.5 - columns) * 40))
    return torch.where(draw < 2 * share, half, torch.ones_like(half))
