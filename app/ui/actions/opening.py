"""What the open actions of the menu do, and dropping on the window: hand files and folders to the window's signals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from app.i18n.language import tr

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow


class OpenActions(QObject):
    """Lives with the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def folder(self) -> None:
        """Ask for a folder and open it."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open a folder of DICOM files"))
        if folder:
            self._window.open_requested.emit([Path(folder)])

    def files(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open DICOM files"))
        if names:
            self._window.open_requested.emit([Path(name) for name in names])

    def watched(self) -> None:
        """Ask for the folder to watch."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Watch a folder for new DICOM files"))
        if folder:
            self._window.watch_requested.emit(Path(folder))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files and folders dropped anywhere on the window are opened."""
        if isinstance(event, QDragEnterEvent):  # before QDropEvent, which it is one of
            if _local(event):
                event.acceptProposedAction()
                self._window.empty.set_dropping(True)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._window.empty.set_dropping(False)
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self._window.empty.set_dropping(False)
            if paths := _local(event):
                event.acceptProposedAction()
                self._window.open_requested.emit(paths)
            return True
        return super().eventFilter(watched, event)


def _local(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
