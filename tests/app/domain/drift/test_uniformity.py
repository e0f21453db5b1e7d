"""The distances by hand, and their p-values beside printed tables."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from app.domain.drift.uniformity import (
    STEP,
    Shares,
    abnormal_at_least,
    apart,
    at_least_by_chance,
    chance,
    effective,
    fall,
    holm,
    reach,
    rise,
    too_few_below_middle,
)
from app.domain.drift.watch import ALARM

# Two-sided 5% and 1% points of the one-sample statistic (Miller, JASA 51, 1956).
MILLER = {20: (0.29408, 0.35241), 30: (0.24170, 0.28987), 50: (0.18841, 0.22604)}


def shares(*values: float) -> Shares:
    return np.array(values)


def test_the_distances_are_those_between_the_staircase_and_the_diagonal() -> None:
    low = shares(0.1, 0.2, 0.3, 0.6)  # the staircase stands at 1/4, 2/4, 3/4, 1
    assert rise(low) == pytest.approx(0.75 - 0.3 - STEP)
    assert fall(low) == pytest.approx(0.1 - STEP)  # before the first step
    high = shares(0.7, 0.8)
    assert fall(high) == pytest.approx(0.7 - STEP)
    assert rise(high) == pytest.approx(1 - 0.8 - STEP)
    assert rise(shares(0.5)) == pytest.approx(fall(shares(0.5)))


def test_two_sets_are_as_far_apart_as_their_staircases() -> None:
    assert apart(shares(0.1, 0.2), shares(0.3, 0.4)) == 1
    assert apart(shares(0.1, 0.3, 0.5), shares(0.2, 0.3, 0.5)) == pytest.approx(1 / 3)
    assert apart(shares(0.5, 0.5), shares(0.5)) == 0


@pytest.mark.parametrize("size", MILLER)
def test_a_p_value_is_never_below_the_exact_one_and_hardly_above_it(size: int) -> None:
    for exact, distance in zip((0.05, 0.01), MILLER[size], strict=True):
        assert exact <= chance(distance, size, sides=2) <= 1.45 * exact


def test_in_a_large_sample_it_is_that_of_kolmogorov() -> None:
    """1.3581 and 1.6276 over the root of n are the points of his distribution."""
    assert chance(1.3581 / 100, 10_000, sides=2) == pytest.approx(0.05, rel=1e-3)
    assert chance(1.6276 / 100, 10_000, sides=2) == pytest.approx(0.01, rel=1e-3)
    assert reach(10_000, 0.05, sides=2) == pytest.approx(0.013581, rel=1e-3)


def test_more_studies_do_not_help_beyond_the_held_out_normals() -> None:
    assert effective(100, 100) == 50
    assert effective(1e9, 190) == pytest.approx(190)


def test_a_count_has_its_binomial_chance() -> None:
    assert at_least_by_chance(3, 3, 0.5) == pytest.approx(1 / 8)
    assert at_least_by_chance(1, 2, 0.5) == pytest.approx(3 / 4)
    assert at_least_by_chance(0, 9, 0.05) == 1
    by_hand = sum(comb(50, k) * 0.05**k * 0.95 ** (50 - k) for k in range(8, 51))
    assert at_least_by_chance(8, 50, 0.05) == pytest.approx(by_hand)
    assert 0 < at_least_by_chance(1200, 20_000, 0.05) < 1e-8


def test_the_middle_is_asked_of_normals_only() -> None:
    assert too_few_below_middle(100, 200, 1.0, 10**9) == pytest.approx(0.5, abs=0.03)
    assert too_few_below_middle(60, 200, 0.5, 1000) > 0.9, "a quarter is enough where half are abnormal"
    assert too_few_below_middle(60, 200, 1.0, 1000) < 1e-6
    z = (0.25 - 30.5 / 200) / np.sqrt(0.25 * 0.75 / 200 + 0.25**2 / 190)
    assert too_few_below_middle(30, 200, 0.5, 190) == pytest.approx(1 - _normal(float(z)), rel=1e-6)


def test_the_least_share_of_abnormal_ones_is_below_the_true_one_19_times_of_20() -> None:
    rng, held_out, true = np.random.default_rng(3), 190, 0.4
    above = 0
    for _ in range(400):
        middle = rng.beta(held_out / 2, held_out / 2)  # where a calibration has its median
        above += abnormal_at_least(int(rng.binomial(200, (1 - true) * middle)), 200, held_out) > true
    assert 0.02 <= above / 400 <= 0.08
    assert abnormal_at_least(100, 200, held_out) == 0
    assert abnormal_at_least(0, 200, held_out) == 1


def test_several_questions_count_as_one() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert holm([0.9, 0.5]) == (1.0, 1.0)
    assert holm([]) == ()


def test_chance_alone_alarms_no_more_often_than_it_may() -> None:
    """The whole way, with the normals behind the percentiles drawn anew: the p-values of 2000 sets of each size."""
    rng = np.random.default_rng(7)
    for count, held_out in ((50, 190), (200, 190), (2000, 1271)):
        size = effective(count, held_out)
        p = []
        for _ in range(2000 if count < 2000 else 300):
            quantiles = np.quantile(rng.random(held_out), np.linspace(0, 1, 201))
            values = np.sort(np.searchsorted(quantiles, rng.random(count)) / 201)
            p.append(min(1.0, 2 * min(chance(rise(values), size), chance(fall(values), size))))
        assert np.mean(np.array(p) < 0.05) <= 0.05
        assert np.mean(np.array(p) < ALARM) <= 3 * ALARM


def _normal(z: float) -> float:
    """The normal distribution by adding up its density."""
    at = np.linspace(-9, z, 200_001)
    return float(np.trapezoid(np.exp(-(at**2) / 2), at) / np.sqrt(2 * np.pi))
