"""How well scores tell normal from abnormal: AUC, operating points, intervals. Numpy only; high is abnormal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

BOOTSTRAPS = 1000
Z_95 = 1.959964  # standard normal quantile of a two-sided 95% interval
RATES = np.linspace(0, 1, 201)  # false positive rates at which the band of a ROC curve is drawn

Array = NDArray[np.float64]


def auc(normal: Array, abnormal: Array) -> float:
    """Area under the ROC curve, 0..1: the chance that an abnormal scores above a normal, ties counting half."""
    ordered = np.sort(normal)
    below = np.searchsorted(ordered, abnormal, side="left")
    upto = np.searchsorted(ordered, abnormal, side="right")
    return float((below + upto).mean() / (2 * len(normal)))


def auc_interval(normal: Array, abnormal: Array) -> tuple[float, float]:
    """95% bootstrap interval of the AUC, both classes resampled."""
    rng = np.random.default_rng(0)
    draws = [auc(rng.choice(normal, len(normal)), rng.choice(abnormal, len(abnormal))) for _ in range(BOOTSTRAPS)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)


def at_threshold(normal: Array, abnormal: Array, threshold: float) -> dict[str, float]:
    """Accuracy, F1, sensitivity and specificity when scores at or above the threshold are called abnormal."""
    true_positive, false_positive = int((abnormal >= threshold).sum()), int((normal >= threshold).sum())
    negatives = len(normal) - false_positive
    return {
        "threshold": float(threshold),
        "accuracy": (true_positive + negatives) / (len(normal) + len(abnormal)),
        "f1": 2 * true_positive / max(2 * true_positive + false_positive + len(abnormal) - true_positive, 1),
        "sensitivity": true_positive / len(abnormal),
        "specificity": negatives / len(normal),
    }


def best_threshold(normal: Array, abnormal: Array) -> float:
    """The threshold of greatest accuracy on this very set, as the published evaluation picks it."""
    candidates = np.unique(np.concatenate((normal, abnormal)))
    return max(map(float, candidates), key=lambda t: at_threshold(normal, abnormal, t)["accuracy"])


def wilson(count: int, total: int) -> tuple[float, float]:
    """95% interval of a share, count of total (Wilson 1927): never outside 0..1, sensible where count is 0."""
    share, weight = count / total, Z_95**2 / total
    middle = (share + weight / 2) / (1 + weight)
    half = Z_95 * float(np.sqrt(share * (1 - share) / total + weight / (4 * total))) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def exceeded(normal: Array, thresholds: Mapping[str, float]) -> dict[str, dict[str, float | list[float]]]:
    """Calibration: how many fresh normals lie at or above each threshold, beside how many should.

    Args:
        normal: scores of normals that neither trained nor calibrated the bundle.
        thresholds: by specificity in percent on held-out normals ("95"), as in the card.
    """
    found: dict[str, dict[str, float | list[float]]] = {}
    for name, threshold in thresholds.items():
        count = int((normal >= threshold).sum())
        found[name] = {
            "expected": 1 - float(name) / 100,
            "exceeded": count / len(normal),
            "interval_95": list(wilson(count, len(normal))),
        }
    return found


class Roc(NamedTuple):
    """A ROC curve: points from (0, 0) to (1, 1), and the 95% bootstrap band of the sensitivity at RATES."""

    false_positive: Array
    true_positive: Array
    low: Array
    high: Array


def roc(normal: Array, abnormal: Array) -> Roc:
    """The curve of all thresholds, and where it would lie on other draws of both classes."""
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(BOOTSTRAPS):
        points = roc_points(rng.choice(normal, len(normal)), rng.choice(abnormal, len(abnormal)))
        draws.append(np.interp(RATES, *points))
    low, high = np.quantile(draws, (0.025, 0.975), axis=0)
    return Roc(*roc_points(normal, abnormal), low, high)


def roc_points(normal: Array, abnormal: Array) -> tuple[Array, Array]:
    """(false, true) positive rates, one point a distinct score; equal scores of both classes make a slope."""
    thresholds = np.unique(np.concatenate((normal, abnormal)))[::-1]
    rates = [
        1 - np.searchsorted(np.sort(scores), thresholds, side="left") / len(scores) for scores in (normal, abnormal)
    ]
    false, true = (np.concatenate(([0.0], rate)) for rate in rates)
    return false, true
