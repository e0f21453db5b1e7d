"""While only a preview is there the pane says so, and nothing is measured, read off or taken away from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from app.domain.settings import DisplaySettings, Layout
from app.domain.study import Study
from app.ui.panes.image_pane import Place
from app.ui.panes.original_pane import OriginalPane
from squid_core.contracts.preview import Preview
from squid_core.contracts.radiograph import Radiograph
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import drag, key, middle, wheel

K = Qt.Key
SAYS = "Preview at 1/4 resolution; the whole image follows."
TAKES_AWAY = ("copy_image", "export_panes", "print", "print_panes")


def film() -> Radiograph:
    return synthetic.radiograph(synthetic.chest(1203, 1001), identity=synthetic.identity(0))


def previewed(room: Room) -> Radiograph:
    """A study of which only a preview is there; gives the whole image."""
    whole, shown = film(), synthetic.item(0)
    preview = Preview(replace(whole, pixels=np.ascontiguousarray(whole.pixels[::4, ::4])), (1203, 1001), 2)
    room.fill(shown)
    display = DisplaySettings(layout=Layout.ONE)
    room.holder.update(
        study=Study(shown.study_uid, (shown,)),
        image_key=shown.key,
        loading="Reading the image",
        preview=preview,
        display=display,
    )
    QApplication.processEvents()
    return whole


def arrive(room: Room, whole: Radiograph) -> None:
    room.holder.update(radiograph=whole, preview=None, window=whole.window, loading="")
    QApplication.processEvents()


def seen(pane: OriginalPane) -> np.ndarray:
    """The greys of the middle of the pane, where no word stands."""
    picture = pane.view.grab().toImage().convertToFormat(pane.view.grab().toImage().Format.Format_Grayscale8)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    height, width = picture.height(), picture.width()
    return rows[height // 3 : height * 2 // 3, width // 3 : width * 2 // 3].astype(np.float32)


def test_the_pane_says_so_until_the_image_is_there_and_nothing_moves(room: Room) -> None:
    whole = previewed(room)
    pane = room.window.panes.original
    assert SAYS in pane.state.text()
    assert not pane.message
    wheel(pane, 360)
    drag(pane, middle(pane), QPoint(40, 30), Qt.MouseButton.MiddleButton)
    view, greys, letters = pane.view.rect_shown, seen(pane), pane.text(Place.LEFT)
    assert greys.std() > 5
    arrive(room, whole)
    assert SAYS not in pane.state.text()
    assert pane.view.rect_shown == view
    assert np.abs(seen(pane) - greys).mean() < 3  # each place of the patient is where it was
    assert pane.text(Place.LEFT) == letters


def test_who_it_is_and_its_sides_stand_over_a_preview_but_no_value(room: Room) -> None:
    whole = previewed(room)
    pane = room.window.panes.original
    assert whole.identity.patient_name.split(",")[0] in pane.text(Place.TOP_LEFT)
    assert pane.text(Place.LEFT)
    assert pane.text(Place.TOP_RIGHT) == "1001 × 1203"
    assert pane.text(Place.BOTTOM_LEFT).startswith("Zoom")
    assert pane.text(Place.BOTTOM_RIGHT) == ""
    drag(pane, middle(pane), QPoint(3, 3), Qt.MouseButton.NoButton)
    assert room.holder.state.cursor is not None
    assert pane.readout.text() == ""
    room.wishes.masking_changed.emit(True)
    assert whole.identity.patient_name.split(",")[0] not in pane.text(Place.TOP_LEFT)
    arrive(room, whole)
    assert "value" in pane.readout.text()


@pytest.mark.parametrize("tool", [K.Key_D, K.Key_A, K.Key_C])
def test_nothing_is_measured_on_a_preview(room: Room, tool: Qt.Key) -> None:
    previewed(room)
    pane = room.window.panes.original
    key(room.window, tool)
    drag(pane, middle(pane), QPoint(60, 40))
    assert not room.holder.state.annotations.marks


def test_no_window_is_set_and_nothing_taken_away_from_a_preview(room: Room) -> None:
    whole = previewed(room)
    pane = room.window.panes.original
    key(pane.view, K.Key_2)
    drag(pane, middle(pane), QPoint(60, 40))
    assert room.holder.state.window is None
    assert not any(room.window.actions_by_name[name].isEnabled() for name in TAKES_AWAY)
    arrive(room, whole)
    assert room.window.actions_by_name["copy_image"].isEnabled()
