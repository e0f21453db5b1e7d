"""The question before studies go by their age: how many go now."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from app.i18n.language import QT_TR_NOOP, tr

STUDIES_KEPT = "studies_kept"  # the setting
WHAT_GOES = QT_TR_NOOP(
    "With them go their results, your marks and judgements, and what came of them over the network. Files in your own "
    "folders stay, and so does the audit trail. This cannot be undone."
)


def going_question(days: int, going: int, parent: QWidget) -> QMessageBox:
    """Whether so many studies may go now. Enter presses Cancel; it is accepted where they may."""
    question = QMessageBox(parent)
    question.setIcon(QMessageBox.Icon.Warning)
    question.setWindowTitle(tr("Keep studies"))
    question.setTextFormat(Qt.TextFormat.PlainText)
    one = tr("1 study came more than {days} days ago. It is removed now.")
    many = tr("{count} studies came more than {days} days ago. They are removed now.")
    question.setText((one if going == 1 else many).format(count=going, days=days))
    question.setInformativeText(tr(WHAT_GOES))
    question.addButton(tr("Remove now"), QMessageBox.ButtonRole.AcceptRole).setAutoDefault(False)
    question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return question
