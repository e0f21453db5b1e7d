"""Which panes are on the screen, and where."""

from __future__ import annotations

from app.domain.settings import DisplaySettings, Layout, PaneName

ALL = tuple(PaneName)


def places(display: DisplaySettings) -> tuple[PaneName, ...]:
    """The panes of a layout, from the left and from above."""
    first, second = display.layout_panes
    if display.layout is Layout.ONE:
        return (first,)
    if display.layout is Layout.TWO:
        # A file of settings may name one pane twice: then the next of all stands beside it.
        return first, second if second is not first else next(name for name in ALL if name is not first)
    return ALL


def with_pane(display: DisplaySettings, place: int, name: PaneName) -> DisplaySettings:
    """With another pane at a place (0, 1); a pane that is at the other place changes places with it."""
    if display.layout is Layout.FOUR:
        return display
    shown = list(places(display.model_copy(update={"layout": Layout.TWO})))
    if name in shown:
        shown[shown.index(name)] = shown[place]
    shown[place] = name
    return display.model_copy(update={"layout_panes": (shown[0], shown[1])})
