"""Every tool measures what the mouse drew, on a stamped asymmetric phantom."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.domain.marks.measurements import Angle, Arrow, CardiothoracicRatio, Length, Roi, RoiShape
from app.domain.marks.tools import Tool
from squid_core.contracts.radiograph import Radiograph, Spacing, SpacingSource, VoiFunction, Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import CTRL, NONE, SHIFT, key
from tests.app.ui.marking import PIXELS, K, click, label, marks, near, only, open_stamped, pull, put
from tests.app.ui.panes.test_panes_show_the_right_way_round import STAMP, stamped

UNEQUAL = Spacing(0.5, 0.2, SpacingSource.DETECTOR)


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    open_stamped(room)
    settle()
    return room


@pytest.mark.parametrize("dragging", [True, False], ids=["by drag", "by two clicks"])
def test_d_measures_a_length(opened: Room, dragging: bool) -> None:
    key(opened.window, K.Key_D)
    a, b = (100.0, 60.0), (160.0, 220.0)
    if dragging:
        pull(opened, a, b)
    else:
        click(opened, a)
        assert not marks(opened)
        click(opened, b)
    assert isinstance(only(opened), Length)
    assert near(only(opened), a, b)
    assert opened.holder.state.selected_mark == 0
    assert opened.holder.state.tool is Tool.LENGTH  # it stays in hand
    shown = math.dist(*only(opened).points) * 0.143
    assert label(opened) == f"{shown:.1f} mm\nat detector"


def test_a_measures_an_angle_at_its_vertex(opened: Room) -> None:
    key(opened.window, K.Key_A)
    points = ((100.0, 300.0), (100.0, 100.0), (300.0, 100.0))
    for point in points:
        click(opened, point)
    assert isinstance(only(opened), Angle)
    assert near(only(opened), *points)
    assert float(label(opened).rstrip("°")) == pytest.approx(90, abs=1)


def test_an_angle_may_begin_with_a_drag(opened: Room) -> None:
    key(opened.window, K.Key_A)
    pull(opened, (100.0, 300.0), (100.0, 100.0))
    assert not marks(opened)
    click(opened, (200.0, 200.0))
    assert float(label(opened).rstrip("°")) == pytest.approx(45, abs=1)


def test_c_gives_the_cardiothoracic_ratio_of_two_lines(opened: Room) -> None:
    key(opened.window, K.Key_C)
    assert "Heart" in opened.window.measure.display.overlay.picture.hint
    pull(opened, (300.0, 150.0), (300.0, 260.0))
    assert "Thorax" in opened.window.measure.display.overlay.picture.hint
    pull(opened, (350.0, 100.0), (350.0, 300.0))
    assert isinstance(only(opened), CardiothoracicRatio)
    assert near(only(opened), (300, 150), (300, 260), (350, 100), (350, 300))
    first, lengths, source = label(opened).split("\n")
    assert first == "CTR 0.55, over the usual 0.5"
    assert lengths.startswith("heart 15.")
    assert source == "at detector"


def test_the_ratio_does_not_mind_which_line_comes_first(opened: Room) -> None:
    key(opened.window, K.Key_C)
    for point in ((350.0, 100.0), (350.0, 300.0), (300.0, 160.0), (300.0, 250.0)):
        click(opened, point)
    assert near(only(opened), (300, 160), (300, 250), (350, 100), (350, 300))
    assert label(opened).startswith("CTR 0.4")
    assert ", within the usual 0.5\n" in label(opened)


def test_an_ap_view_and_a_child_are_warned_of(room: Room) -> None:
    identity = synthetic.identity(view_position="AP", patient_age=4.0)
    room.open(synthetic.radiograph(identity=identity))
    put(room, CardiothoracicRatio(((300, 150), (300, 260), (350, 100), (350, 300))))
    assert "AP view: the heart looks larger\na child: the usual mark is for adults" in label(room)


def test_each_line_of_the_ratio_is_dragged_on_its_own(opened: Room) -> None:
    put(opened, CardiothoracicRatio(((300, 150), (300, 260), (350, 100), (350, 300))))
    pull(opened, (300.0, 205.0), (270.0, 205.0))
    assert near(only(opened), (270, 150), (270, 260), (350, 100), (350, 300))
    pull(opened, (350.0, 100.0), (350.0, 60.0))
    assert near(only(opened), (270, 150), (270, 260), (350, 60), (350, 300))


@pytest.mark.parametrize(("keys", "shape"), [(NONE, RoiShape.ELLIPSE), (SHIFT, RoiShape.RECTANGLE)])
def test_o_measures_the_values_of_a_region(opened: Room, keys: Qt.KeyboardModifier, shape: RoiShape) -> None:
    key(opened.window, K.Key_O, keys)
    pull(opened, (110.0, 80.0), (150.0, 200.0))  # inside the stamp
    mark = only(opened)
    assert isinstance(mark, Roi)
    assert mark.shape is shape
    assert near(mark, (110, 80), (150, 200))
    lines = label(opened).split("\n")
    assert lines[:2] == ["mean 900  sd 0", "min 900  max 900"]
    assert lines[3] == "at detector"
    top, left, bottom, right = mark.box
    sides = (bottom - top) * (right - left) * 0.143**2 * (math.pi / 4 if shape is RoiShape.ELLIPSE else 1)
    assert lines[2] == f"area {sides:.0f} mm²"


def test_a_region_over_the_edge_of_the_stamp_knows_which_side_is_which(opened: Room) -> None:
    key(opened.window, K.Key_O, SHIFT)
    pull(opened, (200.0, 230.0), (50.0, 30.0))  # all of the stamp and some of the ground
    top, left, bottom, right = (math.ceil(edge) for edge in (only(opened).box))  # type: ignore[union-attr]
    values = stamped()[top:bottom, left:right]
    assert label(opened).startswith(f"mean {values.mean():.0f}  sd {values.std():.0f}\nmin 100  max 900")


def test_a_monochrome1_file_is_measured_in_its_own_values(room: Room, settle: Callable[[], None]) -> None:
    pixels = np.full((600, 400), 4095 - 3000, np.uint16)  # the file says 3000 around and 700 in the stamp
    pixels[STAMP] = 4095 - 700
    image = synthetic.radiograph(
        pixels.astype(np.float32), polarity_inverted=True, pivot=4095.0, window=Window(4095 - 1999, 4000)
    )
    room.open(image)
    put(room, Roi(((110, 80), (150, 200))))
    assert label(room).startswith("mean 700  sd 0\nmin 700  max 700")
    room.holder.update(cursor=(130.0, 140.0))
    assert room.window.panes.original.readout.whole.endswith("value 700")
    linear = Window(4095 - 2000 + 1, 4000, VoiFunction.LINEAR)  # the file's 2000, turned round
    room.holder.update(window=linear)
    assert "L 2000" in "".join(room.window.panes.original._grey_lines(image, linear))


def test_p_draws_an_arrow_at_what_it_points_at(opened: Room) -> None:
    key(opened.window, K.Key_P)
    pull(opened, (200.0, 200.0), (280.0, 330.0))
    assert isinstance(only(opened), Arrow)
    assert near(only(opened), (200, 200), (280, 330))
    assert label(opened) == ""


def test_with_control_a_line_is_level(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (200.0, 100.0), (212.0, 300.0), CTRL)
    (row_a, _), (row_b, column_b) = only(opened).points
    assert row_a == pytest.approx(row_b, abs=1e-6)
    assert column_b == pytest.approx(300, abs=PIXELS)


def test_without_a_true_scale_lengths_are_pixels(room: Room) -> None:
    room.open(synthetic.radiograph(spacing=None))
    put(room, Length(((100, 100), (130, 140))), Roi(((10, 10), (20, 30)), RoiShape.RECTANGLE))
    assert label(room, 0) == "50 px"
    assert label(room, 1).endswith("area 200 px")


def test_unequal_spacing_counts_rows_and_columns_apart(room: Room) -> None:
    room.open(synthetic.radiograph(spacing=UNEQUAL))
    put(room, Length(((100, 100), (106, 120))), Angle(((0, 10), (0, 0), (10, 10))))
    assert label(room, 0) == "5.0 mm\nat detector"
    assert label(room, 1) == "68.2°"


def test_where_pixels_are_not_square_marks_lie_where_the_mouse_drew_them(
    room: Room, settle: Callable[[], None]
) -> None:
    room.open(synthetic.radiograph(spacing=UNEQUAL, aspect=2.5))
    settle()
    key(room.window, K.Key_D)
    pull(room, (200.0, 100.0), (260.0, 250.0))  # 60 rows of 0.5 mm and 150 columns of 0.2 mm
    zoom = room.window.panes.original.view.rect_shown.zoom
    assert all(
        abs(row - drawn[0]) * 2.5 <= 1 / zoom and abs(column - drawn[1]) <= 1 / zoom
        for drawn, (row, column) in zip(((200, 100), (260, 250)), only(room).points, strict=True)
    )
    assert float(label(room).split(" ")[0]) == pytest.approx(math.hypot(30, 30), abs=1.5)
    key(room.window, K.Key_W)
    pull(room, (230.0, 175.0), (250.0, 175.0))
    assert only(room).points[0][0] == pytest.approx(220, abs=2)
    key(room.window, K.Key_D)
    pull(room, (300.0, 100.0), (356.0, 250.0), CTRL)  # nearly 45 degrees on the screen
    (top, left), (bottom, right) = marks(room)[1].points
    assert (bottom - top) * 2.5 == pytest.approx(right - left)


def test_colours_have_an_area_but_no_values(room: Room) -> None:
    pixels = np.zeros((600, 400, 3), np.uint8)
    room.open(Radiograph(pixels, Window(128, 256), synthetic.identity(), synthetic.radiograph().verdict))
    put(room, Roi(((10, 10), (20, 30)), RoiShape.RECTANGLE))
    assert label(room) == "colours, no values\narea 200 px"
