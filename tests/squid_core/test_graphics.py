"""Overlays and shutters as they are drawn: places and shapes by hand."""

from __future__ import annotations

import numpy as np
import pytest

from squid_core.contracts.graphics import OverlayKind, OverlayPlane, Shutter
from squid_core.graphics import COLOUR, FULL, REGION_OPACITY, hidden, opacity, overlaid, shuttered, strength

SHAPE = (40, 60)


def spot(top: int, left: int, kind: OverlayKind = OverlayKind.GRAPHICS) -> OverlayPlane:
    """A plane of 3 x 5 pixels, its lower right one left out."""
    drawn = np.zeros(SHAPE, np.bool_)
    drawn[top : top + 3, left : left + 5] = True
    drawn[top + 2, left + 4] = False
    plane = OverlayPlane.of(drawn, kind)
    assert plane is not None
    return plane


def test_a_plane_is_cut_to_what_is_drawn_and_comes_back() -> None:
    plane = spot(7, 11)
    assert (plane.top, plane.left, plane.rows, plane.columns, len(plane.bits)) == (7, 11, 3, 5, 2)
    assert plane.drawn.tolist() == [[True] * 5, [True] * 5, [True] * 4 + [False]]
    assert OverlayPlane.of(np.zeros(SHAPE, np.bool_)) is None


@pytest.mark.parametrize("wrong", [{"top": -1}, {"rows": 0}, {"bits": b"123"}])
def test_a_plane_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    fields: dict[str, object] = {"top": 0, "left": 0, "rows": 2, "columns": 4, "bits": b"1"}
    with pytest.raises(ValueError, match="a plane"):
        OverlayPlane(**{**fields, **wrong})  # type: ignore[arg-type]


def test_a_shutter_without_a_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="a shape"):
        Shutter()
    with pytest.raises(ValueError, match="three corners"):
        Shutter(polygon=((1, 1), (2, 2)))


def test_a_circle_is_round_in_millimetres() -> None:
    seen = ~hidden(Shutter(circle=(20, 30, 10)), SHAPE, aspect=2.0)  # a pixel is twice as high as wide
    assert [np.flatnonzero(seen[20])[[0, -1]].tolist(), np.flatnonzero(seen[:, 30])[[0, -1]].tolist()] == [
        [20, 40],
        [15, 25],
    ]


def test_a_polygon_need_not_bulge() -> None:
    corners = ((5, 5), (5, 50), (35, 50), (20, 20))  # an arrow head
    seen = ~hidden(Shutter(polygon=corners), SHAPE)
    assert all(seen[row, column] for row, column in corners)
    assert (seen[12, 30], seen[33, 10], seen[4, 20], seen[30, 25]) == (True, False, False, False)


def test_graphics_are_full_and_regions_let_the_picture_through() -> None:
    drawn = strength((spot(2, 3), spot(10, 20, OverlayKind.REGION)), SHAPE)
    assert drawn[2, 3] == FULL
    assert drawn[4, 7] == drawn[0, 0] == 0
    assert opacity(drawn)[10, 20] == pytest.approx(REGION_OPACITY, abs=0.01)
    picture = np.full(SHAPE, 100, np.uint8)
    made = overlaid(picture, drawn)
    assert tuple(made[2, 3]) == COLOUR
    assert tuple(made[0, 0]) == (100, 100, 100)
    assert made[10, 20] == pytest.approx(100 + REGION_OPACITY * (np.array(COLOUR) - 100.0), abs=2)


def test_a_shutter_gives_its_grey_to_what_it_hides() -> None:
    picture = np.full((*SHAPE, 3), 200, np.uint8)
    made = shuttered(picture, Shutter(rectangle=(10, 10, 19, 29), grey=0.2))
    assert (made[10, 10].tolist(), made[9, 10].tolist(), made[19, 30].tolist()) == ([200] * 3, [51] * 3, [51] * 3)
    assert picture.min() == 200
