"""What a reader has drawn on an image and said of its study, as it leaves the program with the image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

ImagePoint: TypeAlias = tuple[float, float]  # (row, column) in original pixels, 0, 0 at the first pixel's centre


class MarkKind(StrEnum):
    """What is drawn; the value is what it is called."""

    LENGTH = "length"
    ANGLE = "angle"
    RATIO = "cardiothoracic ratio"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    ARROW = "arrow"
    NOTE = "note"


class FigureName(StrEnum):
    """What is measured; the value is what it is called."""

    LENGTH = "length"
    ANGLE = "angle"
    RATIO = "CTR"
    HEART = "heart"
    THORAX = "thorax"
    AREA = "area"
    MEAN = "mean"
    SD = "sd"
    LEAST = "min"
    GREATEST = "max"


class FigureUnit(StrEnum):
    """In what; the value is how it is written."""

    NONE = ""
    MILLIMETRES = "mm"
    SQUARE_MILLIMETRES = "mm²"
    PIXELS = "px"
    DEGREES = "°"


@dataclass(frozen=True, slots=True)
class MeasuredFigure:
    """One figure of a mark; grey values are the file's own modality values."""

    name: FigureName
    value: float
    unit: FigureUnit = FigureUnit.NONE


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """One mark with its figures.

    Attributes:
        lines: what is drawn, each a chain of places; of a note the one place where it stands.
        figures: the most important first; none of an arrow or a note.
        text: of an arrow or a note, '' for none. Free text: it may name anybody.
        scale: where millimetres come from, '' where there are none.
    """

    kind: MarkKind
    lines: tuple[tuple[ImagePoint, ...], ...]
    figures: tuple[MeasuredFigure, ...] = ()
    text: str = ""
    scale: str = ""

    def __post_init__(self) -> None:
        if not self.lines or not all(self.lines):
            raise ValueError("a mark lies somewhere")


ACCEPTED = "accepted"  # the code of an opinion that the detector's finding is right


@dataclass(frozen=True, slots=True)
class Opinion:
    """The reader's judgement of a study.

    Attributes:
        code: a word for machines, such as ACCEPTED.
        words: a sentence in English, without a full stop.
        reader: login name; '' where it is not known, or left out.
        at: with its time zone; None where it is not known, or left out.
    """

    code: str
    words: str
    reader: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remarks:
    """What the reader drew on the image and said of its study."""

    marks: tuple[DrawnMark, ...] = ()
    opinion: Opinion | None = None

    @property
    def has_text(self) -> bool:
        """Whether it holds free text, which may name anybody."""
        return any(mark.text for mark in self.marks)

    def anonymous(self) -> Remarks:
        """Without free text, and without who read it when. Notes, which are nothing else, are gone."""
        marks = (replace(mark, text="") for mark in self.marks if mark.kind is not MarkKind.NOTE)
        opinion = None if self.opinion is None else replace(self.opinion, reader="", at=None)
        return Remarks(tuple(marks), opinion)


NO_REMARKS = Remarks()
