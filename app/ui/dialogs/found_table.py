"""The studies that another system has: a table that shows them as the one switch allows, newest first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.domain.masking import Masking
from app.domain.network import Fetching
from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import tool_tip
from app.ui.words.network_words import dicom_time, fetch_words, identity_of
from app.ui.words.words import date_words, patient_words
from squid_core.contracts.network import FoundStudy

SORTED_BY = Qt.ItemDataRole.UserRole
HERE, PATIENT, NUMBER, SEX, BORN, WHEN, MODALITY, IMAGES, DESCRIPTION, ACCESSION = range(10)
WIDTHS = {HERE: 108, PATIENT: 170, NUMBER: 104, SEX: 52, BORN: 106, WHEN: 150, MODALITY: 90, IMAGES: 76, ACCESSION: 104}
ROW_HEIGHT = 26


class FoundTable(QTableView):
    """Several can be chosen.

    Signals:
        fetch_wanted: Enter or a double click on those that are chosen.
    """

    fetch_wanted = TypedSignal[()]()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._studies: tuple[FoundStudy, ...] = ()
        self._headings = (
            tr("Here"), tr("Patient"), tr("ID"), tr("Sex"), tr("Born"), tr("Date and time"), tr("Modality"),
            tr("Images"), tr("Description"), tr("Accession"),
        )  # fmt: skip
        self._model = QStandardItemModel(0, len(self._headings), self)
        self._model.setHorizontalHeaderLabels(list(self._headings))
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self._model)
        self._sorted.setSortRole(SORTED_BY)
        self._sorted.setDynamicSortFilter(False)  # only a click on a heading moves a row
        self.setModel(self._sorted)
        self.setAccessibleName(tr("Studies that were found"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(DESCRIPTION, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(lambda _: self.fetch_wanted.emit())

    @property
    def chosen(self) -> tuple[str, ...]:
        """StudyInstanceUIDs of the chosen rows, from above."""
        rows = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return tuple(self._studies[self._sorted.mapToSource(index).row()].study_instance_uid for index in rows)

    def show_studies(self, studies: tuple[FoundStudy, ...], masking: Masking) -> None:
        """Show what was found; rows, order and choice stay while the studies do.

        Args:
            studies: newest first.
            masking: the one switch.
        """
        if studies is not self._studies:
            self._studies = studies
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self._model.setRowCount(0)
            for found in studies:
                self._model.appendRow([_cell(order) for order in _orders(found)])
        for row, found in enumerate(studies):
            for column, text in enumerate(_texts(found, masking), PATIENT):
                self._write(row, column, text)

    def show_states(self, fetching: Fetching, is_here: Callable[[str], bool]) -> None:
        """Say of each study whether it is here.

        Args:
            fetching: what is on its way.
            is_here: whether a study of this UID is on the worklist.
        """
        for row, found in enumerate(self._studies):
            uid = found.study_instance_uid
            state = fetch_words(fetching.item(uid), here=is_here(uid))
            self._write(row, HERE, state)
            self._model.item(row, HERE).setData(state, SORTED_BY)

    def _write(self, row: int, column: int, text: str) -> None:
        cell = self._model.item(row, column)
        if cell.text() != text:
            cell.setText(text)
            cell.setToolTip(tool_tip(text))

    def begin(self) -> None:
        """Take the keys, on the first row unless another is chosen."""
        if self._model.rowCount():
            self.setFocus()
            if not self.selectionModel().hasSelection():
                self.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter fetches; it is not for the dialog's button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.fetch_wanted.emit()
            return
        super().keyPressEvent(event)


def _cell(order: object) -> QStandardItem:
    cell = QStandardItem()
    cell.setData(order, SORTED_BY)
    return cell


def _texts(found: FoundStudy, masking: Masking) -> tuple[str, ...]:
    """What stands in the columns behind the first."""
    who = masking.identity(identity_of(found), found.study_instance_uid)
    born, at = who.patient_birth_date, dicom_time(found.study_time)
    when = date_words(who.study_date, masking.on)
    return (
        patient_words(who),
        who.patient_id,
        who.patient_sex,
        born.isoformat() if born is not None else "",
        when if at is None or masking.on else f"{when} {at:%H:%M}",
        who.modality,
        "" if found.instances is None else str(found.instances),
        who.study_description,
        who.accession_number,
    )


def _orders(found: FoundStudy) -> tuple[object, ...]:
    """By what each column is sorted: the same with names masked and without."""
    return (
        "",
        found.patient_name.casefold(),
        found.patient_id,
        found.sex,
        found.birth_date,
        found.study_date + found.study_time,
        ", ".join(found.modalities),
        -1 if found.instances is None else found.instances,
        found.description.casefold(),
        found.accession_number,
    )
