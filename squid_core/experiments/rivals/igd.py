"""IGD: an auto-encoder whose codes follow one Gaussian, also halfway between two images."""

from __future__ import annotations

from itertools import islice

import torch
from torch import Tensor

from squid_core.experiments.networks import RECONSTRUCTION, Baseline, NormalImages
from squid_core.experiments.rivals.coder import CODE, Coder
from squid_core.experiments.rivals.similarity import ms_ssim
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator

STRUCTURE = 0.85  # share of the structural term in the reconstruction's error; the rest is the absolute error
FOOLING = 0.1  # weight of the critic's verdict in the auto-encoder's loss
GAMMA = 0.2  # share of the image that the critic must not notice in a reconstruction
SMALLEST = 0.1  # of a coordinate of the centre: from zero a network gets away with weights of zero
ESTIMATES = 4  # of centre and spread, evenly over the training
BATCHES = 8  # of normals that each of them looks at


class Igd(Baseline):
    """Reconstruction, a Gaussian descriptor of the code, and a critic that judges how far two codes were mixed.

    Source: Y. Chen et al., Deep one-class classification via interpolated Gaussian descriptor, AAAI 2022, and its
    published code. The auto-encoder minimises 0.85 (1 - MS-SSIM) + 0.15 |x' - x| + 1 - exp(-|z - c|^2 / s) + 0.1
    critic(G(mix))^2, where mix = a z + (1 - a) z of another image with a in 0..0.5; the critic (critic(G(mix)) - a)^2
    + critic(x' + 0.2 (x - x'))^2. Centre c and spread s are the mean code and the mean squared distance from it (at
    least 1), estimated again as the training goes on. The score is the mean of the reconstruction's error and of 1 -
    exp(-|z - c|^2 / s).

    Departures: one scale, the whole image, where the published score takes the strangest of many patches; the encoder
    starts from scratch (the paper reports both); networks are ours and the critic is SQUID's with a logistic output.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.coder = Coder(config)
        self.critic = Discriminator(config)
        self.register_buffer("centre", torch.zeros(CODE))
        self.register_buffer("spread", torch.ones(()))
        self._normals: NormalImages | None = None
        self._estimates = 0

    def begin(self, normals: NormalImages) -> None:
        """Centre and spread of the codes, for the first time."""
        self._normals = normals
        self._estimate()

    def loss(self, images: Tensor) -> Tensor:
        """The auto-encoder's losses and the critic's; neither's gradient reaches the other."""
        if self.done * ESTIMATES >= self._estimates:
            self._estimate()
        codes = self.coder.encode(images)
        made = self.coder.decode(codes)
        share = torch.rand(len(images), 1, device=images.device) / 2
        mixed = self.coder.decode(share * codes + (1 - share) * codes.flip(0))
        self.critic.requires_grad_(requires_grad=False)
        fooling = self._judged(mixed).square().mean()
        self.critic.requires_grad_(requires_grad=True)
        noticed = (self._judged(mixed.detach()) - share.squeeze(1)).square().mean()
        unnoticed = self._judged(made.detach() + GAMMA * (images - made.detach())).square().mean()
        mine = _error(made, images).mean() + self._outside(codes).mean() + FOOLING * fooling
        return mine + noticed + unnoticed

    def finish(self, normals: NormalImages) -> None:
        """Centre and spread as they are in the end."""
        self._normals = normals
        self._estimate()

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The published mean, and its two parts; the descriptor's as a squared distance, which orders alike."""
        codes = self.coder.encode(images)
        error = _error(self.coder.decode(codes), images)
        return {
            "error and descriptor": (error + self._outside(codes)) / 2,
            "descriptor": (codes - self.centre).square().sum(1),
            RECONSTRUCTION: error,
        }

    def _judged(self, images: Tensor) -> Tensor:
        verdict: Tensor = self.critic(images)
        return verdict.sigmoid()

    def _outside(self, codes: Tensor) -> Tensor:
        """(B,) 1 - exp(-|z - c|^2 / s)."""
        return 1 - torch.exp(-(codes - self.centre).square().sum(1) / self.spread)

    @torch.no_grad()
    def _estimate(self) -> None:
        if self._normals is None:
            return
        was, self._estimates = self.training, self._estimates + 1
        self.eval()
        codes = torch.cat([self.coder.encode(batch) for batch in islice(self._normals(), BATCHES)])
        self.train(was)
        centre = codes.mean(0)
        near = centre.abs() < SMALLEST
        self.centre.copy_(torch.where(near, torch.where(centre < 0, -SMALLEST, SMALLEST), centre))
        self.spread.copy_((codes - self.centre).square().sum(1).mean().clamp(min=1))


def _error(made: Tensor, images: Tensor) -> Tensor:
    """(B,) structural and absolute error."""
    return STRUCTURE * (1 - ms_ssim(made, images)) + (1 - STRUCTURE) * (made - images).abs().mean((1, 2, 3))
