"""The page "Software inside": what this program is made of, each part with its version, its licence and their text."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QPlainTextEdit, QSplitter, QWidget

from app.i18n.language import tr
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.latest import LatestWins
from app.software import Software, software_inside
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.look.widgets import plain_label
from squid_core.contracts.errors import SquidError

SIZE = (1140, 660)
TABLE_WIDTH = 450


class SoftwareDialog(PlainDialog):
    """Reads the list when it opens and a text when its part is chosen, neither on the window's thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Software inside"), parent)
        self.resize(*SIZE)
        self.parts: tuple[Software, ...] = ()
        self.state = plain_label(tr("Reading what is installed…"), "muted", wrap=True)
        headings = (tr("Name"), tr("Version"), tr("Licence"))
        self.table = plain_table(self, tr("Software inside"), headings, 0, wide=2)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setWordWrap(False)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("Text of the licence"))
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setChildrenCollapsible(False)
        for part in (self.table, self.text):
            both.addWidget(part)
        both.setSizes([TABLE_WIDTH, SIZE[0] - TABLE_WIDTH])
        self.column.addWidget(self.state)
        self.column.addWidget(both, 1)
        self.finish()
        courier = Courier(self)
        self._texts = LatestWins[Software, str](
            courier, lambda part: ask_disk(part.text), lambda _, text: self.text.setPlainText(text), self._show_fault
        )
        self.table.currentCellChanged.connect(self._on_choice)
        courier.when_done(ask_disk(software_inside), self._show_list)

    def _show_list(self, done: Future[tuple[Software, ...]]) -> None:
        if done.exception() is not None:
            self.state.setText(tr("What is installed cannot be read. The file NOTICE of the program lists it."))
            return
        self.parts = done.result()
        self.state.setText(
            tr("{count} parts. Choose one to read its licence. Qt is used under the LGPL, version 3.").format(
                count=len(self.parts)
            )
        )
        self.table.setRowCount(len(self.parts))
        for row, part in enumerate(self.parts):
            write_row(self.table, row, (part.name, part.version, part.licence))
        self.table.setCurrentCell(0, 0)
        self.table.setFocus()

    def _on_choice(self, row: int) -> None:
        self.text.clear()
        self._texts.ask(self.parts[row])

    def _show_fault(self, _part: Software, error: SquidError) -> None:
        self.text.setPlainText(str(error))
