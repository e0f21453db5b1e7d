"""A reading desk with what it needs: a database of its own, and a detector's process that the test answers for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.session import Session
from app.domain.study import ImageItem
from app.services.detector.client import InferenceClient
from app.services.reading.reading_desk import ReadingDesk
from app.services.reading.what_if_desk import WhatIfDesk
from app.services.state.history import History
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.services.threads.courier import Courier
from app.services.threads.database_thread import DatabaseThread
from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, Trial
from squid_core.dicom.readers import ReaderPool
from tests.app.samples import detection, digest_of, image, save, scored
from tests.app.services.fakes import FakeProcess, FakeReaders


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
        self.history = History(self.holder)
        self.what_ifs = WhatIfDesk(self.holder, self.client, self.bundles, self.courier, self.notifier, self.history)

    @property
    def state(self) -> Session:
        return self.holder.state

    def close(self) -> None:
        self.courier.close()
        self.database.close()


class ScoredRoom(DeskRoom):
    """A desk with one scored study of two images, one unscored study, fake readers and a fake process."""

    def __init__(self, tmp_path: Path) -> None:
        self.readers = FakeReaders()
        super().__init__(tmp_path, self.readers)
        adult = self.bundles.choose("adult", None)
        self.result = replace(
            detection(0.8, model_hash=adult.card.weights_sha256), trial=Trial(adult.settings), model=adult.card.name
        )
        self.scored = scored(image("scored", "first"), self.result)
        self.second = image("second", "first", arrival=1)
        self.waiting = image("waiting", "other", arrival=2)
        self.result = replace(self.result, digest=self.scored.digest)
        items = self.scored, self.second, self.waiting
        self.readers.identities = {item.path.name: item.identity for item in items}
        self.store.upsert(*items)
        self.database.tell(lambda database: save(database, self.scored, self.result, "bundle"))

    def finds(self, item: ImageItem, **otherwise: Any) -> Detection:
        """What the queue finds in an image, which worklist and store have by then."""
        found = replace(self.result, digest=digest_of(item.path.name), **otherwise)
        saved = self.database.ask(lambda database: save(database, scored(item, found), found, "bundle")).result(5)
        self.store.upsert(saved)
        return found

    def opened(self, qtbot: QtBot) -> None:
        self.desk.select_study("first")
        qtbot.waitUntil(lambda: self.state.detection is not None and self.state.radiograph is not None)

    def answer(self, number: int, value: object) -> None:
        self.process.asked[number][3].set_result(value)
