"""Figures of an evaluation against values by hand and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.evaluation.evaluate import over_seeds
from squid_core.evaluation.metrics import at_threshold, auc, auc_interval, best_threshold, exceeded, roc, wilson

grades = st.lists(st.integers(0, 5), min_size=1, max_size=12)


@given(grades, grades)
def test_auc_is_the_share_of_pairs_in_the_right_order(normal: list[int], abnormal: list[int]) -> None:
    pairs = [(a > n) + 0.5 * (a == n) for a in abnormal for n in normal]
    assert auc(np.array(normal, float), np.array(abnormal, float)) == pytest.approx(np.mean(pairs))


def test_figures_at_a_threshold_by_hand() -> None:
    figures = at_threshold(np.array([0.1, 0.2, 0.6, 0.3]), np.array([0.5, 0.9]), 0.5)
    assert figures == {
        "threshold": 0.5,
        "accuracy": 5 / 6,
        "f1": pytest.approx(0.8),
        "sensitivity": 1.0,
        "specificity": 0.75,
    }


def test_the_published_threshold_is_the_best_on_the_set_itself() -> None:
    normal, abnormal = np.array([0.1, 0.2, 0.3]), np.array([0.25, 0.8, 0.9])
    assert best_threshold(normal, abnormal) in (0.25, 0.8)
    assert at_threshold(normal, abnormal, best_threshold(normal, abnormal))["accuracy"] == pytest.approx(5 / 6)


def test_the_bootstrap_interval_holds_the_auc_and_repeats() -> None:
    rng = np.random.default_rng(0)
    normal, abnormal = rng.normal(0, 1, 80), rng.normal(1, 1, 60)
    low, high = auc_interval(normal, abnormal)
    assert low < auc(normal, abnormal) < high
    assert high - low < 0.2
    assert auc_interval(normal, abnormal) == (low, high)


def test_the_interval_of_a_share_has_the_published_values() -> None:
    # Newcombe 1998, table I, method 3 (Wilson without continuity correction).
    for count, total, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)
    assert wilson(29, 29)[1] == pytest.approx(1)


def test_calibration_counts_the_normals_beyond_each_percentile() -> None:
    found = exceeded(np.arange(100) / 100, {"90": 0.9, "95": 0.99})
    assert found["90"]["expected"] == pytest.approx(0.1)
    assert found["90"]["exceeded"] == pytest.approx(0.1)
    assert found["95"]["exceeded"] == pytest.approx(0.01), "four too few"
    assert found["95"]["interval_95"] == pytest.approx(wilson(1, 100))


def test_the_roc_curve_by_hand() -> None:
    curve = roc(np.array([0.1, 0.4]), np.array([0.3, 0.4, 0.9]))
    assert curve.false_positive.tolist() == pytest.approx([0, 0, 0.5, 0.5, 1])
    assert curve.true_positive.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    area = np.trapezoid(curve.true_positive, curve.false_positive)
    assert area == pytest.approx(auc(np.array([0.1, 0.4]), np.array([0.3, 0.4, 0.9])))


def test_the_band_of_the_roc_curve_holds_the_curve() -> None:
    rng = np.random.default_rng(1)
    curve = roc(rng.normal(0, 1, 100), rng.normal(1, 1, 100))
    inside = np.interp(np.linspace(0, 1, len(curve.low)), curve.false_positive, curve.true_positive)
    assert (curve.low <= inside + 1e-9).mean() > 0.97
    assert (curve.high >= inside - 1e-9).mean() > 0.97
    assert 0.02 < (curve.high - curve.low).mean() < 0.25


def test_several_seeds_give_mean_and_sample_deviation_in_the_figures_shape() -> None:
    figures = [
        {
            "auc": 0.8,
            "weights": "a",
            "auc_by_group": {"ill": {"paper": 0.5}, "only here": {"paper": 1.0}},
            "floors": None,
        },
        {"auc": 0.9, "weights": "b", "auc_by_group": {"ill": {"paper": 0.7}}, "floors": None},
    ]
    assert over_seeds(figures) == {
        "auc": {"mean": pytest.approx(0.85), "std": pytest.approx(0.0707107)},
        "auc_by_group": {"ill": {"paper": {"mean": pytest.approx(0.6), "std": pytest.approx(0.1414214)}}},
    }
