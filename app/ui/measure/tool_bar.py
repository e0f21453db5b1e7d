"""The tools as a slim column of buttons beside the panes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from app.i18n.language import tr
from app.ui.look.widgets import tool_tip

ICON = 18
WIDTH = 34
GAP = 10  # between groups


class ToolBar(QFrame):
    """Buttons of actions, in groups. A button does what its action does and is pressed while its tool is in hand."""

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
                column.addWidget(button)
        column.addStretch(1)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setProperty("tool", True)
    button.setIconSize(QSize(ICON, ICON))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
    button.setAccessibleName(action.text().rstrip("…"))
    _say_key(action)
    action.changed.connect(lambda: _say_key(action))
    return button


def _say_key(action: QAction) -> None:
    """The tip names the key that works now; a button takes its tip from its action whenever that changes."""
    name, key = action.text().rstrip("…"), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = tool_tip(f"{name}  ({key})" if key else name)
    if action.toolTip() != tip:
        action.setToolTip(tip)
