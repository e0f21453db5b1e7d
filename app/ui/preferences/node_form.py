"""This program as a node: whether it listens, where, and who may connect."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.look.widgets import action_button, in_row, name_control, plain_label
from app.ui.preferences.form import FormDialog, FormGrid, TlsFields, port_box, text_line, tick_box
from squid_core.network.configuration import LOOPBACK, Caller, Listening

WIDTH, TABLE_HEIGHT = 620, 130
FIRST_TITLE, FIRST_PORT = "SQUID", 11112
EVERYWHERE = "0.0.0.0"  # noqa: S104 - the user chooses it; only listed callers are let in


class NodeForm(FormDialog):
    """Asks, and changes nothing itself.

    Args:
        listening: as it is.
        parent: the window it belongs to.

    Signals:
        wanted: as it is wanted.
    """

    wanted = TypedSignal[Listening]()

    def __init__(self, listening: Listening, parent: QWidget | None = None) -> None:
        super().__init__(tr("This program as a node"), parent)
        self._listening = listening
        self.setMinimumWidth(WIDTH)
        self.on = tick_box(tr("Listen: other systems may send studies here"))
        self.ae_title = text_line(tr("AE title"), tr("What other systems call this program; 16 letters at most."))
        self.port = port_box(tr("Port"), tr("From 1024 on where the program has no special rights; often 11112."))
        self.place = QComboBox()
        name_control(self.place, tr("Reached from"), tr("From where other systems can connect."))
        self.place.addItem(tr("This machine only"), LOOPBACK)
        self.place.addItem(tr("All addresses of this machine"), EVERYWHERE)
        if listening.host not in (LOOPBACK, EVERYWHERE):
            self.place.addItem(listening.host, listening.host)
        self.callers = self._table()
        self.add = action_button(tr("Add"), tr("One more system that may connect."), self._add)
        self.remove = action_button(tr("Remove"), tr("The chosen system may no longer connect."), self._remove)
        trust = tr("PEM file of the authority whose certificates are let in.")
        tls_tip = tr("Every system that connects must show a certificate.")
        self.tls = TlsFields(tr("Encrypted (TLS), with certificates of those who connect"), tls_tip, trust)
        self.commitment = tick_box(
            tr("Answer Storage Commitment"), tr("Says to a system that asks which of its objects lie here on disk.")
        )
        self._lay_out()
        self._show(listening)
        self.finish(self._take)
        self.on.setFocus()

    def _lay_out(self) -> None:
        self.column.addWidget(self.on)
        grid = FormGrid()
        for field in (self.ae_title, self.port, self.place):
            grid.add(field.accessibleName(), field)
        self.column.addLayout(grid)
        self.column.addWidget(plain_label(tr("Who may connect; nobody else can."), "sectionTitle"))
        self.column.addWidget(self.callers)
        self.column.addLayout(in_row(self.add, self.remove, 1))
        self.column.addWidget(self.tls)
        self.column.addWidget(self.commitment)
        self.callers.itemSelectionChanged.connect(self._follow_choice)
        self._follow_choice()

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 2)
        table.setHorizontalHeaderLabels([tr("AE title"), tr("IP address or network")])
        table.setAccessibleName(tr("Who may connect"))
        table.verticalHeader().hide()
        table.setTabKeyNavigation(False)
        table.setFixedHeight(TABLE_HEIGHT)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def _follow_choice(self) -> None:
        self.remove.setEnabled(bool(self.callers.selectedItems()))

    def _add(self, ae_title: str = "", address: str = "", *, edit: bool = True) -> None:
        row = self.callers.rowCount()
        self.callers.insertRow(row)
        first, second = QTableWidgetItem(ae_title), QTableWidgetItem(address)
        self.callers.setItem(row, 0, first)
        self.callers.setItem(row, 1, second)
        if edit:
            self.callers.setCurrentCell(row, 0)
            self.callers.setFocus()
            self.callers.editItem(first)

    def _remove(self) -> None:
        for row in sorted({index.row() for index in self.callers.selectedIndexes()}, reverse=True):
            self.callers.removeRow(row)

    def _show(self, listening: Listening) -> None:
        self.on.setChecked(listening.wanted)
        self.ae_title.setText(listening.ae_title or FIRST_TITLE)
        self.port.setValue(listening.port or FIRST_PORT)
        self.place.setCurrentIndex(self.place.findData(listening.host))
        for caller in listening.callers:
            self._add(caller.ae_title, caller.address, edit=False)
        self.tls.show_tls(listening.tls)
        self.commitment.setChecked(listening.commitment)

    def _take(self) -> str:
        on = self.on.isChecked()
        if on and not (self.ae_title.text().strip() and self.port.value()):
            return tr("To listen, it needs an AE title and a port.")
        rows = ([self._text(row, column) for column in range(2)] for row in range(self.callers.rowCount()))
        callers = tuple(Caller(ae_title=title, address=place) for title, place in rows if title or place)
        self.wanted.emit(
            Listening.model_validate(
                {
                    **dict(self._listening),
                    "ae_title": self.ae_title.text(),
                    "port": self.port.value() if on else 0,
                    "host": self.place.currentData(),
                    "callers": callers,
                    "tls": self.tls.tls(),
                    "commitment": self.commitment.isChecked(),
                }
            )
        )
        return ""

    def _text(self, row: int, column: int) -> str:
        cell = self.callers.item(row, column)
        return "" if cell is None else cell.text().strip()
