"""Hears when the program is started a second time on the same folder (app/instance.py)."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject

from app.instance import Request, take_request
from app.services.threads.courier import Courier
from app.services.threads.disk import ask_disk
from app.services.threads.signals import TypedSignal


class SecondStart(QObject):
    """Watches the program's folder.

    Args:
        home: the folder.
        courier: brings what lies there to the window's thread.
    """

    asked = TypedSignal[Request]()

    def __init__(self, home: Path, courier: Courier) -> None:
        super().__init__()
        self._home, self._courier = home, courier
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._look)
        self._watcher.addPath(str(home))
        self._look()  # somebody may have been quicker

    def _look(self) -> None:
        self._courier.when_done(ask_disk(lambda: take_request(self._home)), self._on_looked)

    def _on_looked(self, future: Future[Request | None]) -> None:
        if future.exception() is None and (request := future.result()) is not None:
            self.asked.emit(request)
