"""How a picture is turned and mirrored on the screen. Display only: the pixels and all places in them stay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Side(StrEnum):
    """An edge of a picture."""

    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"
    LEFT = "left"


CLOCKWISE = (Side.TOP, Side.RIGHT, Side.BOTTOM, Side.LEFT)
_MIRROR = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways to lay a picture down: first mirrored (left and right change places), then turned.

    Attributes:
        mirrored: left and right of the file change places.
        quarters: quarter turns clockwise after that, 0..3.
    """

    mirrored: bool = False
    quarters: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.quarters <= 3:
            raise ValueError("a picture is turned by 0 to 3 quarters")

    @property
    def swaps(self) -> bool:
        """Whether rows of the file run from top to bottom of the screen."""
        return self.quarters % 2 == 1

    def turned(self, quarters: int) -> Orientation:
        """Turned on the screen by quarters; positive is clockwise."""
        return Orientation(self.mirrored, (self.quarters + quarters) % 4)

    def flipped(self) -> Orientation:
        """What is left on the screen comes to the right."""
        return Orientation(not self.mirrored, -self.quarters % 4)

    def upended(self) -> Orientation:
        """What is above on the screen comes below; left and right stay."""
        return self.flipped().turned(2)

    def picture(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(h, w) or (h, w, 3) pixels as they lie on the screen; contiguous."""
        shown = pixels[:, ::-1] if self.mirrored else pixels
        return np.ascontiguousarray(np.rot90(shown, -self.quarters))

    def to_screen(self, right: float, down: float, size: tuple[float, float]) -> tuple[float, float]:
        """A point of a picture -> (x, y) on the screen, both in the same unit.

        Args:
            right: distance from the picture's left edge.
            down: distance from its top edge.
            size: (width, height) of the picture as in the file.
        """
        width, height = size
        x, y = (width - right if self.mirrored else right), down
        for _ in range(self.quarters):
            x, y, width, height = height - y, x, height, width
        return x, y

    def to_picture(self, x: float, y: float, size: tuple[float, float]) -> tuple[float, float]:
        """(x, y) on the screen -> (right, down) in the picture; the inverse of `to_screen`."""
        width, height = size
        right, down = ((x, y), (y, height - x), (width - x, height - y), (width - y, x))[self.quarters]
        return (width - right if self.mirrored else right), down

    def side(self, side: Side) -> Side:
        """Where an edge of the file's picture lies on the screen."""
        start = _MIRROR.get(side, side) if self.mirrored else side
        return CLOCKWISE[(CLOCKWISE.index(start) + self.quarters) % 4]


UPRIGHT = Orientation()
