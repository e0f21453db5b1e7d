"""An export service whose readers and detector are fakes, over a real store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.errors import Notice
from app.services.exporting.export_service import ExportService
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Maps
from squid_core.dicom.readers import ReaderPool
from squid_core.export.request import Exported, ExportRequest
from tests.app.samples import detection, digest_of, image, save, scored
from tests.app.services.fakes import done


class FakeReaders(ReaderPool):
    """Writes nothing, remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[ExportRequest] = []
        self.answers: list[Any] = []

    def carry_out(self, errand: Any, clear: Callable[[], None]) -> Future[Any]:
        (request,) = errand.args
        self.requests.append(request)
        paths = tuple(request.folder / kind.value for kind in request.kinds)
        written = Exported(request.kinds, paths, ("The spacing was guessed.",))
        return done(self.answers.pop(0) if self.answers else written)


class FakeMaps:
    """Answers with maps, or fails."""

    def __init__(self) -> None:
        self.asked: list[Detection] = []
        self.failure: Exception | None = None

    def ask(self, folder: Path, result: Detection) -> Future[Maps]:
        self.asked.append(result)
        if self.failure is not None:
            failed: Future[Maps] = Future()
            failed.set_exception(self.failure)
            return failed
        return done(Maps(np.zeros((8, 8), np.float32), 4, picture=np.full((16, 16), 0.5, np.float32)))


@dataclass
class Desk:
    service: ExportService
    readers: FakeReaders
    holder: SessionHolder
    store: WorklistStore
    database: DatabaseThread
    notices: list[Notice]
    maps: FakeMaps
    bundles: Bundles

    def trail(self) -> list[tuple[str, str, str]]:
        entries = self.database.ask(lambda database: database.audit()).result(5)
        return [(entry.action, entry.subject, entry.detail) for entry in entries if entry.action == "export"]


def put(desk: Desk, name: str, model_hash: str | None = None) -> str:
    """An image in the worklist; scored and its result stored, where a hash is given."""
    item = replace(image(name, f"1.2.{name}"), digest=digest_of(name))
    if model_hash is not None:
        result = detection(model_hash=model_hash)
        item = scored(item, result)
        desk.database.ask(lambda database: save(database, item, result, "bundle")).result(5)
    desk.store.upsert(item)
    return item.key
