"""How a bundle fares elsewhere: at made-up hospitals, and on real pictures by where they come from.

The share of normals beyond a percentile of held-out normals says whether the worklist would cry wolf there. An AUC is
given only where normals and abnormals come from one place; across sources it measures the sources.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from squid_core.bundle.calibration import apply
from squid_core.datasets.full_resolution import Picture, as_inputs
from squid_core.evaluation.measure import Judge, Measured
from squid_core.evaluation.metrics import auc, auc_interval, exceeded, wilson
from squid_core.evaluation.pseudo_sites import FARTHEST, at_site, draw_site

_Over = Callable[[Sequence[float]], Any]


def over_sites(judge: Judge, normal: Sequence[Picture], abnormal: Sequence[Picture], count: int) -> dict[str, Any]:
    """The same patients at made-up hospitals.

    Args:
        judge: the bundle and its score.
        normal: pictures of normals that neither trained nor, if possible, calibrated it.
        abnormal: pictures of abnormals of the same source.
        count: hospitals; their seeds are 0 to count - 1.

    Returns:
        `sites`: of each its `seed`, `distance`, `auc`, `auc_95`, and `normal` and `abnormal` as in `by_source`;
        `median` and `worst` over them of `auc`, of the shares of normals `beyond` each percentile, and of the shares of
        normals and abnormals in `outside_memory`; worst is the least AUC and the greatest share.
    """
    sites = []
    for seed in tqdm(range(count), "sites", leave=False, disable=not sys.stderr.isatty()):
        site = draw_site(seed)
        calm, ill = (_seen(judge, at_site(site, pictures)) for pictures in (normal, abnormal))
        scores = judge.of(calm), judge.of(ill)
        sites.append(
            {
                "seed": seed,
                "distance": site.distance,
                "auc": auc(*scores),
                "auc_95": auc_interval(*scores),
                "normal": _of_source(judge, calm),
                "abnormal": _of_source(judge, ill),
            }
        )
    return {
        "farthest": FARTHEST,
        "normals": len(normal),
        "abnormals": len(abnormal),
        "median": _summary(sites, np.median, np.median),
        "worst": _summary(sites, np.max, np.min),
        "sites": sites,
    }


def by_source(judge: Judge, sources: Mapping[str, Sequence[Picture]]) -> dict[str, dict[str, Any]]:
    """Real pictures of one kind each, by source.

    Returns:
        By source `count`, `beyond` (as `calibration` of an evaluation; empty for a score without thresholds) and
        `outside_memory` (`flagged`, a share, and its `interval_95`).
    """
    return {name: _of_source(judge, _seen(judge, pictures)) for name, pictures in sources.items()}


def _summary(sites: Sequence[Mapping[str, Any]], of_shares: _Over, of_aucs: _Over) -> dict[str, Any]:
    first = sites[0]["normal"]["beyond"]
    return {
        "auc": float(of_aucs([site["auc"] for site in sites])),
        "beyond": {
            name: float(of_shares([site["normal"]["beyond"][name]["exceeded"] for site in sites])) for name in first
        },
        "outside_memory": {
            group: float(of_shares([site[group]["outside_memory"]["flagged"] for site in sites]))
            for group in ("normal", "abnormal")
        },
    }


def _seen(judge: Judge, pictures: Sequence[Picture]) -> Measured:
    return judge.measure(as_inputs(pictures, judge.card.preprocessing))


def _of_source(judge: Judge, measured: Measured) -> dict[str, Any]:
    flagged = apply(judge.card.calibration, measured.values).outside_memory
    count, total = int(flagged.sum()), len(flagged)
    return {
        "count": total,
        "beyond": exceeded(judge.of(measured), judge.card.calibration.thresholds if judge.locked else {}),
        "outside_memory": {"flagged": count / total, "interval_95": list(wilson(count, total))},
    }
