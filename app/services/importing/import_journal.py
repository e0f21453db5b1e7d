"""What is being imported is on record until it has come to its end, so that a program that was killed goes on with it.

The record is written on the database's thread before anything that the import finds, for both go there in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject

from app.domain.errors import Notice, Severity
from app.services.importing.import_service import ImportService
from app.services.importing.source_watch import PATIENCE_SECONDS, SourceWatch, away_folder
from app.services.state.notifier import Notifier
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from app.services.threads.disk import ask_disk


class ImportJournal(QObject):
    """Follows an `ImportService`, and has it go on: with what an earlier run has left, and with what was away."""

    def __init__(
        self,
        importer: ImportService,
        database: DatabaseThread,
        sources: SourceWatch,
        courier: Courier,
        notifier: Notifier,
    ) -> None:
        super().__init__()
        self._importer, self._database, self._sources = importer, database, sources
        self._courier, self._notifier = courier, notifier
        self._away: dict[Path, list[Path]] = {}  # roots by the folder that they wait for
        importer.begun.connect(self._on_begun)
        importer.ended.connect(self._on_ended)
        sources.back.connect(self._on_back)

    def resume(self, roots: Sequence[Path]) -> None:
        """Go on with what an earlier run has left."""
        if roots:
            count = len(roots)
            left = f"Folders and files left: {count}; what was read is not read again."
            self._notifier.post(Notice(Severity.INFO, "The import that was interrupted goes on.", left))
            self._go_on(roots)

    def cancel(self) -> None:
        """Wait no longer for what is away."""
        self._strike([root for roots in self._away.values() for root in roots])
        self._away.clear()

    def _go_on(self, roots: Sequence[Path]) -> None:
        """Import what is there, and the rest when it is back."""

        def find() -> dict[Path, Path | None]:
            return {root: away_folder(root) for root in roots}

        silent: dict[Path, Path | None] = {root: root for root in roots}
        self._courier.when_done(ask_disk(find, PATIENCE_SECONDS, lambda: silent), self._on_found)

    def _on_found(self, found: Future[dict[Path, Path | None]]) -> None:
        there = [root for root, folder in found.result().items() if folder is None]
        for root, folder in found.result().items():
            if folder is not None:
                self._away.setdefault(folder, []).append(root)
                self._sources.wait_for(folder)
        if there:
            self._importer.start(there)

    def _on_back(self, folder: Path) -> None:
        if roots := self._away.pop(folder, None):
            self._go_on(roots)

    def _on_begun(self, roots: list[Path]) -> None:
        self._database.tell(lambda database: database.begin_import(roots))

    def _on_ended(self, done: list[Path], away: list[Path]) -> None:
        self._strike(done)
        if away:
            self._go_on(away)

    def _strike(self, roots: list[Path]) -> None:
        if roots:
            self._database.tell(lambda database: database.end_import(roots))
