"""One line on how something stands: a sign, never colour alone, and a sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.i18n.language import tr
from app.ui.look.theme import icon, tokens
from app.ui.look.widgets import NO_MARGINS, in_row, plain_label, tool_tip

SIGN = 16


class SaidLine(QWidget):
    """Empty until something is said; what wraps makes it higher."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = QLabel()
        self.text = plain_label("", wrap=True)
        row = in_row(self.sign, (self.text, 1), of=self, margins=NO_MARGINS, spacing=8)
        row.setAlignment(self.sign, Qt.AlignmentFlag.AlignVCenter)
        self.say("")

    def say(self, sentence: str, *, well: bool | None = None, detail: str = "") -> None:
        """Say a sentence.

        Args:
            sentence: '' for nothing.
            well: whether it went well; None where neither is meant.
            detail: for an engineer, on the pointer.
        """
        self.text.setText(sentence)
        self.text.setToolTip(tool_tip(detail))
        self.sign.setVisible(bool(sentence) and well is not None)
        name, colour, word = ("accept", tokens().accent, tr("good")) if well else ("error", tokens().error, tr("fault"))
        self.sign.setPixmap(icon(name, colour).pixmap(SIGN, SIGN))
        self.sign.setAccessibleName(word)
