"""A stamped phantom in all eight orientations: pixels, overlays, letters, cursor and clicks turn together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.orientation import UPRIGHT, Orientation
from app.ui.panes.image_pane import ImagePane, Place
from app.ui.panes.patch_grid import patch_on_screen
from app.ui.panes.state_label import orientation_words
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FloatArray, Radiograph, VoiFunction, Window
from squid_core.preprocessing import Preprocessing, prepare
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import LEFT, MIDDLE, NONE, drag, middle, send

EVERY = [Orientation(mirrored, quarters) for mirrored in (False, True) for quarters in range(4)]
SHAPE = (200, 140)
# Higher than wide, near the top and the left, so that no orientation looks like another.
STAMP = (slice(20, 70), slice(10, 30))
WINDOW = Window(500, 1000, VoiFunction.LINEAR_EXACT)
DARK, BRIGHT = 26, 230  # 100 and 900 of 1000
# Where the stamp lies on the screen, in pixels of the picture as shown: (top, left, bottom, right), by hand.
BOXES = {
    (False, 0): (20, 10, 70, 30),
    (False, 1): (10, 130, 30, 180),
    (False, 2): (130, 110, 180, 130),
    (False, 3): (110, 20, 130, 70),
    (True, 0): (20, 110, 70, 130),
    (True, 1): (110, 130, 130, 180),
    (True, 2): (130, 10, 180, 30),
    (True, 3): (10, 20, 30, 70),
}


def stamped() -> FloatArray:
    pixels = np.full(SHAPE, 100, np.float32)
    pixels[STAMP] = 900
    return pixels


def stamped_detection(image: Radiograph) -> Detection:
    """All model images carry the stamp."""
    found = synthetic.detection(image)
    seen = prepare(stamped(), Preprocessing()).image
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Detection(**{**fields, "input_image": seen, "reconstruction": seen, "difference": seen * 0.5})


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = synthetic.radiograph(stamped(), window=WINDOW)
    room.open(image, stamped_detection(image))
    plain = {"patch_grid": False, "corner_text": False}
    room.holder.update(display=room.holder.state.display.model_copy(update=plain))
    settle()
    return room


def lay(room: Room, orientation: Orientation, settle: Callable[[], None]) -> ImagePane:
    """Turn all panes, one screen pixel a pixel, whole pixels on whole pixels; hide what is written over them."""
    link, pane = room.window.panes.link, room.window.panes.original
    for _ in range(orientation.quarters):
        QTest.keyClick(room.window, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    if orientation.mirrored:  # mirrored first, then turned: on the screen H comes before the turns
        link.set_upright()
        QTest.keyClick(room.window, Qt.Key.Key_H)
        for _ in range(orientation.quarters):
            QTest.keyClick(room.window, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert link.orientation == orientation
    room.window.panes.show_actual_size()
    view = pane.view.rect_shown
    link.pan(-((view.top + 0.5) % 1), -((view.left + 0.5) % 1))
    for shown in room.window.panes.panes:
        shown.state.setStyleSheet("color: transparent; background: transparent; border: none")
    settle()
    return pane


def grabbed(pane: ImagePane) -> NDArray[np.uint8]:
    """(H, W, 3) colours on the screen."""
    picture = pane.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return data[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3).copy()


def corner_of_picture(pane: ImagePane) -> tuple[int, int]:
    """(x, y) on the screen of the picture's corner that lies top left there."""
    place = pane.view.rect_shown.on_screen(-0.5, -0.5, *SHAPE)
    return round(place.left()), round(place.top())


@pytest.mark.parametrize("orientation", EVERY)
def test_every_pixel_lies_where_it_belongs(opened: Room, orientation: Orientation, settle: Callable[[], None]) -> None:
    pane = lay(opened, orientation, settle)
    shown = grabbed(pane)[:, :, 0]
    x, y = corner_of_picture(pane)
    height, width = SHAPE[::-1] if orientation.swaps else SHAPE
    expected = np.full((height, width), DARK, np.uint8)
    top, left, bottom, right = BOXES[orientation.mirrored, orientation.quarters]
    expected[top:bottom, left:right] = BRIGHT
    assert np.array_equal(shown[y : y + height, x : x + width], expected)
    outside = shown.copy()
    outside[y : y + height, x : x + width] = 0
    assert not outside.any()


@pytest.mark.parametrize("orientation", EVERY)
@pytest.mark.parametrize("name", ["reconstruction", "difference", "memory"])
def test_the_pictures_of_the_model_lie_the_same_way(
    opened: Room, orientation: Orientation, name: str, settle: Callable[[], None]
) -> None:
    lay(opened, orientation, settle)
    pane: ImagePane = getattr(opened.window.panes, name)
    bright = grabbed(pane).mean(axis=2) > 90
    assert_box(pane, bright, orientation)


@pytest.mark.parametrize("orientation", EVERY)
def test_the_difference_over_the_original_lies_the_same_way(
    opened: Room, orientation: Orientation, settle: Callable[[], None]
) -> None:
    display = opened.holder.state.display.model_copy(update={"overlay": True, "overlay_opacity": 1.0, "smoothing": 0})
    opened.holder.update(display=display)
    pane = lay(opened, orientation, settle)
    colours = grabbed(pane).astype(int)
    orange = colours[:, :, 0] - colours[:, :, 2] > 40
    assert_box(pane, orange, orientation)


def assert_box(pane: ImagePane, mask: NDArray[np.bool_], orientation: Orientation) -> None:
    """The mask is the stamp's box, to within an enlarged pixel of the model."""
    rows, columns = np.flatnonzero(mask.mean(axis=1) > 0.02), np.flatnonzero(mask.mean(axis=0) > 0.02)
    x, y = corner_of_picture(pane)
    edges = (rows[0] - y, columns[0] - x, rows[-1] + 1 - y, columns[-1] + 1 - x)
    found = [edge / pane.view.rect_shown.zoom for edge in edges]  # smaller panes show the same part smaller
    assert found == pytest.approx(BOXES[orientation.mirrored, orientation.quarters], abs=2.5)


@pytest.mark.parametrize("orientation", EVERY)
def test_a_click_on_the_stamp_chooses_the_patch_that_sees_it(
    opened: Room, orientation: Orientation, settle: Callable[[], None], qtbot: QtBot
) -> None:
    lay(opened, orientation, settle)
    pane = opened.window.panes.memory
    ys, xs = np.nonzero(grabbed(pane).mean(axis=2) > 150)
    with qtbot.waitSignal(opened.wishes.patch_selected) as blocker:
        QTest.mouseClick(pane.view.viewport(), LEFT, NONE, QPoint(round(xs.mean()), round(ys.mean())))
    assert blocker.args == [0]  # rows 20 to 70 of 200, columns 10 to 30 of 140: the first of 4 x 4


@pytest.mark.parametrize("orientation", EVERY)
def test_the_patch_grid_is_drawn_where_the_patches_are(
    opened: Room, orientation: Orientation, settle: Callable[[], None]
) -> None:
    pane = opened.window.panes.memory
    opened.holder.update(patch=4)  # second row, first column: rows 50 to 100, columns 0 to 35
    lay(opened, orientation, settle)
    colours = grabbed(pane).astype(int)
    accent = (np.abs(colours - (0x6D, 0xB3, 0xF2)) < 40).all(axis=2)
    found = opened.holder.state.detection
    assert found is not None
    box = patch_on_screen(found, pane.view.rect_shown, 4).boundingRect()
    rows, columns = np.flatnonzero(accent.sum(axis=1) > 12), np.flatnonzero(accent.sum(axis=0) > 12)
    assert (rows[0], rows[-1]) == pytest.approx((box.top(), box.bottom()), abs=3)
    assert (columns[0], columns[-1]) == pytest.approx((box.left(), box.right()), abs=3)
    sides = (50.0, 35.0) if not orientation.swaps else (35.0, 50.0)
    zoom = pane.view.rect_shown.zoom
    assert (box.height() / zoom, box.width() / zoom) == pytest.approx(sides)


@pytest.mark.parametrize("orientation", EVERY)
def test_the_value_under_the_mouse_is_the_one_seen_there(
    opened: Room, orientation: Orientation, settle: Callable[[], None]
) -> None:
    pane = lay(opened, orientation, settle)
    x, y = corner_of_picture(pane)
    top, left, bottom, right = BOXES[orientation.mirrored, orientation.quarters]
    none = Qt.MouseButton.NoButton
    for at, value in (((left, top), 900), ((right - 1, bottom - 1), 900), ((left - 1, top), 100), ((right, top), 100)):
        send(pane, QEvent.Type.MouseMove, QPoint(x + at[0], y + at[1]), none, none, NONE)
        assert opened.window.panes.original.readout.whole.endswith(f"value {value}")


@pytest.mark.parametrize("orientation", EVERY)
def test_the_letters_stand_at_their_edges_and_the_pane_says_how_it_lies(
    opened: Room, orientation: Orientation, settle: Callable[[], None]
) -> None:
    lay(opened, orientation, settle)
    pane = opened.window.panes.original
    letters = [pane.text(place) for place in (Place.TOP, Place.RIGHT, Place.BOTTOM, Place.LEFT)]
    start = list("HRFL") if orientation.mirrored else list("HLFR")  # clockwise from the top
    assert letters == start[4 - orientation.quarters :] + start[: 4 - orientation.quarters]
    for shown in opened.window.panes.panes:
        assert shown.state.text() == orientation_words(orientation)
        assert shown.state.isVisible() == (orientation != UPRIGHT)


def test_the_words_say_what_was_done() -> None:
    assert [orientation_words(orientation) for orientation in EVERY] == [
        "", "Turned 90° right", "Turned 180°", "Turned 90° left",
        "Mirrored", "Mirrored, turned 90° right", "Mirrored, top to bottom", "Mirrored, turned 90° left",
    ]  # fmt: skip


def test_shift_h_lays_above_what_was_below_in_every_pane(opened: Room, settle: Callable[[], None]) -> None:
    QTest.keyClick(opened.window, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    pane = opened.window.panes.original
    for shown in opened.window.panes.panes:
        shown.state.setStyleSheet("color: transparent; background: transparent; border: none")
    settle()
    assert_box(pane, grabbed(pane)[:, :, 0] > 128, Orientation(True, 2))
    letters = [pane.text(place) for place in (Place.TOP, Place.RIGHT, Place.BOTTOM, Place.LEFT)]
    assert letters == list("FLHR"), "left and right stay"
    for shown in opened.window.panes.panes:
        assert shown.state.text() == "Mirrored, top to bottom"
    QTest.keyClick(opened.window, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    assert opened.window.panes.link.orientation == UPRIGHT, "and back"


@pytest.mark.parametrize("orientation", [Orientation(False, 1), Orientation(True, 2)])
def test_a_drag_moves_the_picture_with_the_hand(
    opened: Room, orientation: Orientation, settle: Callable[[], None]
) -> None:
    pane = lay(opened, orientation, settle)
    before = corner_of_picture(pane)
    drag(pane, middle(pane), QPoint(13, -7), MIDDLE)
    assert corner_of_picture(pane) == (before[0] + 13, before[1] - 7)


def test_reset_and_a_new_image_lie_as_in_the_file(opened: Room) -> None:
    link = opened.window.panes.link
    QTest.keyClick(opened.window, Qt.Key.Key_H)
    QTest.keyClick(opened.window, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert link.orientation == Orientation(True, 3)
    QTest.keyClick(opened.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert link.orientation == UPRIGHT
    assert not opened.window.panes.original.state.isVisible()
    link.turn(1)
    opened.open(synthetic.radiograph())
    assert link.orientation == UPRIGHT


def test_pixels_that_are_not_square_keep_their_shape_when_turned(room: Room, settle: Callable[[], None]) -> None:
    room.open(synthetic.radiograph(stamped(), window=WINDOW, aspect=0.5))
    view = room.window.panes.original.view
    place = view.rect_shown.on_screen(19.5, 9.5, 50, 20)
    assert place.height() / place.width() == pytest.approx(50 * 0.5 / 20)
    room.window.panes.link.turn(1)
    settle()
    place = view.rect_shown.on_screen(19.5, 9.5, 50, 20)
    assert place.width() / place.height() == pytest.approx(50 * 0.5 / 20)
    whole = view.rect_shown.on_screen(-0.5, -0.5, *SHAPE)
    assert view.viewport().rect().contains(whole.toAlignedRect())  # still fitted
