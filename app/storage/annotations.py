"""The marks of an image as JSON and back; what is read back is checked as if it came from outside."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from app.domain.marks.annotations import MAX_MARKS, Marks
from app.domain.marks.measurements import (
    MAX_LENGTH_MM,
    MAX_TEXT,
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
from squid_core.contracts.errors import SquidError

FORMAT = 1
MAX_COORDINATE = 100_000.0  # no image has as many rows

Coordinate = Annotated[FiniteFloat, Field(ge=-1, le=MAX_COORDINATE)]

_KINDS: dict[type[Measurement], str] = {
    Length: "length",
    Angle: "angle",
    CardiothoracicRatio: "cardiothoracic ratio",
    KnownLength: "calibration",
    Roi: "region",
    Arrow: "arrow",
    Note: "note",
}
_BY_NAME = {name: kind for kind, name in _KINDS.items()}


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _StoredMark(_Stored):
    kind: Literal["length", "angle", "cardiothoracic ratio", "calibration", "region", "arrow", "note"]
    points: list[Annotated[list[Coordinate], Field(min_length=2, max_length=2)]] = Field(min_length=1, max_length=4)
    text: str = Field(default="", max_length=MAX_TEXT)
    shape: Literal["", "ellipse", "rectangle"] = ""
    length_mm: Annotated[FiniteFloat, Field(ge=0, le=MAX_LENGTH_MM)] = 0.0


class _StoredMarks(_Stored):
    format: Literal[1]
    marks: list[_StoredMark] = Field(max_length=MAX_MARKS)


def encode_marks(marks: Marks) -> str:
    """Marks as JSON; exact."""
    stored = [
        _StoredMark(
            kind=_KINDS[type(mark)],  # type: ignore[arg-type]  # the values of the table are the literals
            points=[list(point) for point in mark.points],
            text=mark.text if isinstance(mark, Arrow | Note) else "",
            shape=mark.shape.value if isinstance(mark, Roi) else "",
            length_mm=mark.length_mm if isinstance(mark, KnownLength) else 0.0,
        ).model_dump(exclude_defaults=True)
        for mark in marks
    ]
    return json.dumps({"format": FORMAT, "marks": stored}, ensure_ascii=False, separators=(",", ":"))


def decode_marks(payload: str) -> Marks:
    """Unpack what `encode_marks` made.

    Raises:
        SquidError: the text is damaged or of another format.
    """
    try:
        stored = _StoredMarks.model_validate_json(payload)
        return tuple(_mark(mark) for mark in stored.marks)
    except (ValidationError, ValueError, RecursionError) as error:
        raise SquidError(
            "The stored measurements of this image are damaged.",
            "They have been left out; please measure again.",
            type(error).__name__,
        ) from error


def _mark(stored: _StoredMark) -> Measurement:
    points, kind = tuple((row, column) for row, column in stored.points), _BY_NAME[stored.kind]
    if issubclass(kind, Roi):
        return kind(points, RoiShape(stored.shape))
    if issubclass(kind, KnownLength):
        return kind(points, stored.length_mm)
    return kind(points, stored.text) if issubclass(kind, Arrow | Note) else kind(points)
