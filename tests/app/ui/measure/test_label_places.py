"""Figures stand beside their mark, cover nothing that matters and stay inside the pane."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.ui.measure.label_places import HANDLE_ROOM, place_label

AREA, SIZE = QRectF(0, 0, 400, 300), QSizeF(80, 20)


def test_the_first_choice_is_to_the_right() -> None:
    place = place_label(SIZE, [QPointF(100, 100)], [], [], AREA)
    assert (place.left(), place.center().y()) == (110, 100)


@pytest.mark.parametrize("x", [2.0, 200.0, 398.0])
@pytest.mark.parametrize("y", [2.0, 150.0, 298.0])
def test_it_stays_inside_and_off_its_handle(x: float, y: float) -> None:
    handle = QPointF(x, y)
    place = place_label(SIZE, [handle], [handle], [], AREA)
    assert AREA.contains(place)
    assert not place.intersects(QRectF(x - HANDLE_ROOM, y - HANDLE_ROOM, 2 * HANDLE_ROOM, 2 * HANDLE_ROOM))


def test_it_keeps_off_other_words_and_lines() -> None:
    anchor = QPointF(100, 100)
    taken = QRectF(105, 80, 150, 45)
    line = np.array([(x, 118.0) for x in range(40, 160, 4)])
    place = place_label(SIZE, [anchor], [anchor], [taken], AREA, line)
    assert not place.intersects(taken)
    assert not any(place.contains(QPointF(x, y)) for x, y in line)


def test_words_larger_than_the_pane_begin_inside_it() -> None:
    place = place_label(QSizeF(500, 20), [QPointF(100, 100)], [], [], AREA)
    assert place.left() == pytest.approx(3)
