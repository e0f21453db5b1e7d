"""How good a bundle is, by the published protocol and by the honest one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from squid_core.bundle.calibration import Scores, apply
from squid_core.bundle.card import Card
from squid_core.bundle.weights import read_bundle
from squid_core.contracts import DetectorSettings
from squid_core.imaging import Preprocessing
from squid_core.model.device import pick_device
from squid_core.model.squid import Squid
from squid_core.training.baselines import Floors
from squid_core.training.data import ImageSet
from squid_core.training.labelled import Labelled

BATCH = 32
BOOTSTRAPS = 1000

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """Raw evidence of a whole set: (B,) values by name and (B, P) patch distances."""

    values: dict[str, Array]
    distances: Array


def measure_set(squid: Squid, images: ImageSet, settings: DetectorSettings) -> Measured:
    """Run the networks, in evaluation mode, over a set in batches."""
    device = next(squid.parameters()).device
    rows: list[dict[str, Array]] = []
    distances: list[Array] = []
    for start in range(0, len(images), BATCH):
        batch = torch.from_numpy(images.images[start : start + BATCH]).to(device)[:, None].float() / 255
        seen = squid.measure(batch, settings)
        rows.append({name: v.double().cpu().numpy() for name, v in seen.values().items()})
        distances.append(seen.distances.double().cpu().numpy())
    names = rows[0].keys()
    return Measured({name: np.concatenate([row[name] for row in rows]) for name in names}, np.concatenate(distances))


def evaluate(weights: Path, labelled: Callable[[Preprocessing], Labelled], device: str) -> dict[str, Any]:
    """Measure a bundle on labelled images, with its locked settings and preprocessing.

    Args:
        weights: the bundle's folder.
        labelled: gives the images for the bundle's preprocessing.
        device: auto, cpu or cuda.

    Raises:
        SquidError: bundle, images or device cannot be used.
    """
    card, squid = read_bundle(weights, pick_device(device))
    settings = card.settings.to_settings()
    images = labelled(card.preprocessing)
    normal = measure_set(squid, images.normal, settings)
    groups = {name: measure_set(squid, group, settings) for name, group in images.abnormal.items()}
    figures = {"weights": card.name, **report(card, normal, join(list(groups.values())))}
    scored = apply(card.calibration, normal.values)
    if len(groups) > 1:
        each = {name: apply(card.calibration, group.values) for name, group in groups.items()}
        figures["auc_by_group"] = {name: aucs(scored, group) for name, group in each.items()}
    if images.cells:
        figures["auc_of_cells"] = {
            name: cells_auc(groups[name].distances, cells) for name, cells in images.cells.items()
        }
    if images.training is not None:
        figures["floors"] = floors(images.training, images.normal, images.abnormal)
    return figures


def join(parts: list[Measured]) -> Measured:
    """Several sets' evidence as one's."""
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return Measured(values, np.concatenate([part.distances for part in parts]))


def aucs(normal: Scores, abnormal: Scores) -> dict[str, float]:
    """AUC of every kind of score: the paper's, the combined one and each component alone."""
    return {
        "paper": auc(normal.paper, abnormal.paper),
        "combined": auc(normal.combined, abnormal.combined),
        **{name: auc(z, abnormal.z[name]) for name, z in normal.z.items()},
    }


def cells_auc(distances: Array, cells: NDArray[np.bool_]) -> float | None:
    """Within abnormal images: AUC of the memory distance of the patches that are wrong against those that are not.

    Args:
        distances: (N, P) by patch.
        cells: (N, side, side), what is wrong; None is returned where the patches are no such grid.
    """
    wrong = cells.reshape(len(cells), -1)
    return auc(distances[~wrong], distances[wrong]) if wrong.shape == distances.shape else None


def floors(training: ImageSet, normal: ImageSet, abnormal: dict[str, ImageSet]) -> dict[str, Any]:
    """AUC of every floor over all abnormal images, and by group where there are several."""
    fitted = Floors(training)
    calm = fitted.scores(normal)
    ill = {group: fitted.scores(images) for group, images in abnormal.items()}
    figures: dict[str, Any] = {
        name: {"auc": auc(scores, np.concatenate([group[name] for group in ill.values()]))}
        for name, scores in calm.items()
    }
    if len(ill) > 1:
        for name, scores in calm.items():
            figures[name]["by_group"] = {group: auc(scores, seen[name]) for group, seen in ill.items()}
    return figures


def auc(normal: Array, abnormal: Array) -> float:
    """Area under the ROC curve, 0..1: the chance that an abnormal scores above a normal, ties counting half."""
    ordered = np.sort(normal)
    below = np.searchsorted(ordered, abnormal, side="left")
    upto = np.searchsorted(ordered, abnormal, side="right")
    return float((below + upto).mean() / (2 * len(normal)))


def auc_interval(normal: Array, abnormal: Array, seed: int = 0) -> tuple[float, float]:
    """95% bootstrap interval of the AUC, both classes resampled."""
    rng = np.random.default_rng(seed)
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


def report(card: Card, normal: Measured, abnormal: Measured) -> dict[str, Any]:
    """All figures of one evaluation, for print and JSON."""
    scores = [apply(card.calibration, measured.values) for measured in (normal, abnormal)]
    n, a = scores[0].score, scores[1].score
    thresholds = card.calibration.thresholds
    return {
        "normals": len(n),
        "abnormals": len(a),
        "score": card.calibration.score,
        "auc": auc(n, a),
        "auc_95": auc_interval(n, a),
        "auc_paper_score": auc(scores[0].paper, scores[1].paper),
        "auc_combined_score": auc(scores[0].combined, scores[1].combined),
        "auc_components": {name: auc(z, scores[1].z[name]) for name, z in scores[0].z.items()},
        "published_protocol": at_threshold(n, a, best_threshold(n, a)),
        "held_out_normals_protocol": {
            f"specificity_{name}": at_threshold(n, a, threshold) for name, threshold in thresholds.items()
        },
        "outside_memory": {
            "normal": float(scores[0].outside_memory.mean()),
            "abnormal": float(scores[1].outside_memory.mean()),
        },
    }


def as_text(figures: dict[str, Any]) -> str:
    """The report as a table for a terminal."""
    low, high = figures["auc_95"]
    lines = [
        f"{figures['normals']} normal, {figures['abnormals']} abnormal; score: {figures['score']}",
        f"AUC {100 * figures['auc']:.1f}  (95% interval {100 * low:.1f} to {100 * high:.1f}, bootstrap)",
        f"AUC of the paper's A {100 * figures['auc_paper_score']:.1f}",
        f"AUC of the combined score {100 * figures['auc_combined_score']:.1f}",
        *(f"AUC of {name} alone {100 * value:.1f}" for name, value in figures["auc_components"].items()),
        *_groups(figures),
        *_floors(figures),
        f"{'':44}accuracy     F1   sens.   spec.",
    ]
    rows = {"best threshold on this set (published protocol)": figures["published_protocol"]}
    for name, row in figures["held_out_normals_protocol"].items():
        rows[f"{name.split('_')[1]}% specificity on held-out normals"] = row
    for name, row in rows.items():
        cells = "".join(f"{100 * row[k]:8.1f}" for k in ("accuracy", "f1", "sensitivity", "specificity"))
        lines.append(f"{name:48}{cells}")
    return "\n".join(lines)


def _groups(figures: dict[str, Any]) -> list[str]:
    """Lines of a table: AUC by group of abnormal images and kind of score."""
    rows: dict[str, dict[str, float]] = figures.get("auc_by_group", {})
    if not rows:
        return []
    cells: dict[str, float | None] = figures.get("auc_of_cells", {})
    kinds = next(iter(rows.values()))
    lines = ["AUC against".ljust(24) + "".join(f"  {kind}" for kind in kinds)]
    for name, row in rows.items():
        place = cells.get(name)
        found = "" if place is None else f"   its cells by memory {100 * place:.1f}"
        lines.append(f"{name[:23]:24}" + "".join(f"{100 * row[k]:{len(k) + 2}.1f}" for k in kinds) + found)
    return lines


def _floors(figures: dict[str, Any]) -> list[str]:
    """Lines: what no training reaches."""
    lines = []
    for name, floor in figures.get("floors", {}).items():
        by_group = ", ".join(f"{group} {100 * value:.1f}" for group, value in floor.get("by_group", {}).items())
        line = f"floor, no training: AUC of {name.replace('_', ' ')} {100 * floor['auc']:.1f}"
        lines.append(f"{line} ({by_group})" if by_group else line)
    return lines
