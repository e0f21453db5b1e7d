"""The worklist as Qt rows. Rows move; a study stays itself, so selections follow the study and not the row."""

from __future__ import annotations

from collections.abc import Set
from operator import attrgetter

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt

from app.domain.listing.rows import Rows
from app.domain.masking import Masking
from app.domain.persistent import SharingMap, SharingSequence
from app.domain.study import Study
from app.ui.look.widgets import tool_tip
from app.ui.words.words import row_words

Index = QModelIndex | QPersistentModelIndex
UID_ROLE = Qt.ItemDataRole.UserRole + 1
STUDY_ROLE = Qt.ItemDataRole.UserRole + 2  # as it may be shown
CHOSEN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
MASKED_ROLE = Qt.ItemDataRole.UserRole + 3  # whether names are masked
PRIOR_ROLE = Qt.ItemDataRole.UserRole + 4  # whether it is an older study of the patient above it


class WorklistModel(QStringListModel):
    """One row a study, in the worklist's order.

    Qt's own list of strings keeps nothing but the number of rows: a view asks for it once a row whenever it lays
    itself out, which takes 25 ms for 10 000 studies when Python answers and 1 ms when Qt does.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studies = Rows(SharingSequence(), SharingMap())
        self._coming = 0  # rows at the beginning that have no study yet
        self._masking = Masking()
        self._priors: Set[str] = frozenset()
        self.rowsInserted.connect(self._make_room)  # before any view hears of it

    def set_masking(self, masking: Masking) -> None:
        """Show names, or pseudonyms."""
        if masking != self._masking:
            self._masking = masking
            if self._studies:
                self.dataChanged.emit(self.index(0), self.index(len(self._studies) - 1))

    def set_studies(self, studies: Rows, priors: Set[str] = frozenset()) -> None:
        """Follow the list: rows come or go at one end, then each holds its study.

        So what a view has marked is all that is looked at, however many rows move. New ones come at the beginning,
        where Qt's list of strings makes room for many at once.
        """
        self._priors, former = priors, self._studies
        if studies is former:
            return
        if len(studies) > len(former):
            self.insertRows(0, len(studies) - len(former))
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        rows = (index.row() - self._coming for index in indexes)
        meant = [former[row].uid if row >= 0 else "" for row in rows]
        self._studies, self._coming = studies, 0
        self.changePersistentIndexList(indexes, [*map(self._index_of, meant)])
        self.layoutChanged.emit()
        if len(studies) < len(former):
            self.removeRows(len(studies), len(former) - len(studies))

    def flags(self, index: Index) -> Qt.ItemFlag:
        """To be chosen, not edited."""
        return CHOSEN if index.isValid() else Qt.ItemFlag.NoItemFlags

    def row_of(self, uid: str) -> int | None:
        """Where a study is now."""
        return self._studies.row_of(uid)

    def _make_room(self, _: QModelIndex, first: int, last: int) -> None:
        self._coming = last - first + 1

    def _index_of(self, uid: str) -> QModelIndex:
        row = self.row_of(uid)
        return QModelIndex() if row is None else self.index(row)

    def study(self, row: int) -> Study:
        """The study in a row."""
        return self._studies[row]

    @property
    def uids(self) -> tuple[str, ...]:
        """The studies' UIDs, row by row."""
        return tuple(map(attrgetter("uid"), self._studies))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words for people and screen readers; UID and Study for the view and its delegate."""
        if not index.isValid() or not 0 <= index.row() - self._coming < len(self._studies):
            return None
        if role == MASKED_ROLE:
            return self._masking.on
        here = self._studies[index.row() - self._coming]
        if role == UID_ROLE:
            return here.uid
        if role == PRIOR_ROLE:
            return here.uid in self._priors
        study = self._masking.study(here)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row_words(study, self._masking.on)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(row_words(study, self._masking.on))
        return study if role == STUDY_ROLE else None
