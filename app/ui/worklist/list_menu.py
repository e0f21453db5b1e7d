"""The button beside the filter: the order of the worklist, compact rows and their columns."""

from __future__ import annotations

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.domain.session import Session
from app.domain.settings import ListColumn, ListSettings, SortBy
from app.i18n.language import QT_TR_NOOP, tr
from app.ui.look.fixed import lock_fixed
from app.ui.look.theme import icon
from app.ui.look.widgets import name_control
from app.ui.wishes import Wishes

SORT_WORDS = {
    SortBy.SCORE: QT_TR_NOOP("By score, highest first"),
    SortBy.TIME: QT_TR_NOOP("By date, newest first"),
    SortBy.NAME: QT_TR_NOOP("By name"),
    SortBy.WAITING: QT_TR_NOOP("By waiting, longest first"),
}
COLUMN_WORDS = {
    ListColumn.SCORE: QT_TR_NOOP("Score"),
    ListColumn.PERCENTILE: QT_TR_NOOP("Percentile"),
    ListColumn.NAME: QT_TR_NOOP("Name"),
    ListColumn.PATIENT_ID: QT_TR_NOOP("Patient ID"),
    ListColumn.AGE: QT_TR_NOOP("Sex and age"),
    ListColumn.DATE: QT_TR_NOOP("Study date"),
    ListColumn.DESCRIPTION: QT_TR_NOOP("Description"),
    ListColumn.ACCESSION: QT_TR_NOOP("Accession number"),
    ListColumn.STATE: QT_TR_NOOP("State"),
    ListColumn.WAITING: QT_TR_NOOP("Waiting since"),
}


class ListMenu(QToolButton):
    """A button with a menu; what is chosen is wished for, and shown once the session has it."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._now = ListSettings()
        self.setIcon(icon("rows"))
        self.setObjectName("listMenu")
        self.setProperty("flat", True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        tip = tr("The order of the list, one line a study, and which columns it has.")
        name_control(self, tr("Order and columns of the worklist"), tip)
        menu = QMenu(self)
        group = QActionGroup(menu)
        self.sorts: dict[SortBy, QAction] = {}
        for sort, words in SORT_WORDS.items():
            action = self.sorts[sort] = menu.addAction(tr(words))
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, sort=sort: self._wish(sort=sort))
        menu.addSeparator()
        self.compact = menu.addAction(tr("One line a study"))
        self.compact.setCheckable(True)
        self.compact.triggered.connect(lambda on: self._wish(compact=on))
        choose = menu.addMenu(tr("Columns of a line"))
        self.columns: dict[ListColumn, QAction] = {}
        for column, words in COLUMN_WORDS.items():
            action = self.columns[column] = choose.addAction(tr(words))
            action.setCheckable(True)
            action.triggered.connect(self._wish_columns)
        self.setMenu(menu)
        menu.setToolTipsVisible(True)
        choose.setToolTipsVisible(True)
        self.show_listing(Session())

    def show_listing(self, session: Session) -> None:
        """Follow the session."""
        self._now = listing = session.listing
        self.sorts[listing.sort].setChecked(True)
        self.compact.setChecked(listing.compact)
        for column, action in self.columns.items():
            action.setChecked(column in listing.columns)
            action.setEnabled(listing.compact)
        locked = [*(("worklist.sort", action) for action in self.sorts.values()), ("worklist.compact", self.compact)]
        for name, action in [*locked, *(("worklist.columns", action) for action in self.columns.values())]:
            lock_fixed(session, {name: action})

    def _wish(self, **changes: object) -> None:
        self._wishes.listing_changed.emit(self._now.model_copy(update=changes))

    def _wish_columns(self) -> None:
        self._wish(columns=frozenset(column for column, action in self.columns.items() if action.isChecked()))
