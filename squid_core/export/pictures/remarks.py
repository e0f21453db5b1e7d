"""What a reader has drawn and said, on pictures and pages: marks with their figures, letters of the sides, lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import DrawnMark, MarkKind, Remarks
from squid_core.export.pictures.drawing import MUTED, as_shown, drawn
from squid_core.export.request import ShownAs
from squid_core.export.words import mark_label, marks_in_words, opinion_in_words
from squid_core.sides import Sides

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patheffects import AbstractPathEffect
    from matplotlib.transforms import Affine2D

Box: TypeAlias = tuple[float, float, float, float]  # left, bottom, right, top in points of the figure

MARK, HALO = "#ffd75e", "#000000"
SIDE_POINTS = 12.0
LETTER_WIDTH, LINE_HEIGHT = 0.58, 1.6  # of a label, in heights of its letters
LINE_STEPS = 24  # places on a piece of a line that a label should not hide
NEAR = 7.0  # points from a mark to its label
DPI, STRIP_LINE, STRIP_MARGIN, STRIP_LETTERS = 100, 0.23, 0.16, 190  # inches; letters in 1920 px
EDGES = {"right": (1, 0), "left": (-1, 0), "bottom": (0, 1), "top": (0, -1)}  # (right, down) of a picture
MOST_LINES = 14  # of marks below a picture


def draw_marks(axes: Axes, marks: Sequence[DrawnMark], turn: Affine2D, points: float) -> None:
    """Marks over a laid out original, numbered, with their main figure beside them.

    Args:
        axes: whose limits and place in the figure are final.
        marks: in pixels of the original.
        turn: how it is mirrored and turned.
        points: height of the letters.
    """
    from matplotlib.patheffects import withStroke

    axes.apply_aspect()
    halo: list[AbstractPathEffect] = [withStroke(linewidth=3.2, foreground=HALO)]
    taken: list[Box] = []
    drawn_chains = [[turn.transform(np.array(line)[:, ::-1]) for line in mark.lines] for mark in marks]
    lines = np.concatenate([_along(chain) for chains in drawn_chains for chain in chains]) if marks else np.empty(0)
    for number, (mark, chains) in enumerate(zip(marks, drawn_chains, strict=True), 1):
        for chain in chains:
            if mark.kind is MarkKind.ARROW:
                how = {"arrowstyle": "-|>,head_width=0.25,head_length=0.5", "color": MARK, "lw": 1.4, "shrinkA": 0}
                arrow = axes.annotate("", chain[0], chain[-1], arrowprops={**how, "shrinkB": 0}, annotation_clip=False)
                if arrow.arrow_patch is not None:
                    arrow.arrow_patch.set_path_effects(halo)
            else:
                dot: dict[str, Any] = {"marker": "o", "markersize": 3.5} if mark.kind is MarkKind.NOTE else {}
                axes.plot(*chain.T, color=MARK, lw=1.4, path_effects=halo, scalex=False, scaley=False, **dot)
        _write_beside(axes, mark_label(number, mark), np.concatenate(chains), points, lines, taken)


def _along(chain: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2): places close to each other on a chain."""
    steps = np.linspace(0, 1, LINE_STEPS)[:, None]
    pieces = [start + (end - start) * steps for start, end in pairwise(chain)]
    return np.concatenate(pieces) if pieces else chain


def _write_beside(
    axes: Axes,
    words: str,
    chain: NDArray[np.float64],
    points: float,
    lines: NDArray[np.float64],
    taken: list[Box],
) -> None:
    """A label near the end of a mark, where no other and no line lies and, if it can be, inside the picture."""
    figure = axes.get_figure()
    dots = 72 / (figure.dpi if figure is not None else 72)
    places = axes.transData.transform(chain) * dots
    box = axes.get_window_extent()
    area = np.array((box.x0, box.y0, box.x1, box.y1)) * dots
    width, height = LETTER_WIDTH * points * len(words), LINE_HEIGHT * points
    over = axes.transData.transform(lines) * dots
    best: tuple[float, Box] | None = None
    middle = places[-2:].mean(axis=0, keepdims=True)  # of the last line
    ends = places[[-1, 0, *places.argmax(axis=0), *places.argmin(axis=0)]]
    for x, y in np.concatenate((ends[:1], middle, ends[1:])):
        for left, bottom in (
            (x + NEAR, y - height / 2),
            (x - NEAR - width, y - height / 2),
            (x - width / 2, y + NEAR),
            (x - width / 2, y - NEAR - height),
        ):
            cell = (left, bottom, left + width, bottom + height)
            outside = max(area[0] - cell[0], 0) + max(cell[2] - area[2], 0)
            outside += max(area[1] - cell[1], 0) + max(cell[3] - area[3], 0)
            hidden = ((over > cell[:2]) & (over < cell[2:])).all(axis=1).sum()
            covered = sum(_common(cell, other) for other in (*taken, *_sides(area)))
            cost = 1000 * outside + covered + 5 * float(hidden)
            if best is None or cost < best[0]:
                best = cost, cell
    if best is None:
        return
    taken.append(best[1])
    left, bottom = best[1][:2]
    plate = {"boxstyle": "square,pad=0.15", "facecolor": (0, 0, 0, 0.72), "edgecolor": "none"}
    inside = ((left - area[0]) / (area[2] - area[0]), (bottom + height / 2 - area[1]) / (area[3] - area[1]))
    axes.text(*inside, words, transform=axes.transAxes, color=MARK, fontsize=points, va="center", bbox=plate, zorder=6)


def _sides(area: NDArray[np.float64]) -> Iterator[Box]:
    """Where the letters of the sides stand."""
    (left, bottom), (right, top) = area[:2], area[2:]
    x, y, room = (left + right) / 2, (bottom + top) / 2, SIDE_POINTS
    for across, up in ((left, y), (right, y), (x, bottom), (x, top)):
        yield across - room, up - room, across + room, up + room


def _common(one: Box, other: Box) -> float:
    """The area that two boxes (left, bottom, right, top) share."""
    across, up = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0.0) * max(up, 0.0)


def draw_sides(axes: Axes, radiograph: Radiograph, shown: ShownAs) -> None:
    """The letters of the patient's sides at the edges where they lie as the picture is shown (PS3.3 C.7.6.1.1.1)."""
    from matplotlib.patheffects import withStroke

    height, width = radiograph.pixels.shape[:2]
    turn = as_shown(shown, radiograph.pixels.shape)
    middle = turn.transform(((width - 1) / 2, (height - 1) / 2))
    for name, letters in Sides.of(radiograph.identity.patient_orientation).letters.items():
        right, down = EDGES[name]
        edge = turn.transform(((width - 1) / 2 + right, (height - 1) / 2 + down))
        x, y = np.round(edge - middle)  # -1, 0 or 1 on the screen
        how: dict[str, Any] = {
            "ha": {-1: "left", 0: "center", 1: "right"}[int(x)],
            "va": {-1: "top", 0: "center", 1: "bottom"}[int(y)],
        }
        halo = [withStroke(linewidth=3, foreground=HALO)]
        place = (0.5 + 0.485 * x, 0.5 - 0.485 * y)
        axes.text(
            *place, letters, transform=axes.transAxes, color="white", fontsize=SIDE_POINTS, weight="bold",
            path_effects=halo, zorder=5, **how,
        )  # fmt: skip


def with_words(picture: NDArray[np.uint8], remarks: Remarks) -> NDArray[np.uint8]:
    """(H, W, 3) RGB with what the reader said and measured below it; itself where there is nothing."""
    width = picture.shape[1]
    letters = max(STRIP_LETTERS * width // 1920, 20)
    lines = _lines(remarks, letters)
    if not lines:
        return picture
    inches = 2 * STRIP_MARGIN + STRIP_LINE * len(lines)

    def fill(figure: Any) -> None:  # noqa: ANN401 - a Figure
        for number, (words, muted) in enumerate(lines):
            y = 1 - (STRIP_MARGIN + STRIP_LINE * (number + 0.5)) / inches
            look: dict[str, Any] = {"color": MUTED} if muted else {"weight": "bold"}
            figure.text(20 / width, y, words, fontsize=10.5, va="center", **look)

    strip = drawn(width / DPI, inches, DPI, fill)[:, :width]
    return np.concatenate((picture, np.pad(strip, ((0, 0), (0, width - strip.shape[1]), (0, 0)))))


def _lines(remarks: Remarks, letters: int) -> list[tuple[str, bool]]:
    """Lines, and whether each is said less loudly."""
    lines = []
    if judged := opinion_in_words(remarks):
        lines += [(line, False) for line in textwrap.wrap(f"Reader: {judged}", letters)]
    figures = [line for words in marks_in_words(remarks.marks) for line in textwrap.wrap(words, letters)]
    if len(figures) > MOST_LINES:
        figures = [*figures[: MOST_LINES - 1], "… and more; all of them are in the structured report"]
    return lines + [(line, True) for line in figures]
