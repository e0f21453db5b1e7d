"""The worklist on the left: every study, highest score first. Nothing moves under the reader's eyes."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QFrame, QListView, QWidget

from app.domain.session import Session
from app.domain.worklist import Worklist
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, in_column, in_row, plain_label
from app.ui.wishes import Wishes
from app.ui.worklist.delegate import WorklistDelegate
from app.ui.worklist.mixed_scores import MixedScores
from app.ui.worklist.model import UID_ROLE, WorklistModel
from app.ui.worklist.progress_line import ProgressLine


class StudyList(QListView):
    """The list; keeps the same study under the same eye when the order changes."""

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.studies = WorklistModel(self)
        self.setModel(self.studies)
        self.setItemDelegate(WorklistDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Worklist, sorted by score"))
        self._following = False

    @property
    def selected_uid(self) -> str:
        """UID of the selected study; '' for none."""
        index = self._selected()
        return str(index.data(UID_ROLE)) if index.isValid() else ""

    def _selected(self) -> QModelIndex:
        """The selected row. Qt's current row is another thing: it takes the first when the list gets the focus."""
        return next(iter(self.selectedIndexes()), QModelIndex())

    def set_worklist(self, worklist: Worklist) -> None:
        """Show the worklist; selection and what is on the screen stay where they are."""
        anchor = self._anchor()
        self._following = True
        self.studies.set_worklist(worklist)
        self.doItemsLayout()
        self._following = False
        self._hold(anchor)

    def select(self, uid: str) -> None:
        """Select a study without telling anybody; '' selects none."""
        if uid == self.selected_uid:
            return
        row = self.studies.row_of(uid)
        self._following = True
        if row is None:
            self.clearSelection()
        else:
            self.setCurrentIndex(self.studies.index(row))
        self._following = False

    def step(self, rows: int) -> None:
        """Choose the study this many rows further down; the first where none is chosen."""
        if count := self.studies.rowCount():
            selected = self._selected()
            row = selected.row() + rows if selected.isValid() else 0
            self.setCurrentIndex(self.studies.index(min(max(row, 0), count - 1)))

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Tell who was chosen by mouse or key."""
        super().selectionChanged(selected, deselected)
        if self.selected_uid and not self._following:
            self._wishes.study_selected.emit(self.selected_uid)

    def _anchor(self) -> tuple[str, int] | None:
        """The study that must not move, and how far from the top it is: the selected one if on the screen."""
        area = self.viewport().rect()
        current = self._selected()
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


class WorklistView(QFrame):
    """Heading with counts, and the list.

    Signals:
        menu_wanted: QPoint on the screen; the study there has been chosen.
    """

    menu_wanted = TypedSignal[QPoint]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worklist")
        self.list = StudyList(wishes)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._ask_for_menu)
        self.count = plain_label("", "muted")
        heading = in_row(plain_label(tr("Worklist"), "patientName"), 1, self.count, margins=(12, 9, 10, 8))
        self.mixed = MixedScores(wishes)
        self.progress = ProgressLine(wishes)
        in_column(heading, self.progress, self.mixed, (self.list, 1), of=self, margins=NO_MARGINS, spacing=0)
        self.setMinimumWidth(230)

    def set_worklist(self, worklist: Worklist) -> None:
        """Show the worklist."""
        self.list.set_worklist(worklist)
        self.progress.set_worklist(worklist)
        self.mixed.set_worklist(worklist)
        words = tr("1 study, {scored} scored") if len(worklist) == 1 else tr("{count} studies, {scored} scored")
        self.count.setText(words.format(count=len(worklist), scored=worklist.scored) if len(worklist) else "")

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session's selection, and mask names where they shall be."""
        if new.differs(old, "mask_names", "mask_key"):
            self.list.studies.set_masking(new.masking)
        self.list.select(new.study_uid)
        self.progress.render_session(old, new)
        self.mixed.render_session(old, new)

    def following(self, uid: str) -> tuple[str, ...]:
        """UIDs of the studies as they stand here: those below a study first, then those above it and itself."""
        studies = self.list.studies
        uids = tuple(studies.study(row).uid for row in range(studies.rowCount()))
        row = studies.row_of(uid)
        below = 0 if row is None else row + 1
        return uids[below:] + uids[:below]

    def _ask_for_menu(self, where: QPoint) -> None:
        """A right click has chosen the study under it already."""
        if self.list.selected_uid:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(where))
