"""Every tool through real mouse and key events, on a stamped asymmetric phantom."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.annotations import Annotations, Marks
from app.domain.measurements import Angle, Arrow, CardiothoracicRatio, Length, Measurement, Note, Point, Roi, RoiShape
from app.domain.session import Progress
from app.domain.study import Study
from app.domain.tools import Tool
from squid_core.contracts import Radiograph, Spacing, SpacingSource, VoiFunction, Window
from tests.ui import synthetic
from tests.ui.conftest import Room
from tests.ui.test_hands import CTRL, LEFT, MIDDLE, NONE, RIGHT, SHIFT, double_click, drag, key, send
from tests.ui.test_panes_show_the_right_way_round import STAMP, stamped, stamped_detection, stamped_radiograph

UNEQUAL = Spacing(0.5, 0.2, SpacingSource.DETECTOR)
PIXELS = 3.0  # how near a mouse comes to an original pixel: the screen's are 2 of them here
K = Qt.Key


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = stamped_radiograph()
    room.open(image, stamped_detection(image))
    room.window.panes.original.view.setFocus()
    settle()
    return room


def at(room: Room, point: Point) -> QPoint:
    x, y = room.window.panes.original.view.rect_shown.to_viewport(*point)
    return QPoint(round(x), round(y))


def click(room: Room, point: Point, keys: Qt.KeyboardModifier = NONE) -> None:
    pane, where, none = room.window.panes.original, at(room, point), Qt.MouseButton.NoButton
    send(pane, QEvent.Type.MouseMove, where, none, none, keys)
    send(pane, QEvent.Type.MouseButtonPress, where, LEFT, LEFT, keys)
    send(pane, QEvent.Type.MouseButtonRelease, where, LEFT, none, keys)
    QApplication.processEvents()


def pull(room: Room, start: Point, end: Point, keys: Qt.KeyboardModifier = NONE) -> None:
    drag(room.window.panes.original, at(room, start), at(room, end) - at(room, start), LEFT, keys)


def marks(room: Room) -> Marks:
    return room.holder.state.annotations.marks


def only(room: Room) -> Measurement:
    (mark,) = marks(room)
    return mark


def near(mark: Measurement, *points: Point) -> bool:
    return all(math.dist(a, b) <= PIXELS for a, b in zip(mark.points, points, strict=True))


def label(room: Room, index: int = 0) -> str:
    return "\n".join(room.window.measure.display.overlay.picture.labels[index])


def put(room: Room, *drawn: Measurement, selected: int | None = None) -> None:
    room.holder.update(annotations=Annotations(drawn), selected_mark=selected)
    QApplication.processEvents()


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


def test_l_writes_a_note_that_is_plain_text(opened: Room) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    editor = opened.window.measure.writer.editor
    assert editor.hasFocus()
    QTest.keyClicks(editor, "<b>nodule</b> d a c")  # letters are letters while one writes
    key(editor, K.Key_Return)
    mark = only(opened)
    assert isinstance(mark, Note)
    assert mark.text == "<b>nodule</b> d a c"
    assert near(mark, (200, 120))
    assert opened.window.panes.original.view.hasFocus()
    assert opened.holder.state.tool is Tool.NOTE


def test_escape_drops_the_words_and_an_empty_note_is_none(opened: Room) -> None:
    key(opened.window, K.Key_L)
    editor = opened.window.measure.writer.editor
    click(opened, (200.0, 120.0))
    QTest.keyClicks(editor, "half")
    key(editor, K.Key_Escape)
    assert not editor.isVisible()
    click(opened, (200.0, 120.0))
    key(editor, K.Key_Return)
    assert not marks(opened)
    assert opened.holder.state.tool is Tool.NOTE


def test_words_are_changed_by_double_click_and_by_f2(opened: Room) -> None:
    put(opened, Note(((200.0, 120.0),), "old"))
    pane = opened.window.panes.original
    place = opened.window.measure.display.label_place(0)
    assert place is not None
    where, none = place.center().toPoint(), Qt.MouseButton.NoButton
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick):
        send(pane, kind, where, LEFT, none if kind is QEvent.Type.MouseButtonRelease else LEFT, NONE)
    editor = opened.window.measure.writer.editor
    assert editor.isVisible()
    assert all(other.isVisible() for other in opened.window.panes.panes)  # and no pane was maximised
    QTest.keyClicks(editor, "new")
    key(editor, K.Key_Return)
    assert only(opened) == Note(((200.0, 120.0),), "new")
    key(opened.window, K.Key_F2)
    QTest.keyClicks(editor, "newer")
    click(opened, (400.0, 300.0))  # elsewhere: what was typed counts
    assert only(opened) == Note(((200.0, 120.0),), "newer")


def test_an_arrow_may_carry_words(opened: Room) -> None:
    put(opened, Arrow(((200, 200), (280, 330))), selected=0)
    key(opened.window, K.Key_F2)
    QTest.keyClicks(opened.window.measure.writer.editor, "nodule?")
    key(opened.window.measure.writer.editor, K.Key_Return)
    assert only(opened) == Arrow(((200, 200), (280, 330)), "nodule?")


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


def test_a_mark_is_taken_by_its_line_and_by_its_end(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    window = opened.holder.state.window
    pull(opened, (300.0, 150.0), (350.0, 170.0))
    assert near(only(opened), (350, 120), (350, 220))
    pull(opened, (350.0, 220.0), (400.0, 300.0))
    assert near(only(opened), (350, 120), (400, 300))
    assert opened.holder.state.window is window  # no drag reached window and level
    pull(opened, (500.0, 300.0), (520.0, 350.0))
    assert opened.holder.state.window is not window
    assert opened.holder.state.selected_mark is None


def test_a_click_that_shakes_moves_nothing(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    drag(opened.window.panes.original, at(opened, (300, 150)), QPoint(2, 1))
    assert only(opened) == Length(((300, 100), (300, 200)))
    assert opened.holder.state.selected_mark == 0
    assert not opened.holder.state.annotations.past


def test_with_a_tool_a_new_line_may_begin_on_another(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 150.0), (400.0, 150.0))
    assert len(marks(opened)) == 2
    pull(opened, (300.0, 200.0), (300.0, 260.0))  # but an end is taken hold of
    assert len(marks(opened)) == 2
    assert near(marks(opened)[0], (300, 100), (300, 260))


def test_marks_stay_on_the_image(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, -40.0))
    assert only(opened).points[1][1] == -0.5


def test_other_buttons_keep_their_meaning_with_a_tool(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pane, link = opened.window.panes.original, opened.window.panes.link
    drag(pane, at(opened, (300, 200)), QPoint(0, -60), RIGHT)
    assert link.magnification == pytest.approx(1.008**60, rel=1e-3)
    centre = link.centre
    drag(pane, at(opened, (300, 200)), QPoint(20, 0), MIDDLE)
    drag(pane, at(opened, (300, 200)), QPoint(20, 0), LEFT, SHIFT)
    assert link.centre[1] == pytest.approx(centre[1] - 40 / pane.view.rect_shown.zoom)
    assert not marks(opened)


def test_zoomed_and_panned_the_points_are_the_originals(opened: Room) -> None:
    opened.window.panes.link.zoom_about(130, 140, 4.0)
    QApplication.processEvents()
    key(opened.window, K.Key_D)
    pull(opened, (120.0, 130.0), (150.0, 160.0))
    assert all(math.dist(a, b) < 0.5 for a, b in zip(only(opened).points, ((120, 130), (150, 160)), strict=True))


def test_escape_puts_away_the_drawing_then_the_tool_then_the_selection_then_stops_the_queue(
    opened: Room, qtbot: QtBot
) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    opened.holder.update(progress=Progress(1, 9))

    def tool() -> Tool:
        return opened.holder.state.tool

    key(opened.window, K.Key_D)
    click(opened, (400.0, 100.0))
    with qtbot.assertNotEmitted(opened.window.cancel_requested):
        key(opened.window, K.Key_Escape)
        assert not opened.window.measure.drawing
        assert tool() is Tool.LENGTH
        opened.window.worklist.list.setFocus()  # wherever the keys are
        key(opened.window, K.Key_Escape)
        assert tool() is Tool.WINDOW_LEVEL
        click(opened, (300.0, 150.0))
        assert opened.holder.state.selected_mark == 0
        key(opened.window, K.Key_Escape)
        assert opened.holder.state.selected_mark is None
    with qtbot.waitSignal(opened.window.cancel_requested):
        key(opened.window, K.Key_Escape)


def test_the_key_of_the_tool_in_hand_puts_it_away_and_w_does_too(opened: Room) -> None:
    actions = opened.window.actions_by_name
    key(opened.window, K.Key_A)
    assert actions["tool_angle"].isChecked()
    key(opened.window, K.Key_A)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL
    assert [name for name, action in actions.items() if name.startswith("tool_") and action.isChecked()] == [
        "tool_window_level"
    ]
    key(opened.window, K.Key_C)
    key(opened.window, K.Key_W)
    assert opened.holder.state.tool is Tool.WINDOW_LEVEL


def test_the_tool_bar_does_what_the_keys_do(opened: Room) -> None:
    buttons = opened.window.tool_bar.buttons
    assert all(button.accessibleName() and not button.icon().isNull() for button in buttons.values())
    assert "Region, ellipse  (O)" in buttons["tool_roi_ellipse"].toolTip()
    QTest.mouseClick(buttons["tool_roi_ellipse"], LEFT)
    assert opened.holder.state.tool is Tool.ROI_ELLIPSE
    assert buttons["tool_roi_ellipse"].isChecked()
    QTest.mouseClick(buttons["tool_roi_ellipse"], LEFT)
    assert not buttons["tool_roi_ellipse"].isChecked()
    assert buttons["tool_window_level"].isChecked()


@pytest.mark.parametrize("which", [K.Key_Delete, K.Key_Backspace])
def test_delete_and_backspace_delete_the_selected_mark(opened: Room, which: Qt.Key) -> None:
    first, second = Length(((300, 100), (300, 200))), Length(((400, 100), (400, 200)))
    put(opened, first, second)
    key(opened.window, which)
    assert len(marks(opened)) == 2  # nothing is selected
    click(opened, (300.0, 150.0))
    key(opened.window, which)
    assert marks(opened) == (second,)
    key(opened.window, K.Key_Z, CTRL)
    assert marks(opened) == (first, second)


def test_deleting_a_note_whose_words_have_just_been_emptied_takes_no_other_mark(opened: Room) -> None:
    put(opened, Note(((80.0, 80.0),), "first"), Note(((160.0, 90.0),), "second"), selected=0)
    opened.window.panes.original.view.setFocus()
    key(opened.window, K.Key_F2)
    opened.window.measure.writer.editor.clear()
    opened.window.actions_by_name["delete_mark"].trigger()  # from the menu, which leaves the line open
    assert [mark.text for mark in marks(opened) if isinstance(mark, Note)] == ["second"]
    key(opened.window, K.Key_Z, CTRL)
    assert [mark.text for mark in marks(opened) if isinstance(mark, Note)] == ["first", "second"]


def test_undo_and_redo_walk_through_what_was_drawn(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    pull(opened, (400.0, 100.0), (400.0, 200.0))
    pull(opened, (400.0, 200.0), (400.0, 300.0))
    last = marks(opened)
    steps = []
    for _ in range(4):
        key(opened.window, K.Key_Z, CTRL)
        steps.append(len(marks(opened)))
    assert steps == [2, 1, 0, 0]
    key(opened.window, K.Key_Y, CTRL)
    key(opened.window, K.Key_Z, CTRL | SHIFT)
    key(opened.window, K.Key_Y, CTRL)
    assert marks(opened) == last
    assert not opened.window.actions_by_name["redo"].isEnabled()


def test_undo_while_drawing_drops_the_drawing_only(opened: Room) -> None:
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    click(opened, (400.0, 100.0))
    key(opened.window, K.Key_Z, CTRL)
    assert len(marks(opened)) == 1
    assert not opened.window.measure.drawing


def test_all_marks_go_at_once_and_come_back(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))), Note(((9, 9),), "a"))
    opened.window.actions_by_name["delete_marks"].trigger()
    assert not marks(opened)
    key(opened.window, K.Key_Z, CTRL)
    assert len(marks(opened)) == 2


@pytest.mark.parametrize("wanted", [K.Key_D, K.Key_Period, K.Key_F2], ids=["a tool", "the next mark", "words"])
def test_nobody_draws_on_an_original_that_is_not_on_the_screen(opened: Room, wanted: Qt.Key) -> None:
    panes = opened.window.panes
    put(opened, Note(((80.0, 80.0),), "here"), selected=0)
    panes.toggle_maximised(panes.difference)
    key(opened.window, wanted)
    assert panes.original.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.isVisible()
    assert panes.original.isAncestorOf(focus)


def test_every_tool_works_without_a_mouse(opened: Room) -> None:
    view = opened.window.panes.original.view
    step = max(1.0, round(1 / view.rect_shown.zoom))
    opened.holder.update(cursor=(200.0, 100.0))
    key(opened.window, K.Key_D)
    key(view, K.Key_Return)
    for _ in range(3):
        key(view, K.Key_Right, SHIFT)
    key(view, K.Key_Down)
    key(view, K.Key_Return)
    assert only(opened) == Length(((200, 100), (200 + step, 100 + 30 * step)))
    assert opened.holder.state.cursor == (200 + step, 100 + 30 * step)
    key(opened.window, K.Key_L)
    key(view, K.Key_Return)
    QTest.keyClicks(opened.window.measure.writer.editor, "here")
    key(opened.window.measure.writer.editor, K.Key_Return)
    assert marks(opened)[1] == Note(((200 + step, 100 + 30 * step),), "here")


def test_without_a_cursor_drawing_by_key_begins_in_the_middle(opened: Room) -> None:
    view = opened.window.panes.original.view
    key(opened.window, K.Key_D)
    key(view, K.Key_Return)
    key(view, K.Key_Left)
    key(view, K.Key_Return)
    assert math.dist(only(opened).points[0], (299.5, 199.5)) <= 2 * PIXELS


def test_a_selected_mark_is_moved_by_arrow_keys_and_its_handles_by_enter(opened: Room, qtbot: QtBot) -> None:
    view = opened.window.panes.original.view
    put(opened, Length(((300, 100), (300, 200))), Length(((400, 100), (400, 200))))
    key(opened.window, K.Key_Period)
    key(opened.window, K.Key_Period)
    assert opened.holder.state.selected_mark == 1
    key(opened.window, K.Key_Comma)
    assert opened.holder.state.selected_mark == 0
    with qtbot.assertNotEmitted(opened.window.image_selected), qtbot.waitSignal(opened.window.marks_changed) as kept:
        key(view, K.Key_Down)
        key(view, K.Key_Right, SHIFT)
    assert marks(opened)[0] == Length(((301, 110), (301, 210)))
    assert kept.args is not None
    assert kept.args[1].marks == marks(opened)
    key(view, K.Key_Return)
    key(view, K.Key_Return)
    key(view, K.Key_Up)
    assert marks(opened)[0] == Length(((301, 110), (300, 210)))
    key(opened.window, K.Key_Z, CTRL)
    key(opened.window, K.Key_Z, CTRL)
    assert marks(opened)[0] == Length(((300, 100), (300, 200)))  # keys held down are one step


def test_what_the_keys_moved_is_kept_when_the_window_closes(opened: Room, qtbot: QtBot) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    key(opened.window.panes.original.view, K.Key_Down)
    with qtbot.waitSignal(opened.window.marks_changed) as kept:
        opened.window.close()
    assert kept.args is not None
    assert kept.args[1].marks == (Length(((301, 100), (301, 200))),)


def test_words_half_written_are_kept_when_the_window_closes(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    QTest.keyClicks(opened.window.measure.writer.editor, "half")
    with qtbot.waitSignal(opened.window.marks_changed) as kept:
        opened.window.close()
    assert kept.args is not None
    assert kept.args[1].marks[0].text == "half"


def test_words_half_written_stay_with_the_image_they_were_written_on(opened: Room, qtbot: QtBot) -> None:
    key(opened.window, K.Key_L)
    click(opened, (200.0, 120.0))
    QTest.keyClicks(opened.window.measure.writer.editor, "half")
    other = synthetic.item(1)
    with qtbot.waitSignal(opened.window.marks_changed) as kept:
        opened.holder.update(
            study=Study(other.study_uid, (other,)), image_key=other.key, annotations=Annotations(), selected_mark=None
        )
    assert kept.args is not None
    assert kept.args[0] == "key-0"
    assert kept.args[1].marks[0].text == "half"
    assert not marks(opened)
    assert not opened.window.measure.writer.busy


def test_every_change_is_handed_on_to_be_kept(opened: Room, qtbot: QtBot) -> None:
    kept: list[tuple[str, Annotations]] = []
    opened.window.marks_changed.connect(lambda name, annotations: kept.append((name, annotations)))
    key(opened.window, K.Key_D)
    pull(opened, (300.0, 100.0), (300.0, 200.0))
    key(opened.window, K.Key_Delete)
    key(opened.window, K.Key_Z, CTRL)
    assert [(name, len(annotations.marks)) for name, annotations in kept] == [("key-0", 1), ("key-0", 0), ("key-0", 1)]


def test_the_mouse_says_what_a_press_would_do(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    pane, none = opened.window.panes.original, Qt.MouseButton.NoButton

    def over(point: Point) -> Qt.CursorShape:
        send(pane, QEvent.Type.MouseMove, at(opened, point), none, none, NONE)
        shape: Qt.CursorShape = pane.view.viewport().cursor().shape()
        return shape

    assert over((300, 150)) is Qt.CursorShape.OpenHandCursor
    assert over((300, 200)) is Qt.CursorShape.SizeAllCursor
    assert over((500, 200)) is Qt.CursorShape.ArrowCursor
    key(opened.window, K.Key_D)
    assert over((500, 200)) is Qt.CursorShape.CrossCursor
    assert over((300, 150)) is Qt.CursorShape.CrossCursor
    assert over((300, 200)) is Qt.CursorShape.SizeAllCursor


def test_the_line_is_bright_on_dark_where_it_was_drawn(opened: Room, settle: Callable[[], None]) -> None:
    put(opened, Length(((300, 100), (300, 300))))
    opened.holder.update(cursor=None)
    settle()
    view = opened.window.panes.original.view
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    x, y = at(opened, (300, 200)).x(), at(opened, (300, 200)).y()
    column = [picture.pixelColor(x, y + step) for step in range(-6, 7)]
    assert max(colour.red() for colour in column) > 200
    assert min(colour.red() for colour in column) < 20  # the halo, darker than the ground of 26
    brightest = max(range(13), key=lambda index: column[index].red())
    assert brightest in (5, 6, 7)


def test_the_other_pictures_show_it_faintly_without_figures(opened: Room, settle: Callable[[], None]) -> None:
    pane = opened.window.panes.reconstruction
    before = pane.view.grab().toImage()
    put(opened, Length(((300, 100), (300, 300))))
    settle()
    after = pane.view.grab().toImage()
    x, y = (round(part) for part in pane.view.rect_shown.to_viewport(300, 200))
    assert max(after.pixelColor(x, y + step).red() - before.pixelColor(x, y + step).red() for step in (-1, 0, 1)) > 20
    changed = sum(
        before.pixelColor(i, j) != after.pixelColor(i, j) for i in range(before.width()) for j in range(before.height())
    )
    assert changed < 200 * pane.view.rect_shown.zoom * 12  # a line and its ends, no plate of words


def test_a_selected_mark_is_said_to_a_screen_reader(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    assert opened.window.panes.original.view.accessibleDescription() == "Length, 14.3 mm, at detector"
    put(opened)
    key(opened.window, K.Key_D)
    assert opened.window.panes.original.view.accessibleDescription() == "Length: one end"


def test_a_double_click_still_maximises_where_there_is_no_mark(opened: Room) -> None:
    put(opened, Length(((30, 100), (30, 200))))
    double_click(opened.window.panes.original)
    assert opened.window.panes.maximised is opened.window.panes.original


def test_without_an_image_there_is_nothing_to_measure(room: Room) -> None:
    actions = room.window.actions_by_name
    for name in ("tool_length", "undo", "redo", "delete_mark", "next_mark", "delete_marks"):
        assert not actions[name].isEnabled()


def test_marks_are_hidden_and_said_to_be(opened: Room, settle: Callable[[], None]) -> None:
    put(opened, Length(((300, 100), (300, 200))), selected=0)
    key(opened.window, K.Key_T, SHIFT)
    settle()
    picture = opened.window.measure.display.overlay.picture
    assert (picture.marks, picture.hint) == ((), "Marks are hidden")
    assert opened.holder.state.selected_mark is None
    click(opened, (300.0, 150.0))
    key(opened.window, K.Key_Period)
    key(opened.window, K.Key_Delete)
    assert opened.holder.state.selected_mark is None
    assert len(marks(opened)) == 1
    key(opened.window, K.Key_D)  # nobody draws over what he does not see
    assert len(opened.window.measure.display.overlay.picture.marks) == 1
    key(opened.window, K.Key_D)
    key(opened.window, K.Key_T, SHIFT)
    assert len(opened.window.measure.display.overlay.picture.marks) == 1


def test_a_button_that_came_up_elsewhere_ends_the_drag(opened: Room) -> None:
    put(opened, Length(((300, 100), (300, 200))))
    pane, none = opened.window.panes.original, Qt.MouseButton.NoButton
    send(pane, QEvent.Type.MouseButtonPress, at(opened, (300, 150)), LEFT, LEFT, NONE)
    send(pane, QEvent.Type.MouseMove, at(opened, (350, 150)), none, LEFT, NONE)
    assert opened.window.measure.drawing
    send(pane, QEvent.Type.MouseMove, at(opened, (400, 150)), none, none, NONE)
    assert not opened.window.measure.drawing
    assert only(opened) == Length(((300, 100), (300, 200)))


def test_no_more_marks_than_fit(opened: Room) -> None:
    many = tuple(Length(((100, float(column)), (200, float(column)))) for column in range(200))
    put(opened, *many)
    key(opened.window, K.Key_D)
    assert "No more marks fit" in opened.window.measure.display.overlay.picture.hint
    pull(opened, (400.0, 100.0), (400.0, 200.0))
    assert len(marks(opened)) == 200
