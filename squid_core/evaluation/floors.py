"""Floors: scores that need no training, only statistics of normal images. A detector has to beat them.

On ZhangLab they reach 82 to 90 AUC by sharpness and texture alone, with no picture of what is normal.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from numpy.typing import NDArray
from torch import Tensor

from squid_core.datasets.image_set import ImageSet, spread
from squid_core.datasets.tensors import as_tensor
from squid_core.model.texture import CELLS, FINE_CELLS, log_energies, lung_field, views
from squid_core.model.whitening import Whitening

BATCH = 64
FITTED_ON = 1500  # training normals, spread over the set
LAPLACIAN = ((0.0, 1.0, 0.0), (1.0, -4.0, 1.0), (0.0, 1.0, 0.0))
EPS = 1e-9


def laplacian(images: Tensor) -> Tensor:
    """(B, 1, S, S) in 0..1 -> (B,) negative log of the mean squared Laplacian: high where an image is blurred."""
    kernel = torch.tensor(LAPLACIAN, dtype=images.dtype, device=images.device)[None, None]
    return -torch.log(F.conv2d(images, kernel).square().mean((1, 2, 3)) + EPS)


def band_views(images: Tensor) -> dict[str, tuple[Tensor, ...]]:
    """(B, 1, S, S) in 0..1 -> feature vectors (B, D) by floor.

    A floor scores the sum over its vectors of the log of the squared Mahalanobis distance from training normals.
    """
    coarse, fine = (log_energies(images, cells) for cells in (CELLS, FINE_CELLS))
    eighths, sixteenths = (views(energies, energies) for energies in (coarse, fine))
    return {
        "band_energies": (coarse.flatten(1),),
        "band_energies_lung_field": (lung_field(coarse).flatten(1),),
        "lung_field_pattern_coarse_symmetry": (eighths.pattern, eighths.coarse, eighths.symmetry),
        "fine_lung_field_pattern_coarse_symmetry": (sixteenths.pattern, sixteenths.coarse, sixteenths.symmetry),
    }


class Floors:
    """The floors, fitted on training normals only.

    Args:
        training: normal images. Of large sets some are taken, spread over the set.
    """

    def __init__(self, training: ImageSet) -> None:
        some = training.subset(spread(len(training), FITTED_ON))
        seen = [band_views(batch) for batch in _batches(some)]
        self._fitted = {
            name: tuple(Whitening.of(torch.cat(vectors)) for vectors in zip(*(row[name] for row in seen), strict=True))
            for name in seen[0]
        }

    def scores(self, images: ImageSet) -> dict[str, NDArray[np.float64]]:
        """(B,) by floor; high speaks for abnormal."""
        rows = [self._of_batch(batch) for batch in _batches(images)]
        return {name: torch.cat([row[name] for row in rows]).double().numpy() for name in rows[0]}

    def _of_batch(self, images: Tensor) -> dict[str, Tensor]:
        found = {"laplacian": laplacian(images)}
        for name, vectors in band_views(images).items():
            pairs = zip(self._fitted[name], vectors, strict=True)
            found[name] = torch.stack([fitted.distance(vector) for fitted, vector in pairs]).sum(0)
        return found


def _batches(images: ImageSet) -> Iterator[Tensor]:
    """(B, 1, S, S) float in 0..1."""
    for start in range(0, len(images), BATCH):
        yield as_tensor(images.images[start : start + BATCH])
