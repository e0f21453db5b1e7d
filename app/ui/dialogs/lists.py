"""The few windows that open on request: notices and about, and what such lists share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.domain.errors import Notice
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.theme import app_icon, font
from app.ui.look.widgets import action_button, in_column, name_control, plain_label
from app.ui.words.words import RESEARCH_USE, notice_words, severity_word
from squid_core.version import installed_version

ABOUT = QT_TR_NOOP(
    "SQUID Viewer shows beside every chest radiograph the normal image that SQUID imagines for it, and sorts a "
    "worklist by how little an image resembles the normal anatomy it remembers. SQUID: Xiang et al., "
    "“SQUID: Deep Feature In-Painting for Unsupervised Anomaly Detection”, CVPR 2023."
)
SAFETY = QT_TR_NOOP(
    "It is a tool for research and teaching. Its scores have not been validated for any clinical use; it must not "
    "be used to diagnose, treat or triage patients. A low score does not mean that an image is normal."
)


def plain_table(parent: QWidget, name: str, headings: Sequence[str], rows: int, wide: int) -> QTableWidget:
    """A read-only table without text as yet, whose column `wide` takes the room that the others leave."""
    table = QTableWidget(rows, len(headings), parent)
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headings))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    return table


def write_row(table: QTableWidget, row: int, texts: Sequence[str]) -> None:
    """Write plain text into a row, from the first column on.

    A cell that says it already is left: for each that changes, a table on the screen measures all of them.
    """
    for column, text in enumerate(texts):
        if (cell := table.item(row, column)) is not None:
            cell.setText(text)
        else:
            table.setItem(row, column, QTableWidgetItem(text))


class PlainDialog(QDialog):
    """A title, some content, and Close."""

    def __init__(self, title: str, parent: QWidget | None = None, width: int = 620) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        heading = plain_label(title)
        heading.setFont(font(13.0, bold=True))
        self.column = in_column(heading, of=self, margins=(18, 16, 18, 14), spacing=12)
        self.setMinimumWidth(width)

    def finish(self, *more: QPushButton) -> None:
        """Add the buttons at the bottom: Close, and what else there is."""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        for button in more:
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.column.addWidget(buttons)

    def _add_table(self, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.table = plain_table(self, name, headings, len(rows), wide=1)
        self.table.verticalHeader().setMinimumSectionSize(20)
        for at, texts in enumerate(rows):
            write_row(self.table, at, texts)
        self.column.addWidget(self.table)


class NoticesDialog(PlainDialog):
    """All notices of this run, newest first, with details."""

    guide_wanted = Signal()

    def __init__(self, notices: Sequence[Notice], parent: QWidget | None = None) -> None:
        super().__init__(tr("Notices"), parent, width=720)
        if not notices:
            self.column.addWidget(plain_label(tr("Nothing to report yet."), "muted"))
            self.finish()
            return
        rows = [(severity_word(notice.severity), notice_words(notice), notice.detail) for notice in reversed(notices)]
        headings = (tr("Kind"), tr("What happened and what to do"), tr("Detail"))
        self._add_table(tr("Notices"), headings, rows)
        self.table.setMinimumHeight(220)
        tip = tr("What each message means and what to do, in the guide")
        self.finish(action_button(tr("What to do…"), tip, self.guide_wanted.emit))


class AboutDialog(PlainDialog):
    """What it is, who made the method, what it is not for."""

    software_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("About SQUID Viewer"), parent, width=520)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(64, 64))
        self.column.addWidget(picture)
        self.column.addWidget(
            plain_label(tr("Version {version}").format(version=installed_version() or tr("from source")), "muted")
        )
        self.column.addWidget(plain_label(tr(ABOUT), wrap=True))
        self.column.addWidget(plain_label(tr(RESEARCH_USE), "patientName"))
        self.column.addWidget(plain_label(tr(SAFETY), wrap=True))
        software = QPushButton(tr("Software inside…"))
        name_control(software, tr("Software inside…"), tr("What this program is made of, with versions and licences"))
        software.clicked.connect(self.software_wanted)
        self.finish(software)
