"""The filter over the worklist: a line to type in, and chips with their counts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget

from app.domain.listing.filter import Chip
from app.i18n.language import QT_TR_NOOP, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.theme import icon
from app.ui.look.widgets import name_control
from app.ui.worklist.flow_layout import FlowLayout

CHIP_WORDS = {
    Chip.UNREAD: (QT_TR_NOOP("Unread"), QT_TR_NOOP("Studies that you are not done with. Priors are not counted.")),
    Chip.HIGH: ("≥ 95%", QT_TR_NOOP("Scores at the 95th percentile of normals and above.")),
    Chip.TODAY: (QT_TR_NOOP("Today"), QT_TR_NOOP("Studies of today's date.")),
    Chip.QUESTION: (QT_TR_NOOP("Question"), QT_TR_NOOP("Studies about which the detector asks before it scores them.")),
    Chip.ERROR: (QT_TR_NOOP("Error"), QT_TR_NOOP("Studies that could not be read.")),
    Chip.REJECTED: (QT_TR_NOOP("Rejected"), QT_TR_NOOP("Studies whose finding you have rejected.")),
    Chip.CHANGED: (
        QT_TR_NOOP("Changed"),
        QT_TR_NOOP(
            "Studies whose file was replaced, or that were scored anew with another result since the program began."
        ),
    ),
}
CHIP_ICONS = {Chip.QUESTION: "question", Chip.ERROR: "error", Chip.REJECTED: "reject", Chip.CHANGED: "changed"}
CHIP_SHARE = 0.9  # of the size of other text: seven chips take two lines
ICON = 13  # pixels; a chip with an icon says its word in its tool tip and to screen readers
_LEAVING = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Up)


class FilterEdit(QLineEdit):
    """The line. Esc clears it and gives the focus back; the arrows go on in the list.

    Signals:
        cleared: Esc. entered: Enter, for the first study that is shown. left: an arrow, for the list.
    """

    cleared = TypedSignal[()]()
    entered = TypedSignal[()]()
    left = TypedSignal[()]()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worklistFilter")
        self.setPlaceholderText(tr("Filter by name, ID, date…"))
        self.setClearButtonEnabled(True)
        tip = tr("Name, patient ID, accession number, description or date; several words are all looked for.")
        name_control(self, tr("Filter the worklist"), tip)
        self._before: QWidget | None = None

    def begin(self, text: str = "") -> None:
        """Take the keys, with this typed behind what is there; without text what is there is selected."""
        if not self.hasFocus():
            self._before = QApplication.focusWidget()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text:
            self.end(False)
            self.insert(text)
            self.textEdited.emit(self.text())
        else:
            self.selectAll()

    def event(self, event: QEvent) -> bool:
        """The keys that leave the line are its own, and no shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _leaves(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type, or leave."""
        if not _leaves(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            before, self._before = self._before, None
            self.cleared.emit()
            if before is not None and before.isVisible() and before is not self:
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            self.left.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever had the focus before is forgotten once another has it, but not while a menu lies over the line."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._before = None


def _leaves(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return event.key() in _LEAVING and not modifiers


class FilterChips(QWidget):
    """One button a chip; several that are down narrow the list together.

    Signals:
        chosen: the chips that are down now.
    """

    chosen = TypedSignal[frozenset[Chip]]()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = FlowLayout(self, spacing=4)
        self.buttons: dict[Chip, QToolButton] = {}
        for chip in Chip:
            button = self.buttons[chip] = QToolButton()
            button.setProperty("chip", True)
            button.setCheckable(True)
            small = QFont(QApplication.font())
            small.setPointSizeF(small.pointSizeF() * CHIP_SHARE)
            button.setFont(small)
            if chip in CHIP_ICONS:
                button.setIcon(icon(CHIP_ICONS[chip]))
                button.setIconSize(QSize(ICON, ICON))
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(self._tell)
            flow.addWidget(button)
        self._counts: dict[Chip, int] = {}
        self.set_counts({})

    def set_counts(self, counts: Mapping[Chip, int]) -> None:
        """Say how many studies each would leave; a chip that would leave none steps back."""
        for chip, button in self.buttons.items():
            count = counts.get(chip, 0)
            if self._counts.get(chip) == count:
                continue
            self._counts[chip] = count
            word, tip = (tr(words) for words in CHIP_WORDS[chip])
            button.setText(str(count) if chip in CHIP_ICONS else f"{word} {count}")
            button.setProperty("none", not count)
            button.style().unpolish(button)
            button.style().polish(button)
            name_control(button, tr("{word}: {count} studies").format(word=word, count=count), f"{word}: {tip}")

    def show_chips(self, chips: frozenset[Chip]) -> None:
        """Follow the filter."""
        for chip, button in self.buttons.items():
            button.setChecked(chip in chips)

    def _tell(self) -> None:
        self.chosen.emit(frozenset(chip for chip, button in self.buttons.items() if button.isChecked()))
