"""The tour, and the page on how SQUID works."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.session import EntryPictures
from app.ui.help.how_parts import how_parts, schematic
from app.ui.help.tour import bubble_place
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

Settle = Callable[[], None]


def test_the_tour_has_five_steps_by_key_and_by_mouse_and_escape_ends_it(
    room: Room, qtbot: QtBot, settle: Settle
) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    window = room.window
    window.actions_by_name["tour"].trigger()
    settle()
    tour = window.dialogs.tour
    assert tour is not None
    assert tour.bubble.next.hasFocus()
    titles = [tour.bubble.title.text()]
    for _ in range(3):
        QTest.keyClick(tour.bubble.next, Qt.Key.Key_Space)
        titles.append(tour.bubble.title.text())
    QTest.mouseClick(tour.bubble.back, Qt.MouseButton.LeftButton)
    assert tour.number == 3
    QTest.mouseClick(tour.bubble.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tour.bubble.next, Qt.MouseButton.LeftButton)
    titles.append(tour.bubble.title.text())
    assert len(set(titles)) == 5
    assert tour.bubble.next.text() == "Done"
    assert window.rect().contains(tour.bubble.geometry())
    QTest.keyClick(tour.bubble.next, Qt.Key.Key_Escape)
    assert window.dialogs.tour is None
    window.actions_by_name["tour"].trigger()
    assert window.dialogs.tour is not None
    QTest.mouseClick(window.dialogs.tour.bubble.skip, Qt.MouseButton.LeftButton)
    assert window.dialogs.tour is None


def test_a_tour_that_nobody_asked_for_takes_no_key_and_no_click_from_the_panes(
    room: Room, qtbot: QtBot, settle: Settle
) -> None:
    image = synthetic.radiograph()
    room.open(image, synthetic.detection(image))
    memory = room.window.panes.memory.view
    memory.setFocus()
    room.window.dialogs.show_tour(take_focus=False)
    settle()
    assert memory.hasFocus()
    assert room.window.dialogs.tour is not None
    difference = room.window.panes.difference
    under = room.window.childAt(difference.mapTo(room.window, QPoint(60, 60)))
    assert under is not None
    assert difference.isAncestorOf(under), "and not the tour's frame"
    room.window.resize(1000, 700)
    settle()
    assert room.window.rect().contains(room.window.dialogs.tour.bubble.geometry())
    room.window.dialogs.tour.end()


@pytest.mark.parametrize(
    "target",
    [QRect(), QRect(0, 30, 260, 740), QRect(270, 100, 370, 330), QRect(1020, 30, 260, 740), QRect(0, 0, 1280, 800)],
)
def test_a_bubble_lies_in_the_window_and_beside_its_target(target: QRect) -> None:
    bubble, window = QSize(340, 170), QSize(1280, 800)
    place = QRect(bubble_place(target, bubble, window), bubble)
    assert QRect(QPoint(), window).contains(place)
    if target.width() < 900:
        assert not place.intersects(target)


def test_how_it_works_draws_the_open_study_and_follows_it(room: Room, qtbot: QtBot, settle: Settle) -> None:
    image = synthetic.radiograph()
    found = synthetic.detection(image)
    room.open(image, found)
    room.window.actions_by_name["how_it_works"].trigger()
    page = room.window.dialogs.how_it_works
    assert page is not None
    assert "drawn from the open study" in page.intro.text()
    shown = page._pictures[0].pixmap().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    side = shown.width()
    for row, column in ((0.3, 0.3), (0.62, 0.28), (0.5, 0.8), (0.9, 0.1)):
        want = float(found.input_image[int(row * 128), int(column * 128)]) * 255
        assert shown.pixelColor(int(column * side), int(row * side)).red() == pytest.approx(want, abs=14)
    assert "97 score lower" in page._words[5].text()
    assert "row 3, column 2" in page._words[1].text()  # the patch least like its memory
    patch = 5
    entries = EntryPictures(
        patch, tuple(m.slot for m in found.matches[patch]), synthetic.pictures(found, patch), "adult"
    )
    room.holder.update(patch=patch, entries=entries)
    assert "row 2, column 2" in page._words[1].text()
    assert len(how_parts(room.holder.state).entries) == 4
    room.holder.update(detection=None)
    assert "schematic" in page.intro.text()
    page.close()
    settle()
    assert room.window.dialogs.how_it_works is None


def test_the_schematic_is_a_chest_whose_shadow_the_normal_one_lacks() -> None:
    parts = schematic()
    row, column = np.unravel_index(int(np.argmax(parts.difference)), parts.difference.shape)
    assert divmod(parts.patch, parts.grid) == (int(row) // 32, int(column) // 32)
    assert parts.difference.max() > 0.3
    assert parts.difference[:, 64:].max() < 0.05
