"""How the learning rate falls."""

from __future__ import annotations

import math


def cosine(step: float, steps: float, final: float) -> float:
    """Share of the first learning rate at a step: 1 at step 0, on half a cosine down to `final` at step `steps`."""
    return final + (1 - final) * (1 + math.cos(math.pi * step / steps)) / 2
