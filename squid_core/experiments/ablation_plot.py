"""Curves of the ablations as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from squid_core.experiments.ablation import COMPONENTS, CURVES, SEEDS, curve, own_value
from squid_core.experiments.baselines import COMBINED, PAPER
from squid_core.experiments.networks import RECONSTRUCTION
from squid_core.experiments.runs import Json
from squid_core.plots import COLOURS, new_figure, save_figure
from squid_core.training.preset import Preset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLES = {COMBINED: (COLOURS[0], "o"), PAPER: (COLOURS[1], "s"), RECONSTRUCTION: (COLOURS[2], "^")}
LOGARITHMIC = ("k", "memory entries")
SIZE = (13.0, 7.5)  # inches


def draw(rows: Sequence[Json], preset: Preset, path: Path) -> None:
    """Write a PNG: the components, and a curve for every setting; AUC of three scores in each.

    Raises:
        SquidError: it cannot be written.
    """
    figure, panels = new_figure(3, 2, SIZE)
    _components(panels[0], rows)
    for panel, study in zip(panels[1:], CURVES, strict=True):
        points = curve(rows, preset, study)
        panel.set_visible(bool(points))
        _curve(panel, points, study, own_value(preset, study))
    handles, labels = panels[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    save_figure(figure, path)


def _components(panel: Axes, rows: Sequence[Json]) -> None:
    shown = [row for row in rows if row["study"] in (COMPONENTS, SEEDS)][::-1]
    names = [str(row["value"]) for row in shown]
    for score, (colour, marker) in STYLES.items():
        panel.plot([100 * row["scores"][score]["auc"] for row in shown], names, marker, color=colour, markersize=5)
    panel.set_xlabel("AUC")


def _curve(panel: Axes, points: Sequence[tuple[float, Json]], study: str, own: float) -> None:
    at = [value for value, _ in points]
    for score, (colour, marker) in STYLES.items():
        seen = [row["scores"][score] for _, row in points]
        panel.plot(at, [100 * one["auc"] for one in seen], f"{marker}-", color=colour, label=score, markersize=5)
        low, high = ([100 * one["auc_95"][side] for one in seen] for side in (0, 1))
        panel.fill_between(at, low, high, color=colour, alpha=0.15, linewidth=0)
    panel.axvline(own, color="0.6", linestyle=":", linewidth=1)
    if study in LOGARITHMIC:
        panel.set_xscale("log")
    panel.set_xticks(at, [f"{value:g}" for value in at])
    panel.minorticks_off()
    panel.set(xlabel=f"{study} (dotted: the preset)", ylabel="AUC")
