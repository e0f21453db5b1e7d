"""PANDA: deep features drawn together around normals, and stopped in time."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from squid_core.experiments.networks import Baseline, NormalImages
from squid_core.experiments.rivals.backbone import Backbone

NEIGHBOURS = 2
TRAINED = 2  # last stages that may change
SNAPSHOTS = 3  # before training, and then evenly; the last is the end


class Panda(Baseline):
    """Distance to the nearest normals in features that were made compact, where it is greatest in the training.

    Source: T. Reiss et al., PANDA: adapting pretrained features for anomaly detection and segmentation, CVPR 2021,
    with its sample-wise early stopping. The last stages minimise the mean of |f(x) - c|^2, with c the mean feature of
    normals before training. Squared distances to the two nearest normals are summed, divided by what training normals
    have on average at that snapshot, and the greatest over the snapshots is the score. The first snapshot alone is DN2
    (L. Bergman et al., Deep nearest neighbor anomaly detection, 2020).

    Departures: the backbone, unless it is given; Adam at a hundredth of the common learning rate in place of SGD whose
    gradients are clipped to a norm of 0.001; snapshots at shares of the common number of steps, not of 15 epochs.
    """

    rate = 0.01
    centre: Tensor

    def __init__(self, backbone: Backbone) -> None:
        super().__init__()
        self.backbone = copy.deepcopy(backbone).requires_grad_(requires_grad=False)
        self.tail = nn.ModuleList(self.backbone.stages[-TRAINED:]).requires_grad_(requires_grad=True)
        self.register_buffer("centre", torch.zeros(backbone.widths[-1]))
        self.snapshots: list[nn.ModuleList] = []
        self.banks: list[Tensor] = []
        self.usual: list[Tensor] = []

    def train(self, mode: bool = True) -> Panda:
        """Its norms keep the statistics that the backbone came with."""
        super().train(mode)
        self.backbone.eval()
        return self

    def begin(self, normals: NormalImages) -> None:
        """The centre of the features."""
        self.centre.copy_(torch.cat([self.backbone.pooled(batch) for batch in normals()]).mean(0))

    def loss(self, images: Tensor) -> Tensor:
        """Compactness."""
        if self.done * (SNAPSHOTS - 1) >= len(self.snapshots):
            self._keep()
        return (self.backbone.pooled(images) - self.centre).square().mean()

    def finish(self, normals: NormalImages) -> None:
        """The normals' own features at every snapshot, and how far apart they usually lie."""
        self._keep()
        for snapshot in self.snapshots:
            bank = torch.cat([self._pooled(batch, snapshot) for batch in normals()])
            self.banks.append(bank)
            self.usual.append(nearest(bank, bank, themselves=True).mean())

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The greatest over the snapshots, and the first."""
        kept = zip(self.snapshots, self.banks, self.usual, strict=True)
        found = torch.stack([nearest(self._pooled(images, tail), bank) / usual for tail, bank, usual in kept])
        return {"nearest normals": found.amax(0), "before training (DN2)": found[0]}

    def _keep(self) -> None:
        self.snapshots.append(copy.deepcopy(self.tail).requires_grad_(requires_grad=False).eval())

    def _pooled(self, images: Tensor, tail: nn.ModuleList) -> Tensor:
        """Pooled features with a snapshot's last stages."""
        own = Backbone("", self.backbone.stem, [*self.backbone.stages[:-TRAINED], *tail], (), self.backbone.grid)
        return own.eval().pooled(images)


def nearest(features: Tensor, bank: Tensor, *, themselves: bool = False) -> Tensor:
    """(B, D) against (N, D) -> (B,) sum of the squared distances to the nearest of the bank.

    Args:
        features: whose distance is asked for.
        bank: normals.
        themselves: the features are those of the bank, and none is its own neighbour.
    """
    distances = torch.cdist(features, bank).square()
    if themselves:
        distances.fill_diagonal_(torch.inf)
    return distances.topk(min(NEIGHBOURS, len(bank) - themselves), largest=False).values.sum(1)
