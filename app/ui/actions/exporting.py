"""What the export actions of the menu do: ask where and what, then hand the wish to the window's signals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.exporting import ExportMemory, ExportOrder
from app.i18n.language import tr
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.ui.dialogs.export import ExportDialog
from app.ui.look.widgets import open_dialog
from squid_core.privacy import BURNED_IN_UNKNOWN

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

PICTURE_NAME, WORKLIST_NAME = "squid-panes.png", "squid-worklist.csv"  # no name of a patient is offered


def ask_file(parent: QWidget, title: str, start: str, pattern: str) -> str:
    """Ask for the name of a file to write; '' for none. The dialog asks before a file is replaced."""
    name, _ = QFileDialog.getSaveFileName(parent, title, start, pattern)
    return name


class ExportActions(QObject):
    """Lives with the window.

    Attributes:
        dialog: the export dialog that was opened last.
    """

    def __init__(self, window: MainWindow, holder: SessionHolder, store: WorklistStore) -> None:
        super().__init__(window)
        self._window, self._holder, self._store = window, holder, store
        self.dialog: ExportDialog | None = None

    def show(self) -> None:
        """Open the export dialog for the selected study."""
        session = self._holder.state
        if session.study is None:
            return
        image, radiograph = session.image or session.study.top_image, session.radiograph
        self.dialog = ExportDialog(
            session.study,
            image,
            self._window,
            burned_in=radiograph.burned_in if radiograph else None,
            warn_unknown=radiograph is None or BURNED_IN_UNKNOWN in radiograph.notices,
            names_masked=session.mask_names,
            memory=self._window.export_memory,
        )
        self.dialog.ordered.connect(self._on_ordered)
        open_dialog(self.dialog)

    def picture(self) -> None:
        """Save header and panes as they are on the screen, names masked where the switch is on."""
        if self._holder.state.radiograph is None:
            return
        picture = self._window.reading.grab().toImage()  # before a dialog lies over it
        if name := ask_file(self._window, tr("Export picture of the panes"), self._start(PICTURE_NAME), "PNG (*.png)"):
            self._window.picture_ordered.emit(_with_ending(name, ".png"), picture)

    def worklist(self) -> None:
        """Save the worklist as CSV."""
        if name := ask_file(self._window, tr("Export worklist"), self._start(WORKLIST_NAME), "CSV (*.csv)"):
            self._window.worklist_ordered.emit(_with_ending(name, ".csv"))

    def _start(self, name: str) -> str:
        folder = self._window.export_memory.folder
        return str(folder / name) if folder else name

    def _on_ordered(self, order: ExportOrder) -> None:
        self._window.export_memory = ExportMemory(order.folder, order.kinds)
        self._window.export_ordered.emit(order)


def _with_ending(name: str, ending: str) -> Path:
    path = Path(name)
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)
