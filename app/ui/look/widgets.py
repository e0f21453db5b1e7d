"""Small helpers for widgets: text from files is always plain text."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

Part = QWidget | QLayout | int | tuple[QWidget | QLayout, int]
Margins = tuple[int, int, int, int]  # left, top, right, bottom in pixels
Box = TypeVar("Box", bound=QBoxLayout)
NO_MARGINS: Margins = (0, 0, 0, 0)


def in_row(
    *parts: Part, of: QWidget | None = None, margins: Margins | None = None, spacing: int | None = None
) -> QHBoxLayout:
    """Widgets and layouts side by side.

    Args:
        parts: from the left; one in a pair with a number stretches so much, a number alone is room that does.
        of: the widget that they lie in; None for a layout that is put into another.
        margins: round all of them. Without, Qt's own, as with `spacing`.
        spacing: pixels between two of them.
    """
    return _filled(QHBoxLayout() if of is None else QHBoxLayout(of), parts, margins, spacing)


def in_column(
    *parts: Part, of: QWidget | None = None, margins: Margins | None = None, spacing: int | None = None
) -> QVBoxLayout:
    """The same from above, one below the other."""
    return _filled(QVBoxLayout() if of is None else QVBoxLayout(of), parts, margins, spacing)


def _filled(layout: Box, parts: Sequence[Part], margins: Margins | None, spacing: int | None) -> Box:
    if margins is not None:
        layout.setContentsMargins(*margins)
    if spacing is not None:
        layout.setSpacing(spacing)
    for part in parts:
        what, stretch = part if isinstance(part, tuple) else (part, 0)
        if isinstance(what, int):
            layout.addStretch(what)
        elif isinstance(what, QWidget):
            layout.addWidget(what, stretch)
        else:
            layout.addLayout(what, stretch)
    return layout


def plain_label(text: str = "", name: str = "", parent: QWidget | None = None, wrap: bool = False) -> QLabel:
    """A label that never reads its text as HTML.

    Args:
        text: what it says.
        name: object name, by which the style sheet knows it.
        parent: its parent widget.
        wrap: break long lines.
    """
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(name)
    label.setWordWrap(wrap)
    return label


class ElidedLabel(QLabel):
    """A plain label of one line that ends in an ellipsis where room is short; the whole text is its tool tip."""

    def __init__(self, text: str = "", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._whole = self._short = ""
        self.set_whole(text)

    @property
    def whole(self) -> str:
        """The text before it was shortened."""
        return self._whole

    def set_whole(self, text: str, short: str = "") -> None:
        """Say something else; where there is no room for it, what is short instead of its beginning."""
        self._whole, self._short = text, short
        self.setAccessibleName(text)
        self._elide()

    def resizeEvent(self, event: object) -> None:
        """Shorten to the new width."""
        self._elide()

    def _elide(self) -> None:
        width = max(self.width(), 1)
        fits = not self._short or self.fontMetrics().horizontalAdvance(self._whole) <= width
        said = self._whole if fits else self._short
        shown = self.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, width)
        super().setText(shown)
        self.setToolTip(tool_tip(self._whole) if shown != self._whole else "")


def tool_tip(text: str) -> str:
    """A tool tip that shows `text` as it is and wraps it."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""


def name_control(widget: QWidget, name: str, tip: str = "") -> None:
    """Give a control the name that a screen reader says, and a tool tip."""
    widget.setAccessibleName(name)
    if tip:
        widget.setAccessibleDescription(tip)
        widget.setToolTip(tool_tip(tip))


def action_button(words: str, tip: str, does: Callable[[], object]) -> QPushButton:
    """A button of a dialog that does one thing, and only when it is pressed: Enter elsewhere is not for it.

    Args:
        words: on it.
        tip: its tool tip.
        does: what it does.
    """
    button = QPushButton(words)
    button.setAutoDefault(False)
    name_control(button, words, tip)
    button.clicked.connect(lambda _=False: does())
    return button


def open_dialog(dialog: QDialog) -> None:
    """Open a dialog that the window does not wait for."""
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
