"""CutPaste: features that tell normal images from ones with a piece pasted elsewhere, and a Gaussian of them."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.experiments.networks import Baseline, NormalImages
from squid_core.experiments.rivals.backbone import Backbone
from squid_core.model.whitening import Whitening

AREA, ASPECT = (0.02, 0.15), (0.3, 3.3)  # of a patch: share of the image, width by height
SCAR_WIDTH, SCAR_LENGTH = (2 / 256, 16 / 256), (10 / 256, 25 / 256)  # as shares of the side
TURN = 45.0  # greatest angle of a scar in degrees
JITTER = 0.1  # greatest change of brightness and contrast of a pasted piece
NORMAL, PATCH, SCAR = range(3)


class CutPaste(Baseline):
    """Three-way classification of made images, then a Gaussian density of its features on normals.

    Source: C.-L. Li et al., CutPaste: self-supervised learning for anomaly detection and localization, CVPR 2021
    (3-way). Cross entropy over normal, CutPaste and CutPaste-Scar, each image once as each; the score is the
    Mahalanobis distance of the pooled features from those of training normals.

    Departures: SQUID's encoder from scratch, unless a backbone is given, which is then trained on; the covariance is
    kept well conditioned as the project's others are (`Whitening`); jitter of grey alone.
    """

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(backbone.widths[-1], 3)
        self.gaussian = Whitening(torch.zeros(()), torch.zeros(()))

    def loss(self, images: Tensor) -> Tensor:
        """Cross entropy of the three kinds."""
        seen, labels = three_ways(images)
        return F.cross_entropy(self.head(self.backbone.pooled(seen)), labels)

    def finish(self, normals: NormalImages) -> None:
        """The Gaussian of the features."""
        self.gaussian = Whitening.of(torch.cat([self.backbone.pooled(batch) for batch in normals()]))

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The log of the squared Mahalanobis distance."""
        return {"Gaussian density": self.gaussian.distance(self.backbone.pooled(images))}


def three_ways(images: Tensor) -> tuple[Tensor, Tensor]:
    """(B, 1, S, S) in 0..1 -> (3B, 1, S, S): as they are, with a patch, with a scar; and (3B,) labels."""
    made = torch.cat((images, pasted(images, scar=False), pasted(images, scar=True)))
    return made, torch.arange(3, device=images.device).repeat_interleave(len(images))


def pasted(images: Tensor, *, scar: bool) -> Tensor:
    """Each image with a piece of itself, its grey a little changed, at another place of it.

    Args:
        images: (B, 1, S, S) in 0..1.
        scar: a thin turned bar, not an upright patch.
    """
    side = images.shape[-1]
    if scar:
        width, length, angle = _between(images, SCAR_WIDTH), _between(images, SCAR_LENGTH), _turned(images, TURN)
    else:
        area, aspect = _between(images, AREA), torch.exp(_between(images, (math.log(ASPECT[0]), math.log(ASPECT[1]))))
        width, length, angle = (area * aspect).sqrt(), (area / aspect).sqrt(), torch.zeros_like(area)
    width, length = width.clamp(min=2 / side), length.clamp(min=2 / side)
    along = (torch.arange(side, device=images.device) + 0.5) / side
    rows, columns = (along.view(1, 1, -1, 1), along.view(1, 1, 1, -1))
    row, column = (torch.rand_like(width) * (1 - extent) + extent / 2 for extent in (length, width))
    down, right = rows - row, columns - column
    u, v = down * angle.cos() + right * angle.sin(), right * angle.cos() - down * angle.sin()
    inside = (u.abs() <= length / 2) & (v.abs() <= width / 2)
    moved = torch.stack([image.roll(_shift(side), (1, 2)) for image in images])
    change = 1 + JITTER * (2 * torch.rand_like(width) - 1)
    piece = (moved * change + JITTER * (2 * torch.rand_like(width) - 1)).clamp(0, 1)
    return torch.where(inside, piece, images)


def _shift(side: int) -> tuple[int, int]:
    """Rows and columns that a piece comes from farther up and left, at least a tenth of the side."""
    down, right = torch.randint(side // 10 + 1, side - side // 10, (2,)).tolist()
    return down, right


def _between(images: Tensor, limits: tuple[float, float]) -> Tensor:
    """(B, 1, 1, 1), uniform."""
    return limits[0] + (limits[1] - limits[0]) * torch.rand(len(images), 1, 1, 1, device=images.device)


def _turned(images: Tensor, degrees: float) -> Tensor:
    """(B, 1, 1, 1) angles in radians, either way."""
    return _between(images, (-math.radians(degrees), math.radians(degrees)))
