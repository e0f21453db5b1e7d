"""Words for the user, translated where there is a translation."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str, comment: str = "") -> str:
    """The text in the language of the window; values are formatted in afterwards, so that lupdate finds the literal."""
    return QCoreApplication.translate("", text, comment)
