"""The list of studies itself. Nothing moves under the reader's eyes; several studies may be chosen at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from app.domain.listing.rows import Rows
from app.domain.settings import ListSettings
from app.domain.study import Study
from app.services.threads.signals import TypedSignal
from app.ui.wishes import Wishes
from app.ui.worklist.delegate import WorklistDelegate
from app.ui.worklist.model import UID_ROLE, Index, WorklistModel

FILTER_KEY = "/"
_NO_UPDATE = QItemSelectionModel.SelectionFlag.NoUpdate


class StudyList(QListView):
    """The list; keeps the same study under the same eye when the order changes.

    One chosen study is opened. With Ctrl or Shift several are chosen, and the open one stays open.

    Signals:
        typed: letters that were typed on the list; they belong to the filter.
    """

    typed = TypedSignal[str]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._following = False
        self._laid_out: tuple[object, ...] = ()  # what the places of the rows were worked out for
        self._open = ""  # UID of the study that the session shows
        self._filtered_out: frozenset[str] = frozenset()  # chosen ones that the filter has taken away
        self.studies = WorklistModel(self)
        self._delegate = WorklistDelegate(self)
        self.setModel(self.studies)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def open_uid(self) -> str:
        """UID of the study that the session shows; '' for none."""
        return self._open

    @property
    def selected_uid(self) -> str:
        """UID of the open study where it is chosen, else of the first that is; '' for none."""
        uids = self.selected_uids
        return self._open if self._open in uids else next(iter(uids), "")

    @property
    def selected_uids(self) -> tuple[str, ...]:
        """UIDs of all that are chosen, from above."""
        return tuple(study.uid for study in self.chosen)

    @property
    def chosen(self) -> tuple[Study, ...]:
        """The studies that are chosen, from above."""
        return tuple(self.studies.study(row) for row in sorted(index.row() for index in self.selectedIndexes()))

    def set_studies(self, studies: Rows, priors: Set[str] = frozenset()) -> None:
        """Show these rows; selection and what is on the screen stay where they are.

        What was chosen and is filtered out now is chosen again when it comes back, unless the reader chooses anew.
        """
        anchor = self._anchor()
        chosen = self._filtered_out.union(self.selected_uids)
        self._following = True
        self.studies.set_studies(studies, priors)
        here = {uid: row for uid in chosen if (row := self.studies.row_of(uid)) is not None}
        self._filtered_out = chosen.difference(here)
        if {index.row() for index in self.selectedIndexes()} != set(here.values()):
            self._choose(here.values())
        self.doItemsLayout()
        self._following = False
        self._hold(anchor)
        if self._open and not here:  # it has come onto the list
            self.select(self._open)

    def show_as(self, listing: ListSettings) -> None:
        """Rows of two lines or of one; what is on the screen stays in sight."""
        anchor = self._anchor()
        self._delegate.listing = listing
        self.doItemsLayout()
        self._hold(anchor)

    def doItemsLayout(self) -> None:
        """Work out where the rows are, where their number or size has changed: all are of one height."""
        viewport = self.viewport().size()
        wanted = (self.studies.rowCount(), viewport, self.font().key(), self._delegate.listing.compact)
        if wanted != self._laid_out:
            self._laid_out = wanted
            super().doItemsLayout()
        else:
            QAbstractItemView.doItemsLayout(self)

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """What a row says moves no other."""
        QAbstractItemView.dataChanged(self, first, last, list(roles))

    def select(self, uid: str) -> None:
        """Follow which study is open, without telling anybody; '' for none. Several that are chosen stay so."""
        uids, was_open = self.selected_uids, uid == self._open
        self._open = uid
        if uid in uids or (was_open and len(uids) > 1):
            return
        self._point_at(self.studies.row_of(uid))

    def step(self, rows: int) -> None:
        """Choose the study this many rows further down; the first where none is chosen."""
        if count := self.studies.rowCount():
            at = self.studies.row_of(self.selected_uid)
            row = min(max(at + rows, 0), count - 1) if at is not None else 0
            if row != at:
                self._point_at(row)
                self._wishes.study_selected.emit(self.studies.study(row).uid)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell who was chosen by mouse or key."""
        super().selectionChanged(selected, deselected)
        if self._following:
            return
        self._filtered_out = frozenset()
        uids = self.selected_uids
        if len(uids) == 1:
            self._wishes.study_selected.emit(uids[0])

    def keyboardSearch(self, search: str) -> None:
        """Letters go to the filter; the key that begins it is none of its letters."""
        if search.strip():
            self.typed.emit("" if search == FILTER_KEY else search)

    def _point_at(self, row: int | None) -> None:
        """Have this row alone chosen, whichever keys are held; tell nobody."""
        self._following = True
        if row is None:
            self.clearSelection()
        else:
            index = self.studies.index(row)
            self.setCurrentIndex(index)
            self.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._following = False

    def _choose(self, rows: Iterable[int]) -> None:
        """Have exactly these rows chosen."""
        selection, model = QItemSelection(), self.studies
        for row in rows:
            selection.select(model.index(row), model.index(row))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        at = model.row_of(self._open)
        if at is not None and not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(model.index(at), _NO_UPDATE)

    def _anchor(self) -> tuple[str, int] | None:
        """The study that must not move, and how far from the top it is: the selected one if on the screen."""
        area = self.viewport().rect()
        row = self.studies.row_of(self.selected_uid)
        current = self.studies.index(row) if row is not None else QModelIndex()
        if current.isValid() and self.visualRect(current).intersects(area):
            return str(current.data(UID_ROLE)), self.visualRect(current).top()
        if self.verticalScrollBar().value() == 0:
            return None
        top = self.indexAt(area.topLeft())
        return (str(top.data(UID_ROLE)), self.visualRect(top).top()) if top.isValid() else None

    def _hold(self, anchor: tuple[str, int] | None) -> None:
        row = None if anchor is None else self.studies.row_of(anchor[0])
        if anchor is None or row is None:
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(self.studies.index(row)).top() - anchor[1])
