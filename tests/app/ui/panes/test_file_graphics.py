"""A file's overlays and shutter lie over its original where the file has them, however the picture is looked at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.greys.window_presets import PRESETS, preset_window
from app.domain.settings import DisplaySettings
from app.ui.panes.pane_view import PaneView
from squid_core.contracts.graphics import OverlayPlane, Shutter
from squid_core.contracts.radiograph import Radiograph, VoiFunction, Window
from squid_core.graphics import COLOUR, hidden
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

SHAPE = (600, 400)
WINDOW = Window(500, 1000, VoiFunction.LINEAR_EXACT)
INSIDE, GREY = 400, 102  # the value of the picture, and how it is shown
SHUTTER = Shutter(rectangle=(50, 40, 549, 379), polygon=((40, 30), (40, 390), (560, 390), (300, 30)), grey=0.2)


def marker() -> NDArray[np.bool_]:
    """An L at the upper left: neither mirrored nor turned is it itself."""
    drawn = np.zeros(SHAPE, np.bool_)
    drawn[90:200, 80:110] = True
    drawn[170:200, 80:180] = True
    return drawn


def image(**changes: object) -> Radiograph:
    plane = OverlayPlane.of(marker())
    assert plane is not None
    pixels = np.full(SHAPE, INSIDE, np.float32)
    pixels[:30] = 3000  # under the shutter
    fields = {"window": WINDOW, "overlays": (plane,), "shutter": SHUTTER, **changes}
    return synthetic.radiograph(pixels, identity=synthetic.identity(patient_orientation=()), **fields)


def colours(view: PaneView) -> NDArray[np.uint8]:
    """(h, w, 3) of what is on the screen."""
    picture = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return data[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3).copy()


def on_screen(view: PaneView, row: float, column: float) -> list[int]:
    x, y = view.rect_shown.to_viewport(row, column)
    return [int(value) for value in colours(view)[round(y), round(x)]]


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    room.holder.update(display=DisplaySettings(corner_text=False, patch_grid=False))
    room.open(image())
    settle()
    return room


def check_everywhere(view: PaneView) -> None:
    """Compare the screen with overlays and shutter, pixel by pixel of a grid, but beside edges."""
    picture, covered, drawn = colours(view), hidden(SHUTTER, SHAPE), marker()
    checked = set()
    for row in range(6, SHAPE[0] - 6, 7):
        for column in range(6, SHAPE[1] - 6, 7):
            near = np.s_[row - 4 : row + 5, column - 4 : column + 5]
            if len(set(zip(covered[near].ravel(), drawn[near].ravel(), strict=True))) > 1:
                continue
            x, y = (round(place) for place in view.rect_shown.to_viewport(row, column))
            if not (0 <= x < picture.shape[1] and 24 <= y < picture.shape[0]):  # above lies the word on the shutter
                continue
            what = "drawn" if drawn[row, column] else "hidden" if covered[row, column] else "seen"
            wanted = {"drawn": COLOUR, "hidden": (51, 51, 51), "seen": (GREY, GREY, GREY)}[what]
            assert picture[y, x] == pytest.approx(np.array(wanted), abs=2), (what, row, column)
            checked.add(what)
    assert checked == {"drawn", "hidden", "seen"}


@pytest.mark.parametrize("steps", [(), ("turn_left",), ("turn_right",), ("flip",), ("turn_right", "flip")])
def test_they_lie_where_the_file_has_them_turned_and_mirrored(
    opened: Room, settle: Callable[[], None], steps: tuple[str, ...]
) -> None:
    for step in steps:
        opened.window.actions_by_name[step].trigger()
    settle()
    opened.window.panes.original.state.hide()  # its plate lies over the picture
    check_everywhere(opened.window.panes.original.view)


def test_they_follow_zoom_and_pan(opened: Room, settle: Callable[[], None]) -> None:
    opened.window.panes.link.zoom_about(130, 100, 1.7)
    opened.window.panes.link.pan(-30, 20)
    settle()
    opened.window.panes.original.state.hide()
    check_everywhere(opened.window.panes.original.view)


def test_a_key_switches_them_off_and_on_and_the_pane_says_so(opened: Room, settle: Callable[[], None]) -> None:
    pane = opened.window.panes.original
    assert pane.state.text() == "The file's shutter hides a part"
    QTest.keyClick(opened.window, Qt.Key.Key_V)
    settle()
    assert opened.holder.state.display.graphics is False
    assert pane.state.text() == "Graphics of the file are off"
    assert on_screen(pane.view, 110, 95) == on_screen(pane.view, 300, 10) == [GREY] * 3
    assert opened.window.actions_by_name["graphics"].isChecked() is False
    QTest.keyClick(opened.window, Qt.Key.Key_V)
    settle()
    assert on_screen(pane.view, 110, 95) == list(COLOUR)
    assert on_screen(pane.view, 300, 10) == [51, 51, 51]


def test_an_image_without_them_says_nothing(opened: Room, settle: Callable[[], None]) -> None:
    opened.open(image(overlays=(), shutter=None))
    settle()
    assert opened.window.panes.original.state.text() == ""
    assert on_screen(opened.window.panes.original.view, 110, 95) == [GREY] * 3
    opened.window.actions_by_name["graphics"].trigger()
    settle()
    assert opened.window.panes.original.state.text() == ""


def test_masked_names_leave_out_overlays_which_may_hold_one(opened: Room, settle: Callable[[], None]) -> None:
    opened.holder.update(mask_names=True)
    settle()
    pane = opened.window.panes.original
    assert pane.state.text() == "The file's shutter hides a part\nOverlays left out: they may hold names"
    assert on_screen(pane.view, 110, 95) == [GREY] * 3
    assert on_screen(pane.view, 300, 10) == [51, 51, 51]


def test_the_reconstruction_in_its_place_has_none(room: Room, settle: Callable[[], None]) -> None:
    shown = image()
    room.holder.update(display=DisplaySettings(corner_text=False))
    room.open(shown, synthetic.detection(shown))
    settle()
    pane = room.window.panes.original
    pane.toggle_flicker()
    QApplication.processEvents()
    assert not any(one.shown is not None for one in pane.graphics.images)
    assert "shutter" not in pane.state.text()
    pane.toggle_flicker()
    QApplication.processEvents()
    assert all(one.shown is not None for one in pane.graphics.images)


def test_presets_are_of_what_the_shutter_shows() -> None:
    whole, automatic = PRESETS[6], PRESETS[0]
    hiding, open_wide = image(), image(shutter=None)
    assert preset_window(open_wide, whole).width == 3000 - INSIDE
    assert preset_window(hiding, whole).width < 1
    assert preset_window(hiding, automatic).center == INSIDE
