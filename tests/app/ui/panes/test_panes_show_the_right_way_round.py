"""A stamped asymmetric phantom: what lies top left in the file lies top left on the screen, in every pane."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.ui.panes.image_pane import ImagePane, Place
from squid_core.contracts.detection import Detection
from squid_core.contracts.radiograph import FloatArray, Radiograph, VoiFunction, VoiTable, Window
from squid_core.preprocessing import Preprocessing, prepare
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

# The stamp: rows 100..160, columns 60..220 of 600 x 400; wider than high, nearer to the top and to the left.
STAMP = (slice(100, 160), slice(60, 220))
SHAPE = (600, 400)
WINDOW = Window(500, 1000, VoiFunction.LINEAR_EXACT)


def stamped() -> FloatArray:
    pixels = np.full(SHAPE, 100, np.float32)
    pixels[STAMP] = 900
    return pixels


def stamped_radiograph() -> Radiograph:
    identity = synthetic.identity(patient_orientation=())
    return synthetic.radiograph(stamped(), window=WINDOW, identity=identity)


def stamped_detection(image: Radiograph) -> Detection:
    """All model images carry the stamp."""
    found = synthetic.detection(image)
    seen = prepare(stamped(), Preprocessing()).image
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Detection(**{**fields, "input_image": seen, "reconstruction": seen, "difference": (seen * 0.5)})


def grabbed(widget: QWidget) -> NDArray[np.float64]:
    """(H, W) mean of the colours on the screen."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    colours = data[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3)
    return np.asarray(colours.mean(axis=2), np.float64)


def stamp_on_screen(pane: ImagePane, level: float) -> tuple[float, float, float, float]:
    """(top, left, bottom, right) of the bright part, in original pixels."""
    bright = grabbed(pane.view) > level
    rows, columns = np.flatnonzero(bright.mean(axis=1) > 0.1), np.flatnonzero(bright.mean(axis=0) > 0.03)
    view = pane.view.rect_shown
    top, left = view.to_original(float(columns[0]), float(rows[0]))
    bottom, right = view.to_original(float(columns[-1] + 1), float(rows[-1] + 1))
    return top, left, bottom, right


@pytest.fixture
def opened(room: Room, settle: Callable[[], None]) -> Room:
    image = stamped_radiograph()
    room.open(image, stamped_detection(image))
    room.holder.update(display=room.holder.state.display.model_copy(update={"patch_grid": False, "corner_text": False}))
    settle()
    return room


@pytest.mark.parametrize(("name", "level"), [("original", 150), ("reconstruction", 150), ("difference", 90)])
def test_the_stamp_lies_where_the_file_has_it(opened: Room, name: str, level: float) -> None:
    pane: ImagePane = getattr(opened.window.panes, name)
    found = stamp_on_screen(pane, level)
    tolerance = 3.0 if name == "original" else 8.0  # a model pixel is 4.7 x 3.1 of the original's
    assert found == pytest.approx((99.5, 59.5, 159.5, 219.5), abs=tolerance)


def test_the_memory_pane_shows_it_too(opened: Room) -> None:
    assert stamp_on_screen(opened.window.panes.memory, 150) == pytest.approx((99.5, 59.5, 159.5, 219.5), abs=8.0)


def test_zoomed_in_it_is_still_there(opened: Room, settle: Callable[[], None]) -> None:
    opened.window.panes.link.zoom_about(130, 140, 2.0)
    settle()
    assert stamp_on_screen(opened.window.panes.original, 150) == pytest.approx((99.5, 59.5, 159.5, 219.5), abs=2.0)


def test_the_greys_are_those_of_the_window(opened: Room) -> None:
    pane = opened.window.panes.original
    x, y = pane.view.rect_shown.to_viewport(130, 140)
    assert grabbed(pane.view)[round(y), round(x)] == pytest.approx(230, abs=2)  # (900 - 0) / 1000 of 255
    x, y = pane.view.rect_shown.to_viewport(400, 140)
    assert grabbed(pane.view)[round(y), round(x)] == pytest.approx(26, abs=2)


def test_inverted_is_a_negative(opened: Room, settle: Callable[[], None]) -> None:
    opened.holder.update(invert=True)
    settle()
    pane = opened.window.panes.original
    x, y = pane.view.rect_shown.to_viewport(130, 140)
    assert grabbed(pane.view)[round(y), round(x)] == pytest.approx(25, abs=2)


def test_unequal_spacing_is_drawn_with_square_millimetres_in_every_pane(room: Room, settle: Callable[[], None]) -> None:
    pixels = np.zeros((120, 240), np.float32)  # a pixel is twice as high as wide: 240 x 240 in widths
    pixels[30:60, 120:180] = 1000  # a square of 60 x 60 in widths, off the middle
    image = synthetic.radiograph(pixels, aspect=2.0, window=WINDOW, windows=(WINDOW,))
    room.open(image, synthetic.detection(image))
    settle()
    pane = room.window.panes.original
    picture = grabbed(pane.view) > 128
    x, y = (round(place) for place in pane.view.rect_shown.to_viewport(44.5, 149.5))
    height, width = picture[:, x].sum(), picture[y].sum()
    assert height > 60
    assert height == pytest.approx(width, rel=0.04)
    marks = set()
    for other in room.window.panes.panes:
        view = other.view.rect_shown
        middle = other.view.viewport().rect().center()
        assert view.to_original(middle.x() + 0.5, middle.y() + 0.5) == pytest.approx((59.5, 119.5), abs=1.0)
        (x0, y0), (x1, y1) = view.to_viewport(0, 0), view.to_viewport(10, 10)
        marks.add(round((y1 - y0) / (x1 - x0), 6))
    assert marks == {2.0}


def test_key_1_walks_through_the_windows_of_the_file(room: Room, settle: Callable[[], None]) -> None:
    windows = (Window(500, 1000, name="NORMAL"), Window(300, 400, name="HARD & SHARP"))
    room.open(synthetic.radiograph(window=windows[0], windows=windows))
    settle()
    menu = room.window.file_windows
    assert [action.text() for action in menu.actions()] == ["&1  NORMAL (1 of 2)", "&2  HARD && SHARP (2 of 2)"]
    room.window.actions_by_name["preset_1"].trigger()
    assert room.holder.state.window == windows[1]
    assert [action.isChecked() for action in menu.actions()] == [False, True]
    assert "HARD & SHARP (2 of 2)" in room.window.panes.original.text(Place.BOTTOM_LEFT)
    menu.actions()[0].trigger()
    assert room.holder.state.window == windows[0]


def test_a_table_of_the_file_is_shown_exactly(room: Room, settle: Callable[[], None]) -> None:
    curve = np.array([0, 0, 90, 100, 255, 40], "<u2")  # no straight window shows this
    window = Window(2.5, 5.0, VoiFunction.LINEAR_EXACT, "CURVE", VoiTable(curve.tobytes(), 255))
    pixels = np.repeat(np.arange(6, dtype=np.float32), 40)[None].repeat(120, 0)
    room.open(synthetic.radiograph(pixels, window=window, windows=(window,)))
    room.holder.update(display=room.holder.state.display.model_copy(update={"corner_text": False}))  # letters cover it
    settle()
    view = room.window.panes.original.view
    picture = grabbed(view)
    for value, grey in enumerate(curve):
        x, y = view.rect_shown.to_viewport(60, value * 40 + 20)
        assert picture[round(y), round(x)] == pytest.approx(grey, abs=1)


def test_an_image_in_colour_keeps_its_colours(room: Room, settle: Callable[[], None]) -> None:
    pixels = np.zeros((*SHAPE, 3), np.uint8)
    pixels[STAMP] = (200, 40, 10)
    image = Radiograph(pixels, Window(128, 256), synthetic.identity(), synthetic.radiograph().verdict)
    room.open(image)
    settle()
    pane = room.window.panes.original
    picture = pane.view.grab().toImage()
    x, y = pane.view.rect_shown.to_viewport(130, 140)
    colour = picture.pixelColor(round(x), round(y))
    assert (colour.red(), colour.green(), colour.blue()) == (200, 40, 10)
    room.holder.update(cursor=(130.0, 140.0))
    assert "RGB 200 40 10" in pane.readout.whole


def test_orientation_letters_stand_where_the_file_says(room: Room, settle: Callable[[], None]) -> None:
    room.open(synthetic.radiograph())
    settle()
    pane = room.window.panes.original
    assert [pane.text(place) for place in (Place.LEFT, Place.RIGHT, Place.TOP, Place.BOTTOM)] == ["R", "L", "H", "F"]


def test_a_silent_file_gets_no_letters(opened: Room) -> None:
    pane = opened.window.panes.original
    assert not any(pane.text(place) for place in (Place.LEFT, Place.RIGHT, Place.TOP, Place.BOTTOM))


def test_values_under_the_cursor_are_read_out_in_every_pane(opened: Room) -> None:
    opened.holder.update(cursor=(130.0, 140.0))
    panes = opened.window.panes
    assert panes.original.readout.whole == "x 140  y 130   value 900"
    assert panes.reconstruction.readout.whole == "1.000"
    assert panes.difference.readout.whole == "+0.500"
    opened.holder.update(cursor=(400.0, 140.0))
    assert panes.original.readout.whole.endswith("value 100")
    assert panes.difference.readout.whole == "+0.000"
