"""The outbox: results that wait to be sent, and those that were not taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMessageBox, QPushButton, QWidget

from app.domain.network import OutboxItem
from app.domain.session import Session
from app.domain.study import Study
from app.i18n.language import QT_TR_NOOP, say, tr
from app.ui.dialogs.lists import PlainDialog, plain_table, write_row
from app.ui.look.widgets import action_button, plain_label, tool_tip
from app.ui.wishes import Wishes
from app.ui.words.network_words import SENT_KINDS, next_try_words, outbox_words
from app.ui.words.words import patient_words
from squid_core.contracts.radiograph import Identity

SIZE = (1040, 460)
FOLLOW_MS = 15_000  # "in 3 minutes" becomes "in 2 minutes"
WHO, KIND, SYSTEM, STATE, TRIES, NEXT, SAID = range(7)
WIDTHS = {WHO: 180, KIND: 150, SYSTEM: 110, STATE: 76, TRIES: 52, NEXT: 120}
NOT_DELETED = QT_TR_NOOP("Only the copies that wait here go; study, score, marks and judgement stay.")


class OutboxDialog(PlainDialog):
    """Stays open beside the window and follows the session.

    Args:
        wishes: told what is to be tried again, and what given up.
        study_of: the study of this UID on the worklist, None for one that is not on it.
        parent: the window it belongs to.
    """

    READS = ("outbox", "mask_names", "mask_key")

    def __init__(self, wishes: Wishes, study_of: Callable[[str], Study | None], parent: QWidget | None = None) -> None:
        super().__init__(tr("Outbox"), parent)
        self._wishes, self._study_of = wishes, study_of
        self._session = Session()
        self._items: tuple[OutboxItem, ...] = ()
        self.resize(*SIZE)
        self.state = plain_label("", wrap=True)
        self.column.addWidget(self.state)
        headings = (
            tr("Study"), tr("Result"), tr("System"), tr("State"), tr("Tries"), tr("Next try"), tr("What it said"),
        )  # fmt: skip
        self.table = plain_table(self, tr("Outbox"), headings, 0, wide=SAID)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setTabKeyNavigation(False)
        for column, width in WIDTHS.items():
            self.table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            self.table.setColumnWidth(column, width)
        self.column.addWidget(self.table, 1)
        tip = tr("Send the chosen rows now, or all of them where none is chosen.")
        self.retry = action_button(tr("Try again"), tip, self._try_again)
        tip = tr("Take the chosen rows out of the outbox; they are not sent.")
        self.give_up = action_button(tr("Give up…"), tip, self._ask_to_give_up)
        self.table.itemSelectionChanged.connect(self._follow_choice)
        self.finish(self.retry, self.give_up)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._clock = QTimer(self, interval=FOLLOW_MS)
        self._clock.timeout.connect(self._fill)
        self._clock.start()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session."""
        if new.differs(old, *self.READS):
            self._session = new
            self._fill()

    def _fill(self) -> None:
        session, chosen = self._session, set(self._chosen)
        items = session.outbox.items
        self.state.setText(outbox_words(session.outbox))
        if [item.number for item in items] != list(self._all):
            self.table.setRowCount(len(items))
            self.table.clearSelection()
        self._items = items
        now = datetime.now().astimezone()
        for row, item in enumerate(items):
            write_row(self.table, row, self._texts(item, now))
            for column in (WHO, KIND, SAID):
                if (cell := self.table.item(row, column)) is not None:
                    cell.setToolTip(tool_tip(cell.text()))
            if item.number in chosen:
                self._select(row)
        self._follow_choice()

    def _select(self, row: int) -> None:
        for column in range(self.table.columnCount()):
            if (cell := self.table.item(row, column)) is not None:
                cell.setSelected(True)

    def _texts(self, item: OutboxItem, now: datetime) -> tuple[str, ...]:
        kind = SENT_KINDS.get(item.kind)
        return (
            self._called(item),
            tr(kind) if kind else item.kind.upper(),
            item.peer,
            tr("refused") if item.refused else tr("waiting"),
            str(item.tries),
            next_try_words(item, now),
            say(item.sentence),
        )

    def _called(self, item: OutboxItem) -> str:
        """The patient as on the worklist, else by the ID that the file was made for."""
        masking, study = self._session.masking, self._study_of(item.study_instance_uid)
        uid = item.study_instance_uid
        plain = study.identity if study is not None else Identity(uid, patient_id=item.patient_id)
        return patient_words(masking.identity(plain, uid))

    @property
    def _all(self) -> tuple[int, ...]:
        return tuple(item.number for item in self._items)

    @property
    def _chosen(self) -> tuple[int, ...]:
        rows = {index.row() for index in self.table.selectedIndexes()}
        return tuple(item.number for row, item in enumerate(self._items) if row in rows)

    def _follow_choice(self) -> None:
        self.retry.setEnabled(bool(self._items))
        self.give_up.setEnabled(bool(self._chosen))

    def _try_again(self) -> None:
        self._wishes.outbox_retried.emit(self._chosen or self._all)

    def _ask_to_give_up(self) -> None:
        numbers = self._chosen
        if not numbers:
            return
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(tr("Outbox"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        words = tr("Not send this result?") if len(numbers) == 1 else tr("Not send these {count} results?")
        question.setText(words.format(count=len(numbers)))
        question.setInformativeText(tr(NOT_DELETED))
        yes = question.addButton(tr("Give up"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.buttonClicked.connect(
            lambda button: self._wishes.outbox_given_up.emit(numbers) if button is yes else None
        )
        question.open()
