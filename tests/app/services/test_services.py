"""The services together, with a detector that answers when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.errors import Notice
from app.domain.jobs import JobEvent, JobState
from app.domain.study import ImageItem
from app.domain.worklist import Worklist
from app.services.detector.client import InferenceClient
from app.services.detector.worker import WorkerReport
from app.services.services import AT_ONCE, FIRST, Services
from app.services.state.notifier import Notifier
from app.services.state.session_holder import SessionHolder
from app.services.state.worklist_store import WorklistStore
from app.storage.database import Database
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus, Identity
from tests.app.services.fakes import FakeReaders
from tests.app.ui import synthetic

Warmed = list[Future[WorkerReport]]


@pytest.fixture
def warmed(monkeypatch: pytest.MonkeyPatch) -> Warmed:
    """Answers of the detector's warm-up, one for each that was asked for."""
    asked: Warmed = []

    def warm_up(_: InferenceClient, folder: Path) -> Future[WorkerReport]:
        asked.append(Future())
        assert (folder / "card.json").is_file()
        return asked[-1]

    monkeypatch.setattr(InferenceClient, "warm_up", warm_up)
    return asked


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def services(qtbot: QtBot, warmed: Warmed, notices: list[Notice]) -> Iterator[Services]:
    notifier = Notifier()
    notifier.posted.connect(notices.append)
    notifier.flush()
    made = Services(None, SessionHolder(), WorklistStore(), notifier, FakeReaders())
    made.start()
    qtbot.waitUntil(lambda: bool(warmed))
    yield made
    made.close()


def test_the_detector_that_is_warm_says_what_it_runs_on(qtbot: QtBot, services: Services, warmed: Warmed) -> None:
    report = WorkerReport(1, "2", cuda=False)
    warmed[0].set_result(report)
    qtbot.waitUntil(lambda: services.worker is report)


def test_the_red_row_of_an_index_is_taken_off_a_stored_worklist(qtbot: QtBot, warmed: Warmed, tmp_path: Path) -> None:
    def red(key: str, name: str) -> ImageItem:
        row = ImageItem(key=key, path=tmp_path / name, identity=Identity(study_instance_uid=""))
        return row.advanced(JobEvent.READ).advanced(JobEvent.FAIL, "It could not be read.")

    rows, store = [red("a", "DICOMDIR"), red("b", "IM1")], WorklistStore()
    for _ in range(2):
        store = WorklistStore()
        services = Services(tmp_path / "worklist.sqlite", SessionHolder(), store, Notifier(), FakeReaders())
        try:
            services.start()
            qtbot.waitUntil(partial(getattr, services, "is_restored"))
            services.database.ask(lambda database: database.save_images(rows)).result()
        finally:
            services.close()
    assert [image.key for image in store.worklist.images()] == ["b"]


def test_a_long_stored_worklist_comes_back_in_slices(
    qtbot: QtBot, warmed: Warmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First what the window shows, with the study that was open and its prior; then a slice for each turn."""
    count, last = 1700, 1500
    rows = [synthetic.item(number, 1 - number / count) for number in range(count)]
    patient = replace(rows[last].identity, study_instance_uid="1.2.3.prior", study_date=date(2010, 1, 1))
    rows.append(synthetic.item(count, None, JobState.VIEWABLE, identity=patient))
    path, sizes, turns = tmp_path / "worklist.sqlite", list[int](), list[int]()
    database = Database(path, lambda notice: pytest.fail(notice.title))
    database.save_images(rows)
    database.close()
    store, holder = WorklistStore(), SessionHolder()
    restore, upsert = store.restore, store.upsert

    def restoring(first: Worklist) -> None:
        sizes.append(len(first))
        restore(first)

    def upserting(*items: ImageItem) -> None:
        turns.append(len(items))
        upsert(*items)

    monkeypatch.setattr(store, "restore", restoring)
    monkeypatch.setattr(store, "upsert", upserting)
    services = Services(path, holder, store, Notifier(), FakeReaders())
    services.last_image = rows[last].key
    began: list[tuple[int, bool]] = []
    holder.changed.connect(
        lambda _, new: began.append((len(store.worklist), services.is_restored)) if new.study else None
    )
    checked: list[list[str]] = []
    monkeypatch.setattr(services.queue, "check", lambda keys: checked.append(list(keys)))
    try:
        services.start()
        qtbot.waitUntil(partial(getattr, services, "is_restored"), timeout=20_000)
    finally:
        services.close()
    assert len(store.worklist) == len(rows)
    assert sizes == [FIRST + 2]
    assert began[0] == (FIRST + 2, False), "the study that was open is shown before the rest is there"
    assert holder.state.image_key == rows[last].key
    assert [other.uid for other in holder.state.others] == ["1.2.3.prior"]
    assert max(turns) <= AT_ONCE
    assert sorted(checked[0]) == sorted(row.key for row in rows)


def test_weights_that_cannot_be_loaded_are_said_at_the_start(
    qtbot: QtBot, services: Services, warmed: Warmed, notices: list[Notice]
) -> None:
    warmed[0].set_exception(SquidError("The weights are damaged."))
    qtbot.waitUntil(lambda: [notice.title for notice in notices] == ["The weights are damaged."])
    assert services.worker is None


def test_a_damaged_file_is_read_again_and_it_is_said_what_came_of_it(
    qtbot: QtBot, services: Services, notices: list[Notice], tmp_path: Path
) -> None:
    readers = services.readers
    assert isinstance(readers, FakeReaders)
    file = tmp_path / "broken.dcm"
    file.write_bytes(b"x")
    readers.verdicts["broken"] = FileStatus.ERROR
    store = services._store
    services.open([file])
    qtbot.waitUntil(lambda: [image.state for image in store.worklist.images()] == [JobState.ERROR])
    qtbot.waitUntil(lambda: services.idle)
    report = services._holder.state.import_report
    assert report is not None
    assert [(one.path, one.reason) for one in report.failed] == [(file, "The file ends too early.")]
    services.read_again([file])
    qtbot.waitUntil(lambda: bool(notices))
    assert [notice.title for notice in notices] == ["There are files that still cannot be read."]
    del readers.verdicts["broken"]  # it was sent again
    services.read_again([file])
    qtbot.waitUntil(lambda: len(notices) == 2)
    assert notices[1].title.startswith("The files could be opened")
    assert [image.identity.study_instance_uid for image in store.worklist.images()] == ["study of broken"]
    qtbot.waitUntil(lambda: readers.examined == ["broken"])
