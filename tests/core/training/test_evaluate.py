"""Figures of an evaluation against values by hand and brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from squid_core.training.evaluate import at_threshold, auc, auc_interval, best_threshold

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
