"""What a reader has drawn and said as measurement groups of TID 1500, with coordinates in pixels of the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

import numpy as np
from highdicom.sr import (
    CodedConcept,
    CoordinatesForMeasurement,
    ImageRegion,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TextContentItem,
    TrackingIdentifier,
)
from highdicom.sr.enum import GraphicTypeValues
from numpy.typing import NDArray
from pydicom.sr.coding import Code
from pydicom.uid import generate_uid
from pydicom.valuerep import DT

from squid_core.contracts.reading import (
    DrawnMark,
    FigureName,
    FigureUnit,
    ImagePoint,
    MarkKind,
    MeasuredFigure,
    Opinion,
)
from squid_core.export.dicom import codes
from squid_core.export.dicom.source_header import SourceHeader

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations

_UNITS = {
    FigureUnit.NONE: codes.NO_UNITS,
    FigureUnit.MILLIMETRES: codes.MILLIMETRES,
    FigureUnit.SQUARE_MILLIMETRES: codes.SQUARE_MILLIMETRES,
    FigureUnit.PIXELS: codes.PIXELS,
    FigureUnit.DEGREES: codes.DEGREES,
}
_NAMES = {
    FigureName.LENGTH: codes.LENGTH,
    FigureName.ANGLE: codes.ANGLE,
    FigureName.RATIO: codes.RATIO,
    FigureName.HEART: codes.HEART_WIDTH,
    FigureName.THORAX: codes.THORAX_WIDTH,
    FigureName.AREA: codes.AREA,
}
_DERIVED = {  # of the grey values in a region
    FigureName.MEAN: codes.MEAN,
    FigureName.SD: codes.SD,
    FigureName.LEAST: codes.LEAST,
    FigureName.GREATEST: codes.GREATEST,
}
_LINE_OF = {FigureName.HEART: slice(0, 1), FigureName.THORAX: slice(1, 2)}  # of a ratio's two lines
_PLACES = (MarkKind.ARROW, MarkKind.NOTE)
_REGIONS = (MarkKind.ELLIPSE, MarkKind.RECTANGLE)


@dataclass(frozen=True, slots=True)
class ReferencedImage:
    """The image that coordinates lie in: class, instance, frames; and its columns and rows."""

    named: tuple[str, str, list[int] | None]
    columns: int
    rows: int

    @classmethod
    def of(cls, header: SourceHeader) -> ReferencedImage:
        """The source of a result."""
        source = header.dataset
        frames = [header.frame] if header.frame else None
        return cls((header.sop_class, source.SOPInstanceUID, frames), source.Columns, source.Rows)

    def coordinates(self, points: Sequence[ImagePoint]) -> NDArray[np.float64]:
        """(n, 2): column, row, with 0, 0 at the outer corner of the first pixel, none beyond the image (C.18.6.1.2)."""
        found = np.asarray(points, np.float64)[:, ::-1] + 0.5
        return np.clip(found, 0, (self.columns, self.rows))


def opinion_group(header: SourceHeader, opinion: Opinion) -> Group:
    """The judgement, with its time as the observation's."""
    said = QualitativeEvaluation(codes.JUDGEMENT, codes.judged(opinion.code, opinion.words))
    if opinion.at is not None:
        said[0].ObservationDateTime = DT(opinion.at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000"))
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking("Reader"),
        qualitative_evaluations=[said],
        source_images=[SourceImageForMeasurementGroup(*ReferencedImage.of(header).named)],
    )


def mark_groups(header: SourceHeader, marks: Sequence[DrawnMark]) -> Iterator[Group]:
    """One group a mark, numbered as on the pictures."""
    image = ReferencedImage.of(header)
    for number, mark in enumerate(marks, 1):
        tracked = tracking(f"Mark {number}: {mark.kind.value}")
        if mark.kind in _PLACES or mark.kind in _REGIONS:
            group: Group = PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracked,
                referenced_region=_region(mark, image),
                finding_type=codes.MARKED,
                measurements=[_measurement(figure) for figure in mark.figures],
            )
        else:
            group = MeasurementsAndQualitativeEvaluations(
                tracking_identifier=tracked,
                measurements=[_measurement(figure, _lines(mark, figure, image)) for figure in mark.figures],
            )
        scale = f"Millimetres: {mark.scale}" if mark.scale else ""
        for words in (mark.text, scale):
            if words:
                group[0].ContentSequence.append(TextContentItem(codes.COMMENT, words, RelationshipTypeValues.CONTAINS))
        yield group


def _region(mark: DrawnMark, image: ReferencedImage) -> ImageRegion:
    points, source = image.coordinates(mark.lines[0]), SourceImageForRegion(*image.named)
    if mark.kind in _PLACES:
        return ImageRegion(GraphicTypeValues.POINT, points[:1], source)
    if mark.kind is MarkKind.ELLIPSE:
        return ImageRegion(GraphicTypeValues.ELLIPSE, axes_of(points), source)
    return ImageRegion(GraphicTypeValues.POLYLINE, points, source)


def axes_of(ellipse: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, 2): the ends of the longer axis of an ellipse (n, 2) along rows and columns, then those of the other."""
    (left, top), (right, bottom) = ellipse.min(axis=0), ellipse.max(axis=0)
    x, y = (left + right) / 2, (top + bottom) / 2
    axes = [((left, y), (right, y)), ((x, top), (x, bottom))]
    if bottom - top > right - left:
        axes.reverse()
    return np.array([*axes[0], *axes[1]])


def _lines(mark: DrawnMark, figure: MeasuredFigure, image: ReferencedImage) -> list[CoordinatesForMeasurement]:
    """What a figure was measured along."""
    return [
        CoordinatesForMeasurement(
            GraphicTypeValues.POLYLINE, image.coordinates(line), SourceImageForRegion(*image.named)
        )
        for line in mark.lines[_LINE_OF.get(figure.name, slice(None))]
    ]


def _measurement(figure: MeasuredFigure, lines: list[CoordinatesForMeasurement] | None = None) -> Measurement:
    derivation: Code | None = _DERIVED.get(figure.name)
    name: Code | CodedConcept = codes.GREY_VALUE if derivation is not None else _NAMES[figure.name]
    return Measurement(name, figure.value, _UNITS[figure.unit], derivation=derivation, referenced_coordinates=lines)


def tracking(identifier: str) -> TrackingIdentifier:
    """What a group or a measurement is called, with a UID of its own."""
    return TrackingIdentifier(str(generate_uid(prefix=None)), identifier)
