"""How the texture of the lungs departs from normal: band energies of the input and of its reconstruction.

Not in the paper. Reconstruction error alone is at chance on chest X-rays, while the pattern of energy over scales
and places is not; so this compares both with those of normal images. What sharpness or exposure of the apparatus
changes everywhere alike is taken out: the mean of every band is removed, coarse scales count, and the two lungs are
held against each other.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.model.config import NetworkConfig
from squid_core.model.whitening import FLOOR, Whitening

SIGMAS = (1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)  # px of a 128 px image; a band lies between two of these
COARSE_FROM = 1  # bands from sigma 1.4 on
CELLS, FINE_CELLS = 8, 16  # energies are averaged in as many along each side
BESIDE_LUNGS = 8  # an eighth of the rows and columns at each edge does not hold the lung field of a frontal chest


class Parts(NamedTuple):
    """Four views of the band energies: (B, D) flattened log energies in the lung field, or one (B,) value of each."""

    pattern: Tensor  # input, every band less its own mean
    coarse: Tensor  # input, coarse bands
    symmetry: Tensor  # input, left half less the mirrored right half
    residual: Tensor  # input less reconstruction, coarse bands less their own mean


def log_energies(images: Tensor, cells: int) -> Tensor:
    """(B, 1, S, S) in 0..1 -> (B, bands, cells, cells), log of the mean squared band-pass signal."""
    blurs = _blurs(images.shape[-1], images.device)  # as matrices: four times faster than separable convolutions
    blurred = blurs @ images @ blurs.mT
    bands = blurred[:, :-1] - blurred[:, 1:]
    return torch.log(F.adaptive_avg_pool2d(bands**2, cells) + FLOOR)  # an energy as of 0.001 grey levels


def lung_field(energies: Tensor) -> Tensor:
    """(B, bands, cells, cells) -> the cells that hold the lungs of a frontal chest."""
    edge = energies.shape[-1] // BESIDE_LUNGS
    return energies[:, :, edge:-edge, edge:-edge]


def views(seen: Tensor, rebuilt: Tensor) -> Parts:
    """The four views of the `log_energies` of images and of their reconstructions."""
    seen, rebuilt = lung_field(seen), lung_field(rebuilt)
    difference = (seen - rebuilt)[:, COARSE_FROM:]
    mirrored = (seen - seen.flip(-1))[..., : seen.shape[-1] // 2]
    return Parts(
        (seen - seen.mean((2, 3), keepdim=True)).flatten(1),
        seen[:, COARSE_FROM:].flatten(1),
        mirrored.flatten(1),
        (difference - difference.mean((2, 3), keepdim=True)).flatten(1),
    )


class Texture(nn.Module):
    """Log Mahalanobis distance of each part from normal training images.

    All is statistics, kept in buffers; before `fit` every image gets the same values.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.cells = FINE_CELLS if config.laid else CELLS
        for name, size in zip(Parts._fields, _sizes(self.cells), strict=True):
            self.register_buffer(f"{name}_mean", torch.zeros(size))
            self.register_buffer(f"{name}_whitening", torch.zeros(size, size))

    def forward(self, images: Tensor, students: Tensor, seen: Tensor | None = None) -> Parts:
        """Log of the squared Mahalanobis distance per dimension, (B,) a part; high speaks for abnormal.

        Args:
            images: (B, 1, S, S) in 0..1.
            students: the reconstructions.
            seen: `energies` of the images, if they are at hand.
        """
        found = []
        for name, features in zip(Parts._fields, self.features(images, students, seen), strict=True):
            fitted = Whitening(self.get_buffer(f"{name}_mean"), self.get_buffer(f"{name}_whitening"))
            found.append(fitted.distance(features))
        return Parts(*found)

    def features(self, images: Tensor, students: Tensor, seen: Tensor | None = None) -> Parts:
        """What the distances are of: the four views, (B, D) each; arguments as for the distances."""
        seen = self.energies(images) if seen is None else seen
        return views(seen, self.energies(students))

    def energies(self, images: Tensor) -> Tensor:
        """`log_energies` in this texture's cells."""
        return log_energies(images, self.cells)

    @torch.no_grad()
    def fit(self, training: Parts) -> None:
        """Take mean and covariance from training normals."""
        for name, features in zip(Parts._fields, training, strict=True):
            fitted = Whitening.of(features)
            self.get_buffer(f"{name}_mean").copy_(fitted.mean)
            self.get_buffer(f"{name}_whitening").copy_(fitted.matrix)


def _sizes(cells: int) -> tuple[int, ...]:
    side = cells - 2 * (cells // BESIDE_LUNGS)
    bands = len(SIGMAS) - 1
    coarse = bands - COARSE_FROM
    return bands * side**2, coarse * side**2, bands * side * (side // 2), coarse * side**2


@lru_cache(maxsize=4)
def _blurs(size: int, device: torch.device) -> Tensor:
    """(len(SIGMAS), size, size): G such that G @ column is the column blurred with each sigma, edges mirrored."""
    found = []
    for sigma in (s * size / 128 for s in SIGMAS):
        reach = min(math.ceil(3 * sigma), size - 1)
        offsets = torch.arange(-reach, reach + 1, dtype=torch.float32)
        kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
        columns = F.pad(torch.eye(size)[None], (reach, reach), mode="reflect").transpose(0, 1)  # each unit pulse's row
        found.append(F.conv1d(columns, (kernel / kernel.sum()).view(1, 1, -1)).squeeze(1).T)
    return torch.stack(found).to(device)
