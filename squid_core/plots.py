"""The one door to matplotlib, loaded when it is used, and the pictures of a training.

Every figure is made here, on an Agg canvas of its own: no display, no global state, safe beside a window of any
toolkit.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from squid_core.files import private_files, write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by colour-blind eyes and in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
NORMAL_COLOUR, ABNORMAL_COLOUR = COLOURS[0], COLOURS[1]
PANEL_INCHES = (6.4, 4.2)  # width, height of one pair of axes
CELL_INCHES = 1.3  # side of an image in a grid of images
GAP = 6  # pixels between images side by side
DPI = 110

Curves = Mapping[str, tuple[Sequence[float], Sequence[float]]]  # by name: x and y


def bare_figure(width: float, height: float, **how: Any) -> Figure:  # noqa: ANN401 - keywords of Figure
    """An empty figure of so many inches; saved as PDF it is one, whatever its canvas."""
    _load()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), **how)
    FigureCanvasAgg(figure)
    return figure


def under(style: Mapping[str, Any]) -> AbstractContextManager[None]:
    """While it is open, figures are made and drawn with these of matplotlib's parameters."""
    _load()
    from matplotlib import rc_context

    return rc_context(cast(Any, style))  # the stubs want a literal of all names


@lru_cache(maxsize=1)
def _load() -> None:
    """Load it. The list of typefaces that it keeps for the next time is for this user alone."""
    with private_files():
        import matplotlib.font_manager  # noqa: F401


def pixels_of(figure: Figure) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB of a figure."""
    canvas: Any = figure.canvas
    canvas.draw()
    return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def new_figure(columns: int = 1, rows: int = 1, size: tuple[float, float] | None = None) -> tuple[Figure, list[Axes]]:
    """A figure and its axes, row by row, in the common style.

    Args:
        columns: axes side by side.
        rows: axes one above the other.
        size: width and height in inches; by default a panel for each pair of axes.
    """
    figure = bare_figure(*(size or (columns * PANEL_INCHES[0], rows * PANEL_INCHES[1])), dpi=DPI, layout="constrained")
    axes = [figure.add_subplot(rows, columns, 1 + i) for i in range(rows * columns)]
    for one in axes:
        one.set_prop_cycle(color=COLOURS)
        one.grid(visible=True, alpha=0.25)
        one.spines[["top", "right"]].set_visible(False)
    return figure, axes


def save_figure(figure: Figure, path: Path) -> None:
    """Write a PNG in one piece.

    Raises:
        SquidError: the disk is full or the folder cannot be written.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    write_atomically(path, buffer.getvalue())


def draw_curves(path: Path, curves: Curves, *, y: str, title: str, log_scale: bool = False) -> None:
    """Curves over training steps in one pair of axes.

    Args:
        path: of the PNG.
        curves: steps and values by name.
        y: what the values are.
        title: above the axes.
        log_scale: values on a logarithmic axis.

    Raises:
        SquidError: the picture cannot be written.
    """
    figure, (axes,) = new_figure()
    for name, (steps, values) in curves.items():
        axes.plot(steps, values, label=name, marker="o" if len(steps) < 30 else None, markersize=3, linewidth=1.4)
    axes.set(xlabel="step", ylabel=y, title=title, yscale="log" if log_scale else "linear")
    if curves:
        axes.legend(frameon=False, fontsize="small")
    save_figure(figure, path)


def draw_reconstructions(
    path: Path, images: NDArray[np.floating], rebuilt: NDArray[np.floating], labels: Sequence[str], title: str
) -> None:
    """Columns of images: input, reconstruction, and input less reconstruction (red is brighter than expected).

    Args:
        path: of the PNG.
        images: (N, S, S) in 0..1.
        rebuilt: (N, S, S) in 0..1.
        labels: a word above each column.
        title: above the picture.

    Raises:
        SquidError: the picture cannot be written.
    """
    grey: dict[str, Any] = {"cmap": "gray", "vmin": 0, "vmax": 1}
    signed: dict[str, Any] = {"cmap": "RdBu_r", "vmin": -0.5, "vmax": 0.5}
    rows = (("input", images, grey), ("reconstruction", rebuilt, grey), ("difference", images - rebuilt, signed))
    side, step = images.shape[-1], images.shape[-1] + GAP
    centres = [step * column + (side - 1) / 2 for column in range(len(images))]
    figure, axes = new_figure(1, len(rows), (CELL_INCHES * len(images) + 0.5, CELL_INCHES * len(rows) + 0.7))
    for one, (name, pictures, colours) in zip(axes, rows, strict=True):
        # One picture a row: axes for each image would take seconds to lay out.
        apart = np.pad(pictures, ((0, 0), (0, 0), (0, GAP)), constant_values=np.nan)
        one.imshow(np.concatenate(list(apart), axis=1)[:, :-GAP], interpolation="nearest", **colours)
        one.grid(visible=False)
        one.set(xticks=[], yticks=[])
        one.set_ylabel(name, fontsize="small")
        one.spines[:].set_visible(False)
    axes[0].xaxis.tick_top()
    axes[0].set_xticks(centres, labels, fontsize="small")
    axes[0].tick_params(length=0)
    figure.suptitle(title, fontsize="medium")
    save_figure(figure, path)
