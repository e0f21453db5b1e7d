"""The elements of the shown file's header, as a tree with a search; what may name the patient behind the one switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QPushButton, QTreeView, QWidget

from app.domain.session import Session
from app.i18n.language import tr
from app.ui.dialogs.lists import PlainDialog
from app.ui.look.widgets import name_control, plain_label
from app.ui.wishes import Wishes
from app.ui.words.words import notice_words
from squid_core.contracts.header import ElementKind, HeaderLine

SIZE = (760, 620)
TAG_WIDTH, NAME_WIDTH, KIND_WIDTH = 190, 230, 44


class HeaderDialog(PlainDialog):
    """Stays open beside the images and follows them; asks for the header when it opens and says when it closes."""

    READS = ("header", "mask_names")

    def __init__(self, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(tr("Header of the file"), parent)
        self._wishes = wishes
        self.resize(*SIZE)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search tags, names and values"))
        self.search.setClearButtonEnabled(True)
        name_control(self.search, tr("Search the header"))
        self.state = plain_label("", "muted", wrap=True)
        self.model = QStandardItemModel(self)
        self.found = QSortFilterProxyModel(self)
        self.found.setSourceModel(self.model)
        self.found.setRecursiveFilteringEnabled(True)
        self.found.setAutoAcceptChildRows(True)
        self.found.setFilterKeyColumn(-1)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tree = QTreeView()
        self.tree.setModel(self.found)
        self.tree.setAccessibleName(tr("Header of the file"))
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.installEventFilter(self)
        for part in (self.search, self.state):
            self.column.addWidget(part)
        self.column.addWidget(self.tree, 1)
        copy = QPushButton(tr("Copy"))
        name_control(copy, tr("Copy"), tr("The chosen rows, or all that are shown, as text for a table."))
        copy.clicked.connect(self.copy)
        self.finish(copy)
        self.search.textChanged.connect(self._on_search)
        self.search.setFocus()
        wishes.header_wanted.emit(True)

    def render_session(self, old: Session | None, new: Session) -> None:
        """Show what has come, under the switch as it is."""
        if not new.differs(old, *self.READS):
            return
        page = new.header
        said = "" if page is not None and page.lines is not None else tr("Reading the header…")
        if page is not None and page.error is not None:
            said = notice_words(page.error, new.mask_names)
        elif page is not None and page.cut:
            said = tr("The header has more elements than are listed here.")
        elif page is not None and page.lines and new.mask_names:
            said = tr("Names are masked: what a de-identified copy would leave out is not shown.")
        self.state.setText(said)
        self.state.setVisible(bool(said))
        self._fill(page.lines or () if page is not None else (), masked=new.mask_names)

    def copy(self) -> None:
        """Put the chosen rows, all that are shown where none is chosen, on the clipboard as lines with tabs."""
        chosen = self.tree.selectionModel().selectedRows()
        rows = sorted(chosen, key=self._order) if chosen else self._shown(QModelIndex())
        lines = ("\t".join(str(row.siblingAtColumn(at).data() or "") for at in range(4)) for row in rows)
        QGuiApplication.clipboard().setText("\n".join(lines))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's own tree copies one cell."""
        key = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if key is not None and key.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return True
        return super().eventFilter(watched, event)

    def done(self, result: int) -> None:
        """Closed by whatever means."""
        self._wishes.header_wanted.emit(False)
        super().done(result)

    def _fill(self, lines: tuple[HeaderLine, ...], *, masked: bool) -> None:
        self.model.clear()
        self.model.setHorizontalHeaderLabels([tr("Tag"), tr("Name"), tr("VR"), tr("Value")])
        above = [self.model.invisibleRootItem()]
        for line in lines:
            row = [QStandardItem(text) for text in _cells(line, masked=masked)]
            del above[line.depth + 1 :]
            above[-1].appendRow(row)
            above.append(row[0])
        header = self.tree.header()
        header.setStretchLastSection(True)
        for at, width in enumerate((TAG_WIDTH, NAME_WIDTH, KIND_WIDTH)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(at, width)
        self._on_search(self.search.text())

    def _on_search(self, text: str) -> None:
        self.found.setFilterFixedString(text.strip())
        if text.strip():
            self.tree.expandAll()
        else:
            self.tree.collapseAll()

    def _order(self, row: QModelIndex) -> tuple[int, ...]:
        """Where a row stands, from above."""
        way: list[int] = []
        while row.isValid():
            way.insert(0, row.row())
            row = row.parent()
        return tuple(way)

    def _shown(self, parent: QModelIndex) -> list[QModelIndex]:
        rows = []
        for at in range(self.found.rowCount(parent)):
            row = self.found.index(at, 0, parent)
            rows += [row, *self._shown(row)]
        return rows


def _cells(line: HeaderLine, *, masked: bool) -> tuple[str, str, str, str]:
    """Tag, name, VR and value of a line."""
    if line.kind is ElementKind.ITEM:
        return tr("Item {number}").format(number=line.count), "", "", ""
    name = line.name or tr("Private or unknown")
    return line.tag, name, line.vr, tr("masked") if masked and line.hidden else _value(line)


def _value(line: HeaderLine) -> str:
    if line.kind is ElementKind.BINARY:
        return tr("{count} bytes").format(count=line.count)
    if line.kind is ElementKind.SEQUENCE:
        return tr("1 item") if line.count == 1 else tr("{count} items").format(count=line.count)
    if line.kind is ElementKind.UNREADABLE:
        return tr("cannot be read")
    return tr("{value} … ({count} in all)").format(value=line.value, count=line.count) if line.count else line.value
