"""The pane says that the automatic window stands in the file's place, and windows of one's own lie behind 7 to 9."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.domain.greys.starting_window import starting_window
from app.ui.dialogs.own_windows import OwnWindowsDialog
from app.ui.keys.mnemonics import words_of
from app.ui.panes.image_pane import Place
from squid_core.contracts.radiograph import Window
from tests.app.ui import synthetic
from tests.app.ui.conftest import Room
from tests.app.ui.hands import key

K = Qt.Key


def open_hidden(room: Room) -> None:
    """An image whose file asks for a window that shows nothing but black, as the desk begins with it."""
    window = Window(9000, 10, name="file")
    image = synthetic.radiograph(window=window, windows=(window,))
    room.open(image)
    began, replaced = starting_window(image, room.holder.state.display)
    room.holder.update(window=began, window_replaced=replaced)
    room.window.panes.original.view.setFocus()


def test_the_badge_stays_until_another_window_is_chosen(room: Room) -> None:
    open_hidden(room)
    pane = room.window.panes.original
    assert "not the file's" in pane.state.text()
    key(pane.view, K.Key_1)
    assert room.holder.state.window == Window(9000, 10, name="file")
    assert "not the file's" not in pane.state.text()


def test_reset_goes_back_to_what_the_image_began_with(room: Room) -> None:
    open_hidden(room)
    began = room.holder.state.window
    key(room.window.panes.original.view, K.Key_2)
    assert room.holder.state.window != began
    key(room.window.panes.original.view, K.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert room.holder.state.window == began


def test_a_window_is_saved_under_a_name_and_a_key(room: Room) -> None:
    room.open(synthetic.radiograph())
    view = room.window.panes.original.view
    view.setFocus()
    key(view, K.Key_7)  # nothing there yet
    shown = Window(1234.0, 900.0)
    room.holder.update(window=shown)
    room.window.actions_by_name["own_windows"].trigger()
    dialog = room.window.findChild(OwnWindowsDialog)
    assert dialog is not None
    QTest.keyClicks(dialog.rows[7].name, "Ribs & spine")
    QTest.mouseClick(dialog.rows[7].save, Qt.MouseButton.LeftButton)
    dialog.close()
    room.window.activateWindow()
    room.window.windowHandle().requestActivate()
    QApplication.processEvents()
    assert words_of(room.window.actions_by_name["preset_7"]) == "Ribs & spine"
    key(view, K.Key_0)
    assert room.holder.state.window != shown
    key(view, K.Key_7)
    window = room.holder.state.window
    assert window is not None
    assert (round(window.center, 6), round(window.width, 6), window.function) == (1234.0, 900.0, shown.function)
    assert "Ribs & spine" in room.window.panes.original.text(Place.BOTTOM_LEFT)


def test_own_windows_are_renamed_and_deleted(room: Room) -> None:
    room.open(synthetic.radiograph())
    room.window.actions_by_name["own_windows"].trigger()
    dialog = room.window.findChild(OwnWindowsDialog)
    assert dialog is not None
    QTest.mouseClick(dialog.rows[9].save, Qt.MouseButton.LeftButton)
    assert [own.name for own in room.holder.state.display.own_windows] == ["Own window 9"]
    dialog.rows[9].name.setText("Bones")
    QTest.keyClick(dialog.rows[9].name, K.Key_Return)
    assert [own.name for own in room.holder.state.display.own_windows] == ["Bones"]
    QTest.mouseClick(dialog.rows[9].delete, Qt.MouseButton.LeftButton)
    assert room.holder.state.display.own_windows == ()
    assert not room.window.actions_by_name["preset_9"].isEnabled()
    dialog.close()
