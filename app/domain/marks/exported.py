"""Marks as they leave the program: with their figures worked out on the image, once that is decoded."""

from __future__ import annotations

from app.domain.marks.annotations import Marks
from app.domain.marks.mark_geometry import outline
from app.domain.marks.measurements import (
    Angle,
    Arrow,
    CardiothoracicRatio,
    KnownLength,
    Length,
    Measurement,
    Note,
    Quantity,
    Roi,
    RoiShape,
    Scale,
    Unit,
    angle_degrees,
    cardiothoracic_ratio,
    distance,
    roi_area,
    scale_by,
    spacing_in_use,
)
from app.domain.marks.roi_statistics import roi_statistics
from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import DrawnMark, FigureName, FigureUnit, MarkKind, MeasuredFigure

KNOWN = "a length that the reader knows"


def drawn_marks(marks: Marks, radiograph: Radiograph) -> tuple[DrawnMark, ...]:
    """All marks of an image with their figures, in the order in which they were drawn."""
    spacing = spacing_in_use(radiograph, marks)
    scale = scale_by(spacing, radiograph.aspect)
    said = "" if spacing is None else spacing.words
    return tuple(_drawn(mark, radiograph, scale, said) for mark in marks)


def _drawn(mark: Measurement, radiograph: Radiograph, scale: Scale, said: str) -> DrawnMark:
    if isinstance(mark, Note | Arrow):
        kind = MarkKind.NOTE if isinstance(mark, Note) else MarkKind.ARROW
        return DrawnMark(kind, outline(mark) or (mark.points,), text=mark.text)
    if isinstance(mark, KnownLength):
        known = MeasuredFigure(FigureName.LENGTH, mark.length_mm, FigureUnit.MILLIMETRES)
        return DrawnMark(MarkKind.LENGTH, outline(mark), (known,), scale=KNOWN)
    if isinstance(mark, Angle):
        degrees = MeasuredFigure(FigureName.ANGLE, angle_degrees(mark, scale), FigureUnit.DEGREES)
        return DrawnMark(MarkKind.ANGLE, outline(mark), (degrees,))
    if isinstance(mark, Length):
        length = _length(FigureName.LENGTH, distance(mark.points[0], mark.points[1], scale))
        return DrawnMark(MarkKind.LENGTH, outline(mark), (length,), scale=said)
    if isinstance(mark, CardiothoracicRatio):
        return DrawnMark(MarkKind.RATIO, outline(mark), _ratio(mark, scale), scale=said)
    kind = MarkKind.ELLIPSE if mark.shape is RoiShape.ELLIPSE else MarkKind.RECTANGLE
    return DrawnMark(kind, outline(mark), _region(mark, radiograph, scale), scale=said)


def _length(name: FigureName, quantity: Quantity) -> MeasuredFigure:
    unit = FigureUnit.PIXELS if quantity.unit is Unit.PIXELS else FigureUnit.MILLIMETRES
    return MeasuredFigure(name, quantity.value, unit)


def _ratio(mark: CardiothoracicRatio, scale: Scale) -> tuple[MeasuredFigure, ...]:
    ratio = cardiothoracic_ratio(mark, scale)
    widths = (
        _length(FigureName.HEART, distance(*mark.heart, scale)),
        _length(FigureName.THORAX, distance(*mark.thorax, scale)),
    )
    return widths if ratio is None else (MeasuredFigure(FigureName.RATIO, ratio), *widths)


def _region(mark: Roi, radiograph: Radiograph, scale: Scale) -> tuple[MeasuredFigure, ...]:
    area = roi_area(mark, scale)
    unit = FigureUnit.PIXELS if area.unit is Unit.PIXELS else FigureUnit.SQUARE_MILLIMETRES
    of_area = MeasuredFigure(FigureName.AREA, area.value, unit)
    found = roi_statistics(mark, radiograph)
    if found is None:
        return (of_area,)
    values = (
        (FigureName.MEAN, found.mean),
        (FigureName.SD, found.sd),
        (FigureName.LEAST, found.least),
        (FigureName.GREATEST, found.greatest),
    )
    return (*(MeasuredFigure(name, value) for name, value in values), of_area)
