"""An image at a lower resolution, for the eye until the whole one is there."""

from __future__ import annotations

from dataclasses import dataclass

from squid_core.contracts.affine import Matrix
from squid_core.contracts.radiograph import Radiograph


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What stands in for an image while it is decoded. Nothing is measured, read off or taken away from it.

    Attributes:
        picture: as a reader answers with it, in fewer pixels.
        shape: (H, W) of the whole image.
        reduction: how often its sides were halved.
    """

    picture: Radiograph
    shape: tuple[int, int]
    reduction: int

    @property
    def place(self) -> Matrix:
        """The map from its pixel centres to those of the whole image: each lies on one of them."""
        step = float(2**self.reduction)
        return (step, 0.0, 0.0), (0.0, step, 0.0)
