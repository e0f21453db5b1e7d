"""Pictures of an evaluation: the ROC curve with its band, where the scores of each group lie, and how others fare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from squid_core.evaluation.evaluate import Evaluation
from squid_core.evaluation.metrics import RATES, Array, at_threshold, auc, auc_interval, roc, roc_points
from squid_core.long_runs import claim_folder
from squid_core.plots import ABNORMAL_COLOUR, COLOURS, NORMAL_COLOUR, new_figure, save_figure

BINS = 40
ALL_COLOUR = "#222222"  # of all abnormals together; each group has the same colour in both pictures
PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}  # behind words on curves
ROC_INCHES, HISTOGRAM_INCHES, ROW_INCHES, HOSPITAL_INCHES, HOSPITAL_ROW_INCHES = (6.2, 6.0), 7.6, 1.5, 9.0, 0.28
APART = 0.5  # of the curves of several places, in normals, so that their intervals can be told apart


def draw_all(folder: Path, evaluations: Sequence[Evaluation]) -> None:
    """NAME-roc.png and NAME-scores.png of each bundle, NAME-hospitals.png where made-up ones were asked for.

    Of bundles of one name the later ones get a number.

    Raises:
        SquidError: the folder cannot be made or the pictures not written.
    """
    claim_folder(folder, "pictures' folder")
    names: list[str] = []
    for evaluation in evaluations:
        name = str(evaluation.figures["weights"])
        names.append(name)
        file = name if names.count(name) == 1 else f"{name}-{names.count(name)}"
        common = evaluation.normal, evaluation.abnormal, evaluation.thresholds, f"{file}: {evaluation.score} score"
        draw_roc(folder / f"{file}-roc.png", *common)
        draw_scores(folder / f"{file}-scores.png", *common, score=evaluation.score)
        if (found := evaluation.figures.get("pseudo_sites")) and found["median"]["beyond"]:
            sources = evaluation.figures.get("by_source", {})
            draw_hospitals(folder / f"{file}-hospitals.png", found, sources, f"{file} at other hospitals")
        if curves := evaluation.figures.get("adapted"):
            draw_adapted(folder / f"{file}-adapted.png", curves, f"{file}, adapted to normals of the place")


def draw_roc(
    path: Path, normal: Array, abnormal: Mapping[str, Array], thresholds: Mapping[str, float], title: str
) -> None:
    """ROC curve over all abnormals with its 95% bootstrap band, one thin curve a group, and the operating points.

    Args:
        path: of the PNG.
        normal: scores of normals.
        abnormal: scores by group.
        thresholds: by specificity in percent on held-out normals; may be empty.
        title: above the axes.

    Raises:
        SquidError: the picture cannot be written.
    """
    figure, (axes,) = new_figure(size=ROC_INCHES)
    together = np.concatenate(list(abnormal.values()))
    curve = roc(normal, together)
    low, high = auc_interval(normal, together)
    axes.plot((0, 1), (0, 1), color="0.7", linewidth=1, linestyle=(0, (4, 4)))
    axes.fill_between(RATES, curve.low, curve.high, color=ALL_COLOUR, alpha=0.13, linewidth=0)
    label = f"all {len(together)}: AUC {100 * auc(normal, together):.1f} ({100 * low:.1f} to {100 * high:.1f})"
    axes.plot(curve.false_positive, curve.true_positive, color=ALL_COLOUR, linewidth=2.2, label=label)
    if len(abnormal) > 1:
        for (name, scores), colour in zip(abnormal.items(), _cycle(len(abnormal)), strict=True):
            text = f"{_short(name)} ({len(scores)}): AUC {100 * auc(normal, scores):.1f}"
            axes.plot(*roc_points(normal, scores), color=colour, linewidth=1.2, label=text)
    for name, threshold in thresholds.items():
        point = at_threshold(normal, together, threshold)
        x, y = 1 - point["specificity"], point["sensitivity"]
        axes.plot(x, y, marker="o", markersize=7, markerfacecolor="white", markeredgecolor="black", zorder=5)
        axes.annotate(
            f"{name}%", (x, y), (10, -4), textcoords="offset points", va="top", fontsize="small", zorder=6, bbox=PLATE
        )
    if thresholds:
        axes.plot([], [], "o", color="white", markeredgecolor="black", label="specificity on held-out normals")
    axes.set(xlabel="1 - specificity", ylabel="sensitivity", title=title, xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))
    axes.set_aspect("equal")
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, edgecolor="none", fontsize="small")
    save_figure(figure, path)


def draw_scores(
    path: Path, normal: Array, abnormal: Mapping[str, Array], thresholds: Mapping[str, float], title: str, score: str
) -> None:
    """Histograms of the scores of the normals and of each group, one above the other on one axis.

    Args:
        path: of the PNG.
        normal: scores of normals.
        abnormal: scores by group.
        thresholds: by specificity in percent on held-out normals, drawn as lines; may be empty.
        title: above the axes.
        score: what the scores are.

    Raises:
        SquidError: the picture cannot be written.
    """
    groups = {"normal": normal, **abnormal}
    everything = np.concatenate(list(groups.values()))
    edges = np.linspace(everything.min(), max(everything.max(), everything.min() + 1e-9), BINS + 1)
    size = (HISTOGRAM_INCHES, ROW_INCHES * len(groups) + 1.1)
    figure, all_axes = new_figure(rows=len(groups), size=size)
    colours = [NORMAL_COLOUR, *_cycle(len(abnormal))]
    for axes, (name, scores), colour in zip(all_axes, groups.items(), colours, strict=True):
        shares = np.histogram(scores, edges)[0] / len(scores)
        axes.bar(edges[:-1], 100 * shares, np.diff(edges), align="edge", color=colour, alpha=0.75)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylabel("% of images", fontsize="small")
        axes.set_title(f"{_short(name)}, {len(scores)} images", loc="left", fontsize="small", pad=3)
        for specificity, threshold in thresholds.items():
            axes.axvline(threshold, color="black", linewidth=1, linestyle=(0, (3, 3)))
            if axes is all_axes[0]:
                axes.annotate(
                    f"{specificity}%",
                    (threshold, 1),
                    (-1, -2),
                    xycoords=("data", "axes fraction"),
                    textcoords="offset points",
                    va="top",
                    ha="right",
                    rotation=90,
                    fontsize="x-small",
                    annotation_clip=True,  # beyond the axis it would leave no room for the histograms
                )
        if axes is not all_axes[-1]:
            axes.tick_params(labelbottom=False)
    all_axes[-1].set_xlabel(f"score: {score}" + (" (lines: specificity on held-out normals)" if thresholds else ""))
    figure.suptitle(title, fontsize="medium")
    save_figure(figure, path)


def draw_hospitals(path: Path, found: Mapping[str, Any], sources: Mapping[str, Any], title: str) -> None:
    """Share beyond the 95th percentile and AUC, with their 95% intervals, of each made-up hospital, nearest above.

    Args:
        path: of the PNG.
        found: what `hospitals.over_sites` gave of a score that has thresholds.
        sources: what `hospitals.by_source` gave; shares only, below the made-up ones.
        title: above the axes.

    Raises:
        SquidError: the picture cannot be written.
    """
    sites = sorted(found["sites"], key=lambda site: site["distance"])
    names = [f"site {site['seed']} ({site['distance']:.2f})" for site in sites] + [_short(name) for name in sources]
    beyond = [place["beyond"]["95"] for place in (*(site["normal"] for site in sites), *sources.values())]
    figure, (left, right) = new_figure(columns=2, size=(HOSPITAL_INCHES, HOSPITAL_ROW_INCHES * len(names) + 1.5))
    panels = (
        (left, "% beyond the 95th percentile", 0, 5, [(one["exceeded"], *one["interval_95"]) for one in beyond]),
        (right, "AUC", 50, 50, [(site["auc"], *site["auc_95"]) for site in sites]),
    )
    for axes, what, least, neutral, values in panels:
        axes.axvline(neutral, color="black", linewidth=1, linestyle=(0, (3, 3)))
        axes.axvline(100 * np.median([value for value, _, _ in values[: len(sites)]]), color=NORMAL_COLOUR, linewidth=1)
        for row, (value, low, high) in enumerate(values):
            colour = NORMAL_COLOUR if row < len(sites) else COLOURS[2]
            axes.plot((100 * low, 100 * high), (row, row), color=colour, linewidth=1.6)
            axes.plot(100 * value, row, "o", color=colour, markersize=5)
        axes.set(xlabel=what, xlim=(least - 1, 101), ylim=(len(names) - 0.4, -0.6))
        axes.set_yticks(range(len(names)), names if axes is left else [])
    left.set_title(
        "made-up hospitals (distance), median" + (", and real sources" if sources else ""), loc="left", fontsize="small"
    )
    right.set_title("normals against abnormals of one site", loc="left", fontsize="small")
    figure.suptitle(title, fontsize="medium")
    save_figure(figure, path)


def draw_adapted(path: Path, curves: Mapping[str, Sequence[Mapping[str, Any]]], title: str) -> None:
    """Share beyond the 95th percentile and AUC over the normals that were adapted to, one curve a place.

    Args:
        path: of the PNG.
        curves: what `squid_core.adaptation.curves.curves` gave.
        title: above the axes.

    Raises:
        SquidError: the picture cannot be written.
    """
    figure, all_axes = new_figure(columns=2, size=(HOSPITAL_INCHES + 2, 4.4))
    for axes, what in zip(all_axes, ("% beyond the 95th percentile", "AUC"), strict=True):
        for index, (place, rows) in enumerate(curves.items()):
            seen = [
                (row["normals"], row["auc"] if what == "AUC" else row["beyond"]["95"]) for row in rows if "auc" in row
            ]
            x = np.array([normals for normals, _ in seen]) + APART * (index - len(curves) / 2)
            middle, low, high = np.array([(one["mean"], *one["interval_95"]) for _, one in seen]).T * 100
            colour = COLOURS[index % len(COLOURS)]
            axes.errorbar(
                x,
                middle,
                (middle - low, high - middle),
                color=colour,
                marker="o",
                markersize=4,
                linewidth=1.4,
                elinewidth=0.7,
                label=_short(place),
            )
        axes.set(xlabel="normals of the place, one a patient", ylabel=what)
    all_axes[0].axhline(5, color="black", linewidth=1, linestyle=(0, (3, 3)))
    all_axes[1].legend(frameon=False, fontsize="x-small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.suptitle(title, fontsize="medium")
    save_figure(figure, path)


def _cycle(count: int) -> list[str]:
    """Colours for groups of abnormals."""
    others = [ABNORMAL_COLOUR, *COLOURS[2:]]
    return [others[i % len(others)] for i in range(count)]


def _short(name: str) -> str:
    return name.replace("_", " ").lower()[:32]
