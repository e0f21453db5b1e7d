"""f-AnoGAN: a generator of normal images from noise, and an encoder that finds the noise behind an image."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.experiments.networks import RECONSTRUCTION, Baseline
from squid_core.experiments.rivals.coder import CODE, Coder
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator

PENALTY = 10.0  # of the gradient; Gulrajani et al., NeurIPS 2017
KAPPA = 1.0  # of the critic's features beside the pixels
FIRST = 0.5  # share of the steps that train the GAN; the encoder has the rest


class FAnoGan(Baseline):
    """WGAN-GP on normal images, then an encoder trained by the izi_f scheme.

    Source: T. Schlegl et al., f-AnoGAN: fast unsupervised anomaly detection with generative adversarial networks,
    Medical Image Analysis 2019. First half: the critic minimises D(G(z)) - D(x) + 10 (|grad D| - 1)^2, the generator
    -D(G(z)). Second half, both frozen: the encoder minimises |x - G(E(x))|^2 + kappa |f(x) - f(G(E(x)))|^2, each the
    mean over its numbers, f the critic's features. The score is that same sum.

    Departures: encoder and decoder are ours and the critic is SQUID's, not residual networks; one step of the critic
    for one of the generator, not five, so that the two stages fit into the common number of steps; the encoder ends
    without tanh.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.coder = Coder(config)
        self.critic = Discriminator(config)

    def loss(self, images: Tensor) -> Tensor:
        """Of the stage that the share of the steps calls for."""
        return self._gan(images) if self.done < FIRST else self._izi(images)

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The published sum of residual and features, and the residual alone."""
        made = self.coder.decode(self.coder.encode(images))
        residual = (made - images).square().mean((1, 2, 3))
        features = (self.critic.features(made) - self.critic.features(images)).square().mean((1, 2, 3))
        return {"residual and features": residual + KAPPA * features, RECONSTRUCTION: residual}

    def _gan(self, images: Tensor) -> Tensor:
        """Both players' losses; neither's gradient reaches the other."""
        made = self.coder.decode(torch.randn(len(images), CODE, device=images.device))
        critic: Tensor = self.critic(made.detach()) - self.critic(images)
        penalty = gradient_penalty(self.critic, images, made.detach())
        self.critic.requires_grad_(requires_grad=False)
        fooling: Tensor = -self.critic(made).mean()
        self.critic.requires_grad_(requires_grad=True)
        return critic.mean() + PENALTY * penalty + fooling

    def _izi(self, images: Tensor) -> Tensor:
        """The encoder's loss; generator and critic stay as they are, their batch norms too."""
        for frozen in (self.critic, self.coder.outwards, self.coder.generator.expand, self.coder.generator.student):
            frozen.requires_grad_(requires_grad=False).eval()
        made = self.coder.decode(self.coder.encode(images))
        features = F.mse_loss(self.critic.features(made), self.critic.features(images))
        return F.mse_loss(made, images) + KAPPA * features


def gradient_penalty(critic: nn.Module, real: Tensor, made: Tensor) -> Tensor:
    """Mean squared distance from 1 of the norm of a critic's gradient, between pairs of images: a scalar.

    Args:
        critic: (B, 1, S, S) -> (B,).
        real: (B, 1, S, S).
        made: (B, 1, S, S).
    """
    share = torch.rand(len(real), 1, 1, 1, device=real.device)
    between = (share * real + (1 - share) * made).requires_grad_()
    gradient: Tensor = torch.autograd.grad(critic(between).sum(), between, create_graph=True)[0]
    norms: Tensor = torch.linalg.vector_norm(gradient.flatten(1), dim=1)
    return (norms - 1).square().mean()
