"""Curves of the ablations as a picture."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from squid_core.bundle.weights import write_atomically
from squid_core.training.ablation import COMPONENTS, CURVES, SEEDS, curve
from squid_core.training.baselines.compare import COMBINED, PAPER
from squid_core.training.baselines.networks import RECONSTRUCTION
from squid_core.training.preset import Preset
from squid_core.training.runs import Json

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart by colour-blind eyes and in grey.
STYLES = {COMBINED: ("#0072B2", "o"), PAPER: ("#D55E00", "s"), RECONSTRUCTION: ("#009E73", "^")}
LOGARITHMIC = ("k", "memory entries")


def draw(rows: Sequence[Json], preset: Preset, path: Path) -> None:
    """Write a PNG: bars of the components, and a curve for every setting; AUC of three scores in each.

    Raises:
        SquidError: it cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 7.5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, 3).flatten().tolist()
    _components(panels[0], rows)
    for panel, study in zip(panels[1:], CURVES, strict=True):
        _curve(panel, curve(rows, preset, study), study, own=_own(preset, study))
    handles, labels = panels[1].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    write_atomically(path, buffer.getvalue())


def _own(preset: Preset, study: str) -> float:
    section, _, name = CURVES[study].partition(".")
    return float(getattr(getattr(preset, section), name)) if name else 1.0


def _components(panel: Axes, rows: Sequence[Json]) -> None:
    shown = [row for row in rows if row["study"] in (COMPONENTS, SEEDS)][::-1]
    names = [str(row["value"]) for row in shown]
    for score, (colour, marker) in STYLES.items():
        panel.plot([100 * row["scores"][score]["auc"] for row in shown], names, marker, color=colour, markersize=5)
    panel.set_xlabel("AUC")
    panel.grid(visible=True, alpha=0.25)
    panel.spines[["top", "right"]].set_visible(False)


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
    panel.set_xlabel(f"{study} (dotted: the preset)")
    panel.set_ylabel("AUC")
    panel.grid(visible=True, alpha=0.25)
    panel.spines[["top", "right"]].set_visible(False)
