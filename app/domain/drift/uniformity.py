"""What a set of percentiles says against the spread it should have, as p-values that are upper bounds.

Percentiles are counted among the M held-out normals of a card, so M limits what any number of studies can show: a
set of n is compared with them as two samples are, of the effective size n * M / (n + M). The distance is that of
Kolmogorov and Smirnov, its p-value the bound of Dvoretzky, Kiefer and Wolfowitz with Massart's constant (1990): exact
in the limit, too large in a small sample, never too small, also where values are tied. So no table is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, exp, lgamma, log, sqrt

import numpy as np
from numpy.typing import NDArray

Shares = NDArray[np.float64]  # percentiles / 100, 0..1, sorted
STEP = 0.005  # of a percentile, as a card counts it: 201 quantiles. Smaller distances are no distance
Z_95_ONE_SIDED = 1.644854  # standard normal quantile of 95%


def effective(count: float, other: float) -> float:
    """Size of one sample that is known as well as the difference of two of these sizes."""
    return count * other / (count + other)


def rise(values: Shares) -> float:
    """How far more of the values lie low than of normals: the greatest F(x) - x, 0..1."""
    below = np.arange(1, len(values) + 1) / len(values)
    return max(0.0, float((below - values).max()) - STEP)


def fall(values: Shares) -> float:
    """How far fewer of the values lie low than of normals: the greatest x - F(x), 0..1."""
    below = np.arange(len(values)) / len(values)
    return max(0.0, float((values - below).max()) - STEP)


def apart(one: Shares, other: Shares) -> float:
    """The greatest distance between the shares of two sets that lie below any x, 0..1."""
    at = np.concatenate((one, other))
    shares = [np.searchsorted(values, at, side="right") / len(values) for values in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def chance(distance: float, size: float, sides: int = 1) -> float:
    """At most how often chance alone makes such a distance.

    Args:
        distance: from `rise`, `fall` or `apart`.
        size: of the sample, see `effective`.
        sides: 1 where only one direction was looked at, 2 for both.
    """
    return min(1.0, sides * exp(-2 * size * distance**2))


def reach(size: float, level: float, sides: int = 1) -> float:
    """The distance whose `chance` is `level`."""
    return sqrt(log(sides / level) / (2 * size))


def too_few_below_middle(below: int, count: int, normal: float, held_out: int) -> float:
    """How often chance alone leaves so few below the 50th percentile, where half of the normals lie.

    The normal approximation, with the error of a median that is known from `held_out` normals only.

    Args:
        below: how many lie there.
        count: of so many.
        normal: share of normals, at least. Nothing is asked of where the others lie.
        held_out: normals behind the percentiles.
    """
    expected = normal / 2
    error = sqrt(expected * (1 - expected) / count + expected**2 / held_out)
    return erfc((expected - (below + 0.5) / count) / error / sqrt(2)) / 2


def abnormal_at_least(below: int, count: int, held_out: int) -> float:
    """The least share of abnormal images with which so few below the 50th percentile are no chance, 0..1.

    With a confidence of 95%; see `too_few_below_middle`.
    """
    share = below / count
    error = sqrt(share * (1 - share) / count + share**2 / held_out)
    return max(0.0, 1 - 2 * (share + Z_95_ONE_SIDED * error))


def at_least_by_chance(count: int, total: int, share: float) -> float:
    """How often `count` or more of `total` have what each has with the chance `share` (0..1, exclusive); exact."""
    if count <= 0:
        return 1.0
    k = np.arange(count, total + 1)
    ways = lgamma(total + 1) - np.array([lgamma(i + 1) + lgamma(total - i + 1) for i in k])
    return min(1.0, float(np.exp(ways + k * log(share) + (total - k) * log(1 - share)).sum()))


def holm(chances: Sequence[float]) -> tuple[float, ...]:
    """The p-values of questions that were asked together, raised so that all of them count as one (Holm 1979)."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    raised, highest = [0.0] * len(chances), 0.0
    for place, at in enumerate(order):
        highest = max(highest, min(1.0, (len(chances) - place) * chances[at]))
        raised[at] = highest
    return tuple(raised)
