"""An image made small by a reader, for a list of images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.radiograph import Content, Identity


@dataclass(frozen=True, slots=True, eq=False)
class SmallPicture:
    """A picture, and which image it is of.

    Attributes:
        pixels: (h, w) uint8 with square pixels, the longer side as asked for.
    """

    pixels: NDArray[np.uint8]
    identity: Identity
    content: Content
