"""Which keys belong to the control that has the focus, so that no shortcut of the window takes them away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QGraphicsView, QWidget

Key = Qt.Key
MOVES = {Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End}


def belongs_to_control(control: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a key is for a list, slider, button or choice rather than for a shortcut of the window.

    Arrows move in a list and along a slider, Space presses a button, Alt+Down opens a choice. All else, and every key
    in a pane, is the window's; fields for text look after themselves.
    """
    key, modifiers = Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key == Key.Key_Tab and not modifiers:
        return not isinstance(control, QGraphicsView)  # the panes; elsewhere it moves the focus
    if isinstance(control, QComboBox) and modifiers == Qt.KeyboardModifier.AltModifier:
        return key in (Key.Key_Up, Key.Key_Down)
    if modifiers:
        return False
    if isinstance(control, QAbstractItemView | QAbstractSlider):
        return key in MOVES
    if isinstance(control, QComboBox):
        return key in MOVES or key == Key.Key_Space
    return isinstance(control, QAbstractButton) and key == Key.Key_Space
