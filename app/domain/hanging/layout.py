"""Which panes are on the screen, and where."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.settings import DisplaySettings, Layout, PaneName

ALL = tuple(PaneName)
MAIN_SHARE = 600  # of 1000 of the reading area: what the original has beside the other three panes
PAIR_SHARE = 720  # what the original and a picture beside it have together
PAIR_AND_MAP = (375, 375, 250)  # of an original, the picture beside it, and a map
WHOLE = 1000

BESIDE = None  # among panes: the picture beside the original, of another study or of another view
Name = PaneName | None


@dataclass(frozen=True, slots=True)
class Line:
    """Panes that share one splitter.

    Attributes:
        panes: from the left or from above. across: they stand side by side, else one above the other.
    """

    panes: tuple[Name, ...]
    across: bool = True


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where the panes of a layout stand.

    Attributes:
        lines: one or two. down: the second lies below the first, else to its right.
        share: of 1000, what the first has where there are two.
        key: under which `DisplaySettings.shares` keeps the sizes that the user has given it.
    """

    lines: tuple[Line, ...]
    down: bool
    share: int
    key: str

    @property
    def panes(self) -> tuple[Name, ...]:
        """All of them, line by line."""
        return tuple(pane for line in self.lines for pane in line.panes)

    @property
    def shares(self) -> tuple[tuple[int, ...], ...]:
        """As shipped, of 1000: of the lines, then of the panes within each."""
        whole = (self.share, WHOLE - self.share) if len(self.lines) > 1 else (WHOLE,)
        return whole, *map(_shares, self.lines)


def _shares(line: Line) -> tuple[int, ...]:
    count = len(line.panes)
    return PAIR_AND_MAP if BESIDE in line.panes and count == len(PAIR_AND_MAP) else (WHOLE // count,) * count


def arranged(display: DisplaySettings, *, beside: bool = False, portrait: bool = False) -> Arrangement:
    """Where the panes of a layout stand.

    Args:
        display: says which layout, and which panes where not all are shown.
        beside: a picture of another study, or another view, stands right of the original; with it a single pane is
            the original, and two by two leaves the pair alone.
        portrait: the window is higher than wide: what would stand side by side stands one above the other.
    """
    shown, layout = places(display), display.layout
    key = f"{layout.value}{' beside' * beside}{' portrait' * portrait}"
    if layout is Layout.MAIN:
        first = (PaneName.ORIGINAL, BESIDE) if beside else (PaneName.ORIGINAL,)
        rest = tuple(name for name in shown if name is not PaneName.ORIGINAL)
        share = PAIR_SHARE if beside and not portrait else MAIN_SHARE
        return Arrangement((Line(first), Line(rest, across=portrait)), portrait, share, key)
    if beside:
        rest = tuple(name for name in shown if name is not PaneName.ORIGINAL) if layout is Layout.TWO else ()
        return Arrangement((Line((PaneName.ORIGINAL, BESIDE, *rest[-1:]), not portrait),), True, WHOLE, key)
    if layout is Layout.FOUR:
        return Arrangement((Line(shown[:2]), Line(shown[2:])), True, WHOLE // 2, key)
    return Arrangement((Line(shown, not portrait),), True, WHOLE, key)


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
    if display.layout not in (Layout.ONE, Layout.TWO):
        return display
    shown = list(places(display.model_copy(update={"layout": Layout.TWO})))
    if name in shown:
        shown[shown.index(name)] = shown[place]
    shown[place] = name
    return display.model_copy(update={"layout_panes": (shown[0], shown[1])})


def with_shares(
    display: DisplaySettings, arrangement: Arrangement, shares: tuple[tuple[int, ...], ...]
) -> DisplaySettings:
    """With the sizes that the user has given the panes of an arrangement."""
    return display.model_copy(update={"shares": {**display.shares, arrangement.key: shares}})


def shares_of(display: DisplaySettings, arrangement: Arrangement) -> tuple[tuple[int, ...], ...]:
    """The user's sizes of an arrangement where they fit it, else as shipped."""
    own, shipped = display.shares.get(arrangement.key, ()), arrangement.shares
    fits = [len(part) for part in own] == [len(part) for part in shipped] and all(sum(part) > 0 for part in own)
    return own if fits else shipped
