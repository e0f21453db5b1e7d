"""The list of notices."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.ui.dialogs.lists import NoticesDialog


def test_notices_without_an_entry_say_so(qtbot: QtBot) -> None:
    dialog = NoticesDialog([])
    qtbot.addWidget(dialog)
    assert "Nothing to report yet." in [label.text() for label in dialog.findChildren(QLabel)]
    assert not hasattr(dialog, "table")
