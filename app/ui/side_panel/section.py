"""What the sections of the settings panel share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLabel, QSlider, QSpinBox, QWidget

from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_column, in_row, name_control, plain_label

CONTROL_STRETCH = 2  # of a control to 1 of its label


def translated(choices: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Choices, (value, marked words) each, with their words in the language of the window."""
    return tuple((value, tr(words)) for value, words in choices)


class Section(QWidget):
    """A heading and controls below it."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = in_column(plain_label(title, "sectionTitle"), of=self, margins=NO_MARGINS, spacing=6)

    def add_row(self, label: str, widget: QWidget) -> None:
        """A label with its control behind it, in one line."""
        words = plain_label(label)
        words.setBuddy(widget)
        self.column.addLayout(in_row((words, 1), (widget, CONTROL_STRETCH), spacing=8))

    def add_slider(self, name: str, low: int, high: int, tip: str) -> tuple[QuietSlider, QLabel]:
        """A slider below its name, and the label for its value behind that."""
        value = plain_label("", "muted")
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        slider = QuietSlider(low, high, name, tip)
        self.add_row(name, value)
        self.column.addWidget(slider)
        return slider, value

    def add_check(self, words: str, name: str, tip: str = "") -> QCheckBox:
        """A box to tick."""
        box = QCheckBox(words)
        name_control(box, name, tip)
        self.column.addWidget(box)
        return box


@contextmanager
def silenced(*controls: QWidget) -> Iterator[None]:
    """While these are set, they tell nobody."""
    blockers = [QSignalBlocker(control) for control in controls]
    yield
    for blocker in blockers:
        blocker.unblock()


class Quiet:
    """Leaves the wheel to the page that a control stands on, so that scrolling never changes a value."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Not ours."""
        event.ignore()


class QuietSlider(Quiet, QSlider):
    """A slider between two whole numbers."""

    def __init__(self, low: int, high: int, name: str, tip: str = "") -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        name_control(self, name, tip)


class QuietCount(Quiet, QSpinBox):
    """A whole number."""


class QuietNumber(Quiet, QDoubleSpinBox):
    """A number with decimals."""


class QuietCombo(Quiet, QComboBox):
    """A list of choices with values behind the words.

    Signals:
        picked: the value the user chose.
    """

    picked = TypedSignal[str]()

    def __init__(self, choices: tuple[tuple[str, str], ...], name: str, tip: str = "") -> None:
        super().__init__()
        self.set_choices(choices)
        name_control(self, name, tip)
        self.setMinimumContentsLength(11)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda _: self.picked.emit(self.value))

    @property
    def value(self) -> str:
        """The chosen value."""
        return str(self.currentData())

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Replace the choices, (value, words) each; keeps the chosen value where it is still there."""
        if [(self.itemData(at), self.itemText(at)) for at in range(self.count())] == list(choices):
            return
        chosen = self.value if self.count() else ""
        self.clear()
        for value, words in choices:
            self.addItem(words, value)
        self.show_value(chosen)

    def show_value(self, value: str) -> None:
        """Show a value without telling anybody."""
        at = self.findData(value)
        if at >= 0 and at != self.currentIndex():
            self.setCurrentIndex(at)
