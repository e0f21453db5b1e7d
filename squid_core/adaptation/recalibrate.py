"""A calibration for the place that a bundle was moved to, and estimates of what that is worth.

All of it from evidence of images that were left out when the networks were moved. Where the local evidence lies is
taken from it. How wide the score spreads, and the shape of its distribution, above all its tail, is the parent's as far
as the local normals are few: places differ much in where their normals lie, and little in the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from squid_core.bundle.calibration import QUANTILES, SPECIFICITIES, Values, apply, fit, for_chests, sigmoid
from squid_core.bundle.card import Calibration, Estimate, Share
from squid_core.evaluation.measure import Measured
from squid_core.evaluation.metrics import wilson

SPREAD_PRIOR = 100  # images that the spread of the parent's scores weighs as much as
SHAPE_PRIOR = 200  # and the shape of its quantiles
WIDER = 2.0  # over N: where mean and spread are those of N images, fresh ones lie farther out (as Student's t says)
FOLDS = 10  # for the estimate: each image is scored by a calibration that has not seen it
SMALLEST_SPREAD = 0.1  # of the local score; as good as none
CERTAIN = 1e-6  # a score is no nearer to 0 or 1 than this

Array = NDArray[np.float64]


def recalibrated(parent: Calibration, local: Measured) -> Calibration:
    """The parent's calibration, for the place.

    Args:
        parent: fitted on held-out normals of its own.
        local: evidence of N normals of the place, each left out.

    Raises:
        SquidError: the evidence is not finite.
    """
    count = len(local.distances)
    fitted = fit(local.values, local.distances, parent.score, tuple(parent.components))
    share = count / (count + SHAPE_PRIOR)
    # Both are of scores with mean 0 and standard deviation 1 before the sigmoid, so only their shapes differ.
    theirs, ours = (logit(np.asarray(quantiles)) for quantiles in (parent.quantiles, fitted.quantiles))
    wider = _spread(parent, fitted, local.values) ** (-SPREAD_PRIOR / (count + SPREAD_PRIOR)) * (1 + WIDER / count)
    quantiles = sigmoid(_mixed(theirs, ours, share) * wider)
    rows = zip(parent.patch_quantiles, fitted.patch_quantiles, strict=True)
    patches = [_mixed(_placed(np.asarray(row), np.asarray(own)), np.asarray(own), share) for row, own in rows]
    limits = {
        name: None if limit is None else max(limit, getattr(fitted, name) or limit)
        for name, limit in (("outside_memory", parent.outside_memory), ("turned", parent.turned))
    }
    return fitted.model_copy(
        update={
            "quantiles": _rounded(quantiles),
            "patch_quantiles": tuple(map(_rounded, patches)),
            "thresholds": {str(s): float(np.interp(s / 100, QUANTILES, quantiles)) for s in SPECIFICITIES},
            "foreign": parent.foreign and for_chests(parent.foreign, local.values),
            **limits,
        }
    )


def estimate(calibration: Calibration, values: Values) -> Estimate:
    """What a calibration says of normals that it was not fitted on."""
    return _estimate(*_judged(calibration, values))


def estimate_left_out(parent: Calibration, local: Measured) -> Estimate:
    """What `recalibrated` is worth: every image is judged by the calibration of the others."""
    count = len(local.distances)
    percentiles, beyond = np.zeros(count), np.zeros((count, len(SPECIFICITIES)), np.bool_)
    for fold in (np.arange(first, count, FOLDS) for first in range(min(FOLDS, count))):
        others = recalibrated(parent, local.subset(np.delete(np.arange(count), fold)))
        percentiles[fold], beyond[fold] = _judged(others, local.subset(fold).values)
    return _estimate(percentiles, beyond)


def _judged(calibration: Calibration, values: Values) -> tuple[Array, NDArray[np.bool_]]:
    """(N,) percentiles, and (N, 3) whether each lies beyond the percentiles of SPECIFICITIES."""
    scores = apply(calibration, values)
    limits = np.array([calibration.thresholds[str(s)] for s in SPECIFICITIES])
    return scores.percentile, scores.score[:, None] >= limits


def _estimate(percentiles: Array, beyond: NDArray[np.bool_]) -> Estimate:
    count = len(percentiles)
    counts = [int(column.sum()) for column in beyond.T]
    shares = {
        str(s): Share(count=n, low=wilson(n, count)[0], high=wilson(n, count)[1])
        for s, n in zip(SPECIFICITIES, counts, strict=True)
    }
    ordered, steps = np.sort(percentiles) / 100, np.arange(count + 1) / count
    ks = max(float((steps[1:] - ordered).max()), float((ordered - steps[:-1]).max()))
    tenths = np.histogram(percentiles, bins=10, range=(0, 100))[0]
    return Estimate(beyond=shares, ks=ks, tenths=tuple(map(int, tenths)))


def _spread(parent: Calibration, local: Calibration, values: Values) -> float:
    """Standard deviation of the local score, where 1 is that of the parent's at home."""
    places = {
        name: statistic.model_copy(update={"mean": local.components[name].mean})
        for name, statistic in parent.components.items()
    }
    discriminator = parent.discriminator.model_copy(update={"mean": local.discriminator.mean})
    placed = parent.model_copy(update={"components": places, "discriminator": discriminator})
    return max(float(logit(apply(placed, values).score).std()), SMALLEST_SPREAD)


def _mixed(theirs: Array, ours: Array, share: float) -> Array:
    return (1 - share) * theirs + share * ours


def _placed(shape: Array, target: Array) -> Array:
    """Quantiles of one shape, with mean and standard deviation of others."""
    wider = float(target.std()) / max(float(shape.std()), 1e-9)
    return float(target.mean()) + (shape - float(shape.mean())) * wider


def logit(share: Array) -> Array:
    """Of (N,) shares or scores, kept CERTAIN away from 0 and 1."""
    inside = np.clip(share, CERTAIN, 1 - CERTAIN)
    return np.asarray(np.log(inside / (1 - inside)))


def _rounded(values: Array) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)
