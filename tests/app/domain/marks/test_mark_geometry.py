"""Hits, handles and moves in original pixels."""

from __future__ import annotations

import math

import pytest

from app.domain.marks.mark_geometry import (
    Grip,
    clamped,
    grip_at,
    handles,
    outline,
    shifted,
    snapped,
    whole,
    with_handle,
)
from app.domain.marks.measurements import Angle, Arrow, CardiothoracicRatio, Length, Measurement, Note, Roi, RoiShape
from app.domain.marks.tools import Draft, Tool

SHAPE = (100, 200)
LINE = Length(((10, 20), (10, 60)))
RATIO = CardiothoracicRatio(((50, 80), (50, 120), (60, 50), (60, 150)))
BOX = Roi(((20, 100), (40, 160)), RoiShape.RECTANGLE)
OVAL = Roi(((20, 100), (40, 160)), RoiShape.ELLIPSE)


@pytest.mark.parametrize(
    ("mark", "point", "grip"),
    [
        (LINE, (11, 21), Grip(0)),
        (LINE, (9, 58), Grip(1)),
        (LINE, (12, 40), Grip(None, (0, 1))),
        (LINE, (14, 40), None),
        (LINE, (10, 64), None),
        (RATIO, (51, 100), Grip(None, (0, 1))),
        (RATIO, (61, 100), Grip(None, (2, 3))),
        (RATIO, (60, 149), Grip(3)),
        (BOX, (20, 160), Grip(1)),
        (BOX, (30, 100), Grip(None, (0, 1))),
        (BOX, (30, 130), None),
        (OVAL, (30, 160), Grip(None, (0, 1))),
        (OVAL, (20, 130), Grip(None, (0, 1))),
        (Note(((5, 5),), "a"), (6, 6), Grip(0)),
    ],
)
def test_what_lies_under_the_mouse(mark: Measurement, point: tuple[float, float], grip: Grip | None) -> None:
    assert grip_at(mark, point, 3.0) == grip


def test_with_a_tool_in_hand_only_handles_are_taken() -> None:
    assert grip_at(LINE, (10, 40), 3.0, body=False) is None
    assert grip_at(LINE, (10, 20), 3.0, body=False) == Grip(0)


def test_hits_and_directions_are_those_on_the_screen_where_pixels_are_not_square() -> None:
    assert grip_at(LINE, (14, 40), 4.5) is not None
    assert grip_at(LINE, (14, 40), 4.5, aspect=2.0) is None  # 4 rows are 8 widths of a pixel
    assert grip_at(LINE, (12, 40), 4.5, aspect=2.0) is not None
    assert snapped((0, 0), (19, 42), 2.0) == pytest.approx((20, 40))


def test_every_corner_of_a_region_moves_and_the_one_opposite_stays() -> None:
    for number in range(4):
        moved = with_handle(BOX, number, (5.0, 7.0))
        assert handles(moved)[number] == (5.0, 7.0)
        assert handles(moved)[(number + 2) % 4] == handles(BOX)[(number + 2) % 4]


def test_one_line_of_a_ratio_moves_alone() -> None:
    moved = shifted(RATIO, (0, 1), (3, -4), SHAPE)
    assert isinstance(moved, CardiothoracicRatio)
    assert moved.heart == ((53, 76), (53, 116))
    assert moved.thorax == RATIO.thorax


def test_a_mark_stays_on_the_image_as_a_whole() -> None:
    moved = shifted(LINE, whole(LINE).points, (-500, 500), SHAPE)
    assert moved.points == ((-0.5, 159.5), (-0.5, 199.5))
    assert clamped((-9, 400), SHAPE) == (-0.5, 199.5)


def test_words_and_shape_stay_when_a_mark_moves() -> None:
    arrow = Arrow(((10, 10), (20, 20)), "here")
    assert shifted(arrow, (0, 1), (1, 1), SHAPE) == Arrow(((11, 11), (21, 21)), "here")
    assert with_handle(OVAL, 2, (50, 150)) == Roi(((20, 100), (50, 150)), RoiShape.ELLIPSE)


def test_the_outline_of_an_ellipse_lies_on_it() -> None:
    (line,) = outline(OVAL)
    assert line[0] == pytest.approx(line[-1])
    assert all(((row - 30) / 10) ** 2 + ((column - 130) / 30) ** 2 == pytest.approx(1) for row, column in line)


@pytest.mark.parametrize(
    ("point", "expected"), [((1, 50), (0, 50)), ((40, 2), (40, 0)), ((31, 29), (30, 30)), ((2, -50), (0, -50))]
)
def test_with_control_lines_keep_to_eighths_of_a_turn(
    point: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert snapped((0, 0), point) == pytest.approx(expected, abs=1e-9)
    assert math.dist(snapped((7, 8), (7, 8)), (7, 8)) == 0


def test_a_drawing_grows_point_by_point() -> None:
    draft = Draft(Tool.ANGLE).placed((1, 1))
    assert draft.lines((5, 5)) == (((1, 1), (5, 5)),)
    assert draft.placed((1.2, 1.2)) is draft  # a shaking hand
    draft = draft.placed((5, 5))
    assert not draft.complete
    assert draft.mark() is None
    assert draft.lines((9, 1)) == (((1, 1), (5, 5), (9, 1)),)
    assert draft.placed((9, 1)).mark() == Angle(((1, 1), (5, 5), (9, 1)))


def test_the_second_line_of_a_ratio_may_begin_where_the_first_ended() -> None:
    draft = Draft(Tool.CTR).placed((50, 80)).placed((50, 120))
    assert draft.anchor is None
    assert draft.lines(None) == (((50, 80), (50, 120)),)
    draft = draft.placed((50, 120))
    assert draft.lines((50, 190)) == (((50, 80), (50, 120)), ((50, 120), (50, 190)))


def test_every_tool_makes_its_mark() -> None:
    points = ((1.0, 1.0), (9.0, 9.0))
    assert Draft(Tool.LENGTH, points).mark() == Length(points)
    assert Draft(Tool.ARROW, points).mark() == Arrow(points)
    assert Draft(Tool.ROI_ELLIPSE, points).mark() == Roi(points, RoiShape.ELLIPSE)
    assert Draft(Tool.ROI_RECTANGLE, points).mark() == Roi(points, RoiShape.RECTANGLE)
    assert Draft(Tool.NOTE, points[:1]).mark() is None  # it needs words
    with pytest.raises(ValueError, match="points"):
        Draft(Tool.WINDOW_LEVEL, points)
