"""What is drawn over a pane, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from app.domain.marks.mark_geometry import Line
from app.domain.marks.measurements import Measurement, Point, Scale
from app.ui.panes.view_link import ViewRect

SQUARE_PIXELS = Scale()


@dataclass(frozen=True, slots=True)
class MarksPicture:
    """What there is to draw.

    Attributes:
        labels: for each mark, the lines written beside it.
        scale: of the image.
        selected: index of the mark with handles. active: of the handle that the arrow keys move; None for all.
        draft: lines of an unfinished drawing. ends: its points. draft_label: figures so far.
        hint: what the tool waits for.
    """

    marks: tuple[Measurement, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    scale: Scale = SQUARE_PIXELS
    selected: int | None = None
    active: int | None = None
    draft: tuple[Line, ...] = ()
    ends: Line = ()
    draft_label: tuple[str, ...] = ()
    hint: str = ""


def on_screen(view: ViewRect, point: Point) -> QPointF:
    """Where a point of the original lies in the viewport."""
    return QPointF(*view.to_viewport(*point))
