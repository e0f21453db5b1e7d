"""The losses of generator and discriminator (paper, section 3.5 and its supplement), and what becomes of them."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.contracts.errors import SquidError
from squid_core.model.generator import Reconstruction
from squid_core.training.preset import LossWeights

LOG_EVERY = 10  # steps between two looks at the losses: fetching them makes the device wait


class Losses:
    """The losses of the last steps. They are left on the device until somebody looks.

    Args:
        what: is trained, as a sentence begins.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._unseen: list[tuple[int, dict[str, Tensor]]] = []
        self._seen: list[dict[str, float]] = []

    def add(self, step: int, losses: dict[str, Tensor]) -> None:
        """Take in the losses of a step: numbers by name, the same names at every step."""
        self._unseen.append((step, losses))

    def check(self) -> None:
        """Look at those not seen yet; before anything is saved.

        Raises:
            SquidError: one is not finite.
        """
        if not self._unseen:
            return
        rows = torch.stack([torch.stack(list(losses.values())) for _, losses in self._unseen]).tolist()
        for (step, losses), row in zip(self._unseen, rows, strict=True):
            if not all(map(math.isfinite, row)):
                raise SquidError(
                    f"{self._what} diverged at step {step}: a loss is not a number.",
                    "The last good checkpoint is untouched; resume it with a lower learning rate.",
                )
            self._seen.append(dict(zip(losses, row, strict=True)))
        self._unseen.clear()

    def means(self) -> dict[str, float]:
        """`check`, and the means by name of all since they were last asked for.

        Raises:
            SquidError: one is not finite.
        """
        self.check()
        means = {name: sum(one[name] for one in self._seen) / len(self._seen) for name in self._seen[0]}
        self._seen.clear()
        return means


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
