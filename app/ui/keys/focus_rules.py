"""Whose a key is: the control's that has the focus, wherever text can be meant, else the window's.

One rule for every window that shows the actions: what is typed into a line, a count, a choice or a list, with or
without Shift, is text and no command; in a pane, on a button and on a slider text cannot be meant. Esc, the function
keys and whatever is held with Ctrl or Alt are commands everywhere (a line keeps its own: Ctrl+C, Ctrl+Z and the like).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

Key = Qt.Key
LINES = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QKeySequenceEdit)  # all that is typed is theirs
CHOICES = (QAbstractItemView, QComboBox)  # what is typed searches them
MOVES = {Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End}
TABS = {Key.Key_Tab, Key.Key_Backtab}
SHIFT, HELD = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier,
)


def claimed(event: QEvent) -> bool:
    """Whether an event of a window asks for a key that is no command now; it is accepted then, and the control gets it.

    A window calls this first in its `event`.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if not belongs_to_control(QApplication.focusWidget(), event):
        return False
    event.accept()
    return True


def belongs_to_control(control: QWidget | None, event: QKeyEvent) -> bool:
    """Whether a key is for the control that has the focus rather than a command of the window."""
    key, modifiers = Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if isinstance(control, QComboBox) and modifiers == Qt.KeyboardModifier.AltModifier:
        return key in (Key.Key_Up, Key.Key_Down)  # opens the choice
    if modifiers & HELD or key in (Key.Key_Escape, Key.Key_Menu) or Key.Key_F1 <= key <= Key.Key_F35:
        return False
    if isinstance(control, QMenuBar) or _takes_lines(control):
        return True
    if key in TABS:  # they move the focus; in a pane they may be a command
        return not getattr(control, "leaves_tab", False)
    if isinstance(control, CHOICES):
        return key in MOVES or is_typed(event) or (isinstance(control, QComboBox) and key == Key.Key_Space)
    if modifiers & SHIFT:
        return False
    if isinstance(control, QAbstractSlider):
        return key in MOVES
    return isinstance(control, QAbstractButton) and key == Key.Key_Space


def is_typed(event: QKeyEvent) -> bool:
    """Whether a key would begin a text: it prints something other than a space, and neither Ctrl nor Alt is held."""
    text = event.text()
    return bool(text) and text.isprintable() and not text.isspace() and not event.modifiers() & HELD


def _takes_lines(control: QWidget | None) -> bool:
    return isinstance(control, LINES) or (isinstance(control, QComboBox) and control.isEditable())
