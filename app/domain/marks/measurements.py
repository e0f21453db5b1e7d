"""What a reader draws on a radiograph, and the figures that belong to it.

A mark is its points in original pixel coordinates (row, column), whatever the screen shows. Millimetres come from the
spacing the file states, rows and columns apart (PS3.3 10.7.1.3), or from a length that the reader knows; without
either, lengths are in pixels and say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias

from squid_core.contracts.radiograph import Radiograph, Spacing, SpacingSource

Point: TypeAlias = tuple[float, float]

MAX_TEXT = 200  # characters of a note
MAX_LENGTH_MM = 2000.0  # that a reader may know: no chest radiograph is longer
SAME_SPACING = 0.02  # relative difference below which two spacings are one: no line is drawn more exactly
USUAL_RATIO = 0.5  # an upright adult's heart, postero-anterior, is commonly called enlarged above it


class Unit(StrEnum):
    """What a length is counted in."""

    MILLIMETRES = "mm"
    PIXELS = "px"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A length or area (then the square of the unit), >= 0."""

    value: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Scale:
    """Size of a pixel, from one row to the next and from one column to the next; > 0."""

    row: float = 1.0
    column: float = 1.0
    unit: Unit = Unit.PIXELS


def scale_of(radiograph: Radiograph, marks: Iterable[Mark] = ()) -> Scale:
    """Millimetres where there are any; else widths of a pixel, which may be higher than it is wide.

    Args:
        radiograph: what is measured.
        marks: drawn on it: a calibration among them counts more than the file.
    """
    return scale_by(spacing_in_use(radiograph, marks), radiograph.aspect)


def scale_by(spacing: Spacing | None, aspect: float) -> Scale:
    """Millimetres by a spacing; without one in widths of a pixel, whose height over its width is `aspect`."""
    if spacing is None:
        return Scale(aspect, 1.0)
    return Scale(spacing.row_mm, spacing.column_mm, Unit.MILLIMETRES)


@dataclass(frozen=True, slots=True)
class Mark:
    """Anything drawn: a fixed number of points.

    Raises:
        ValueError: another number of points, or one that is not finite.
    """

    COUNT: ClassVar[int] = 0

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) != self.COUNT:
            raise ValueError(f"{type(self).__name__} has {self.COUNT} points")
        if not all(len(point) == 2 and all(map(math.isfinite, point)) for point in self.points):
            raise ValueError("a point is a finite row and column")


@dataclass(frozen=True, slots=True)
class Length(Mark):
    """A straight line; points: its two ends."""

    COUNT: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Angle(Mark):
    """Two arms; points: end of one, vertex, end of the other."""

    COUNT: ClassVar[int] = 3


@dataclass(frozen=True, slots=True)
class CardiothoracicRatio(Mark):
    """Two lines; points: ends of the heart's greatest width, ends of the thorax's greatest inner width."""

    COUNT: ClassVar[int] = 4

    @property
    def heart(self) -> tuple[Point, Point]:
        """The heart's line."""
        return self.points[0], self.points[1]

    @property
    def thorax(self) -> tuple[Point, Point]:
        """The thorax's line."""
        return self.points[2], self.points[3]


@dataclass(frozen=True, slots=True)
class KnownLength(Mark):
    """A line whose length the reader knows; points: its two ends.

    Attributes:
        length_mm: how long it is, 0..MAX_LENGTH_MM, without 0.
    """

    COUNT: ClassVar[int] = 2

    length_mm: float = 1.0

    def __post_init__(self) -> None:
        Mark.__post_init__(self)
        if not 0 < self.length_mm <= MAX_LENGTH_MM:
            raise ValueError("a known length is positive, and no longer than a radiograph")


def spacing_by(mark: KnownLength, aspect: float) -> Spacing | None:
    """The spacing that gives a line its known length; None where no image has such pixels.

    Args:
        mark: the line.
        aspect: height of a pixel over its width, which a length alone does not tell.
    """
    pixels = distance(mark.points[0], mark.points[1], Scale(aspect, 1.0)).value
    try:
        column = mark.length_mm / pixels
        return Spacing(column * aspect, column, SpacingSource.READER)
    except (ValueError, ZeroDivisionError):
        return None


def spacing_in_use(radiograph: Radiograph, marks: Iterable[Mark]) -> Spacing | None:
    """The reader's spacing where the image was calibrated, else the file's; None where there is neither."""
    known = [mark for mark in marks if isinstance(mark, KnownLength)]
    own = spacing_by(known[-1], radiograph.aspect) if known else None
    return radiograph.spacing if own is None else own


def contradicts(own: Spacing, stated: Spacing | None) -> bool:
    """Whether a reader's spacing is another than the file states."""
    if stated is None:
        return False
    pairs = ((own.row_mm, stated.row_mm), (own.column_mm, stated.column_mm))
    return any(abs(one - other) > SAME_SPACING * other for one, other in pairs)


class RoiShape(StrEnum):
    """The outline of a region of interest, in its box along rows and columns."""

    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"


@dataclass(frozen=True, slots=True)
class Roi(Mark):
    """A region of interest; points: opposite corners of its box."""

    COUNT: ClassVar[int] = 2

    shape: RoiShape = RoiShape.ELLIPSE

    @property
    def box(self) -> tuple[float, float, float, float]:
        """(top, left, bottom, right)."""
        (a, b), (c, d) = self.points
        return min(a, c), min(b, d), max(a, c), max(b, d)


@dataclass(frozen=True, slots=True)
class Arrow(Mark):
    """Points: what it points at, and its other end, where `text` stands if there is one."""

    COUNT: ClassVar[int] = 2

    text: str = ""

    def __post_init__(self) -> None:
        Mark.__post_init__(self)
        _check_text(self.text)


@dataclass(frozen=True, slots=True)
class Note(Mark):
    """Words at a place."""

    COUNT: ClassVar[int] = 1

    text: str = ""

    def __post_init__(self) -> None:
        Mark.__post_init__(self)
        _check_text(self.text)
        if not self.text:
            raise ValueError("a note says something")


Measurement: TypeAlias = Length | Angle | CardiothoracicRatio | KnownLength | Roi | Arrow | Note


def clean_text(text: str) -> str:
    """One line of plain text that a mark may carry: printable, single blanks, at most MAX_TEXT characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:MAX_TEXT].strip()


def _check_text(text: str) -> None:
    if text != clean_text(text):
        raise ValueError("the text of a mark is one clean line of bounded length")


def distance(a: Point, b: Point, scale: Scale) -> Quantity:
    """Length of the straight line between two points."""
    rows, columns = _displacement(a, b, scale)
    return Quantity(math.hypot(rows, columns), scale.unit)


def angle_degrees(mark: Angle, scale: Scale) -> float:
    """The angle at the vertex, 0..180 degrees; the patient's, where rows and columns differ in spacing.

    An arm without length makes an angle of 0.
    """
    one, vertex, other = mark.points
    a, b = _displacement(vertex, one, scale), _displacement(vertex, other, scale)
    return math.degrees(math.atan2(abs(a[0] * b[1] - a[1] * b[0]), a[0] * b[0] + a[1] * b[1]))


def cardiothoracic_ratio(mark: CardiothoracicRatio, scale: Scale) -> float | None:
    """Heart's width by thorax's width; a ratio needs no millimetres. None where the thorax has no width."""
    heart, thorax = distance(*mark.heart, scale).value, distance(*mark.thorax, scale).value
    return heart / thorax if thorax > 0 else None


def in_order(mark: CardiothoracicRatio, scale: Scale) -> CardiothoracicRatio:
    """The same with the shorter line as the heart's, whichever was drawn first: no heart is wider than its chest."""
    ratio = cardiothoracic_ratio(mark, scale)
    return mark if ratio is not None and ratio <= 1 else CardiothoracicRatio((*mark.thorax, *mark.heart))


def usual_heart(mark: CardiothoracicRatio, scale: Scale) -> tuple[Point, Point] | None:
    """Ends that the heart's line would have, about its own middle, at USUAL_RATIO; None where it has no direction."""
    ratio = cardiothoracic_ratio(mark, scale)
    if not ratio:
        return None
    (top, left), (bottom, right) = mark.heart
    row, column = (top + bottom) / 2, (left + right) / 2
    half_rows, half_columns = ((bottom - top) / 2 * USUAL_RATIO / ratio, (right - left) / 2 * USUAL_RATIO / ratio)
    return (row - half_rows, column - half_columns), (row + half_rows, column + half_columns)


def roi_area(mark: Roi, scale: Scale) -> Quantity:
    """Area of the outline in mm² where the file states a spacing, else in pixels, whatever their shape."""
    top, left, bottom, right = mark.box
    sides = (bottom - top) * (right - left) * (math.pi / 4 if mark.shape is RoiShape.ELLIPSE else 1.0)
    one = scale.row * scale.column if scale.unit is Unit.MILLIMETRES else 1.0
    return Quantity(sides * one, scale.unit)


def _displacement(a: Point, b: Point, scale: Scale) -> tuple[float, float]:
    """(down, right) from `a` to `b` in the scale's unit."""
    return (b[0] - a[0]) * scale.row, (b[1] - a[1]) * scale.column
