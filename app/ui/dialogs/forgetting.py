"""Forget everything: what the program keeps, the choice what of it goes, and a page that says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QDialog,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QWidget,
)

from app.domain.session import Session
from app.i18n.language import QT_TR_NOOP, say, tr
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.look.widgets import action_button, name_control, plain_label
from app.ui.wishes import Wishes
from squid_core.forgetting import KIND_WORDS, MAX_SAID, OF_SETTINGS, Forgotten, Held, Kind, forget, is_ordered

TITLE = QT_TR_NOOP("Forget everything")
WHAT_GOES = QT_TR_NOOP(
    "This removes what SQUID Viewer keeps in its own folder on this computer. Your images and exports in other places "
    "are not touched."
)
NOT_OVERWRITTEN = QT_TR_NOOP(
    "Files are removed, not written over: on a solid-state disk that would erase nothing. Encrypt the disk against "
    "whoever may take it out."
)
PATIENTS = QT_TR_NOOP("Patient data and the audit trail")
SETTINGS = QT_TR_NOOP("Settings, passwords and learned weights as well")
WIDTH, ROW_HEIGHT, HEADER_HEIGHT, FIGURE_WIDTH = 620, 24, 30, 100
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SI = QLocale.DataSizeFormat.DataSizeSIFormat


class ForgetDialog(PlainDialog):
    """Follows the session, which says what there is; nothing is ticked at first, and Enter presses nothing.

    Args:
        wishes: told what is to be forgotten.
        parent: the window it belongs to.
    """

    READS = ("held",)

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr(TITLE), parent, width=WIDTH)
        self._wishes = wishes
        self._held: tuple[Held, ...] | None = None
        self.patients, self.settings = QCheckBox(tr(PATIENTS)), QCheckBox(tr(SETTINGS))
        self.of_patients, self.of_settings = _held_table(self, tr(PATIENTS)), _held_table(self, tr(SETTINGS))
        self.unsent = plain_label("", "warning", wrap=True)
        self.unsent.hide()
        self.column.addWidget(plain_label(tr(WHAT_GOES), wrap=True))
        for part in (self.patients, self.of_patients, self.unsent, self.settings, self.of_settings):
            self.column.addWidget(part)
        self.column.addWidget(plain_label(tr(NOT_OVERWRITTEN), "hint", wrap=True))
        tip = tr("Asks once more, then removes it and ends the program.")
        self.forget = action_button(tr("Forget everything…"), tip, self._ask)
        self.finish(self.forget)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.patients.toggled.connect(self._follow_choice)
        self._follow_choice()
        wishes.held_asked.emit()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session."""
        if not new.differs(old, *self.READS):
            return
        self._held = new.held
        held = new.held or ()
        _fill(self.of_patients, [one for one in held if one.kind not in OF_SETTINGS])
        _fill(self.of_settings, [one for one in held if one.kind in OF_SETTINGS])
        unsent = sum(one.count for one in held if one.kind is Kind.OUTBOX)
        words = tr("{count} of the results in the outbox are not sent yet, and never will be.")
        self.unsent.setText(words.format(count=unsent))
        self.unsent.setVisible(unsent > 0)
        _fit(self)
        self._follow_choice()

    def _follow_choice(self) -> None:
        self.settings.setEnabled(self.patients.isChecked())
        if not self.patients.isChecked():
            self.settings.setChecked(False)
        self.forget.setEnabled(self.patients.isChecked() and self._held is not None)

    def _ask(self) -> None:
        studies = sum(one.count for one in self._held or () if one.kind is Kind.STUDIES)
        settings = self.settings.isChecked()
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setWindowTitle(tr(TITLE))
        question.setTextFormat(Qt.TextFormat.PlainText)
        one = tr("Forget the study and all that was found and said of it?")
        many = tr("Forget {count} studies and all that was found and said of them?").format(count=studies)
        question.setText(one if studies == 1 else many)
        question.setInformativeText(tr("This cannot be undone. SQUID Viewer ends afterwards."))
        yes = question.addButton(tr("Forget everything"), QMessageBox.ButtonRole.DestructiveRole)
        yes.setAutoDefault(False)
        no = question.addButton(QMessageBox.StandardButton.Cancel)
        question.setDefaultButton(no)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.buttonClicked.connect(
            lambda button: self._wishes.forgetting_wanted.emit(settings) if button is yes else None
        )
        question.open()


class ForgottenDialog(PlainDialog):
    """What was removed and what could not be; it stays until all is done.

    Args:
        home: the program's own folder, where it is ordered.
        goes_on: whether the program goes on afterwards, with nothing in it.
    """

    def __init__(self, home: Path, *, goes_on: bool = False) -> None:
        super().__init__(tr(TITLE), width=WIDTH)
        self._goes_on, self._done = goes_on, False
        self.state = plain_label(tr("Removing…"), wrap=True)
        self.table = _held_table(self, tr("What was removed"))
        self.failed = plain_label("", "warning", wrap=True)
        self.failed.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.failed.hide()
        for part in (self.state, self.table, self.failed):
            self.column.addWidget(part)
        self.finish()
        Courier(self).when_done(ask_disk(partial(forget, home)), self._show)

    def done(self, result: int) -> None:
        """Close it, once there is something to be read."""
        if self._done:
            super().done(result)

    def _show(self, asked: Future[Forgotten | None]) -> None:
        self._done = True
        found = None if asked.exception() is not None else asked.result()
        if found is None:
            self.state.setText(tr("Not everything could be removed. Start the program once more to have it finished."))
            return
        whole = tr("Removed. What SQUID Viewer kept before is gone.")
        words = [tr("Removed, but for what is named below.") if found.failed else whole]
        if found.left:
            left = tr("Other files in its folder, which the program has not put there, stay: {count}.")
            words.append(left.format(count=found.left))
        words.append(tr("It goes on with an empty worklist.") if self._goes_on else tr("The program ends now."))
        self.state.setText(" ".join(words))
        _fill(self.table, found.held)
        if found.failed:
            heading = tr("What could not be removed ({count}):").format(count=len(found.failed))
            self.failed.setText("\n".join((heading, *found.failed[:MAX_SAID])))
            self.failed.show()
        _fit(self)


def forget_with_page(home: Path, *, goes_on: bool) -> None:
    """Carry out what was ordered, and say what came of it, until that is read; nothing where nothing was ordered.

    Args:
        home: the program's own folder, in which nothing is open.
        goes_on: see `ForgottenDialog`.
    """
    if not is_ordered(home):
        return
    page = ForgottenDialog(home, goes_on=goes_on)
    page.finished.connect(QApplication.quit)
    page.show()
    ends = QApplication.quitOnLastWindowClosed()
    QApplication.setQuitOnLastWindowClosed(False)  # else what comes afterwards is ended too
    QApplication.exec()  # a loop of any other kind ends at once where the application has ended before
    QApplication.setQuitOnLastWindowClosed(ends)
    page.deleteLater()


def _fit(dialog: PlainDialog) -> None:
    """As high as what it shows needs to be: lines that wrap are higher than their size hints say."""
    dialog.column.activate()
    dialog.resize(dialog.width(), dialog.column.totalHeightForWidth(dialog.width()))


def _held_table(parent: QDialog, name: str) -> QTableWidget:
    headings = (tr("What"), tr("Count"), tr("Size"))
    table = plain_table(parent, name, headings, 0, wide=0)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    table.horizontalHeader().setFixedHeight(HEADER_HEIGHT)
    for column in (1, 2):
        table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(column, FIGURE_WIDTH)
        table.model().setHeaderData(column, Qt.Orientation.Horizontal, RIGHT, Qt.ItemDataRole.TextAlignmentRole)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    name_control(table, name)
    table.hide()
    return table


def _fill(table: QTableWidget, held: Sequence[Held]) -> None:
    table.setRowCount(len(held))
    for row, one in enumerate(held):
        size = QLocale().formattedDataSize(one.bytes, 1, SI) if one.bytes else ""
        write_row(table, row, (say(KIND_WORDS[one.kind]), f"{one.count}", size))
        for column in (1, 2):
            if (cell := table.item(row, column)) is not None:
                cell.setTextAlignment(RIGHT)
    table.setFixedHeight(HEADER_HEIGHT + ROW_HEIGHT * len(held) + 2 * table.frameWidth())
    table.setVisible(bool(held))
