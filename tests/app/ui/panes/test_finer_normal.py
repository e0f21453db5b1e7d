"""The normal image is shown at once, and painted finer as soon as that has come, in the same place of the original."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from app.domain.session import Session
from squid_core.contracts.detection import Detection, Maps
from squid_core.contracts.radiograph import FloatArray
from tests.app.ui import explained, synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.panes.test_aslant import assert_marked, show
from tests.squid_core.aslant import MARKS, SIZE, WIDE, in_model, marked

Settle = Callable[[], None]


def finer() -> FloatArray:
    """(2S, 2S) with the marks where the model would see them at twice its side."""
    places = [(2 * row + 0.5, 2 * column + 0.5) for row, column in (in_model(*place) for place in MARKS)]
    return marked((2 * SIZE, 2 * SIZE), places, 2 * WIDE / 3.3)


def with_picture(picture: FloatArray | None) -> Maps:
    return replace(explained.maps(), picture=picture)


@pytest.fixture
def unmarked(room: Room, settle: Settle) -> Room:
    """A detection whose own reconstruction is black."""
    show(room, settle, marks=False)
    black = np.zeros((SIZE, SIZE), np.float32)
    room.holder.update(detection=replace(found(room), reconstruction=black))
    settle()
    return room


def found(room: Room) -> Detection:
    detection = room.holder.state.detection
    assert detection is not None
    return detection


def test_the_pane_shows_it_when_it_has_come_and_says_so(unmarked: Room, settle: Settle) -> None:
    pane = unmarked.window.panes.reconstruction
    assert pane.image.source is found(unmarked).reconstruction
    assert pane.badge.text() == "128 px, enlarged"
    unmarked.holder.update(maps=with_picture(finer()))
    settle()
    assert_marked(pane)
    assert pane.badge.text() == "256 px, enlarged"
    assert "128 × 128" in pane.badge.toolTip(), "what the score uses"
    unmarked.holder.update(cursor=MARKS[1])
    assert float(pane.value_text(unmarked.holder.state)) == pytest.approx(1, abs=0.05)


def test_in_the_originals_place_and_beside_the_line_it_is_the_same(unmarked: Room, settle: Settle) -> None:
    pane = unmarked.window.panes.original
    pane.toggle_flicker()
    pane.strip.hide()  # only the picture
    unmarked.holder.update(maps=with_picture(finer()))
    settle()
    assert_marked(pane)
    assert pane.badge.text() == "256 px, enlarged"
    pane.toggle_flicker()
    unmarked.holder.update(swipe=0.5)
    settle()
    assert pane.swipe.image.source is unmarked.holder.state.shown_normal
    assert pane.swipe.image.source is not found(unmarked).reconstruction


def test_which_normal_image_is_shown() -> None:
    image = synthetic.radiograph()
    session, locked, tried = Session(radiograph=image), *(synthetic.detection(image) for _ in range(2))
    assert session.shown_normal is None
    session = replace(session, detection=locked)
    assert session.shown_normal is locked.reconstruction
    session = replace(session, maps=with_picture(None))
    assert session.shown_normal is locked.reconstruction, "weights that paint none"
    picture = finer()
    session = replace(session, maps=with_picture(picture))
    assert session.shown_normal is picture
    session = replace(session, what_if=tried)
    assert session.shown_normal is tried.reconstruction, "until the what-if's own has come"
    session = replace(session, what_if_maps=with_picture(picture))
    assert session.shown_normal is picture
