"""What the pictures of a detection share: colours, captions, the difference, the grid of patches. Needs matplotlib."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import UNUSUAL, Detection, Geometry, Shrinkage
from squid_core.export.request import ShownAs
from squid_core.plots import bare_figure, pixels_of, under

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D, Transform

CAPTION_LETTERS = 36  # in a line
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WINDOW, TEXT, MUTED, LINE = "#0b0d10", "#e8ebf0", "#a3adbb", "#3a4350"
ACCENT, WARM, HOT, ALERT = "#6db3f2", "#ff9f45", "#ff5a36", "#c3a6ff"
AMBER, AMBER_GROUND, BADGE_GROUND = "#f0b64d", "#2b2311", "#1b2029"
DIFFERENCE_COLOURS = ("#7cc4ff", "#1d5f9c", "#0f1114", "#a2541a", "#ffb36b")  # blue and orange: any eye tells them
GREYS: dict[str, Any] = {"cmap": "gray", "vmin": 0, "vmax": 1, "interpolation": "bicubic"}  # of the model's images
STYLE: dict[str, Any] = {
    "text.color": TEXT,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9.5,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
}


def drawn(width: float, height: float, dpi: int, fill: Callable[[Figure], None]) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of a dark figure of so many inches."""
    with under(STYLE):
        figure = bare_figure(width, height, dpi=dpi, facecolor=WINDOW)
        fill(figure)
        return pixels_of(figure)


def settings_in_words(detection: Detection) -> str:
    """How memory was read."""
    settings = detection.trial.settings
    if settings.shrinkage is Shrinkage.SOFTMAX:
        read = "every memory entry is read"
    else:
        read = f"{settings.top_k} memory entries a patch, {settings.shrinkage.value} shrinkage"
    gate = "" if settings.gate.value == "off" else f", rho {settings.rho:g}"
    return f"{read} · gate {settings.gate.value}{gate}"


def in_original(geometry: Geometry) -> Affine2D:
    """From (column, row) of the model image to (column, row) of the original."""
    from matplotlib.transforms import Affine2D

    (a, b, row), (c, d, column) = geometry.matrix
    return Affine2D(np.array(((d, c, column), (b, a, row), (0, 0, 1))))


def as_shown(shown: ShownAs, shape: tuple[int, ...]) -> Affine2D:
    """From (column, row) of an original of `shape` to those of the picture as it is mirrored and turned."""
    from matplotlib.transforms import Affine2D

    height, width = shape[:2]
    turn = Affine2D()
    if shown.mirrored:
        turn = turn.scale(-1, 1).translate(width - 1, 0)
    for _ in range(shown.quarters):
        turn = turn.rotate_deg(90).translate(height - 1, 0)  # clockwise, since rows run down
        width, height = height, width
    return turn


def draw_difference(
    axes: Axes, detection: Detection, letters: int = CAPTION_LETTERS, frame: Transform | None = None
) -> None:
    """Blue to orange, 0 in the middle, on one scale for both signs; `frame` as in `draw_grid`."""
    from matplotlib.colors import LinearSegmentedColormap

    limit = difference_limit(detection)
    colours = LinearSegmentedColormap.from_list("difference", DIFFERENCE_COLOURS)
    axes.imshow(detection.difference, cmap=colours, vmin=-limit, vmax=limit, interpolation="bicubic", transform=frame)
    caption(axes, "Difference", f"orange: brighter than normal, blue: darker; full colour from {limit:.2f}", letters)


def difference_limit(detection: Detection) -> float:
    """The difference that has its full colour: nearly the greatest, and no noise."""
    return max(float(np.quantile(np.abs(detection.difference), 0.995)), 0.05)


def draw_grid(
    axes: Axes,
    detection: Detection,
    marked: Sequence[int],
    letters: int = CAPTION_LETTERS,
    frame: Transform | None = None,
) -> None:
    """Each patch with its percentile; the `marked` ones, row-major indices, framed and lettered from A.

    `frame` is as of `in_original`; None draws as the model sees. Words stay upright.
    """
    from matplotlib.patches import Rectangle

    frame = axes.transData if frame is None else frame
    axes.imshow(detection.input_image, **GREYS, transform=frame)
    size = detection.geometry.model_shape[0] / detection.grid
    points = min(10.5, 42 / detection.grid)
    corners = [(at[1] * size - 0.5, at[0] * size - 0.5) for at in np.ndindex(detection.grid, detection.grid)]
    for corner, percentile in zip(corners, detection.patch_percentiles.ravel(), strict=True):
        alpha = 0.55 * max(float(percentile) - 50, 0) / 50
        look: dict[str, Any] = {"facecolor": (*rgb(WARM), alpha), "edgecolor": (1, 1, 1, 0.25), "lw": 0.7}
        axes.add_patch(Rectangle(corner, size, size, transform=frame, **look))
        unusual = percentile >= UNUSUAL
        axes.text(
            corner[0] + size / 2,
            corner[1] + size / 2,
            f"{math.floor(percentile)}{' ▲' if unusual else ''}",
            ha="center",
            va="center",
            fontsize=points,
            color=TEXT,
            transform=frame,
            clip_on=True,
            weight="bold" if unusual else "normal",
            bbox={"boxstyle": "round,pad=0.2", "facecolor": (0, 0, 0, 0.6), "edgecolor": "none"},
        )
    for letter, patch in zip(LETTERS, marked, strict=False):
        corner = corners[patch]
        axes.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=ACCENT, lw=2.2, transform=frame))
        plate = {"boxstyle": "square,pad=0.15", "facecolor": ACCENT, "edgecolor": "none"}
        look = {"color": WINDOW, "weight": "bold", "fontsize": 0.8 * points, "bbox": plate}
        x, y = _top_left(corner, size, frame - axes.transData)
        axes.text(x, y, letter, va="top", clip_on=True, **look)
    text = f"distance from memory: percentile among normals at the same place; ▲ from {UNUSUAL:g}"
    caption(axes, "Patches", text, letters)


def _top_left(corner: tuple[float, float], size: float, shown: Transform) -> tuple[float, float]:
    """(x, y) in the axes, a little inside of that corner of a patch which lies top left as it is `shown`."""
    inner = np.array(((2.5, 2.5), (size - 2.5, 2.5), (2.5, size - 2.5), (size - 2.5, size - 2.5)))
    places = shown.transform(np.array(corner) + inner)
    x, y = places[np.argmin(places.sum(axis=1))]
    return float(x), float(y)


def caption(axes: Axes, title: str, text: str, letters: int = CAPTION_LETTERS) -> None:
    """A title above and an explanation below, in lines of so many letters and in the colours of the style in force."""
    from matplotlib import rcParams

    axes.set_title(title, fontsize=11, weight="bold", loc="left", pad=6)
    wrapped, muted = "\n".join(textwrap.wrap(text, letters)), rcParams["axes.labelcolor"]
    axes.text(0, -0.03, wrapped, transform=axes.transAxes, va="top", fontsize=8.8, color=muted, linespacing=1.35)


def bare(axes: Axes) -> None:
    """No ticks."""
    axes.set(xticks=[], yticks=[])


def rgb(colour: str) -> tuple[float, float, float]:
    """A hexadecimal colour in 0..1."""
    from matplotlib.colors import to_rgb

    return to_rgb(colour)
