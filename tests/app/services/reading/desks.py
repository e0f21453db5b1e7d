"""A reading desk with what it needs: a database of its own, and a detector's process that the test answers for."""

from __future__ import annotations

from pathlib import Path

from app.domain.errors import Notice
from app.domain.session import Session
from app.services.detector.client import InferenceClient
from app.services.reading.reading_desk import ReadingDesk
from app.services.reading.what_if_desk import WhatIfDesk
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from squid_core.dicom.readers import ReaderPool
from tests.app.services.fakes import FakeProcess


class DeskRoom:
    """Close it at the end."""

    def __init__(self, folder: Path, readers: ReaderPool) -> None:
        self.holder, self.store, self.process, self.bundles = SessionHolder(), WorklistStore(), FakeProcess(), Bundles()
        self.database = DatabaseThread(folder / "worklist.sqlite", lambda _: None)
        self.courier, self.notifier = Courier(), Notifier()
        self.notices: list[Notice] = []
        self.notifier.posted.connect(self.notices.append)
        self.notifier.flush()
        self.client = InferenceClient(self.notifier, self.process)
        self.desk = ReadingDesk(self.holder, self.store, self.database, readers, self.bundles, self.courier)
        self.what_ifs = WhatIfDesk(self.holder, self.client, self.bundles, self.courier, self.notifier)

    @property
    def state(self) -> Session:
        return self.holder.state

    def close(self) -> None:
        self.courier.close()
        self.database.close()
