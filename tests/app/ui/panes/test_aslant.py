"""A registered image lies aslant in its original: every pane shows it where the original has it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.orientation import Orientation
from app.ui.panes.image_pane import ImagePane
from app.ui.panes.patch_grid import patch_on_screen
from app.ui.panes.picture_source import TurnedSource, UprightSource, source_of
from app.ui.panes.swipe import WORDS_FOOT
from app.ui.panes.view_link import ViewLink, ViewRect
from squid_core.contracts.radiograph import VoiFunction, Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.panes.test_panes_show_the_right_way_round import grabbed
from tests.squid_core.aslant import (
    GEOMETRY,
    MARKS,
    SHAPE,
    UNSEEN,
    aslant,
    in_model,
    marked_model,
    marked_original,
    marks_in,
)

WINDOW = Window(500, 1000, VoiFunction.LINEAR_EXACT)
LEVEL = 100.0  # of the screen's greys, 0..255
Settle = Callable[[], None]


@pytest.fixture
def opened(room: Room, settle: Settle) -> Room:
    """The marked phantom, without letters over it."""
    return show(room, settle, marks=True)


def show(room: Room, settle: Settle, *, marks: bool, **display: object) -> Room:
    pixels = 1000 * marked_original() if marks else np.zeros(SHAPE, np.float32)
    image = synthetic.radiograph(pixels, window=WINDOW, identity=synthetic.identity(patient_orientation=()))
    room.open(image, aslant(synthetic.detection(image)))
    quiet = {"patch_grid": False, "corner_text": False}
    room.holder.update(display=room.holder.state.display.model_copy(update=quiet | display))
    settle()
    return room


def places(pane: ImagePane) -> list[tuple[float, float]]:
    """Where the marks are on the screen, in pixels of the original, from above in the file."""
    pane.state.hide()  # words that it lies otherwise
    view = pane.view.rect_shown
    return sorted(view.to_original(x + 0.5, y + 0.5) for y, x in marks_in(grabbed(pane.view), LEVEL))


def assert_marked(pane: ImagePane) -> None:
    found = places(pane)
    assert len(found) == len(MARKS)
    np.testing.assert_allclose(found, MARKS, atol=1.0)


@pytest.mark.parametrize("name", ["original", "reconstruction", "difference", "memory"])
@pytest.mark.parametrize("orientation", [Orientation(), Orientation(mirrored=True, quarters=1)], ids=["as is", "laid"])
def test_every_pane_has_the_marks_within_a_pixel(
    opened: Room, settle: Settle, name: str, orientation: Orientation
) -> None:
    link = opened.window.panes.link
    link.turn(orientation.quarters)
    if orientation.mirrored:
        link.flip()
    settle()
    assert_marked(getattr(opened.window.panes, name))


def test_zoomed_in_a_mark_is_still_there(opened: Room, settle: Settle) -> None:
    opened.window.panes.link.zoom_about(*MARKS[1], 6.0)
    settle()
    for name in ("original", "reconstruction", "difference", "memory"):
        (found,) = places(getattr(opened.window.panes, name))
        assert found == pytest.approx(MARKS[1], abs=1.0)


def test_over_the_original_a_map_lies_on_what_it_is_about(room: Room, settle: Settle) -> None:
    show(room, settle, marks=False, overlay=True, overlay_opacity=1.0)
    assert_marked(room.window.panes.original)


def test_in_the_originals_place_the_reconstruction_lies_as_it_does(room: Room, settle: Settle) -> None:
    pane = show(room, settle, marks=False).window.panes.original
    pane.toggle_flicker()
    settle()
    pane.strip.hide()
    assert_marked(pane)


def test_beside_the_line_the_reconstruction_lies_as_the_original_does(room: Room, settle: Settle) -> None:
    pane = show(room, settle, marks=False).window.panes.original
    room.holder.update(swipe=0.0)
    settle()
    pane.swipe.divider.hide()
    height = pane.view.viewport().height()
    above, _ = pane.view.rect_shown.to_original(0, height - WORDS_FOOT - 24)  # the word beside the line
    assert above > MARKS[-1][0] + 10
    np.testing.assert_allclose([place for place in places(pane) if place[0] < above], MARKS, atol=1.0)


@pytest.mark.parametrize("name", ["original", "reconstruction", "memory"])
def test_the_loupe_has_the_mark_under_the_cursor(opened: Room, settle: Settle, name: str) -> None:
    display = opened.holder.state.display.model_copy(update={"magnifier": True, "magnifier_times": 4})
    opened.holder.update(display=display, cursor=MARKS[2])
    settle()
    pane: ImagePane = getattr(opened.window.panes, name)
    x, y = pane.view.rect_shown.to_viewport(*MARKS[2])
    near = np.s_[round(y) - 22 : round(y) + 22, round(x) - 22 : round(x) + 22]
    (found,) = marks_in(grabbed(pane.view)[near], LEVEL)
    loupe = 4 * pane.view.rect_shown.zoom  # screen pixels a pixel of the original
    assert found == pytest.approx((y - round(y) + 21.5, x - round(x) + 21.5), abs=loupe)


@pytest.mark.parametrize("name", ["reconstruction", "difference", "memory"])
def test_what_the_model_does_not_see_is_background(opened: Room, settle: Settle, name: str) -> None:
    seen = opened.holder.state.detection
    assert seen is not None
    bright = np.ones_like(seen.input_image)
    opened.holder.update(detection=aslant(seen, input_image=bright, reconstruction=bright, difference=bright))
    settle()
    pane: ImagePane = getattr(opened.window.panes, name)
    picture, view = grabbed(pane.view), pane.view.rect_shown

    def grey(row: float, column: float) -> float:
        x, y = view.to_viewport(row, column)
        return float(picture[round(y), round(x)])

    assert max(grey(*place) for place in UNSEEN) < 20 < 100 < min(grey(*place) for place in MARKS)
    middle = np.mean(GEOMETRY.corners, axis=0)
    for corner in (GEOMETRY.corners[0], GEOMETRY.corners[3]):  # the two on the original
        inwards = (middle - corner) / np.linalg.norm(middle - corner)
        inside, outside = np.array(corner) + 12 * inwards, np.array(corner) - 8 * inwards
        assert grey(*inside) > 100
        assert grey(*outside) < 20
    beside = (330.0, 38.0)  # the edge is at column 49 there
    display = opened.holder.state.display.model_copy(update={"magnifier": True, "magnifier_times": 4})
    opened.holder.update(display=display, cursor=beside)
    settle()
    picture = grabbed(pane.view)
    assert grey(*beside) < 20, "in the loupe neither"


def test_a_click_on_a_mark_chooses_the_patch_that_sees_it(opened: Room, qtbot: QtBot) -> None:
    view = opened.window.panes.memory.view
    for mark, patch in zip(MARKS, (1, 6, 9), strict=True):
        row, column = in_model(*mark)
        assert patch == int(row // 32) * 4 + int(column // 32)
        x, y = view.rect_shown.to_viewport(*mark)
        with qtbot.waitSignal(opened.wishes.patch_selected) as blocker:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
        assert blocker.args == [patch]


def test_the_patches_hit_are_those_that_are_drawn(opened: Room) -> None:
    found = opened.holder.state.detection
    assert found is not None
    view = opened.window.panes.memory.view.rect_shown
    drawn = [patch_on_screen(found, view, patch) for patch in range(16)]
    for row in range(0, SHAPE[0], 23):
        for column in range(0, SHAPE[1], 17):
            at = QPointF(*view.to_viewport(row, column))
            within = [patch for patch in range(16) if drawn[patch].containsPoint(at, Qt.FillRule.OddEvenFill)]
            down, across = in_model(row, column)
            i, j = int((down + 0.5) // 32), int((across + 0.5) // 32)
            expected = i * 4 + j if 0 <= i < 4 and 0 <= j < 4 else None
            assert found.patch_at(row, column) == expected
            assert within == ([] if expected is None else [expected])


def test_the_outline_of_a_patch_is_drawn_aslant(opened: Room, settle: Settle) -> None:
    opened.holder.update(patch=5)
    settle()
    pane = opened.window.panes.memory
    picture = pane.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    colours = np.frombuffer(picture.constBits(), np.uint8)
    colours = colours.reshape(picture.height(), -1)[:, : 3 * picture.width()].reshape(picture.height(), -1, 3)
    accent = np.all(np.abs(colours.astype(int) - (0x6D, 0xB3, 0xF2)) < 40, axis=2)
    view = pane.view.rect_shown
    corners = [GEOMETRY.to_original(row, column) for row, column in ((31.5, 31.5), (31.5, 63.5), (63.5, 63.5))]
    for start, end in itertools.pairwise(corners):
        for share in (0.1, 0.5, 0.9):
            x, y = view.to_viewport(*(one + share * (other - one) for one, other in zip(start, end, strict=True)))
            assert accent[round(y) - 2 : round(y) + 2, round(x) - 2 : round(x) + 2].any()


def test_the_values_under_the_cursor_are_those_of_the_place(opened: Room) -> None:
    panes = opened.window.panes
    for mark in MARKS:
        opened.holder.update(cursor=mark)
        for pane in (panes.reconstruction, panes.difference):
            assert float(pane.readout.whole.replace("+", "")) > 0.9
    opened.holder.update(cursor=UNSEEN[0])
    assert panes.reconstruction.readout.whole == panes.difference.readout.whole == panes.memory.readout.whole == ""


def test_seen_from_afar_a_picture_of_the_model_shrinks_by_means() -> None:
    """A chequered picture of 256 on a screen of 60 is grey, not a pattern of its own."""
    chequered = (np.indices((256, 256)).sum(axis=0) % 2).astype(np.float32)
    link = ViewLink()
    link.set_image(SHAPE)
    sample = source_of(chequered, GEOMETRY.of_picture((256, 256))).sample(link.rect(60, 60), 1.0)
    assert sample is not None
    assert np.abs(sample.take() - 0.5).max() < 0.15


def test_a_picture_is_the_same_whether_drawn_upright_or_through_the_map() -> None:
    picture = marked_model()
    place = ((600 / 128, 0.0, 600 / 256 - 0.5), (0.0, 400 / 128, 400 / 256 - 0.5))
    link = ViewLink()
    link.set_image(SHAPE)
    view: ViewRect = link.rect(500, 700)
    (one, other) = (
        source.sample(view, 1.0) for source in (UprightSource(picture, place), TurnedSource(picture, place))
    )
    assert one is not None
    assert other is not None
    assert one.extent == pytest.approx(other.extent)
    np.testing.assert_allclose(one.take(), other.take(), atol=1e-3)
