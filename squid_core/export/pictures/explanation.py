"""An explanation as one picture for a reader and a researcher."""

from __future__ import annotations

import io
import math
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from squid_core.contracts.detection import UNUSUAL, Detection, MemoryMatch
from squid_core.contracts.radiograph import FloatArray
from squid_core.export.pictures.drawing import (
    ACCENT,
    ALERT,
    AMBER,
    AMBER_GROUND,
    BADGE_GROUND,
    GREYS,
    HOT,
    LETTERS,
    LINE,
    MUTED,
    STYLE,
    TEXT,
    WINDOW,
    bare,
    caption,
    draw_difference,
    draw_grid,
    rgb,
    settings_in_words,
)
from squid_core.export.words import as_percent, doubts_in_words, score_in_words, what_if_in_words
from squid_core.inference.explain_file import Explained
from squid_core.inference.explanation import ExplainedPatch, Explanation, MemoryReliance, Removal
from squid_core.plots import bare_figure, under

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure

ENTRIES_SHOWN = 5  # of a patch, greatest weight first
WIDTH, HEAD, PANELS, PATCH_HEAD, PATCH_ROW, FOOT = 17.0, 1.05, 3.8, 0.42, 1.36, 1.15  # inches
HEAD_LETTERS, FOOT_LETTERS = 215, 265  # in a line
DPI = 110


def draw(explained: Explained) -> bytes:
    """PNG, about 1900 px wide; dark, as radiographs are read. No name, no file name, nothing of the header."""
    explanation = explained.explanation
    rows = max(len(explanation.patches), 1)
    heights = [HEAD, PANELS, PATCH_ROW * rows + PATCH_HEAD, FOOT]
    with under(STYLE):
        figure = bare_figure(WIDTH, sum(heights), dpi=DPI, facecolor=WINDOW)
        parts: Any = figure.subfigures(4, 1, height_ratios=heights)
        for part in parts:
            part.set_facecolor(WINDOW)
        head, panels, patches, foot = parts
        _head(head, explained)
        _panels(panels, explanation)
        _patches(patches, explanation)
        _foot(foot, explained)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": "squid explain"})
    return buffer.getvalue()


def _head(figure: SubFigure, explained: Explained) -> None:
    detection = explained.explanation.detection
    size = detection.geometry.model_shape[0]
    figure.text(0.012, 0.78, score_in_words(detection), fontsize=17, weight="bold", va="center")
    paper = f"paper's A {detection.paper_score:.3f}"
    parts = [f"{name} {value:+.1f}" for name, value in detection.components.items()]
    evidence = f"Evidence, in standard deviations from normal: {' · '.join(parts)}" if parts else ""
    lines = textwrap.wrap(" — ".join(filter(None, (evidence, paper))), HEAD_LETTERS)
    figure.text(0.012, 0.47, "\n".join(lines), color=MUTED, va="center")
    words = f"{detection.model} weights ({detection.model_hash[:8]}) · {settings_in_words(detection)}"
    if explained.is_what_if:
        locked = explained.weights.locked
        words = what_if_in_words(
            f"{words}   (card: {locked.top_k} entries, {locked.shrinkage.value}, "
            f"gate {locked.gate.value}, rho {locked.rho:g})"
        )
    colour = ALERT if explained.is_what_if else MUTED
    figure.text(0.012, 0.20, words, color=colour, va="center")
    for x, badge in ((0.988, f"model resolution {size} px, enlarged"), (0.835, "research use only")):
        box = {"boxstyle": "round,pad=0.45", "facecolor": BADGE_GROUND, "edgecolor": LINE}
        figure.text(x, 0.78, badge, ha="right", va="center", color=TEXT, fontsize=10, bbox=box)
    if words := " · ".join(doubts_in_words(detection)):
        box = {"boxstyle": "round,pad=0.45", "facecolor": AMBER_GROUND, "edgecolor": AMBER}
        figure.text(0.988, 0.38, words, ha="right", va="center", color=AMBER, fontsize=10, bbox=box)


def _panels(figure: SubFigure, explanation: Explanation) -> None:
    detection, reliance = explanation.detection, explanation.reliance
    axes = figure.subplots(1, 5 + (explanation.lesion_map is not None) + bool(reliance))
    figure.subplots_adjust(left=0.012, right=0.988, top=0.92, bottom=0.26, wspace=0.05)
    axes[0].imshow(detection.input_image, **GREYS)
    laid = detection.pose is not None and detection.pose.registered
    caption(axes[0], "Input", "what the detector sees" + (": laid on the mean normal chest" if laid else ""))
    axes[1].imshow(detection.reconstruction, **GREYS)
    caption(axes[1], "Reconstruction", "the normal image that memory gives back for it")
    draw_difference(axes[2], detection)
    draw_grid(axes[3], detection, [entries.patch for entries in explanation.patches])
    axes[4].imshow(detection.reconstruction, **GREYS)
    _heat(axes[4], explanation.grad_cam)
    if explanation.grad_cam.any():
        text = "bright: where the reconstruction looks least like a real normal image to it"
    else:
        text = "nothing in the reconstruction looks unlike a real normal image to it"
    caption(axes[4], "Grad-CAM", f"of the discriminator; {text}")
    if explanation.lesion_map is not None:
        axes[5].imshow(detection.input_image, **GREYS)
        side = detection.geometry.model_shape[0] - 0.5
        _heat(axes[5], explanation.lesion_map, (-0.5, side, side, -0.5))
        text = "bright: looks changed to a critic that has learned on made-up lesions only; it names no disease"
        caption(axes[5], "Lesion critic", text)
    if reliance:
        axes[-1].imshow(reliance.shuffled, **GREYS)
        caption(axes[-1], "Memories exchanged", _reliance_in_words(reliance))
    height, width = detection.geometry.model_shape
    for one in axes:
        one.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
        bare(one)


def _reliance_in_words(reliance: MemoryReliance) -> str:
    if reliance.share is None:
        return "each patch answered with another's entries: nothing changes"
    percent = as_percent(100 * reliance.share)
    if reliance.bypass_change == 0:
        share = "all of the picture comes from memory, nothing past it"
    else:
        share = f"memory reliance {percent}, the rest came past memory"
    return f"each patch answered with another's entries: {share} (mean change {reliance.memory_change:.3f})"


def _heat(axes: Axes, heat: FloatArray, extent: tuple[float, float, float, float] | None = None) -> None:
    colours = np.empty((*heat.shape, 4))
    colours[..., :3], colours[..., 3] = rgb(HOT), 0.75 * heat
    axes.imshow(colours, interpolation="bilinear", extent=extent)


def _patches(figure: SubFigure, explanation: Explanation) -> None:
    removals = {(removal.patch, removal.slot): removal for removal in explanation.removals}
    height = PATCH_HEAD + PATCH_ROW * max(len(explanation.patches), 1)
    words = "The patches marked, and the entries of normal anatomy that their memory answered with"
    figure.text(0.012, 1 - 0.05 / height, words, fontsize=12, weight="bold", va="top")
    if not explanation.patches:
        return
    axes = figure.subplots(len(explanation.patches), ENTRIES_SHOWN + 2, squeeze=False)
    figure.subplots_adjust(left=0.012, right=0.988, top=1 - PATCH_HEAD / height, bottom=0.01, wspace=0.05, hspace=0.1)
    for letter, entries, row in zip(LETTERS, explanation.patches, axes, strict=False):
        _patch_row(row, letter, entries, explanation.detection, removals)


def _patch_row(
    axes: np.ndarray,
    letter: str,
    entries: ExplainedPatch,
    detection: Detection,
    removals: dict[tuple[int, int], Removal],
) -> None:
    row, column = divmod(entries.patch, detection.grid)
    size = entries.pictures.shape[-1]
    where = slice(row * size, (row + 1) * size), slice(column * size, (column + 1) * size)
    percentile = float(detection.patch_percentiles[row, column])
    words = [f"row {row + 1}, column {column + 1}", f"distance {float(detection.patch_scores[row, column]):.3f}"]
    words.append(f"percentile {math.floor(percentile)}{' ▲' if percentile >= UNUSUAL else ''}")
    _tile(axes[0], detection.input_image[where], f"{letter}  the patch", words, ACCENT)
    _tile(axes[1], detection.reconstruction[where], "rebuilt", ["as it stands in", "the reconstruction"], LINE)
    shown = list(zip(entries.matches, entries.pictures, strict=True))[:ENTRIES_SHOWN]
    left_out = len(entries.matches) - len(shown)
    for rank, one in enumerate(axes[2:]):
        if rank >= len(shown):
            one.set_visible(False)
            continue
        match, picture = shown[rank]
        words = _match_in_words(match, removals.get((entries.patch, match.slot)))
        if rank == ENTRIES_SHOWN - 1 and left_out:
            words.append(f"and {left_out} more entries")
        _tile(one, picture, f"weight {match.weight:.2f}", words, LINE, match.weight)


def _match_in_words(match: MemoryMatch, removal: Removal | None) -> list[str]:
    words = [f"similarity {match.similarity:.2f}", f"slot {match.slot}, queue place {match.age + 1}"]
    if removal is not None:
        words += ["without it:", f"score {removal.score_change:+.3f}", f"patch ±{removal.picture_change:.3f}"]
    return words


def _tile(
    axes: Axes, picture: FloatArray, title: str, words: list[str], edge: str, weight: float | None = None
) -> None:
    """A small picture at the left of its axes, words at its right, and a bar for the weight below them."""
    axes.set_facecolor(WINDOW)
    axes.set_aspect("equal", anchor="NW")
    axes.imshow(picture, **GREYS, extent=(0.01, 1, 1, 0.01), zorder=2)
    axes.set(xlim=(0, 2.05), ylim=(1, 0))
    axes.spines[:].set_visible(False)
    bare(axes)
    axes.plot([0.01, 1, 1, 0.01, 0.01], [0.01, 0.01, 1, 1, 0.01], color=edge, lw=1.6, zorder=3, clip_on=False)
    axes.text(1.07, 0.02, title, va="top", weight="bold", fontsize=9.5, color=edge if edge == ACCENT else TEXT)
    axes.text(1.07, 0.19, "\n".join(words), va="top", fontsize=8.4, color=MUTED, linespacing=1.35)
    if weight is not None:
        axes.plot([1.07, 1.95], [0.97, 0.97], color=LINE, lw=3, solid_capstyle="butt")
        axes.plot([1.07, 1.07 + 0.88 * min(weight, 1)], [0.97, 0.97], color=ACCENT, lw=3, solid_capstyle="butt")


def _foot(figure: SubFigure, explained: Explained) -> None:
    reading = (
        "How to read it. The detector was trained on normal images only. For every patch it looks up the most similar "
        "patches of normal training images (entries; weight: share in the answer; similarity: cosine, 1 is alike; "
        "queue place: 1 is the newest) and rebuilds the image from them. A patch far from all gets a high percentile. "
        "The score grades how unlike normal an image is; it names no disease. Grad-CAM: Selvaraju et al. 2017. "
        "Reliance: change of the reconstruction when patches exchange memory entries, as a share of this and of the "
        "change when they exchange what passes memory by (skip connections, gate)."
    )
    lines = textwrap.wrap(reading, FOOT_LETTERS) + textwrap.wrap(" ".join(explained.notices), FOOT_LETTERS)
    lines += [f"Research use only, not a medical device. Weights: {explained.weights.title}."]
    figure.text(0.012, 0.94, "\n".join(lines), va="top", fontsize=8.6, color=MUTED, linespacing=1.45)
