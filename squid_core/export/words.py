"""What results say in words of a score, and of what a reader has drawn and said: on pictures, pages and in DICOM."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from squid_core.contracts.detection import Detection
from squid_core.contracts.reading import DrawnMark, FigureName, FigureUnit, MarkKind, MeasuredFigure, Remarks
from squid_core.inference.doubts import is_mirrored, is_unregistered

UNLIKE_MEMORY = "unlike anything in memory: the score means little"
LOOKS_MIRRORED = "looks mirrored: check the side markers"
UNREGISTERED = "not laid on the mean normal chest: the score means less"
LABEL_LETTERS = 44
GAP = "\u00a0\u00a0"  # between a mark's number and its words, which stay on one line


def as_percent(percentile: float) -> str:
    """0..100, rounded down: 100% is said of nothing less."""
    return f"{math.floor(percentile)}%"


def score_in_words(detection: Detection) -> str:
    """The score beside those of normal images."""
    return f"Score {detection.score:.3f}, higher than {as_percent(detection.percentile)} of normal images held out"


def doubts_in_words(detection: Detection) -> list[str]:
    """What must be known of the image behind the score, two at most; that it means little says more than less."""
    score = [UNLIKE_MEMORY] if detection.outside_memory else [UNREGISTERED] * is_unregistered(detection)
    return score + [LOOKS_MIRRORED] * is_mirrored(detection)


def what_if_in_words(words: str) -> str:
    """What is said of a detection that is none of the study's."""
    return f"WHAT-IF, not the study's score · {words}"


def opinion_in_words(remarks: Remarks) -> str:
    """The judgement, by whom and when as far as that may be said; '' for none."""
    said = remarks.opinion
    if said is None:
        return ""
    when = "" if said.at is None else f"{said.at:%Y-%m-%d %H:%M} {said.at.tzname() or ''}".strip()
    return ", ".join(part for part in (said.words, said.reader and f"by {said.reader}", when) if part)


def marks_in_words(marks: Sequence[DrawnMark]) -> Iterator[str]:
    """Each mark with its number on the picture and all its figures."""
    for number, mark in enumerate(marks, 1):
        figures = ", ".join(_in_words(figure) for figure in mark.figures)
        what = mark.kind.value if not figures or mark.kind not in (MarkKind.RATIO, MarkKind.LENGTH) else ""
        words = " ".join(part for part in (what, figures, mark.text and f"“{mark.text}”") if part)
        yield f"{number}{GAP}{words}{f' ({mark.scale})' if mark.scale else ''}"


def mark_label(number: int, mark: DrawnMark) -> str:
    """What stands beside a mark: its number and what it says first."""
    said = mark.text
    if mark.figures:
        first = mark.figures[-1] if mark.kind in (MarkKind.ELLIPSE, MarkKind.RECTANGLE) else mark.figures[0]
        said = _value(first) if first.name is FigureName.LENGTH else _in_words(first)
    said = said if len(said) <= LABEL_LETTERS else f"{said[: LABEL_LETTERS - 1]}…"
    return f"{number}{GAP}{said}".strip()


def _in_words(figure: MeasuredFigure) -> str:
    name = "" if figure.name is FigureName.ANGLE else f"{figure.name.value} "
    return f"{name}{_value(figure)}"


def _value(figure: MeasuredFigure) -> str:
    if figure.name is FigureName.RATIO:
        return f"{figure.value:.2f}"
    if figure.unit is FigureUnit.NONE:
        return f"{figure.value:.4g}" if abs(figure.value) < 100 else f"{figure.value:.0f}"
    whole = figure.unit in (FigureUnit.PIXELS, FigureUnit.SQUARE_MILLIMETRES)
    blank = "" if figure.unit is FigureUnit.DEGREES else " "
    return f"{figure.value:.{0 if whole else 1}f}{blank}{figure.unit.value}"
