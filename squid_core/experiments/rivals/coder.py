"""An auto-encoder with a short code: what f-AnoGAN, SALAD and IGD are built on."""

from __future__ import annotations

from torch import Tensor, nn

from squid_core.experiments.networks import auto_encoder_config, decoded
from squid_core.model.config import NetworkConfig
from squid_core.model.generator import Generator

CODE = 128  # numbers that stand for an image, as in f-AnoGAN and IGD


class Coder(nn.Module):
    """Our encoder and decoder without memory, with CODE numbers between them.

    Attributes:
        generator: encoder and decoder.
        inwards: the encoder's features to the code.
        outwards: a code to what the decoder starts from.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.generator = Generator(auto_encoder_config(config))
        size = self.generator.config.feature_size
        self.inwards, self.outwards = nn.Linear(size, CODE), nn.Linear(CODE, size)

    def encode(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) in 0..1 -> (B, CODE)."""
        codes: Tensor = self.inwards(self.generator.encode(images).features.flatten(1))
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        """(B, CODE) -> (B, 1, S, S) in 0..1."""
        return decoded(self.generator, self.outwards(codes)[:, None])
