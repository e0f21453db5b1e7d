"""The export service over fakes, for a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.errors import Notice
from app.services.exporting.export_service import ExportService
from app.services.exporting.preparing import Preparer
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from tests.app.services.exporting.desks import Desk, FakeMaps, FakeReaders


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    readers, holder, store, notifier, courier = FakeReaders(), SessionHolder(), WorklistStore(), Notifier(), Courier()
    maps = FakeMaps()
    database, bundles, notices = DatabaseThread(tmp_path / "worklist.sqlite", lambda _: None), Bundles(), list[Notice]()
    notifier.posted.connect(notices.append)
    notifier.flush()
    preparer = Preparer(readers, holder, store, database, maps.ask, bundles)
    service = ExportService(readers, preparer, holder, database, courier, notifier)
    yield Desk(service, readers, holder, store, database, notices, maps, bundles)
    courier.close()
    database.close()


@pytest.fixture
def adult_hash() -> str:
    bundles = Bundles()
    return bundles.choose("adult", 50).card.weights_sha256
