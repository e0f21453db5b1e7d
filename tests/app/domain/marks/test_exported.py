"""Figures of exported marks, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.domain.marks.exported import KNOWN, drawn_marks
from app.domain.marks.measurements import (
    Angle,
    Arrow,
    CardiothoracicRatio,
    KnownLength,
    Length,
    Measurement,
    Note,
    Roi,
    RoiShape,
)
from squid_core.contracts.radiograph import Decision, Identity, Radiograph, Spacing, SpacingSource, Verdict, Window
from squid_core.contracts.reading import FigureName, FigureUnit, MarkKind

PIXELS = np.arange(60, dtype=np.float32).reshape(6, 10)


def on(*marks: Measurement, spacing: Spacing | None = None, pivot: float | None = None) -> list[list[tuple[str, Any]]]:
    """(name, value) of the figures of each mark on pixels 0..59."""
    image = Radiograph(
        PIXELS.copy(), Window(30, 60), Identity("1.2"), Verdict(Decision.ANALYSE), spacing,
        polarity_inverted=pivot is not None, pivot=pivot,
    )  # fmt: skip
    return [[(figure.name.value, figure.value) for figure in mark.figures] for mark in drawn_marks(marks, image)]


SPACING = Spacing(2.0, 0.5, SpacingSource.DETECTOR)


def test_lengths_ratios_and_angles() -> None:
    down, across = Length(((0, 0), (3, 0))), Length(((0, 0), (0, 4)))
    assert on(down, across) == [[("length", 3)], [("length", 4)]]
    assert on(down, across, spacing=SPACING) == [[("length", 6)], [("length", 2)]]
    ratio = CardiothoracicRatio(((1, 2), (1, 5), (2, 0), (2, 6)))
    assert on(ratio, spacing=SPACING) == [[("CTR", 0.5), ("heart", 1.5), ("thorax", 3)]]
    assert on(Angle(((0, 5), (0, 0), (5, 0)))) == [[("angle", pytest.approx(90))]]


def test_a_region_in_the_values_of_the_file() -> None:
    region = Roi(((0, 0), (1, 2)), RoiShape.RECTANGLE)  # 0 1 2 10 11 12
    assert on(region) == [
        [("mean", 6), ("sd", pytest.approx(5.0662, abs=1e-4)), ("min", 0), ("max", 12), ("area", 2)],
    ]
    ((mean, _, least, greatest, area),) = on(region, spacing=SPACING, pivot=100.0)
    assert (mean, least, greatest, area) == (("mean", 94), ("min", 88), ("max", 100), ("area", 2))


def test_words_and_a_calibration() -> None:
    image = Radiograph(PIXELS.copy(), Window(30, 60), Identity("1.2"), Verdict(Decision.ANALYSE))
    marks = (Arrow(((1, 1), (3, 3)), "here"), Note(((2, 2),), "why"), KnownLength(((0, 0), (0, 8)), 40.0))
    arrow, note, known = drawn_marks(marks, image)
    assert (arrow.kind, arrow.lines, arrow.text) == (MarkKind.ARROW, (((1, 1), (3, 3)),), "here")
    assert (note.kind, note.lines, note.text) == (MarkKind.NOTE, (((2, 2),),), "why")
    assert (known.kind, known.figures[0].value, known.scale) == (MarkKind.LENGTH, 40.0, KNOWN)
    *_, length = drawn_marks((*marks, Length(((0, 0), (0, 2)))), image)
    assert length.figures[0].name is FigureName.LENGTH
    assert (length.figures[0].value, length.figures[0].unit) == (10.0, FigureUnit.MILLIMETRES)
    assert length.scale == SpacingSource.READER.value
