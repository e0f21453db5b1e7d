"""What the hand holds: a mark taken hold of, a drawing on its way."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.marks.annotations import Marks
from app.domain.marks.mark_geometry import Grip, clamped, grip_at, handles, shifted, whole, with_handle
from app.domain.marks.measurements import Measurement, Point
from app.domain.marks.tools import Draft


@dataclass(frozen=True, slots=True)
class Hold:
    """A mark that the mouse has taken hold of.

    Attributes:
        start: where, in original pixels. mark: as it was; now: as it would be.
    """

    index: int
    grip: Grip
    start: Point
    mark: Measurement
    now: Measurement


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What the hand is doing that is not yet in the session.

    Attributes:
        floating: where the next point of the draft would fall.
        active: handle of the selected mark that the arrow keys move; None for all of it.
        writing: words are being typed.
    """

    draft: Draft | None = None
    floating: Point | None = None
    hold: Hold | None = None
    active: int | None = None
    writing: bool = False


def hold_at(
    marks: Marks, selected: int | None, point: Point, reach: float, *, body: bool, aspect: float
) -> Hold | None:
    """What lies within `reach` of a point (see `grip_at`): of the selected mark first, then of the latest."""
    for index in sorted(range(len(marks)), key=lambda index: (index != selected, -index)):
        grip = grip_at(marks[index], point, reach, body=body, aspect=aspect)
        if grip is not None:
            return Hold(index, grip, point, marks[index], marks[index])
    return None


def hold_whole(marks: Marks, index: int, point: Point) -> Hold:
    """All of a mark, taken by its words."""
    return Hold(index, whole(marks[index]), point, marks[index], marks[index])


def dragged(hold: Hold, point: Point, shape: tuple[int, int]) -> Measurement:
    """The held mark when the mouse is at `point` of an image of `shape`."""
    return moved(hold.mark, hold.grip, (point[0] - hold.start[0], point[1] - hold.start[1]), shape)


def moved(mark: Measurement, grip: Grip, by: Point, shape: tuple[int, int]) -> Measurement:
    """A mark with what the grip holds of it moved by (rows, columns), no farther than the image of `shape` reaches."""
    if grip.handle is None:
        return shifted(mark, grip.points, by, shape)
    row, column = handles(mark)[grip.handle]
    return with_handle(mark, grip.handle, clamped((row + by[0], column + by[1]), shape))
