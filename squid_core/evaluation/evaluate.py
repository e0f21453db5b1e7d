"""How good bundles are, by the published protocol and by the honest one, and what their scores live on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from squid_core.bundle.calibration import apply
from squid_core.bundle.card import Card
from squid_core.datasets.image_set import ImageSet, spread
from squid_core.datasets.labelled import Labelled
from squid_core.evaluation.floors import FITTED_ON, Floors
from squid_core.evaluation.measure import Array, Judge, Measured, join, score_of
from squid_core.evaluation.metrics import at_threshold, auc, auc_interval, best_threshold, exceeded
from squid_core.evaluation.sharpness import common_energy, equalise, log_spread
from squid_core.preprocessing import Preprocessing

SHARPNESS = "laplacian"  # the floor that is sharpness itself

Extra = Callable[[Judge, Array], Any]  # a further question to a bundle, with the scores of the evaluated normals


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One bundle measured: the figures, for print and JSON, and the scores, for pictures.

    Attributes:
        score: what was evaluated.
        normal: (N,) scores of the normals.
        abnormal: scores by group.
        thresholds: by specificity in percent on held-out normals; empty for a score that the card does not sort by.
    """

    figures: dict[str, Any]
    score: str
    normal: Array
    abnormal: dict[str, Array]
    thresholds: dict[str, float]


@dataclass(frozen=True)
class _Equalised:
    """The images at one sharpness, and what that took."""

    normal: ImageSet
    abnormal: dict[str, ImageSet]
    figures: dict[str, Any]


@dataclass(frozen=True)
class _Prepared:
    """Images for one preprocessing, with what does not depend on the bundle; the rest only with training normals."""

    images: Labelled
    training: ImageSet | None = None
    floors: dict[str, Any] | None = None
    equalised: _Equalised | None = None


def evaluate(
    weights: Sequence[Path],
    labelled: Callable[[Preprocessing], Labelled],
    device: str,
    score: str | None = None,
    extras: Mapping[str, Extra] | None = None,
) -> Iterator[Evaluation]:
    """Measure bundles on labelled images, each with its locked settings and its own preprocessing.

    Where the images come with training normals, the floors are measured too, and everything again at equal sharpness.

    Args:
        weights: the bundles' folders.
        labelled: gives the images for a preprocessing; asked once for each different one.
        device: auto, cpu or cuda.
        score: "paper", "combined" or a raw quantity's name; None for what the card sorts by.
        extras: further questions; each answer stands in the figures under its name.

    Raises:
        SquidError: bundle, images or device cannot be used, or the bundle has no such score.
    """
    seen: dict[Preprocessing, _Prepared] = {}
    for folder in weights:
        judge = Judge.load(folder, device, score)
        preprocessing = judge.card.preprocessing
        if preprocessing not in seen:
            seen[preprocessing] = _prepared(labelled(preprocessing))
        yield _evaluate(judge, seen[preprocessing], extras or {})


def _prepared(images: Labelled) -> _Prepared:
    if images.training is None:
        return _Prepared(images)
    training = images.training.subset(spread(len(images.training), FITTED_ON))
    energy = common_energy([images.normal, *images.abnormal.values()])
    normal, sigmas = equalise(images.normal, energy)
    abnormal, all_sigmas = {}, [sigmas]
    for name, group in images.abnormal.items():
        abnormal[name], sigmas = equalise(group, energy)
        all_sigmas.append(sigmas)
    used = np.concatenate(all_sigmas)
    flat = floors(equalise(training, energy)[0], normal, abnormal)
    del flat[SHARPNESS]  # the same for all now, but for rounding, whose order means nothing
    figures = {
        "laplacian_energy": energy,
        "laplacian_energy_log_std": {
            "before": log_spread([images.normal, *images.abnormal.values()]),
            "after": log_spread([normal, *abnormal.values()]),
        },
        "median_sigma": float(np.median(used)),
        "greatest_sigma": float(used.max()),
        "floors": flat,
    }
    plain = floors(training, images.normal, images.abnormal)
    return _Prepared(images, training, plain, _Equalised(normal, abnormal, figures))


def _evaluate(judge: Judge, prepared: _Prepared, extras: Mapping[str, Extra]) -> Evaluation:
    images, card = prepared.images, judge.card
    calm = judge.measure(images.normal)
    ill = {name: judge.measure(group) for name, group in images.abnormal.items()}
    normal, abnormal = judge.of(calm), {name: judge.of(group) for name, group in ill.items()}
    figures = {"weights": card.name, **report(card, calm, join(list(ill.values())), judge.score)}
    if len(ill) > 1:
        figures["auc_by_group"] = {name: judge.aucs(calm, group) for name, group in ill.items()}
        figures["auc_by_group_95"] = {name: auc_interval(normal, scores) for name, scores in abnormal.items()}
    if images.cells:
        figures["auc_of_cells"] = {name: cells_auc(ill[name].distances, cells) for name, cells in images.cells.items()}
    if prepared.training is not None:
        own = auc(judge.scores(prepared.training), normal)
        figures["training_normals"] = {"count": len(prepared.training), "auc_against_evaluated_normals": own}
        figures["floors"] = prepared.floors
    if prepared.equalised is not None:
        figures["equal_sharpness"] = _at_equal_sharpness(judge, prepared.equalised)
    for name, ask in extras.items():
        figures[name] = ask(judge, normal)
    return Evaluation(figures, judge.score, normal, abnormal, dict(card.calibration.thresholds) if judge.locked else {})


def _at_equal_sharpness(judge: Judge, images: _Equalised) -> dict[str, Any]:
    """AUC of the score and its parts once sharpness tells nothing (see `sharpness`), beside the floors' there."""
    calm = judge.measure(images.normal)
    ill = {name: judge.measure(group) for name, group in images.abnormal.items()}
    together = join(list(ill.values()))
    figures = {
        **images.figures,
        "auc": auc(judge.of(calm), judge.of(together)),
        "auc_95": auc_interval(judge.of(calm), judge.of(together)),
        "auc_by_score": judge.aucs(calm, together),
    }
    if len(ill) > 1:
        figures["auc_by_group"] = {name: judge.aucs(calm, group) for name, group in ill.items()}
    return figures


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


def report(card: Card, normal: Measured, abnormal: Measured, score: str | None = None) -> dict[str, Any]:
    """The figures of one evaluation that need no more than the evidence.

    Args:
        card: of the bundle.
        normal: evidence of normals that neither trained nor calibrated it.
        abnormal: evidence of abnormals.
        score: what is evaluated; None for what the card sorts by. For another score the card has no thresholds, so
            the honest protocol and the calibration are left out.
    """
    chosen = score or card.calibration.score
    n, a = (score_of(card, measured, chosen) for measured in (normal, abnormal))
    scores = [apply(card.calibration, measured.values) for measured in (normal, abnormal)]
    thresholds = card.calibration.thresholds if chosen == card.calibration.score else {}
    return {
        "normals": len(n),
        "abnormals": len(a),
        "score": chosen,
        "auc": auc(n, a),
        "auc_95": auc_interval(n, a),
        "auc_paper_score": auc(scores[0].paper, scores[1].paper),
        "auc_combined_score": auc(scores[0].combined, scores[1].combined),
        "auc_components": {name: auc(z, scores[1].z[name]) for name, z in scores[0].z.items()},
        "published_protocol": at_threshold(n, a, best_threshold(n, a)),
        "held_out_normals_protocol": {
            f"specificity_{name}": at_threshold(n, a, threshold) for name, threshold in thresholds.items()
        },
        "calibration": exceeded(n, thresholds),
        "outside_memory": {
            "normal": float(scores[0].outside_memory.mean()),
            "abnormal": float(scores[1].outside_memory.mean()),
        },
    }


def same_but_seed(cards: Sequence[Card]) -> bool:
    """Whether bundles are of one training with other seeds, so that mean and deviation over them mean something."""
    trainings = {(card.preset, card.population, card.minutes_given, card.network.model_dump_json()) for card in cards}
    return len(trainings) == 1 and len({card.seed for card in cards}) == len(cards)


def over_seeds(figures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mean and sample standard deviation over bundles of every figure that all of them have, in the figures' shape."""
    found: dict[str, Any] = {}
    for name, value in figures[0].items():
        values: list[Any] = [one.get(name) for one in figures]
        if isinstance(value, Mapping):
            if all(isinstance(other, Mapping) for other in values) and (inner := over_seeds(values)):
                found[name] = inner
        elif all(isinstance(other, int | float) and not isinstance(other, bool) for other in values):
            found[name] = {"mean": float(np.mean(values)), "std": float(np.std(values, ddof=1))}
    return found
