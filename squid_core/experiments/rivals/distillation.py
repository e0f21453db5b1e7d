"""M-KD: a student of deep features who has only ever seen normals."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.experiments.networks import Baseline
from squid_core.experiments.rivals.backbone import Backbone

LEVELS = 3  # deepest ones that are compared
VALUES = 0.01  # weight of the values beside the direction, as published for all sets but MVTec's


class MultiresolutionDistillation(Baseline):
    """A network of random weights learns a trained one's features on normals; where it fails lies the abnormal.

    Source: M. Salehi et al., Multiresolution knowledge distillation for anomaly detection, CVPR 2021. At each level
    with features t of the teacher and s of the student: 1 - cos(s, t) over the whole level plus 0.01 times the mean
    squared difference; their sum over the levels is the loss, and the score.

    Departures: the backbone, unless it is given, in place of VGG-16; the student is as large as its teacher, where the
    paper's is smaller (its code knows both).
    """

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.student = backbone.fresh()
        self.teacher = backbone.requires_grad_(requires_grad=False)

    def train(self, mode: bool = True) -> MultiresolutionDistillation:
        """The teacher stays as it is."""
        super().train(mode)
        self.teacher.eval()
        return self

    def loss(self, images: Tensor) -> Tensor:
        """Mean over the images of what is also the score."""
        return self._discrepancy(images).mean()

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The published discrepancy."""
        return {"discrepancy": self._discrepancy(images)}

    def _discrepancy(self, images: Tensor) -> Tensor:
        """(B,) over the levels."""
        with torch.no_grad():
            taught = self.teacher(images)[-LEVELS:]
        found = images.new_zeros(len(images))
        for theirs, own in zip(taught, self.student(images)[-LEVELS:], strict=True):
            direction = 1 - F.cosine_similarity(own.flatten(1), theirs.flatten(1))
            found = found + direction + VALUES * (own - theirs).square().mean((1, 2, 3))
        return found
