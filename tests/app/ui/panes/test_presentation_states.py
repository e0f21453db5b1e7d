"""An image is shown as a presentation state asks: its marks lie on the pixels they name, turned and mirrored too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtTest import QTest

from app.domain.orientation import UPRIGHT
from app.domain.presenting import FoundState, Offer, Presented
from app.domain.settings import DisplaySettings, Layout, PaneName
from app.ui.look.theme import font, tokens
from app.ui.panes.file_graphics import WORD_POINTS
from app.ui.panes.view_link import ViewState
from app.ui.window.banner import banners
from app.ui.words.presentation_words import title_words
from squid_core.contracts.graphics import Shutter
from squid_core.contracts.presentation import Area, Caption, Presentation, StateHead, Stroke
from squid_core.contracts.radiograph import Radiograph, Window
from squid_core.dicom import reader
from squid_core.dicom.presentation.state import read_presentation
from squid_core.dicom.source import Source
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.dicom.states import graphic, state_of, window

SHAPE = (160, 200)
MARK = (103, 67)  # row and column
HEAD = StateHead(synthetic.identity(sop_instance_uid="9.1"), ("1.2.1",), "READ", creator="Roe, Richard")
OTHER = replace(HEAD, label="TEACHING", creator="", identity=synthetic.identity(sop_instance_uid="9.2"))
STATES = tuple(FoundState(Source(Path("/films") / head.label), head) for head in (HEAD, OTHER))
WINDOW = Window(300, 200)


def shown(room: Room) -> QImage:
    """The original on the screen."""
    picture: QImage = room.window.panes.original.view.grab().toImage()
    return picture


def brightness(picture: QImage, x: float, y: float) -> int:
    return QColor(picture.pixel(round(x), round(y))).lightness()


def pixels(room: Room) -> NDArray[np.uint8]:
    """(h, w) of the same."""
    picture = shown(room).convertToFormat(QImage.Format.Format_Grayscale8)
    data = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return data[:, : picture.width()].copy()


def bare(room: Room, settle: Callable[[], None]) -> None:
    """One large pane without words."""
    display = DisplaySettings(layout=Layout.ONE, layout_panes=(PaneName.ORIGINAL, PaneName.MEMORY), corner_text=False)
    room.holder.update(display=display)
    room.window.panes.original.state.setStyleSheet("color: transparent; background: transparent; border: none")
    settle()


@pytest.fixture
def image() -> Radiograph:
    return synthetic.radiograph(np.full(SHAPE, 100, np.float32), window=Window(2000, 4000), windows=())


def present(room: Room, presentation: Presentation, settle: Callable[[], None], number: int = 0) -> None:
    """As the desk does it."""
    radiograph = room.holder.state.radiograph
    assert radiograph is not None
    room.holder.update(
        offer=Offer(STATES),
        presented=Presented(STATES[number].key, presentation),
        window=presentation.window or radiograph.window,
        invert=presentation.invert,
    )
    settle()


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("flip", ["N", "Y"])
def test_a_mark_of_a_file_lies_on_its_pixel(
    room: Room, tmp_path: Path, quarters: int, flip: str, settle: Callable[[], None]
) -> None:
    """From the bytes of a state to the screen; the oracle turns and mirrors a numbered picture (PS3.3 C.10.6)."""
    image_set = chest(np.full(SHAPE, 100, np.uint16))
    mark = graphic("POINT", MARK[1] + 0.5, MARK[0] + 0.5)
    state_set = state_of(image_set, mark, ImageRotation=90 * quarters, ImageHorizontalFlip=flip, **window(2000, 4000))
    where, about = save(tmp_path, image_set), save(tmp_path, state_set, "state")
    radiograph = reader.read(where)
    room.open(radiograph)
    bare(room, settle)
    present(room, read_presentation(about, where, radiograph.content, radiograph.pivot), settle)
    number = np.arange(SHAPE[0] * SHAPE[1]).reshape(SHAPE)
    turned = np.rot90(number, -quarters)
    turned = turned[:, ::-1] if flip == "Y" else turned
    ((row, column),) = np.argwhere(turned == number[MARK])
    view = room.window.panes.original.view
    size, zoom = view.viewport().size(), view.rect_shown.zoom
    x = size.width() / 2 + (column + 0.5 - turned.shape[1] / 2) * zoom
    y = size.height() / 2 + (row + 0.5 - turned.shape[0] / 2) * zoom
    picture = shown(room)
    assert brightness(picture, x, y) == QColor(tokens().image_text).lightness()
    assert brightness(picture, x + 2 * zoom, y + 2 * zoom) < 40


def test_lines_lie_on_their_pixels_and_circles_are_round_over_pixels_that_are_not_square(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    room.open(replace(image, aspect=2.0))
    bare(room, settle)
    present(room, Presentation(HEAD, strokes=(Stroke(((20, 30), (20, 170))), Stroke(((80, 30), (80, 31))))), settle)
    picture, view = shown(room), room.window.panes.original.view.rect_shown
    for column in (40, 100, 160):
        assert brightness(picture, *view.to_viewport(20, column)) > 150
        assert brightness(picture, *view.to_viewport(24, column)) < 40


def test_the_displayed_area_fills_the_pane(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    room.open(image)
    bare(room, settle)
    present(room, Presentation(HEAD, quarters=1, area=Area(9.5, 19.5, 59.5, 119.5)), settle)
    view = room.window.panes.original.view
    place, size = view.rect_shown.on_screen(9.5, 19.5, 50, 100), view.viewport().size()
    assert place.height() / place.width() == pytest.approx(2)
    assert max(place.width() / size.width(), place.height() / size.height()) == pytest.approx(0.985)
    assert (place.center().x(), place.center().y()) == pytest.approx((size.width() / 2, size.height() / 2))


def test_an_area_with_a_size_of_its_own_has_it(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    room.open(image)
    bare(room, settle)
    present(room, Presentation(HEAD, area=Area(9.5, 19.5, 59.5, 119.5, zoom=6.0)), settle)
    view = room.window.panes.original.view
    assert view.rect_shown.zoom * view.devicePixelRatioF() == pytest.approx(6)


def test_the_shutter_of_the_state_takes_the_place_of_the_image_s(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    room.open(replace(image, shutter=Shutter(rectangle=(0, 0, 20, 20), grey=1.0)))
    bare(room, settle)
    view = room.window.panes.original.view

    def at(row: float, column: float) -> int:
        return brightness(shown(room), *view.rect_shown.to_viewport(row, column))

    assert (at(10, 10) < 40, at(100, 100) > 240) == (True, True)
    present(room, Presentation(HEAD, shutter=Shutter(rectangle=(80, 80, 120, 120), grey=1.0)), settle)
    assert (at(10, 10) > 240, at(100, 100) < 40) == (True, True)
    present(room, Presentation(HEAD), settle)
    assert (at(10, 10) < 40, at(100, 100) < 40) == (True, True)


def test_the_bar_of_the_original_offers_the_states_and_the_way_back(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    wanted: list[str] = []
    room.wishes.state_wanted.connect(wanted.append)
    room.open(image)
    chooser = room.window.states
    assert not chooser.isVisible()
    room.holder.update(offer=Offer(STATES))
    settle()
    assert chooser.isVisible()
    first, second, _, plain = chooser.menu().actions()
    assert [first.text(), second.text()] == ["As presented by Roe, Richard (READ)", "As presented by TEACHING"]
    assert (first.isChecked(), plain.isEnabled()) == (False, False)
    first.trigger()
    present(room, Presentation(HEAD), settle)
    first, second, _, plain = chooser.menu().actions()
    assert (first.isChecked(), second.isChecked(), plain.isEnabled()) == (True, False, True)
    plain.trigger()
    assert wanted == [STATES[0].key, ""]


def test_a_key_walks_through_the_states(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    stepped: list[int] = []
    room.wishes.state_stepped.connect(stepped.append)
    room.open(image)
    QTest.keyClick(room.window, Qt.Key.Key_K)
    assert not stepped
    room.holder.update(offer=Offer(STATES))
    settle()
    QTest.keyClick(room.window, Qt.Key.Key_K)
    QTest.keyClick(room.window, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert stepped == [1, -1]


def test_the_view_goes_there_and_back(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    room.open(image)
    link = room.window.panes.link
    present(room, Presentation(HEAD, WINDOW, mirrored=True, quarters=3, area=Area(0, 0, 50, 50)), settle)
    assert (link.orientation.mirrored, link.orientation.quarters) == (True, 3)
    assert link.magnification > 1
    room.holder.update(presented=None)
    assert link.state == ViewState()
    present(room, Presentation(HEAD, WINDOW, quarters=3), settle)
    room.window.actions_by_name["reset"].trigger()
    assert (room.holder.state.presented, link.orientation) == (None, UPRIGHT)


def test_it_is_said_who_presents_the_image_so_and_whether_it_was_changed_since(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    room.open(image)
    plate = room.window.panes.original.state
    present(room, Presentation(HEAD, WINDOW, invert=True, quarters=1), settle)
    assert "As presented by Roe, Richard (READ)" in plate.text().splitlines()
    link = room.window.panes.link
    changes: tuple[tuple[Callable[[], object], Callable[[], object]], ...] = (
        (partial(room.holder.update, invert=False), partial(room.holder.update, invert=True)),
        (partial(room.holder.update, window=Window(1, 2)), partial(room.holder.update, window=WINDOW)),
        (partial(link.turn, 1), partial(link.turn, -1)),
    )
    for change, back in changes:
        change()
        assert "As presented by Roe, Richard (READ), changed since" in plate.text().splitlines()
        back()
        assert "As presented by Roe, Richard (READ)" in plate.text().splitlines()
    room.holder.update(presented=None)
    assert "presented" not in plate.text()


def test_a_long_name_stays_within_the_pane(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    room.open(image)
    pane = room.window.panes.original
    present(room, Presentation(replace(HEAD, creator="Somebody of a long name " * 5)), settle)
    assert pane.state.geometry().left() >= 0
    assert pane.state.geometry().right() <= pane.view.viewport().width()
    lines = pane.state.height() / pane.state.fontMetrics().lineSpacing()
    assert lines > 2, "all of it is read"


def test_words_and_makers_are_left_out_while_names_are_masked(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    room.open(image)
    bare(room, settle)
    state = Presentation(HEAD, captions=(Caption("Doe, Jane: seen", anchor=(50.0, 50.0)),))
    plain = shown(room)
    present(room, state, settle)
    with_words = shown(room)
    assert with_words != plain
    room.holder.update(mask_names=True)
    settle()
    plate = room.window.panes.original.state.text()
    assert "As presented by READ" in plate
    assert "left out: they may hold names" in plate
    assert "Roe" not in plate + room.window.states.menu().actions()[0].text()
    assert shown(room) == plain
    room.holder.update(mask_names=False, display=room.holder.state.display.model_copy(update={"graphics": False}))
    settle()
    assert shown(room) == plain, "and with the graphics of the file switched off"


def test_words_at_the_edge_are_wholly_on_the_screen(room: Room, image: Radiograph, settle: Callable[[], None]) -> None:
    room.open(image)
    bare(room, settle)
    edge = Caption("words\nat the edge", anchor=(SHAPE[0] - 1.0, SHAPE[1] - 1.0))
    plain = np.array(pixels(room))
    present(room, Presentation(HEAD, captions=(edge,)), settle)
    rows, columns = np.nonzero(pixels(room) != plain)
    metrics = QFontMetricsF(font(WORD_POINTS))
    assert np.ptp(columns) >= metrics.horizontalAdvance("at the edge") - 3
    assert np.ptp(rows) >= 1.5 * metrics.lineSpacing()


def test_a_line_at_the_study_says_that_there_is_a_state_and_what_of_it_is_not_shown(
    room: Room, image: Radiograph, settle: Callable[[], None]
) -> None:
    def lines() -> list[str]:
        return [banner.text for banner in banners(room.holder.state)]

    room.open(image)
    before = lines()
    room.holder.update(offer=Offer(STATES[:1]))
    (said,) = (line for line in lines() if line not in before)
    assert "As presented by Roe, Richard (READ)" in said
    room.holder.update(offer=Offer(STATES, strangers=1))
    strange, several = (line for line in lines() if line not in before)
    assert "2 presentation states" in several
    assert "it is not offered" in strange
    present(room, Presentation(HEAD, notices=("Its displayed area is damaged; the whole image is shown.",)), settle)
    (said,) = (line for line in lines() if line not in before)
    assert said == "Of the presentation state: Its displayed area is damaged; the whole image is shown."


def test_every_state_has_a_title() -> None:
    nameless = replace(HEAD, label="", creator="")
    assert title_words(nameless) == "As presented by a state without a name"
    assert title_words(replace(nameless, description="Reading")) == "As presented by Reading"
    assert title_words(replace(nameless, description="Reading"), masked=True) == title_words(nameless)
