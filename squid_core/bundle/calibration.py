"""From raw evidence to score and percentile, fitted on held-out normals only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from squid_core.bundle.card import Calibration, Foreign, Statistic
from squid_core.contracts.errors import SquidError

# First words of the names of raw quantities: the parts of texture and of lesion form a group each.
COMPONENTS = ("discriminator", "memory", "texture")  # of the combined score, unless a preset says otherwise
LOW_IS_ABNORMAL = ("discriminator", "likeness")  # everywhere else a high value speaks for abnormal
SPECIFICITIES = (90, 95, 99)
OUTSIDE_MARGIN = 3.0  # standard deviations beyond the farthest held-out normal
# Another way up may come this near to the image's own: within a tenth, in log distance. Abnormal chests stay below,
# however far from normal; held-out normals may raise it, so that no more than 1% of them are flagged.
TURNED_LIMIT, TURNED_QUANTILE = -0.1, 0.99
# What tells a foreign picture from a chest, sick or not; shares of made-up ones found and of chests left in peace.
FOREIGN_BY = ("likeness", "memory", "elsewhere", "turned", "anatomy", "texture coarse")
FOREIGN_FOUND, CHESTS_KEPT = 0.85, 0.995
FOREIGN_RIDGE = 0.1  # share of the variances
QUANTILES = np.linspace(0, 1, 201)
PATCH_QUANTILES = np.linspace(0, 1, 21)

Values = Mapping[str, NDArray[np.floating]]


@dataclass(frozen=True, eq=False)
class Scores:
    """Calibrated (B,) arrays; `z` by component, high is abnormal. `score` is one of `paper` and `combined`."""

    score: NDArray[np.float64]
    percentile: NDArray[np.float64]
    paper: NDArray[np.float64]
    combined: NDArray[np.float64]
    z: dict[str, NDArray[np.float64]]
    outside_memory: NDArray[np.bool_]


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)) without overflow."""
    return 0.5 * (1 + np.tanh(x / 2))


def fit(
    values: Values,
    distances: NDArray[np.floating],
    score: Literal["paper", "combined"],
    components: Sequence[str] = COMPONENTS,
    foreign: Foreign | None = None,
) -> Calibration:
    """Fit on held-out normals.

    Args:
        values: (B,) raw quantities by name.
        distances: (B, P) per patch.
        score: which score sorts the worklist.
        components: names of the quantities that enter the combined score, or their first words.
        foreign: of `fit_foreign`, where that was learned.

    Raises:
        SquidError: fewer than two normals, or values that are not finite.
    """
    count = distances.shape[0]
    if count < 2 or not all(np.isfinite(v).all() for v in values.values()):
        raise SquidError("The score cannot be calibrated.", "At least two held-out normals with finite scores.")
    statistics = {name: _statistic(name, v) for name, v in values.items()}
    combined = {name: statistic for name, statistic in statistics.items() if {name, name.split()[0]} & set(components)}
    groups = _group_means({name: _z(statistic, values[name]) for name, statistic in combined.items()})
    group_std = {group: max(float(z.std()), 1e-9) for group, z in groups.items()}
    mean_z = np.mean([z / group_std[group] for group, z in groups.items()], axis=0)
    memory = values["memory"]
    draft = Calibration(
        score=score,
        discriminator=statistics["discriminator"],
        components=combined,
        group_std=group_std,
        combined_std=max(float(mean_z.std()), 1e-9),
        quantiles=(0.0,),
        patch_quantiles=tuple(tuple(_rounded(np.quantile(d, PATCH_QUANTILES))) for d in distances.T),
        thresholds={},
        outside_memory=float(memory.max() + OUTSIDE_MARGIN * memory.std()),
        turned=max(TURNED_LIMIT, float(np.quantile(values["turned"], TURNED_QUANTILE))) if "turned" in values else None,
        foreign=foreign,
        held_out_normals=count,
    )
    scores = apply(draft, values).score
    return draft.model_copy(
        update={
            "quantiles": tuple(_rounded(np.quantile(scores, QUANTILES))),
            "thresholds": {str(s): float(np.quantile(scores, s / 100)) for s in SPECIFICITIES},
        }
    )


def fit_foreign(normals: Values, chests: Values, foreign: Values) -> Foreign:
    """Fisher's linear discriminant between chests and what is none.

    Args:
        normals: (B,) raw quantities of held-out normals, by name.
        chests: of chests that look otherwise, with made-up lesions say: they are none the less chests.
        foreign: of made-up pictures that are no upright frontal chests.
    """
    names = [name for name in FOREIGN_BY if name in normals]
    statistics = {name: _statistic(name, normals[name]) for name in names}

    def z(values: Values) -> NDArray[np.float64]:
        return np.stack([_z(statistics[name], values[name]) for name in names], axis=1)

    ours, others = np.concatenate((z(normals), z(chests))), z(foreign)
    within = (np.cov(ours.T) + np.cov(others.T)) / 2
    within += FOREIGN_RIDGE * np.diag(np.diag(within))
    weights = np.linalg.solve(within, others.mean(0) - ours.mean(0))
    limit = max(np.quantile(ours @ weights, CHESTS_KEPT), np.quantile(others @ weights, 1 - FOREIGN_FOUND))
    return Foreign(statistics=statistics, weights=dict(zip(names, weights.tolist(), strict=True)), limit=float(limit))


def strangeness(foreign: Foreign, values: Values) -> NDArray[np.float64]:
    """(B,) what is held against the limit."""
    found = [foreign.weights[name] * _z(statistic, values[name]) for name, statistic in foreign.statistics.items()]
    return np.asarray(np.sum(found, axis=0), dtype=np.float64)


def for_chests(foreign: Foreign, values: Values) -> Foreign:
    """With a limit that leaves these chests in peace too."""
    limit = max(foreign.limit, float(np.quantile(strangeness(foreign, values), CHESTS_KEPT)))
    return foreign.model_copy(update={"limit": limit})


def apply(calibration: Calibration, values: Values) -> Scores:
    """Score (B,) raw quantities.

    The paper's A = sigmoid(sign * (D(student) - mu) / sigma), with mu and sigma of held-out normals (deviation:
    published code takes them from the training set) and sign -1, so that high is abnormal. The combined score is
    sigmoid of the mean over the groups of components, each the mean z-score of its parts divided by the standard
    deviation of that mean, so that every group weighs the same; the whole is divided by its own standard deviation.
    """
    z = {name: _z(statistic, values[name]) for name, statistic in calibration.components.items()}
    paper = sigmoid(_z(calibration.discriminator, values["discriminator"]))
    groups = {group: mean / calibration.group_std.get(group, 1.0) for group, mean in _group_means(z).items()}
    combined = sigmoid(np.mean(list(groups.values()), axis=0) / calibration.combined_std)
    score = paper if calibration.score == "paper" else combined
    quantiles = np.asarray(calibration.quantiles)
    percentile = 100 * np.searchsorted(quantiles, score, side="left") / len(quantiles)
    return Scores(score, percentile, paper, combined, z, _outside(calibration, values))


def _outside(calibration: Calibration, values: Values) -> NDArray[np.bool_]:
    """(B,) whether an image resembles nothing in memory: foreign, or too far from it, or laid as well another way."""
    outside = np.zeros(len(values["memory"]), np.bool_)
    if (foreign := calibration.foreign) is not None:
        return strangeness(foreign, values) > foreign.limit
    for name, limit in (("memory", calibration.outside_memory), ("turned", calibration.turned)):
        if limit is not None and name in values:
            outside |= np.asarray(values[name]) > limit
    return outside


def patch_percentiles(calibration: Calibration, distances: NDArray[np.floating]) -> NDArray[np.float32]:
    """(P,) distances of one image -> their percentiles among held-out normals at the same position, 0..100."""
    steps = 100 * PATCH_QUANTILES
    rows = zip(distances, calibration.patch_quantiles, strict=True)
    return np.array([np.interp(d, quantiles, steps) for d, quantiles in rows], dtype=np.float32)


def _statistic(name: str, values: NDArray[np.floating]) -> Statistic:
    sign: Literal[-1, 1] = -1 if name in LOW_IS_ABNORMAL else 1
    return Statistic(mean=float(values.mean()), std=max(float(values.std()), 1e-9), sign=sign)


def _z(statistic: Statistic, values: NDArray[np.floating]) -> NDArray[np.float64]:
    return np.asarray(statistic.sign * (values - statistic.mean) / statistic.std, dtype=np.float64)


def _group_means(z: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Mean z-score of the parts of each group, by the first word of their names."""
    groups: dict[str, list[NDArray[np.float64]]] = {}
    for name, values in z.items():
        groups.setdefault(name.split()[0], []).append(values)
    return {group: np.mean(parts, axis=0) for group, parts in groups.items()}


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [float(f"{v:.6g}") for v in values]
