"""Detectors by reconstruction, built from our own encoder and decoder: widths, bottleneck and image size are SQUID's.

Where a method is a configuration of our network it is one here. None sees skip connections, patches' neighbours or a
teacher. Each trains on the sum that `loss` returns and scores images in evaluation mode; high speaks for abnormal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TypeAlias

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from squid_core.contracts.detection import Shrinkage
from squid_core.model.config import MemoryKind, NetworkConfig, Pretext
from squid_core.model.discriminator import Discriminator
from squid_core.model.generator import Encoded, Generator, Reconstruction
from squid_core.training.losses import discriminator_loss

ENTROPY_WEIGHT = 2e-4  # MemAE, section 3.4
CONTEXTUAL_WEIGHT = 50.0  # GANomaly, section 3.2; its other two weights are 1
RECONSTRUCTION, LATENT = "reconstruction error", "latent error"

NormalImages: TypeAlias = Callable[
    [], Iterator[Tensor]
]  # batches (B, 1, S, S) of training normals as they are, each time


class Baseline(nn.Module, ABC):
    """One method.

    Attributes:
        rate: share of the common learning rate at which it learns.
        done: share of the training that is done; set before every step.
    """

    rate = 1.0
    done = 0.0

    def begin(self, normals: NormalImages) -> None:
        """Look at normals before the first step; call in evaluation mode, without gradients."""

    def loss(self, images: Tensor) -> Tensor:
        """What is minimised for (B, 1, S, S) normal images in 0..1; call in training mode, if there are parameters."""
        raise NotImplementedError

    def finish(self, normals: NormalImages) -> None:
        """Take statistics of normals after the last step; call in evaluation mode, without gradients."""

    @abstractmethod
    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """(B,) by name for (B, 1, S, S) images in 0..1; call in evaluation mode."""


def auto_encoder_config(config: NetworkConfig) -> NetworkConfig:
    """Our network without memory, in-painting, patches, shortcut, skips and teacher."""
    plain = {"inpaint": False, "shortcut": False, "teacher": False, "pretext": Pretext.NONE, "feature_relu": False}
    levels = {"skips": (False,) * config.levels, "decoder_slots": (0,) * config.levels}
    alone = {"memory": MemoryKind.NONE, "grid": 1, "joined_from": 0, "slots": 1, "top_k": 1}
    return NetworkConfig.model_validate(config.model_dump() | plain | levels | alone)


def decoded(generator: Generator, features: Tensor) -> Tensor:
    """Features (B, 1, D) through the decoder of a network without memory and skips: (B, 1, S, S) in 0..1."""
    config = generator.config
    encoded = Encoded(features, (), features)
    bottleneck, _, _ = generator.recall(encoded, config.shrinkage, config.top_k)
    image: Tensor = generator.student(bottleneck, encoded.skips, config.shrinkage, config.top_k)[0]
    return image


class AutoEncoder(Baseline):
    """A convolutional auto-encoder; the score is its mean squared error.

    Source: C. Baur et al., Deep autoencoding models for unsupervised anomaly segmentation, BrainLes 2018.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.generator = Generator(auto_encoder_config(config))

    def loss(self, images: Tensor) -> Tensor:
        """Mean squared error."""
        return F.mse_loss(self.generator(images).student, images)

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """Mean squared error by image."""
        return {RECONSTRUCTION: _squared(self.generator(images).student, images)}


class MemAe(Baseline):
    """Learned memory items, hard shrinkage and an entropy loss between encoder and decoder; the score is the error.

    Source: D. Gong et al., Memorizing normality to detect anomaly, ICCV 2019. As in its version for video, every
    place of the image asks one memory that all places share; here a place is a patch of SQUID's grid. Its shrinkage
    threshold is replaced by SQUID's count k of items kept.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        plain = auto_encoder_config(config).model_dump()
        memory = {"memory": MemoryKind.MATRIX, "space_aware": False, "shrinkage": Shrinkage.HARD}
        kept = {"grid": config.grid, "slots": config.slots, "top_k": config.top_k}
        self.generator = Generator(NetworkConfig.model_validate(plain | memory | kept))

    def loss(self, images: Tensor) -> Tensor:
        """Mean squared error and the entropy of the memory weights."""
        made: Reconstruction = self.generator(images)
        weights = made.reading.weights
        entropy = -(weights * torch.log(weights + 1e-12)).sum(-1).mean()
        return F.mse_loss(made.student, images) + ENTROPY_WEIGHT * entropy

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """Mean squared error of the image, and of the features against what memory answered."""
        made = self.generator(images)
        latent = (made.encoded.features - made.reading.output).square().mean((1, 2))
        return {RECONSTRUCTION: _squared(made.student, images), LATENT: latent}


class Vae(Baseline):
    """Variational auto-encoder with a Gaussian of unit variance around the decoded image.

    Source: D. Kingma and M. Welling, Auto-encoding variational Bayes, ICLR 2014; as a detector J. An and S. Cho,
    Variational autoencoder based anomaly detection using reconstruction probability, 2015. The means end in a batch
    norm, as our bottleneck does, so they cannot all shrink to the prior.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.generator = Generator(auto_encoder_config(config))
        self.log_variance = nn.Conv2d(config.widths[-1], config.feature_channels, 1)

    def loss(self, images: Tensor) -> Tensor:
        """Negative evidence lower bound per pixel, less its constant, doubled: the mean squared error and its rest."""
        student, divergence = self._pass(images)
        return F.mse_loss(student, images) + 2 * divergence.mean() / images[0].numel()

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The error, the divergence from the prior, and their sum in the bound; the mean stands for the sample."""
        student, divergence = self._pass(images)
        error = _squared(student, images)
        bound = error * images[0].numel() / 2 + divergence
        return {RECONSTRUCTION: error, "KL divergence": divergence, "negative ELBO": bound}

    def _pass(self, images: Tensor) -> tuple[Tensor, Tensor]:
        encoded = self.generator.encode(images)
        mean = encoded.features
        log_variance = self.log_variance(encoded.bottleneck).reshape(mean.shape).clamp(-10, 10)
        code = mean + torch.randn_like(mean) * (log_variance / 2).exp() if self.training else mean
        divergence = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum((1, 2))
        return decoded(self.generator, code), divergence


class Ganomaly(Baseline):
    """Encoder, decoder and a second encoder; the score is the distance between the two codes.

    Source: S. Akcay et al., GANomaly, ACCV 2018. The critic is SQUID's discriminator.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        plain = auto_encoder_config(config)
        self.generator, self.again = Generator(plain), Generator(plain)
        del self.again.student, self.again.expand  # of the second only the encoder is used
        self.critic = Discriminator(plain)

    def loss(self, images: Tensor) -> Tensor:
        """The generator's three losses and the critic's; neither's gradient reaches the other."""
        made = self.generator(images)
        self.critic.requires_grad_(requires_grad=False)
        matching = F.mse_loss(self.critic.features(made.student), self.critic.features(images))
        self.critic.requires_grad_(requires_grad=True)
        contextual = F.l1_loss(made.student, images)
        latent = F.mse_loss(self.again.encode(made.student).features, made.encoded.features)
        critic = discriminator_loss(self.critic(images), self.critic(made.student.detach()))
        return matching + CONTEXTUAL_WEIGHT * contextual + latent + critic

    def scores(self, images: Tensor) -> dict[str, Tensor]:
        """The published distance of the codes, and the mean squared error of the image."""
        made = self.generator(images)
        latent = (self.again.encode(made.student).features - made.encoded.features).square().mean((1, 2))
        return {LATENT: latent, RECONSTRUCTION: _squared(made.student, images)}


def _squared(made: Tensor, images: Tensor) -> Tensor:
    return (made - images).square().mean((1, 2, 3))
