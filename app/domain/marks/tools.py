"""What the left button draws, and a drawing on its way."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.marks.mark_geometry import Line, outline
from app.domain.marks.measurements import (
    Angle,
    Arrow,
    CardiothoracicRatio,
    Length,
    Measurement,
    Note,
    Point,
    Roi,
    RoiShape,
)
from squid_core.contracts.detection import Region, RegionShape

LEAST_STEP = 0.5  # original pixels between two points of a drawing; nearer is a shaking hand


class Tool(StrEnum):
    """What a left press on the original does."""

    WINDOW_LEVEL = "window_level"
    LENGTH = "length"
    ANGLE = "angle"
    CTR = "ctr"
    ROI_ELLIPSE = "roi_ellipse"
    ROI_RECTANGLE = "roi_rectangle"
    ARROW = "arrow"
    NOTE = "note"
    CALIBRATE = "calibrate"
    REPLACE_ELLIPSE = "replace_ellipse"
    REPLACE_RECTANGLE = "replace_rectangle"


REPLACING = (Tool.REPLACE_ELLIPSE, Tool.REPLACE_RECTANGLE)  # they mark nothing: the region is scored as if normal
RECTANGLES = (Tool.ROI_RECTANGLE, Tool.REPLACE_RECTANGLE)
DRAWS: dict[Tool, type[Measurement]] = {
    Tool.LENGTH: Length,
    Tool.ANGLE: Angle,
    Tool.CTR: CardiothoracicRatio,
    Tool.ROI_ELLIPSE: Roi,
    Tool.ROI_RECTANGLE: Roi,
    Tool.ARROW: Arrow,
    Tool.NOTE: Note,
    Tool.CALIBRATE: Length,  # until the reader has said how long it is
    Tool.REPLACE_ELLIPSE: Roi,
    Tool.REPLACE_RECTANGLE: Roi,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """Points that have been placed with a tool.

    Raises:
        ValueError: the tool draws nothing, or there are more points than it takes.
    """

    tool: Tool
    points: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        if self.tool not in DRAWS or len(self.points) > DRAWS[self.tool].COUNT:
            raise ValueError("more points than the tool takes")

    @property
    def complete(self) -> bool:
        """Whether all points are there."""
        return len(self.points) == DRAWS[self.tool].COUNT

    @property
    def anchor(self) -> Point | None:
        """The point that the next one is seen from; None where a new line begins."""
        if not self.points or (self.tool is Tool.CTR and len(self.points) == 2):
            return None
        return self.points[-1]

    def placed(self, point: Point) -> Draft:
        """With one more point; itself where that lies on the one before."""
        if self.complete or (self.anchor is not None and math.dist(self.anchor, point) < LEAST_STEP):
            return self
        return Draft(self.tool, (*self.points, point))

    def mark(self) -> Measurement | None:
        """The finished mark; None for a note, which needs words first, and while points are missing."""
        if not self.complete or self.tool is Tool.NOTE:
            return None
        mark = DRAWS[self.tool](self.points)
        return replace(mark, shape=RoiShape.RECTANGLE) if self.tool in RECTANGLES and isinstance(mark, Roi) else mark

    def lines(self, point: Point | None) -> tuple[Line, ...]:
        """What to draw while the next point would fall on `point` (None: it is nowhere yet)."""
        draft = self if point is None else self.placed(point)
        mark = draft.mark()
        if mark is not None:
            return outline(mark)
        if self.tool is Tool.CTR:
            return tuple(line for line in (draft.points[:2], draft.points[2:]) if line)
        return (draft.points,) if draft.points else ()


def region_of(roi: Roi) -> Region | None:
    """The region to replace by normal that was drawn as a box; None where it has no height or width."""
    top, left, bottom, right = roi.box
    if bottom <= top or right <= left:
        return None
    shape = RegionShape.ELLIPSE if roi.shape is RoiShape.ELLIPSE else RegionShape.RECTANGLE
    return Region(shape, top, left, bottom, right)
