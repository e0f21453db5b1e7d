"""Marks of every kind and a judgement, as the window hands them to an export of the phantom (160 x 200)."""

from __future__ import annotations

from datetime import UTC, datetime

from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import DrawnMark, FigureName, FigureUnit, MarkKind, MeasuredFigure, Opinion

NOTE = "compare with Zzcanary of May"
OPINION = Opinion("rejected", "the finding is rejected", "chen", datetime(2031, 5, 17, 3, 52, tzinfo=UTC))


def figure(name: FigureName, value: float, unit: FigureUnit = FigureUnit.NONE) -> MeasuredFigure:
    return MeasuredFigure(name, value, unit)


LENGTH = DrawnMark(
    MarkKind.LENGTH,
    (((60, 40), (60, 90)),),
    (figure(FigureName.LENGTH, 12.34, FigureUnit.MILLIMETRES),),
    scale="at detector",
)
RATIO = DrawnMark(
    MarkKind.RATIO,
    (((110, 60), (110, 120)), ((120, 20), (120, 160))),
    (
        figure(FigureName.RATIO, 60 / 140),
        figure(FigureName.HEART, 60, FigureUnit.PIXELS),
        figure(FigureName.THORAX, 140, FigureUnit.PIXELS),
    ),
)
ANGLE = DrawnMark(
    MarkKind.ANGLE, (((20, 100), (40, 120), (20, 150)),), (figure(FigureName.ANGLE, 78.25, FigureUnit.DEGREES),)
)
ELLIPSE = DrawnMark(
    MarkKind.ELLIPSE,
    (((70, 135), (80, 150), (90, 135), (80, 120), (70, 135)),),
    (
        figure(FigureName.MEAN, 1511.3),
        figure(FigureName.SD, 22.4),
        figure(FigureName.LEAST, 1400),
        figure(FigureName.GREATEST, 1600),
        figure(FigureName.AREA, 471, FigureUnit.SQUARE_MILLIMETRES),
    ),
)
ARROW = DrawnMark(MarkKind.ARROW, (((30, 70), (50, 55)),), text="nodule?")
WRITTEN = DrawnMark(MarkKind.NOTE, (((140, 30),),), text=NOTE)


def everything(_: Radiograph) -> tuple[DrawnMark, ...]:
    """One mark of each kind."""
    return LENGTH, RATIO, ANGLE, ELLIPSE, ARROW, WRITTEN
