"""An image whose file is gone: its stored result in its true shape, where it lay, and where it may lie now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.study import Study
from app.services.reading.reading_desk import FILE_GONE
from app.storage.detections import decode, encode
from squid_core.contracts.detection import Detection
from squid_core.preprocessing import Preprocessing, prepare
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room

HIGH, WIDE, ASPECT = 300, 400, 2.0  # twice as high as wide, a pixel: 600 x 400 on the screen
SAID = (
    "The file of this image is no longer there. It lay in {place}. Put the file or its medium back, and the image is"
    " shown by itself. If it lies at another place now, locate it. What is shown comes from its stored result."
)


def stored() -> Detection:
    """As the store gives it back."""
    pixels = synthetic.chest(HIGH, WIDE)
    found = synthetic.detection(synthetic.radiograph(pixels, spacing=None, aspect=ASPECT))
    return decode(encode(replace(found, geometry=prepare(pixels, Preprocessing(), ASPECT).geometry)))


@pytest.fixture
def gone(room: Room, settle: Callable[[], None]) -> Room:
    """Scored, then its stick was taken out, after an image of another shape had been shown."""
    room.open(synthetic.radiograph())
    item = synthetic.item(0, 0.83, path=Path("/media/stick/films/IM1"))
    room.fill(item)
    room.holder.update(
        study=Study(item.study_uid, (item,)),
        image_key=item.key,
        radiograph=None,
        detection=stored(),
        error=replace(FILE_GONE, place=item.container),
    )
    settle()
    return room


def test_the_stored_result_is_drawn_in_the_shape_of_the_image(gone: Room) -> None:
    for pane in (gone.window.panes.reconstruction, gone.window.panes.difference, gone.window.panes.memory):
        shown = pane.view.rect_shown.on_screen(-0.5, -0.5, HIGH, WIDE)
        assert shown.height() / shown.width() == pytest.approx(HIGH * ASPECT / WIDE)
        room = pane.view.viewport()
        assert max(shown.height() / room.height(), shown.width() / room.width()) == pytest.approx(1, abs=0.02)
        assert pane.image.shown is not None
        assert pane.message == ""
    assert "no longer there" in gone.window.panes.original.message
    view = gone.window.panes.memory.view
    middle = view.rect_shown.to_viewport(HIGH / 2, WIDE / 2)
    view.hovered.emit(view.rect_shown.to_original(*middle))
    assert gone.holder.state.cursor == pytest.approx((HIGH / 2, WIDE / 2))
    assert gone.window.panes.reconstruction.readout.whole != ""
    assert gone.window.actions_by_name["zoom_in"].isEnabled()


def test_what_comes_in_the_place_of_the_original_hides_the_sentence(gone: Room) -> None:
    original = gone.window.panes.original
    original.toggle_flicker()
    assert original.message == ""
    original.toggle_flicker()
    assert "no longer there" in original.message


def test_it_is_said_where_it_lay_unless_names_are_masked(gone: Room) -> None:
    (line,) = gone.window.banners.lines
    assert line.text.text() == SAID.format(place=Path("/media/stick/films"))
    gone.holder.update(mask_names=True)
    (line,) = gone.window.banners.lines
    assert "stick" not in line.text.text() + gone.window.panes.original.message
    assert "Names are masked, so the folder that it lay in is not named." in line.text.text()


def test_locate_asks_for_a_folder_and_says_that_it_is_looking(
    gone: Room, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = iter(["", str(tmp_path)])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(answers))
    asked: list[tuple[str, Path]] = []
    gone.wishes.locate_requested.connect(lambda key, folder: asked.append((key, folder)))
    for _ in range(2):  # cancelled, then answered
        QTest.mouseClick(gone.window.banners.lines[0].button, Qt.MouseButton.LeftButton)
    assert asked == [("key-0", tmp_path)]
    gone.holder.update(locating=True)
    (line,) = gone.window.banners.lines
    assert (line.button.text(), line.button.isEnabled()) == ("Looking…", False)
    with qtbot.waitSignal(gone.wishes.cancel_requested):
        gone.window.let_go()
