"""Real or rebuilt? Its logit on the student's image is the paper's anomaly evidence (paper, section 3.4)."""

from __future__ import annotations

from torch import Tensor, nn

from squid_core.model.config import NetworkConfig


class Discriminator(nn.Module):
    """5x5 stride-2 convolutions and a linear read-out.

    Deviation: instance norm in place of batch norm. Published evaluation leaves the batch norm in training mode with
    one image a batch, where it acts as instance norm; this one means the same in both modes and at any batch size.
    """

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs, side = 1, config.image_size
        for i, outputs in enumerate(config.discriminator_widths):
            layers.append(nn.Conv2d(inputs, outputs, 5, 2, 2))
            if i:
                layers.append(nn.GroupNorm(outputs, outputs))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            inputs, side = outputs, (side + 1) // 2
        self.features = nn.Sequential(*layers)
        self.read_out = nn.Linear(inputs * side**2, 1)

    def forward(self, images: Tensor) -> Tensor:
        """(B, 1, S, S) in 0..1 -> (B,) logits; high means it looks like a real normal image."""
        out: Tensor = self.read_out(self.features(images).flatten(1)).squeeze(1)
        return out
