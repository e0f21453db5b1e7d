"""SALAD: an auto-encoder that restores spoiled images and whose codes survive another round trip."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.experiments.networks import RECONSTRUCTION, Baseline, NormalImages
from squid_core.experiments.rivals.coder import CODE, Coder
from squid_core.experiments.rivals.similarity import ssim
from squid_core.model.config import NetworkConfig

CENTRE, CONSISTENT = 0.1, 1.0  # weights of the two terms between codes beside those between images
BLOCK = 8  # px; inside such a block the pixels change places
SPOILED = 0.3  # share of the blocks


class Salad(Baseline):
    """Image to code to image to code, normal codes near one centre, trained on images that are partly spoiled.

    Source: H. Zhao et al., Anomaly detection for medical images using self-supervised and translation-consistent
    features, IEEE TMI 2021. With x~ the spoiled image, x' = G(E(x~)) and c the mean code of normals before training,
    what is minimised is |x' - x|^2 + (1 - SSIM(x', x)) + w |E(x) - c|^2 + |E(x') - E(x)|^2, means over pixels and
    numbers of the code. The score adds the image's error, structure included, and the distance of its code from the
    code of its reconstruction, each as a multiple of its mean over training normals.

    Departures: written from the paper's abstract, since its full text was not at hand, so weights and the way to spoil
    images (pixels shuffled inside blocks) are ours; networks are ours; no adversarial term.
    """

    centre: Tensor
    usual: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.coder = Coder(config)
        self.register_buffer("centre", torch.zeros(CODE))
        self.register_buffer("usual", torch.ones(2))

    def begin(self, normals: NormalImages) -> None:
        """The centre of the codes."""
        self.centre.copy_(torch.cat([self.coder.encode(batch) for batch in normals()]).mean(0))

    def loss(self, images: Tensor) -> Tensor:
        """Restoration, structure, centre, and consistency of the codes."""
        made = self.coder.decode(self.coder.encode(spoiled(images)))
        codes = self.coder.encode(images)
        between_images = F.mse_loss(made, images) + 1 - ssim(made, images).mean()
        centred = (codes - self.centre).square().mean()
        return between_images + CENTRE * centred + CONSISTENT * F.mse_loss(self.coder.encode(made), codes)

    def finish(self, normals: NormalImages) -> None:
        """What both parts of the score usually are."""
        self.usual.copy_(torch.cat([self._parts(batch) for batch in normals()]).mean(0))

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The published sum, and the image's part alone."""
        parts = self._parts(images)
        return {"image and feature error": (parts / self.usual).sum(1), RECONSTRUCTION: parts[:, 0]}

    def _parts(self, images: Tensor) -> Tensor:
        """(B, 2): error of the image, distance of the codes."""
        codes = self.coder.encode(images)
        made = self.coder.decode(codes)
        error = (made - images).square().mean((1, 2, 3)) + 1 - ssim(made, images)
        return torch.stack((error, (self.coder.encode(made) - codes).square().mean(1)), dim=1)


def spoiled(images: Tensor) -> Tensor:
    """(B, 1, S, S) with the pixels of a share of its blocks shuffled, each block on its own; S divides into blocks."""
    blocks = F.unfold(images, BLOCK, stride=BLOCK)
    order = torch.rand_like(blocks).argsort(1)
    hit = torch.rand_like(blocks[:, :1]) < SPOILED
    mixed = torch.where(hit, blocks.gather(1, order), blocks)
    return F.fold(mixed, (images.shape[-2], images.shape[-1]), BLOCK, stride=BLOCK)
