"""The tools as a slim column of buttons beside the panes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from app.i18n.language import tr
from app.ui.keys.mnemonics import words_of
from app.ui.look.widgets import tool_tip

ICON = 18
WIDTH = 34
GAP = 10  # between groups
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}


class ToolBar(QFrame):
    """Buttons of actions, in groups. A button does what its action does and is pressed while its tool is in hand.

    For the keyboard it is one stop: Tab comes to the button that had the focus last, arrows, Home and End go on.
    """

    def __init__(self, groups: Sequence[Sequence[QAction]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolBar")
        self.setAccessibleName(tr("Tools"))
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 4, 3, 4)
        column.setSpacing(2)
        self.buttons: dict[str, QToolButton] = {}
        for number, group in enumerate(groups):
            if number:
                column.addSpacing(GAP)
            for action in group:
                self.buttons[action.objectName()] = button = _button(action)
                button.installEventFilter(self)
                column.addWidget(button)
        column.addStretch(1)
        self._stop = next(iter(self.buttons.values()))
        self._choose_stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that go from button to button; which one has the focus, and which can have it."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(watched, QToolButton):
            self._stop = watched
            self._choose_stop()
        elif kind == QEvent.Type.EnabledChange:
            self._choose_stop()
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            wanted = self._wanted(event)
            if wanted is not None:
                event.accept()
                if kind == QEvent.Type.KeyPress:
                    wanted.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _possible(self) -> list[QToolButton]:
        return [button for button in self.buttons.values() if button.isEnabled()]

    def _choose_stop(self) -> None:
        """Tab stops at one button that can be pressed."""
        possible = self._possible()
        stop = self._stop if self._stop in possible else next(iter(possible), None)
        for button in self.buttons.values():
            policy = Qt.FocusPolicy.TabFocus if button is stop else Qt.FocusPolicy.NoFocus
            button.setFocusPolicy(policy)  # a click leaves the keys where they are

    def _wanted(self, event: QKeyEvent) -> QToolButton | None:
        """The button that a key goes to from the one that has the focus; None for another key."""
        possible, key = self._possible(), Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self._stop not in possible:
            return None
        if key in ENDS:
            return possible[ENDS[key]]
        if key not in STEPS:
            return None
        return possible[(possible.index(self._stop) + STEPS[key]) % len(possible)]


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setProperty("tool", True)
    button.setIconSize(QSize(ICON, ICON))
    button.setAccessibleName(words_of(action))
    _say_key(action)
    action.changed.connect(lambda: _say_key(action))
    return button


def _say_key(action: QAction) -> None:
    """The tip names the key that works now; a button takes its tip from its action whenever that changes."""
    name, key = words_of(action), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = tool_tip(f"{name}  ({key})" if key else name)
    if action.toolTip() != tip:
        action.setToolTip(tip)
