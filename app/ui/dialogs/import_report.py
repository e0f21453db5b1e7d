"""What became of an import: how many files are images, why others are not, and each file that is damaged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableWidget, QWidget

from app.domain.importing import FailedFile, ImportReport
from app.i18n.language import join, say, tr
from app.services.threads.signals import TypedSignal
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.look.widgets import name_control, plain_label
from app.ui.words.file_words import place_of_file

MAX_ROWS = 1000
WIDTH, TABLE_HEIGHT = 860, 260


class ImportReportDialog(PlainDialog):
    """Counts with their reasons, and a table of what is damaged that can be sorted, copied and read again.

    Signals:
        again_wanted: files that are to be read once more.
    """

    again_wanted = TypedSignal[list[Path]]()

    def __init__(
        self, report: ImportReport, failed: Sequence[FailedFile] = (), *, masked: bool = False, parent: QWidget | None
    ) -> None:
        """Build it.

        Args:
            report: of the last or running import.
            failed: what could not be read, of it and of the worklist.
            masked: names and folders of files are not shown.
            parent: the window it belongs to.
        """
        super().__init__(tr("Import report"), parent, width=WIDTH if failed else 620)
        summary = tr("{images} of {found} files are images and are in the worklist.")
        summary = summary.format(images=report.images, found=report.found)
        if report.cancelled:
            summary = join((tr("The import was stopped."), summary))
        self.column.addWidget(plain_label(summary, wrap=True))
        if report.reasons:
            rows = [(str(count), say(reason)) for reason, count in sorted(report.reasons, key=lambda item: -item[1])]
            self._add_table(tr("Reasons"), (tr("Files"), tr("Left out because")), rows)
        if not failed:
            self.finish()
            return
        self._paths = list(dict.fromkeys(one.path for one in failed))
        words = tr("1 file is damaged:") if len(failed) == 1 else tr("{count} files are damaged:")
        self.column.addWidget(plain_label(words.format(count=len(failed))))
        self.damaged = self._table_of(failed[:MAX_ROWS], masked=masked)
        self.column.addWidget(self.damaged)
        if len(failed) > MAX_ROWS:
            self.column.addWidget(plain_label(tr("{count} more are not listed.").format(count=len(failed) - MAX_ROWS)))
        again, copy = QPushButton(tr("Try all again")), QPushButton(tr("Copy"))
        name_control(again, tr("Try all again"), tr("Read the damaged files once more."))
        name_control(copy, tr("Copy"), tr("The chosen rows, or all of them, as text for a table."))
        again.clicked.connect(self._try_again)
        copy.clicked.connect(self.copy)
        self.finish(again, copy)

    def copy(self) -> None:
        """Put the chosen rows, all where none is chosen, on the clipboard as lines with tabs."""
        rows = sorted({index.row() for index in self.damaged.selectedIndexes()}) or range(self.damaged.rowCount())
        lines = ("\t".join(_text(self.damaged, row, at) for at in range(self.damaged.columnCount())) for row in rows)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _try_again(self) -> None:
        self.again_wanted.emit(self._paths)
        self.accept()

    def _table_of(self, failed: Sequence[FailedFile], *, masked: bool) -> QTableWidget:
        headings = (tr("File"), tr("Folder"), tr("What is wrong"))
        table = plain_table(self, tr("Damaged files"), headings, len(failed), wide=2)
        for row, one in enumerate(failed):
            write_row(table, row, (*place_of_file(one.path, one.member, masked), say(one.reason)))
            for at in range(len(headings)):
                if (cell := table.item(row, at)) is not None:
                    cell.setToolTip(cell.text())
        header = table.horizontalHeader()
        for at in (0, 1):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            table.setColumnWidth(at, 200)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setSortingEnabled(True)
        table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        table.setMinimumHeight(min(TABLE_HEIGHT, 60 + 40 * len(failed)))
        table.installEventFilter(self)
        return table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's own table copies one cell."""
        key = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if key is not None and key.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        return super().eventFilter(watched, event)


def _text(table: QTableWidget, row: int, column: int) -> str:
    cell = table.item(row, column)
    return "" if cell is None else cell.text()
