"""The losses of generator and discriminator (paper, section 3.5 and its supplement)."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.model.generator import Reconstruction
from squid_core.training.preset import LossWeights


def generator_losses(made: Reconstruction, images: Tensor, logits: Tensor, weights: LossWeights) -> dict[str, Tensor]:
    """Weighted parts of the generator's loss by name; their sum is what is minimised.

    Args:
        made: a training forward pass.
        images: (B, 1, S, S), the target.
        logits: (B,), the discriminator on the student's image.
        weights: from the preset; a part of weight zero is left out.
    """
    parts = {"student": weights.student * F.mse_loss(made.student, images)}
    if made.teacher is not None and weights.teacher:
        parts["teacher"] = weights.teacher * F.mse_loss(made.teacher, images)
    if made.distillation is not None and weights.distillation:
        parts["distillation"] = weights.distillation * made.distillation
    if made.pretext is not None and weights.pretext:
        parts["pretext"] = weights.pretext * made.pretext
    if weights.adversarial:
        real = torch.ones_like(logits)
        parts["adversarial"] = weights.adversarial * F.binary_cross_entropy_with_logits(logits, real)
    return parts


def discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Cross entropy of (B,) logits: normal images are real, the student's are not."""
    return F.binary_cross_entropy_with_logits(real, torch.ones_like(real)) + F.binary_cross_entropy_with_logits(
        fake, torch.zeros_like(fake)
    )
