"""The four panes and what memory answered, as one picture without identifiers. For radiographs' viewers and pages."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import UNUSUAL, Detection, WeightsFacts
from squid_core.contracts.radiograph import FloatArray, Radiograph
from squid_core.contracts.reading import NO_REMARKS, Remarks
from squid_core.export.dicom.parts import RESEARCH_ONLY
from squid_core.export.pictures.drawing import (
    ACCENT,
    ALERT,
    AMBER,
    AMBER_GROUND,
    BADGE_GROUND,
    GREYS,
    LETTERS,
    LINE,
    MUTED,
    TEXT,
    WINDOW,
    as_shown,
    bare,
    caption,
    draw_difference,
    draw_grid,
    drawn,
    in_original,
    settings_in_words,
)
from squid_core.export.pictures.remarks import draw_marks, draw_sides, with_words
from squid_core.export.request import ShownAs
from squid_core.export.words import as_percent, doubts_in_words, score_in_words, what_if_in_words
from squid_core.graphics import overlaid, shuttered, strength
from squid_core.voi import to_uint8

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PATCHES, ENTRIES = 5, 5  # most abnormal patches whose memory is listed, and entries of each
DPI = 100
WIDTH, HEAD, FOOT, SIDE = 19.2, 1.5, 0.5, 5.3  # inches
PANE, CAPTION, GAP = 6.55, 0.85, 0.2  # a pane's square, what its words take, and the space between
ROW = 0.33  # of the table of entries
HEIGHT = HEAD + 2 * (PANE + CAPTION) + FOOT
ORIGINAL_SIDE = 1300  # px to which a large original is brought before it is drawn
MARK_POINTS = 10.0  # letters beside a mark
SIDE_LETTERS, LINE_LETTERS, HEAD_LETTERS = 72, 96, 125


def draw(
    radiograph: Radiograph,
    shown: ShownAs,
    detection: Detection,
    weights: WeightsFacts,
    picture: FloatArray | None = None,
    remarks: Remarks = NO_REMARKS,
) -> NDArray[np.uint8]:
    """The picture: original, reconstruction, difference, patches, and the memory entries of the most abnormal patches.

    Below it stands what the reader said and measured, where there is any of it.

    Args:
        radiograph: the original.
        shown: its window.
        detection: the result on it.
        weights: behind the result.
        picture: the normal image, where it is not the detection's own reconstruction.
        remarks: the reader's.

    Returns:
        (H, W, 3) uint8 RGB, 1920 px wide.
    """

    def fill(figure: Figure) -> None:
        _head(figure, detection, weights)
        _panes(figure, radiograph, shown, detection, detection.reconstruction if picture is None else picture, remarks)
        _memory(figure, detection)
        words = f"{weights.intended_use} The score says how unlike normal an image is, not what it has."
        figure.text(GAP / WIDTH, 0.2 / HEIGHT, words, color=MUTED, fontsize=10.5, va="center")

    return with_words(drawn(WIDTH, HEIGHT, DPI, fill), remarks)


def _head(figure: Figure, detection: Detection, weights: WeightsFacts) -> None:
    def line(inches: float, words: str, **how: Any) -> None:  # noqa: ANN401 - matplotlib's own keywords
        figure.text(GAP / WIDTH, 1 - inches / HEIGHT, words, va="center", **how)

    line(0.34, score_in_words(detection), fontsize=21, weight="bold")
    line(0.72, operating_points(detection, weights), fontsize=11.5, color=MUTED)
    words = f"{weights.title} · {detection.model_hash[:12]} · {settings_in_words(detection)}"
    what_if = weights.is_what_if(detection)
    colour = ALERT if what_if else MUTED
    words = what_if_in_words(words) if what_if else words
    wrapped = textwrap.wrap(words, HEAD_LETTERS, max_lines=2, placeholder="…")
    line(1.12, "\n".join(wrapped), fontsize=11.5, color=colour, linespacing=1.5)
    box = {"boxstyle": "round,pad=0.5", "facecolor": AMBER_GROUND, "edgecolor": AMBER}
    for number, badge in enumerate((RESEARCH_ONLY, *doubts_in_words(detection))):
        place = (1 - 1.6 * GAP / WIDTH, 1 - (0.36 + 0.45 * number) / HEIGHT)
        figure.text(*place, badge, ha="right", va="center", color=AMBER, fontsize=13, weight="bold", bbox=box)


def operating_points(detection: Detection, weights: WeightsFacts) -> str:
    """Which thresholds of the card the score reaches, and the paper's A."""
    reached = [name for name, threshold in weights.thresholds.items() if detection.score >= threshold]
    paper = f"paper's A {detection.paper_score:.3f}"
    if not weights.thresholds:
        return paper
    if reached:
        points = f"flagged at {' and '.join(f'{name}%' for name in reached)} specificity"
    else:
        points = f"not flagged, not even at {min(weights.thresholds, key=float)}% specificity"
    return f"{points} ({weights.held_out_normals} held-out normals) · {paper}"


def _panes(
    figure: Figure,
    radiograph: Radiograph,
    shown: ShownAs,
    detection: Detection,
    normal: FloatArray,
    remarks: Remarks,
) -> None:
    original, rebuilt, difference, patches = (_axes(figure, row, column) for row in (0, 1) for column in (0, 1))
    draw_original(original, radiograph, shown)
    if shown.marks:
        draw_marks(original, remarks.marks, as_shown(shown, radiograph.pixels.shape), MARK_POINTS)
    caption(original, "Original", shown_in_words(radiograph, shown), LINE_LETTERS)
    draw_model_panes(
        (rebuilt, difference, patches),
        radiograph,
        shown,
        detection,
        normal,
        detection.most_abnormal(PATCHES),
        LINE_LETTERS,
    )
    for axes, side in ((rebuilt, len(normal)), *((axes, len(detection.difference)) for axes in (difference, patches))):
        badge = f"{side} px, enlarged"
        box = {"boxstyle": "round,pad=0.4", "facecolor": BADGE_GROUND, "edgecolor": LINE}
        axes.text(0.993, 1.02, badge, transform=axes.transAxes, ha="right", va="bottom", fontsize=9.5, bbox=box)


def draw_model_panes(
    panes: tuple[Axes, Axes, Axes],
    radiograph: Radiograph,
    shown: ShownAs,
    detection: Detection,
    normal: FloatArray,
    marked: Sequence[int],
    letters: int,
    enlarged: str = "",
) -> None:
    """Reconstruction, difference and patches, each where the original has it; the `marked` patches lettered.

    `normal` is the normal image, laid over the whole model image. `enlarged` ends the first one's caption.
    """
    rebuilt, difference, patches = panes
    laid = in_original(detection.geometry) + as_shown(shown, radiograph.pixels.shape)
    frames = [laid + axes.transData for axes in panes]
    bottom, right = (side - 0.5 for side in detection.geometry.model_shape)
    rebuilt.imshow(normal, **GREYS, transform=frames[0], extent=(-0.5, right, bottom, -0.5))
    own = normal is detection.reconstruction
    what = "the normal image that memory gives back for it" if own else "normal, painted from memory where in doubt"
    caption(rebuilt, "Reconstruction", f"{what}{enlarged}", letters)
    draw_difference(difference, detection, letters, frames[1])
    draw_grid(patches, detection, marked, letters, frames[2])
    for axes in panes:
        lay_out_original(axes, radiograph, shown)


def lay_out_original(axes: Axes, radiograph: Radiograph, shown: ShownAs) -> None:
    """All of the original and nothing else, as it is turned, in true proportions, with the letters of its sides."""
    height, width = radiograph.pixels.shape[:2]
    aspect = radiograph.aspect
    if shown.quarters % 2:
        height, width, aspect = width, height, 1 / aspect
    axes.set_aspect(aspect)
    axes.set_facecolor("black")  # where the model did not look
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    bare(axes)
    draw_sides(axes, radiograph, shown)


def draw_original(axes: Axes, radiograph: Radiograph, shown: ShownAs) -> None:
    """The original as it is shown, in its own columns and rows as they are turned."""
    picture = windowed(radiograph, shown)
    picture = np.rot90(picture[:, ::-1] if shown.mirrored else picture, -shown.quarters)
    height, width = radiograph.pixels.shape[:2]
    if shown.quarters % 2:
        height, width = width, height
    where = (-0.5, width - 0.5, height - 0.5, -0.5)
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="antialiased", extent=where)
    lay_out_original(axes, radiograph, shown)


def _axes(figure: Figure, row: int, column: int) -> Axes:
    left = GAP + column * (PANE + GAP)
    bottom = HEIGHT - HEAD - (row + 1) * (PANE + CAPTION) + CAPTION - 0.4
    return figure.add_axes((left / WIDTH, bottom / HEIGHT, PANE / WIDTH, PANE / HEIGHT), anchor="C")


def windowed(radiograph: Radiograph, shown: ShownAs) -> NDArray[np.uint8]:
    """(h, w) or (h, w, 3) uint8 of at most ORIGINAL_SIDE px; window and shutter are applied at full size."""
    picture = to_uint8(radiograph.pixels, shown.window or radiograph.window, shown.inverted, shown.gamma)
    if shown.graphics and radiograph.shutter is not None:
        picture = shuttered(picture, radiograph.shutter, radiograph.aspect)
    picture = _at_most(picture)
    if shown.graphics and radiograph.overlays:
        shape = (radiograph.pixels.shape[0], radiograph.pixels.shape[1])
        picture = overlaid(picture, _at_most(strength(radiograph.overlays, shape)))
    return picture


def _at_most(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with no side longer than ORIGINAL_SIDE."""
    factor = ORIGINAL_SIDE / max(picture.shape[:2])
    if factor >= 1:
        return picture
    size = (max(round(picture.shape[1] * factor), 1), max(round(picture.shape[0] * factor), 1))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def shown_in_words(radiograph: Radiograph, shown: ShownAs) -> str:
    """How the original is shown: the window in the file's own values, as any other program says it."""
    words = ["in colour"]
    if not radiograph.is_colour:
        window = radiograph.stated(shown.window or radiograph.window)
        kind = "window" if window.table is None else "the file's table,"
        words = [f"{kind} centre {window.center:.7g}, width {window.width:.7g}"]
    if shown.inverted:
        words.append("as a negative")
    if shown.gamma != 1.0 and not radiograph.is_colour:
        words.append(f"gamma {shown.gamma:.2f}")
    words += [word for word in (turned_in_words(shown), graphics_in_words(radiograph, shown)) if word]
    return ", ".join(words)


def turned_in_words(shown: ShownAs) -> str:
    """What of the picture lies otherwise than in the file; '' for nothing."""
    turned = f"turned {90 * shown.quarters}° clockwise" if shown.quarters else ""
    return ", then ".join(word for word in ("mirrored" if shown.mirrored else "", turned) if word)


def graphics_in_words(radiograph: Radiograph, shown: ShownAs) -> str:
    """Of what the file lays over its image, what is to be seen; '' where it lays nothing."""
    named = (("overlays", radiograph.overlays), ("shutter", radiograph.shutter))
    what = " and ".join(name for name, there in named if there)
    return f"{'with' if shown.graphics else 'without'} the file's {what}" if what else ""


def _memory(figure: Figure, detection: Detection) -> None:
    """The most abnormal patches, and the entries that memory answered with."""
    left, top = WIDTH - SIDE, HEIGHT - HEAD
    axes = figure.add_axes((left / WIDTH, FOOT / HEIGHT, (SIDE - GAP) / WIDTH, (top - FOOT) / HEIGHT))
    axes.set_axis_off()
    height = top - FOOT
    axes.set(xlim=(0, SIDE - GAP), ylim=(height, 0))
    axes.text(0, 0.1, "Memory", fontsize=13, weight="bold", va="center")
    words = "the entries of normal anatomy that answered the strangest patches"
    axes.text(0, 0.38, "\n".join(textwrap.wrap(words, SIDE_LETTERS)), fontsize=9.5, color=MUTED, va="center")
    step = (height - 0.7) / PATCHES
    for index, patch in enumerate(detection.most_abnormal(PATCHES)):
        _patch(axes, detection, LETTERS[index], patch, 0.85 + index * step)


def _patch(axes: Axes, detection: Detection, letter: str, patch: int, y: float) -> None:
    row, column = divmod(patch, detection.grid)
    percentile = float(detection.patch_percentiles[row, column])
    plate = {"boxstyle": "square,pad=0.25", "facecolor": ACCENT, "edgecolor": "none"}
    axes.text(0.06, y, letter, color=WINDOW, weight="bold", fontsize=11, va="center", bbox=plate)
    mark = " ▲" if percentile >= UNUSUAL else ""
    axes.text(0.36, y, f"row {row + 1}, column {column + 1}", fontsize=11.5, weight="bold", va="center")
    facts = (
        f"percentile {as_percent(percentile)[:-1]}{mark} · distance {float(detection.patch_scores[row, column]):.3f}"
    )
    axes.text(SIDE - 0.35, y, facts, fontsize=10.5, ha="right", va="center", color=TEXT if mark else MUTED)
    columns = (("slot", 0.9), ("weight", 1.75), ("similarity", 2.85), ("queue", 3.55))
    for name, x in columns:
        axes.text(x, y + 0.42, name, fontsize=9.5, color=MUTED, ha="right", va="center")
    matches = detection.matches[patch]
    for rank, match in enumerate(matches[:ENTRIES]):
        at = y + 0.76 + ROW * rank
        cells = (f"{match.slot}", f"{match.weight:.2f}", f"{match.similarity:.2f}", f"{match.age + 1}")
        for cell, (_, x) in zip(cells, columns, strict=True):
            axes.text(x, at, cell, fontsize=11.5, ha="right", va="center")
        axes.plot([3.75, 4.9], [at, at], color=LINE, lw=5, solid_capstyle="butt")
        axes.plot([3.75, 3.75 + 1.15 * min(match.weight, 1)], [at, at], color=ACCENT, lw=5, solid_capstyle="butt")
    if len(matches) > ENTRIES:
        at = y + 0.76 + ROW * ENTRIES
        axes.text(0.36, at, f"and {len(matches) - ENTRIES} more entries", fontsize=9.5, color=MUTED, va="center")
