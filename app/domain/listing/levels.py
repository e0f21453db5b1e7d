"""How far out of the ordinary a score is, in steps that can be counted and not only seen as a colour."""

from __future__ import annotations

from bisect import bisect_right

OPERATING_POINTS = (90.0, 95.0, 99.0)  # percentiles of held-out normals; a card's thresholds lie there
LEVELS = len(OPERATING_POINTS) + 1


def level_of(percentile: float) -> int:
    """How many operating points a percentile (0..100) reaches, 0 to 3."""
    return bisect_right(OPERATING_POINTS, percentile)
