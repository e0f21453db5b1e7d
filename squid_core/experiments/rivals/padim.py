"""PaDiM: a Gaussian of deep features at every place."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.experiments.networks import Baseline, NormalImages
from squid_core.experiments.rivals.backbone import Backbone
from squid_core.training.augmentation import blur

DIMENSIONS = 100  # of the features, drawn by chance
LEVELS = 3  # finest ones that are put together
RIDGE = 0.01  # of the identity in a covariance
SMOOTH = 4 / 56  # sigma of the Gaussian over the map as a share of its side; in the paper 4 of 224 px, on a map of 56


class Padim(Baseline):
    """The strangest place, by Mahalanobis distance from what normals show there. Nothing is trained.

    Source: T. Defard et al., PaDiM: a patch distribution modeling framework for anomaly detection and localization,
    ICPR workshops 2021. Features of three levels are put together place by place, some dimensions are drawn by chance,
    and mean and covariance, with 0.01 of the identity, are taken from training normals. The score is the greatest
    distance on the smoothed map.

    Departures: the backbone, unless it is given; images at their own size, not 224 px; the map is smoothed before, not
    after, it would be enlarged.
    """

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone.requires_grad_(requires_grad=False)
        total = sum(backbone.widths[:LEVELS])
        self.chosen = torch.randperm(total)[:DIMENSIONS].sort().values
        self.mean, self.inverse = torch.zeros(()), torch.zeros(())

    def features(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) -> (P, B, D) of the places of the finest level, row by row."""
        levels = self.backbone(images)[:LEVELS]
        joined = torch.cat([F.interpolate(level, size=levels[0].shape[-2:], mode="nearest") for level in levels], dim=1)
        return joined[:, self.chosen.to(images.device)].flatten(2).permute(2, 0, 1)

    def finish(self, normals: NormalImages) -> None:
        """Mean and covariance of every place."""
        count, total, squares = 0, torch.zeros(()), torch.zeros(())
        for batch in normals():
            seen = self.features(batch).double()
            count, total, squares = count + seen.shape[1], total + seen.sum(1), squares + seen.mT @ seen
        mean = total / count
        covariance = (squares - count * mean[..., None] * mean[:, None]) / max(1, count - 1)
        ridge = RIDGE * torch.eye(mean.shape[1], dtype=mean.dtype, device=mean.device)
        self.mean, self.inverse = mean.float(), torch.linalg.inv(covariance + ridge).float()

    def distances(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) -> (B, side, side) Mahalanobis distances."""
        away = self.features(images) - self.mean[:, None]
        squared = ((away @ self.inverse) * away).sum(-1).clamp(min=0)
        side = round(len(squared) ** 0.5)
        return squared.sqrt().T.reshape(-1, side, side)

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The greatest smoothed distance."""
        found = self.distances(images)[:, None]
        sigma = torch.full((len(images),), SMOOTH * found.shape[-1], device=images.device)
        return {"greatest distance": blur(found, sigma).amax((1, 2, 3))}
