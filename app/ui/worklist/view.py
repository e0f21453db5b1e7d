"""The worklist on the left: heading, filter and list. Nothing moves under the reader's eyes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import filterfalse, pairwise

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from app.domain.listing.filter import Chip, Filter
from app.domain.listing.rows import WorklistRows
from app.domain.session import Session
from app.domain.settings import ListSettings, SortBy
from app.domain.worklist import Worklist
from app.i18n.language import QT_TR_NOOP, tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import NO_MARGINS, ElidedLabel, in_column, in_row, name_control, plain_label, tool_tip
from app.ui.wishes import Wishes
from app.ui.worklist.filter_line import FilterChips, FilterEdit
from app.ui.worklist.image_strip import ImageStrip
from app.ui.worklist.list_menu import ListMenu
from app.ui.worklist.mixed_scores import MixedScores
from app.ui.worklist.progress_line import ProgressLine
from app.ui.worklist.study_list import StudyList

WARM_SECONDS = 0.004  # of the window's thread at a time, for the words that a filter looks through
TITLES = {
    SortBy.SCORE: (QT_TR_NOOP("Worklist"), "", QT_TR_NOOP("Worklist, sorted by score")),
    SortBy.TIME: (
        QT_TR_NOOP("Worklist by date"),
        QT_TR_NOOP("By date"),
        QT_TR_NOOP("Worklist, sorted by date and not by score"),
    ),
    SortBy.NAME: (
        QT_TR_NOOP("Worklist by name"),
        QT_TR_NOOP("By name"),
        QT_TR_NOOP("Worklist, sorted by name and not by score"),
    ),
    SortBy.WAITING: (
        QT_TR_NOOP("Worklist by waiting"),
        QT_TR_NOOP("By waiting"),
        QT_TR_NOOP("Worklist, sorted by waiting and not by score"),
    ),
}  # heading, where room is short, and as a screen reader says it


class WorklistView(QFrame):
    """Heading with counts, the filter, and the list.

    Signals:
        menu_wanted: QPoint on the screen; the study there has been chosen.
        study_found: one was opened from the filter line, and is to be read.
    """

    study_found = TypedSignal[()]()
    menu_wanted = TypedSignal[QPoint]()

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worklist")
        self._wishes = wishes
        self._listing = WorklistRows()
        self._worklist = Worklist()
        self._settings, self._filter = ListSettings(), Filter()
        self.list = StudyList(wishes)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._ask_for_menu)
        self.list.typed.connect(self.begin_filter)
        self.title = ElidedLabel("", "patientName")
        self.count = plain_label("", "muted")
        self.all = QPushButton()
        self.all.setProperty("flat", True)
        self.all.setObjectName("showAll")
        name_control(self.all, tr("Show all"), tr("Clear the filter, so that the list holds every study."))
        self.all.clicked.connect(self.show_all)
        self.all.hide()
        room = self.all.sizePolicy()
        room.setVerticalPolicy(QSizePolicy.Policy.Ignored)  # the heading is as high with it as without
        self.all.setSizePolicy(room)
        self.mixed = MixedScores(wishes)
        self.progress = ProgressLine(wishes)
        self.edit = FilterEdit()
        self.edit.textEdited.connect(lambda text: self._wish(text, self._filter.chips))
        self.edit.textChanged.connect(lambda text: None if text else self._wish("", self._filter.chips))
        self.edit.cleared.connect(lambda: self._wish("", self._filter.chips))
        self.edit.left.connect(lambda: self.list.setFocus(Qt.FocusReason.TabFocusReason))
        self.edit.entered.connect(self._open_first)
        self.chips = FilterChips()
        self.chips.chosen.connect(lambda chips: self._wish(self._filter.text, chips))
        self.menu = ListMenu(wishes)
        self.images = ImageStrip(wishes)
        self.images.hide()
        heading = in_row((self.title, 1), self.count, self.all, margins=(12, 9, 10, 8))
        line = in_row((self.edit, 1), self.menu, spacing=4)
        filters = in_column(line, self.chips, margins=(10, 0, 10, 7), spacing=5)
        in_column(
            heading,
            self.progress,
            self.mixed,
            filters,
            (self.list, 1),
            self.images,
            of=self,
            margins=NO_MARGINS,
            spacing=0,
        )
        self.setMinimumWidth(230)
        for one, other in pairwise((self.list, self.edit, self.menu, *self.chips.buttons.values(), self.all)):
            self.setTabOrder(one, other)  # a window that opens gives the keys to the list, and no letter is typed
        self._warm = QTimer(self, interval=0)
        self._warm.timeout.connect(self._warm_up)
        self._show_settings(self._settings)

    def set_worklist(self, worklist: Worklist) -> None:
        """Show the worklist."""
        self._worklist = worklist
        self._listing.follow(worklist, date.today())  # noqa: DTZ011 - the reader's day
        self._show_worklist()
        self._warm.start()

    def _show_worklist(self) -> None:
        worklist = self._worklist
        self.progress.set_rows(self._listing)
        self.chips.set_counts(self._listing.counts)
        self.mixed.set_worklist(worklist)
        if not len(worklist) or not self.images.isVisibleTo(self):  # else it stays: no row moves with the study
            self.images.setVisible(worklist.has_several)
        self._show_rows()

    def render_session(self, old: Session | None, new: Session) -> None:
        """Follow the session's selection, filter and order, and mask names where they shall be."""
        self.images.render_session(old, new)
        if new.differs(old, "mask_names", "mask_key"):
            self.list.studies.set_masking(new.masking)
        if new.differs(old, "listing"):
            self._show_settings(new.listing)
            self.menu.show_listing(new)
        if new.differs(old, "filter"):
            self._filter = new.filter
            if self.edit.text() != new.filter.text:
                self.edit.setText(new.filter.text)
            self.chips.show_chips(new.filter.chips)
        if new.differs(old, "filter", "listing", "mask_names", "mask_key", "study_uid"):
            self._listing.use(new.filter, new.listing.sort, new.masking, new.study_uid)
            self._show_rows()
            self._warm.start()
        self.list.select(new.study_uid)
        self.progress.render_session(old, new)
        self.mixed.render_session(old, new)

    def following(self, uid: str) -> tuple[str, ...]:
        """UIDs of the studies as they stand here: those below a study first, then those above it and itself.

        Priors are no work and are passed over.
        """
        uids, row = self.list.studies.uids, self.list.studies.row_of(uid)
        below = 0 if row is None else row + 1
        return tuple(filterfalse(self._listing.priors.__contains__, uids[below:] + uids[:below]))

    def begin_filter(self, text: str = "") -> None:
        """Give the filter line the keys, with this typed behind what stands there."""
        self.edit.begin(text)

    def show_all(self) -> None:
        """Filter nothing out."""
        self._wishes.filter_changed.emit(Filter())

    def _wish(self, text: str, chips: frozenset[Chip]) -> None:
        wanted = Filter(text, chips)
        if wanted != self._filter:
            self._wishes.filter_changed.emit(wanted)

    def _open_first(self) -> None:
        """Enter in the filter line: open the first study that was found; the keys are its picture's."""
        if first := self._listing.first_found:
            self._wishes.study_selected.emit(first.uid)
            self.study_found.emit()
        else:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_settings(self, listing: ListSettings) -> None:
        self._settings = listing
        title, short, spoken = TITLES[listing.sort]
        self.title.set_whole(tr(title), tr(short) if short else "")
        self.list.setAccessibleName(tr(spoken))
        self.list.show_as(listing)

    def _show_rows(self) -> None:
        shown, whole = self._listing.shown, len(self._worklist)
        self.list.set_studies(shown, self._listing.priors)
        filtered = self._filter.is_on and bool(whole)
        self.count.setVisible(not filtered)
        self.all.setVisible(filtered)
        if filtered:
            words = tr("{shown} of {count} shown, show all").format(shown=len(shown), count=whole)
            self.all.setText(words)
            name_control(self.all, words, tr("Clear the filter, so that the list holds every study."))
        self.count.setText(self._count_words())
        priors = len(self._listing.priors)
        words = tr("1 prior more") if priors == 1 else tr("{count} priors more")
        self.count.setToolTip(tool_tip(words.format(count=priors)) if priors else "")

    def _count_words(self) -> str:
        """How many studies there are to read, priors apart, and how many of them have a score."""
        work, scored = self._listing.work, self._listing.scored
        words = tr("1 study, {scored} scored") if work == 1 else tr("{count} studies, {scored} scored")
        return words.format(count=work, scored=scored) if work else ""

    def _warm_up(self) -> None:
        was_behind = self._listing.is_behind
        if not self._listing.warm(WARM_SECONDS):
            self._warm.stop()
        if was_behind and not self._listing.is_behind:
            self._show_worklist()

    def take_off(self, uids: Collection[str]) -> None:
        """Wish for studies to leave the worklist; where the open one is among them its neighbour here is opened."""
        studies, shown = self.list.studies, self.list.open_uid
        row, count = studies.row_of(shown) if shown in uids else None, studies.rowCount()
        rows = () if row is None else (*range(row + 1, count), *range(row - 1, -1, -1))
        neighbour = next((uid for at in rows if (uid := studies.study(at).uid) not in uids), "")
        self._wishes.remove_requested.emit(tuple(uids))
        if neighbour:
            self._wishes.study_selected.emit(neighbour)

    def _ask_for_menu(self, where: QPoint) -> None:
        """A right click has chosen the study under it already."""
        if self.list.selected_uid:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(where))
