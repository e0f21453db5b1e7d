"""What the export actions of the menu do: ask where and what, and wish for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.errors import Notice, Severity
from app.domain.exporting import ExportMemory, ExportOrder
from app.domain.study import Study
from app.i18n.language import QT_TR_NOOP, tr
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.ui.actions.panes_picture import panes_picture
from app.ui.dialogs.export import ExportDialog
from app.ui.dialogs.printing import ask_printer, has_printer
from app.ui.keys.specs import on_triggered
from app.ui.look.widgets import open_dialog
from app.ui.panes.pane_grid import PaneGrid
from app.ui.study.study_header import StudyHeader
from app.ui.wishes import Wishes
from squid_core.privacy import BURNED_IN_UNKNOWN

NO_PRINTER = QT_TR_NOOP("This computer has no printer.")
NO_PRINTER_ADVICE = QT_TR_NOOP("Set one up in the system, or export the page as PDF.")
PICTURE_NAME, WORKLIST_NAME = "squid-panes.png", "squid-worklist.csv"  # no name of a patient is offered


def ask_file(parent: QWidget, title: str, start: str, pattern: str) -> str:
    """Ask for the name of a file to write; '' for none. The dialog asks before a file is replaced."""
    name, _ = QFileDialog.getSaveFileName(parent, title, start, pattern)
    return name


class ExportActions(QObject):
    """Exports or prints the selected study, the worklist, or a picture of the panes.

    Args:
        actions: of the menu.
        holder: its session says what is shown.
        header, banners, panes: what a picture of the panes shows.
        wishes: told what is to be written.
        notifier: told where there is no printer.
        window: parent of the dialogs.

    Attributes:
        dialog: the export dialog that was opened last.
        memory: of the last export.
    """

    def __init__(
        self,
        actions: dict[str, QAction],
        holder: SessionHolder,
        header: StudyHeader,
        banners: Callable[[], Sequence[str]],
        panes: PaneGrid,
        wishes: Wishes,
        notifier: Notifier,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._holder, self._wishes, self._notifier, self._window = holder, wishes, notifier, window
        self._header, self._banners, self._panes = header, banners, panes
        self.dialog: ExportDialog | None = None
        self.memory = ExportMemory()
        does = {
            "export": self.show,
            "export_panes": self.picture,
            "export_worklist": self.worklist,
            "print": self.ask_for_page,
            "print_panes": self.print_panes,
        }
        on_triggered(actions, does)

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
            memory=self.memory,
            orientation=self._panes.link.orientation,
            marks=session.annotations.marks if session.marks_shown else (),
        )
        self.dialog.ordered.connect(self._on_ordered)
        open_dialog(self.dialog)

    def show_several(self, studies: Sequence[Study]) -> None:
        """Open the export dialog for several studies, as they are on the worklist."""
        self.dialog = ExportDialog(
            studies[0],
            studies[0].top_image,
            self._window,
            warn_unknown=True,
            names_masked=self._holder.state.mask_names,
            memory=self.memory,
            orientation=self._panes.link.orientation,
            others=studies[1:],
        )
        self.dialog.ordered.connect(self._on_ordered)
        open_dialog(self.dialog)

    def picture(self) -> None:
        """Save what is said of the study and the panes, names masked where the switch is on."""
        if self._holder.state.radiograph is None:
            return
        picture = self._picture()  # before a dialog lies over it
        if name := ask_file(self._window, tr("Export picture of the panes"), self._start(PICTURE_NAME), "PNG (*.png)"):
            self._wishes.picture_ordered.emit(_with_ending(name, ".png"), picture)

    def worklist(self) -> None:
        """Save the worklist as CSV."""
        if name := ask_file(self._window, tr("Export worklist"), self._start(WORKLIST_NAME), "CSV (*.csv)"):
            self._wishes.worklist_ordered.emit(_with_ending(name, ".csv"))

    def ask_for_page(self) -> None:
        """Have the report page drawn; `print_page` goes on when it has come."""
        if self._has_printer():
            self._wishes.page_wanted.emit(self._panes.link.orientation)

    def print_page(self, page: bytes) -> None:
        """Print a report page, which is PNG."""
        ask_printer(QImage.fromData(page), self._window, self._wishes.print_ordered.emit, of_page=True)

    def print_panes(self) -> None:
        """Print what `picture` saves."""
        if self._holder.state.radiograph is not None and self._has_printer():
            ask_printer(self._picture(), self._window, self._wishes.print_ordered.emit, of_page=False)

    def _has_printer(self) -> bool:
        if has_printer():
            return True
        self._notifier.post(Notice(Severity.WARNING, tr(NO_PRINTER), tr(NO_PRINTER_ADVICE)))
        return False

    def _picture(self) -> QImage:
        return panes_picture(self._header, self._banners(), self._panes)

    def _start(self, name: str) -> str:
        folder = self.memory.folder
        return str(folder / name) if folder else name

    def _on_ordered(self, order: ExportOrder) -> None:
        self.memory = ExportMemory(order.folder, order.kinds)
        self._wishes.export_ordered.emit(order)


def _with_ending(name: str, ending: str) -> Path:
    path = Path(name)
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)
