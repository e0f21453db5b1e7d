"""What the open actions of the menu do, and dropping on the window: files and folders become wishes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.i18n.language import tr
from app.services.threads.signals import TypedSignal
from app.ui.keys.specs import on_triggered
from app.ui.wishes import Wishes


class OpenActions(QObject):
    """Asks for files and folders, and takes those that are dropped on the window.

    Signals:
        dropping: whether something that can be opened hovers over the window.
    """

    dropping = TypedSignal[bool]()

    def __init__(self, actions: dict[str, QAction], wishes: Wishes, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._wishes = window, wishes
        on_triggered(
            actions,
            {
                "open_folder": self.folder,
                "open_files": self.files,
                "open_demo": wishes.demo_requested.emit,
                "forget_recent": wishes.recent_forgotten.emit,
                "watch_folder": self.watched,
                "stop_watching": lambda: wishes.watch_requested.emit(None),
            },
        )
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def folder(self) -> None:
        """Ask for a folder and open it."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open a folder of DICOM files"))
        if folder:
            self._wishes.open_requested.emit([Path(folder)])

    def files(self) -> None:
        """Ask for files and open them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open DICOM files"))
        if names:
            self._wishes.open_requested.emit([Path(name) for name in names])

    def locate(self, key: str) -> None:
        """Ask for the folder that an image's file, and those that are gone with it, lie in now."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Where do the missing files lie now?"))
        if folder:
            self._wishes.locate_requested.emit(key, Path(folder))

    def watched(self) -> None:
        """Ask for the folder to watch."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Watch a folder for new DICOM files"))
        if folder:
            self._wishes.watch_requested.emit(Path(folder))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files and folders dropped anywhere on the window are opened."""
        if isinstance(event, QDragEnterEvent):  # before QDropEvent, which it is one of
            if _local(event):
                event.acceptProposedAction()
                self.dropping.emit(True)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.dropping.emit(False)
        elif event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.dropping.emit(False)
            if paths := _local(event):
                event.acceptProposedAction()
                self._wishes.open_requested.emit(paths)
            return True
        return super().eventFilter(watched, event)


def _local(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
