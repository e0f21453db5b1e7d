"""A report of one page (A4) as PDF: the patient or a pseudonym, four pictures, the score in words, and its limits."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import Detection, WeightsFacts
from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import Remarks
from squid_core.export.dicom.parts import RESEARCH_ONLY, version
from squid_core.export.pictures.drawing import (
    STYLE,
    WARM,
    as_shown,
    caption,
    difference_limit,
    in_original,
    rgb,
    settings_in_words,
)
from squid_core.export.pictures.panes import (
    draw_model_panes,
    draw_original,
    operating_points,
    shown_in_words,
)
from squid_core.export.pictures.patient_words import patient_parts, study_line
from squid_core.export.pictures.remarks import draw_marks
from squid_core.export.request import ExportRequest
from squid_core.export.source import ExportSource, Written, pictured_remarks
from squid_core.export.words import as_percent, doubts_in_words, marks_in_words, opinion_in_words
from squid_core.plots import bare_figure, under

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.27, 11.69  # inches: A4
LEFT, PANE, GAP, TOP = 0.6, 2.42, 1.28, 2.82  # inches; TOP is where the pictures begin
ROW = PANE + 0.72  # a picture, its title and its caption
WARNING_ROOM = 4.15  # inches from one warning to the next in a row
PRINT_DPI = 300
NOTE_LINE = 0.13  # inches
MARK_POINTS, MARK_LINES = 6.5, 4  # letters beside a mark; lines of their figures
DPI = 220  # of the pictures in it
NAME_LETTERS, LETTERS, CAPTION_LETTERS, FACT_LETTERS, NOTE_LETTERS = 58, 106, 50, 100, 136
INK, MUTED, RULE, WARNING, WARNING_GROUND = "#15181d", "#525c69", "#c3c9d2", "#8a5300", "#fff4dc"
PAPER: dict[str, Any] = {
    **STYLE,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "pdf.fonttype": 42,  # text that can be searched and copied
}
COLD = "#4aa3ff"  # darker than normal, in the overlay
OVERLAY_OPACITY = 0.6
HOW_TO_READ = (
    "How to read it. The detector was trained on normal images only and rebuilds each image from the normal anatomy "
    "it remembers. Where the image differs from that, and patches lie far from all that is remembered, it is unlike "
    "normal. The score grades that; it names no disease, and a low score does not mean that an image is normal."
)


def write_page(request: ExportRequest, source: ExportSource) -> Written:
    """The page. Its metadata hold no identifier."""
    buffer = io.BytesIO()
    with under(PAPER):
        figure = page(request, source)
        metadata = {"Title": "SQUID report, research use only", "Creator": "SQUID Viewer", "Producer": None}
        figure.savefig(buffer, format="pdf", dpi=DPI, metadata=metadata)
    return Written(buffer.getvalue(), source.radiograph.notices)


def page_to_print(request: ExportRequest, source: ExportSource) -> bytes:
    """The same page as PNG, for a printer."""
    buffer = io.BytesIO()
    with under(PAPER):
        page(request, source).savefig(buffer, format="png", dpi=PRINT_DPI, metadata={"Software": None})
    return buffer.getvalue()


def page(request: ExportRequest, source: ExportSource) -> Figure:
    """The page as a figure, to be made and drawn under the style PAPER."""
    detection, weights = request.scored()
    figure = bare_figure(WIDTH, HEIGHT, facecolor="white")
    _head(figure, request, source)
    _score(figure, detection, weights)
    _pictures(figure, request, source, detection)
    _facts(figure, request, source, detection, weights)
    return figure


def _line(figure: Figure, inches: float, words: str, x: float = LEFT, **how: Any) -> None:  # noqa: ANN401 - keywords of text
    figure.text(x / WIDTH, 1 - inches / HEIGHT, words, **{"va": "center", **how})


def _rule(figure: Figure, inches: float) -> None:
    from matplotlib.lines import Line2D

    y = 1 - inches / HEIGHT
    figure.add_artist(Line2D([LEFT / WIDTH, 1 - LEFT / WIDTH], [y, y], color=RULE, lw=0.8))


def _head(figure: Figure, request: ExportRequest, source: ExportSource) -> None:
    identity = source.radiograph.identity
    _line(figure, 0.5, "SQUID report", color=MUTED, fontsize=9.5)
    box = {"boxstyle": "round,pad=0.45", "facecolor": WARNING_GROUND, "edgecolor": WARNING}
    _line(
        figure, 0.5, RESEARCH_ONLY, WIDTH - LEFT - 0.05, ha="right", color=WARNING, fontsize=9, weight="bold", bbox=box
    )
    name, *more = patient_parts(request, identity)
    _line(figure, 0.86, _cut(name, NAME_LETTERS), fontsize=13.5, weight="bold")
    _line(figure, 1.12, _cut("  ·  ".join(more), LETTERS), color=MUTED)
    _line(figure, 1.31, _cut(study_line(request, identity, source.radiograph.frame_count), LETTERS), color=MUTED)
    _rule(figure, 1.48)


def _score(figure: Figure, detection: Detection, weights: WeightsFacts) -> None:
    words = f"Score {detection.score:.2f}: higher than {as_percent(detection.percentile)} of normal images held out"
    _line(figure, 1.75, words, fontsize=13, weight="bold")
    points = operating_points(detection, weights)
    _line(figure, 2.0, points[:1].upper() + points[1:], fontsize=9.5)
    y = 2.23
    if weights.is_what_if(detection):
        _warning(figure, y, 0, "WHAT-IF: made with other settings than the weights' own; not the study's score")
        y += 0.22
    for index, warning in enumerate(doubts_in_words(detection)):
        _warning(figure, y, index * WARNING_ROOM, warning[:1].upper() + warning[1:])


def _warning(figure: Figure, inches: float, beside: float, words: str) -> None:
    box = {"boxstyle": "round,pad=0.35", "facecolor": WARNING_GROUND, "edgecolor": WARNING}
    x = LEFT + 0.08 + beside
    _line(figure, inches, words, x, color=WARNING, fontsize=8.5, weight="bold", bbox=box)


def _pictures(figure: Figure, request: ExportRequest, source: ExportSource, detection: Detection) -> None:
    original, rebuilt, difference, patches = (_axes(figure, row, column) for row in (0, 1) for column in (0, 1))
    radiograph, shown = source.radiograph, request.shown
    turn = as_shown(shown, radiograph.pixels.shape)
    frame = in_original(detection.geometry) + turn + original.transData
    original.imshow(_overlay(detection), interpolation="bilinear", transform=frame, zorder=1)
    draw_original(original, radiograph, shown)
    original.set_anchor("N")
    if shown.marks:
        draw_marks(original, pictured_remarks(request, source).marks, turn, MARK_POINTS)
    caption(
        original, "Original", "with the difference over it: orange brighter, blue darker than normal", CAPTION_LETTERS
    )
    normal = detection.reconstruction if request.picture is None else request.picture
    enlarged = f"; {len(normal)} px, enlarged"
    draw_model_panes(
        (rebuilt, difference, patches), radiograph, shown, detection, normal, (), CAPTION_LETTERS, enlarged
    )
    for axes in (original, rebuilt, difference, patches):
        axes.set_anchor("N")


def _axes(figure: Figure, row: int, column: int) -> Axes:
    left, top = LEFT + column * (PANE + GAP), TOP + row * ROW
    return figure.add_axes((left / WIDTH, 1 - (top + PANE) / HEIGHT, PANE / WIDTH, PANE / HEIGHT))


def _overlay(detection: Detection) -> NDArray[np.float64]:
    """(S, S, 4) in 0..1: the difference in its colours, transparent where there is none."""
    strength = np.clip(np.abs(detection.difference) / difference_limit(detection), 0, 1)
    brighter, darker = np.array(rgb(WARM)), np.array(rgb(COLD))
    colours = np.where((detection.difference > 0)[..., None], brighter, darker)
    return np.concatenate((colours, OVERLAY_OPACITY * strength[..., None] ** 2), axis=2)


def _facts(
    figure: Figure, request: ExportRequest, source: ExportSource, detection: Detection, weights: WeightsFacts
) -> None:
    y = TOP + 2 * ROW - 0.02
    _rule(figure, y - 0.1)
    rows = (*_remark_rows(pictured_remarks(request, source)), *_rows(request, source.radiograph, detection, weights))
    for name, lines in rows:
        _line(figure, y, name, color=MUTED, fontsize=7.8, va="top")
        _line(figure, y, "\n".join(lines), LEFT + 1.25, fontsize=7.8, va="top", linespacing=1.25)
        y += 0.145 * len(lines)
    notices = " ".join(source.radiograph.notices)
    room = int((HEIGHT - 0.5 - y - 0.07) / NOTE_LINE)
    words = textwrap.wrap(f"{notices} {HOW_TO_READ}".strip(), NOTE_LETTERS)[: max(room, 0)]
    _line(figure, y + 0.07, "\n".join(words), color=MUTED, fontsize=7.2, va="top", linespacing=1.3)
    _line(figure, HEIGHT - 0.36, f"{RESEARCH_ONLY}. Not a medical device.", fontsize=8.5, weight="bold")


def _remark_rows(remarks: Remarks) -> Iterator[tuple[str, list[str]]]:
    if judged := opinion_in_words(remarks):
        yield "Reader", _wrapped(judged)
    if remarks.marks:
        lines = textwrap.wrap(";  ".join(marks_in_words(remarks.marks)), FACT_LETTERS)
        if len(lines) > MARK_LINES:
            lines = [*lines[: MARK_LINES - 1], "… and more; all of them are in the structured report"]
        yield "Measured", lines


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, FACT_LETTERS)[:2] or ["-"]


def _rows(
    request: ExportRequest, radiograph: Radiograph, detection: Detection, weights: WeightsFacts
) -> Iterator[tuple[str, list[str]]]:
    evidence = " · ".join(f"{name} {value:+.1f}" for name, value in detection.components.items())
    if evidence:
        yield "Evidence", _wrapped(f"{evidence} (standard deviations from held-out normals)")
    normals = f"{weights.held_out_normals} held-out normals"
    yield "Weights", _wrapped(f"{weights.title} ({detection.model}; for {weights.population} patients; {normals})")
    yield "SHA-256", _wrapped(detection.model_hash)
    yield "Settings", _wrapped(settings_in_words(detection))
    yield "Shown", _wrapped(shown_in_words(radiograph, request.shown))
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    made = f"{now} by SQUID Viewer {version()}; scored in {detection.seconds:.2f} s on {detection.device}"
    yield "Made", _wrapped(made)


def _cut(words: str, letters: int) -> str:
    return words if len(words) <= letters else words[: letters - 1] + "…"
