"""A line of known length gives an image its millimetres: seen everywhere, undone, and asked where the file differs."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.marks.measurements import KnownLength, Length
from app.ui.panes.image_pane import Place
from squid_core.contracts.radiograph import Spacing, SpacingSource
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import key
from tests.app.ui.marking import click, label, marks, put


@pytest.fixture
def without_scale(room: Room) -> Room:
    room.open(synthetic.radiograph(spacing=None))
    return room


def draw_known(room: Room, millimetres: str, row: float = 300.0) -> None:
    """Q, two clicks, a number, Enter."""
    view = room.window.panes.original.view
    view.setFocus()
    key(view, Qt.Key.Key_Q)
    click(room, (row, 100.0))
    click(room, (row, 300.0))  # 200 pixels
    asked = room.window.findChild(QInputDialog)
    assert asked is not None
    spin = asked.focusWidget() or asked
    spin.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(spin, millimetres)
    QTest.keyClick(spin, Qt.Key.Key_Return)
    QApplication.processEvents()
    room.window.activateWindow()  # as a window manager does when a dialog closes
    room.window.windowHandle().requestActivate()
    QApplication.processEvents()


def scale(room: Room) -> str:
    return room.window.panes.original.text(Place.BOTTOM_RIGHT)


def test_a_known_length_gives_millimetres_to_marks_and_corner(without_scale: Room) -> None:
    put(without_scale, Length(((400.0, 100.0), (400.0, 300.0))))
    assert label(without_scale) == "200 px"
    assert "no true scale" in scale(without_scale)
    draw_known(without_scale, "100")
    _, known = marks(without_scale)
    assert isinstance(known, KnownLength)
    assert known.length_mm == 100
    shown = label(without_scale).splitlines()
    assert float(shown[0].removesuffix(" mm")) == pytest.approx(100, abs=1.5)  # the mouse hits a pixel of the screen
    assert shown[1] == "calibrated by the reader"
    assert scale(without_scale).endswith("mm/px\ncalibrated by the reader")


def test_it_is_kept_and_undone_like_any_mark(without_scale: Room, qtbot: QtBot) -> None:
    with qtbot.waitSignal(without_scale.wishes.marks_changed):
        draw_known(without_scale, "100")
    assert without_scale.holder.state.spacing is not None
    key(without_scale.window.panes.original.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert without_scale.holder.state.spacing is None
    assert "no true scale" in scale(without_scale)


def test_a_second_calibration_takes_the_place_of_the_first(without_scale: Room) -> None:
    draw_known(without_scale, "100")
    draw_known(without_scale, "50", row=400.0)
    (known,) = marks(without_scale)
    assert isinstance(known, KnownLength)
    assert known.length_mm == 50


@pytest.mark.parametrize(("answer", "taken"), [("Use mine", True), ("Keep the file's", False)])
def test_the_file_is_contradicted_only_after_a_question(room: Room, answer: str, taken: bool) -> None:
    room.open(synthetic.radiograph(spacing=Spacing(0.143, 0.143, SpacingSource.DETECTOR)))
    draw_known(room, "100")
    question = room.window.findChild(QMessageBox)
    assert question is not None
    assert "at detector" in question.informativeText()
    assert not marks(room)
    (button,) = [button for button in question.buttons() if button.text() == answer]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    spacing = room.holder.state.spacing
    assert spacing is not None
    assert (spacing.source is SpacingSource.READER) is taken


def test_the_same_scale_as_the_files_is_not_asked_about(room: Room) -> None:
    room.open(synthetic.radiograph(spacing=Spacing(0.5, 0.5, SpacingSource.DETECTOR)))
    draw_known(room, "100")
    assert room.window.findChild(QMessageBox) is None
    assert len(marks(room)) == 1


def test_esc_keeps_the_scale_as_it_was(without_scale: Room) -> None:
    view = without_scale.window.panes.original.view
    view.setFocus()
    key(view, Qt.Key.Key_Q)
    click(without_scale, (300.0, 100.0))
    click(without_scale, (300.0, 300.0))
    asked = without_scale.window.findChild(QInputDialog)
    assert asked is not None
    key(asked, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not marks(without_scale)
