"""What the left button draws, and a drawing on its way."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from app.domain.marks.mark_geometry import Line, outline
from app.domain.marks.measurements import Angle, Arrow, CardiothoracicRatio, Length, Measurement, Point, Roi, RoiShape
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
    REPLACE_ELLIPSE = "replace_ellipse"
    REPLACE_RECTANGLE = "replace_rectangle"


REPLACING = (Tool.REPLACE_ELLIPSE, Tool.REPLACE_RECTANGLE)  # they mark nothing: the region is scored as if normal
ELLIPSES = (Tool.ROI_ELLIPSE, Tool.REPLACE_ELLIPSE)
POINTS = {
    Tool.LENGTH: 2,
    Tool.ANGLE: 3,
    Tool.CTR: 4,
    Tool.ROI_ELLIPSE: 2,
    Tool.ROI_RECTANGLE: 2,
    Tool.ARROW: 2,
    Tool.NOTE: 1,
    Tool.REPLACE_ELLIPSE: 2,
    Tool.REPLACE_RECTANGLE: 2,
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
        if len(self.points) > POINTS.get(self.tool, -1):
            raise ValueError("more points than the tool takes")

    @property
    def complete(self) -> bool:
        """Whether all points are there."""
        return len(self.points) == POINTS[self.tool]

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
        if not self.complete:
            return None
        points = self.points
        made: dict[Tool, type[Length | Angle | CardiothoracicRatio | Arrow]] = {
            Tool.LENGTH: Length,
            Tool.ANGLE: Angle,
            Tool.CTR: CardiothoracicRatio,
            Tool.ARROW: Arrow,
        }
        if self.tool in made:
            return made[self.tool](points)
        if self.tool is Tool.NOTE:
            return None
        return Roi(points, RoiShape.ELLIPSE if self.tool in ELLIPSES else RoiShape.RECTANGLE)

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
