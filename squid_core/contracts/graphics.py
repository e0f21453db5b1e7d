"""What a file lays over its image, overlay planes and a display shutter: shown, and never part of the values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]


class OverlayKind(StrEnum):
    """Overlay Type (60xx,0040), PS3.3 C.9.2."""

    GRAPHICS = "G"
    REGION = "R"


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """The part of an overlay plane in which something is drawn (PS3.3 C.9.2), within its image.

    Attributes:
        top, left: of its first pixel in those of the image, from 0.
        rows, columns: its size.
        bits: a bit a pixel, row by row without gaps, the lowest bit of a byte first; 1 is drawn.
    """

    top: int
    left: int
    rows: int
    columns: int
    bits: bytes = field(repr=False)
    kind: OverlayKind = OverlayKind.GRAPHICS

    def __post_init__(self) -> None:
        if min(self.top, self.left) < 0 or min(self.rows, self.columns) < 1:
            raise ValueError("a plane lies within its image and has rows and columns")
        if len(self.bits) != (self.rows * self.columns + 7) // 8:
            raise ValueError("a plane has a bit for each pixel")

    @property
    def drawn(self) -> BoolArray:
        """(rows, columns): where something is drawn."""
        bits = np.unpackbits(np.frombuffer(self.bits, np.uint8), count=self.rows * self.columns, bitorder="little")
        return bits.reshape(self.rows, self.columns).astype(np.bool_)

    @classmethod
    def of(cls, drawn: BoolArray, kind: OverlayKind = OverlayKind.GRAPHICS) -> OverlayPlane | None:
        """Pack what is drawn on an image (H, W), cut to where it lies; None where nothing is."""
        rows, columns = (np.flatnonzero(drawn.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return None
        part = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        bits = np.packbits(part, bitorder="little").tobytes()
        return cls(int(rows[0]), int(columns[0]), part.shape[0], part.shape[1], bits, kind)


@dataclass(frozen=True, slots=True)
class Shutter:
    """What of an image is to be seen (PS3.3 C.7.6.11 and C.7.6.15): what lies within every shape that is there.

    Rows and columns are those of the image, from 0; edges are to be seen themselves.

    Attributes:
        rectangle: (top, left, bottom, right).
        circle: (row, column, radius), the radius in columns: it is round where millimetres are.
        polygon: (row, column) of its corners.
        bitmap: hides what is drawn in it.
        grey: of what is hidden, 0 (black) to 1.
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[tuple[int, int], ...] = ()
    bitmap: OverlayPlane | None = None
    grey: float = 0.0

    def __post_init__(self) -> None:
        if self.rectangle is None and self.circle is None and not self.polygon and self.bitmap is None:
            raise ValueError("a shutter has a shape")
        if self.polygon and len(self.polygon) < 3:
            raise ValueError("a polygon has three corners or more")
        if not 0 <= self.grey <= 1:
            raise ValueError("a shutter's grey lies between 0 and 1")
