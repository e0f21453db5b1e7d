from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.importing import ImportReport
from app.domain.jobs import JobState
from app.services.importing.import_service import ImportService
from app.services.state.worklist_store import WorklistStore
from squid_core.contracts.radiograph import FileStatus
from squid_core.dicom.container.scan import FoundFile
from squid_core.dicom.readers import Examined
from squid_core.dicom.source import Source
from tests.app.services.fakes import FakeReaders


class Import:
    def __init__(self, readers: FakeReaders) -> None:
        self.readers = readers
        self.store = WorklistStore()
        self.service = ImportService(readers, self.store)
        self.found: list[str] = []
        self.reports: list[ImportReport] = []
        self.finished: list[ImportReport] = []
        self.service.found.connect(self.found.extend)
        self.service.report_changed.connect(self.reports.append)
        self.service.finished.connect(self.finished.append)

    def run(self, qtbot: QtBot, *paths: Path) -> ImportReport:
        self.service.start(paths)
        count = len(self.finished) + 1
        qtbot.waitUntil(lambda: len(self.finished) == count, timeout=10_000)
        return self.finished[-1]


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Import]:
    work = Import(FakeReaders(readme=FileStatus.SKIPPED, broken=FileStatus.ERROR))
    yield work
    work.service.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "films"
    for name in ("one/a", "one/b", "two/deep/c", "readme.txt", "broken.dcm"):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    return root


def test_images_become_studies_rubbish_is_counted_and_damage_is_shown_last(
    qtbot: QtBot, work: Import, folder: Path
) -> None:
    report = work.run(qtbot, folder)
    assert (report.found, report.images, report.running) == (5, 3, False)
    assert dict(report.reasons) == {"Not a DICOM file.": 1, "The file ends too early.": 1}
    studies = work.store.worklist.studies
    assert sorted(study.uid for study in studies[:3]) == ["study of a", "study of b", "study of c"]
    assert (studies[3].state, studies[3].message) == (JobState.ERROR, "The file ends too early.")
    assert len(work.found) == 4


def test_the_order_of_arrival_is_that_of_the_files_whichever_header_is_read_first(qtbot: QtBot, tmp_path: Path) -> None:
    asked: list[tuple[Path | Source, Future[Examined]]] = []

    class LateReaders(FakeReaders):
        def identify(self, source: Path | Source) -> Future[Examined]:
            asked.append((source, Future()))
            return asked[-1][1]

    work = Import(LateReaders())
    paths = [tmp_path / f"{number}.dcm" for number in range(6)]
    for path in paths:
        path.write_bytes(path.name.encode())
    work.service.start(paths)
    qtbot.waitUntil(lambda: len(asked) == 6)
    for source, future in reversed(asked):
        future.set_result(FakeReaders().identify(source).result())
    qtbot.waitUntil(lambda: bool(work.finished))
    images = sorted(work.store.worklist.images(), key=lambda image: image.arrival)
    assert [image.path for image in images] == paths
    work.service.close()


def test_an_index_that_cannot_be_read_for_whatever_reason_is_counted_and_no_row(
    qtbot: QtBot, work: Import, folder: Path
) -> None:
    work.readers.verdicts["DICOMDIR"] = FileStatus.ERROR
    (folder / "DICOMDIR").write_bytes(b"x")
    report = work.run(qtbot, folder)
    assert (report.found, report.images) == (6, 3)
    assert dict(report.reasons)["The file ends too early."] == 2
    assert "DICOMDIR" not in {image.path.name for image in work.store.worklist.images()}


def test_a_second_look_at_the_same_folder_reads_nothing_twice(qtbot: QtBot, work: Import, folder: Path) -> None:
    work.run(qtbot, folder)
    before = {image.key: image for image in work.store.worklist.images() if image.state is not JobState.ERROR}
    report = work.run(qtbot, folder)
    assert report.images == 3
    assert all(work.store.worklist.image(key) is item for key, item in before.items())


def test_a_file_that_has_changed_is_taken_in_anew(qtbot: QtBot, work: Import, folder: Path) -> None:
    work.run(qtbot, folder)
    former = work.store.worklist.studies[0].images[0]
    former.path.write_bytes(b"another image")
    work.run(qtbot, folder)
    item = work.store.worklist.image(former.key)
    assert item is not None
    assert item.size == 13
    assert item.arrival == former.arrival


def test_folders_opened_during_an_import_come_after_it(qtbot: QtBot, work: Import, folder: Path) -> None:
    work.service.start([folder / "one"])
    work.service.start([folder / "two"])
    qtbot.waitUntil(lambda: bool(work.finished), timeout=10_000)
    assert len(work.store.worklist) == 3
    assert not work.service.running


def test_a_folder_that_is_not_there_is_said_in_the_report(qtbot: QtBot, work: Import, tmp_path: Path) -> None:
    report = work.run(qtbot, tmp_path / "nowhere")
    assert dict(report.reasons) == {"This file or folder cannot be found.": 1}


def test_an_endless_folder_can_be_cancelled(qtbot: QtBot, tmp_path: Path) -> None:
    def endless(root: Path) -> Iterator[FoundFile]:
        number = 0
        while True:
            number += 1
            yield FoundFile(root / str(number), str(number), 1)

    work = Import(FakeReaders())
    work.service._scan = endless
    work.service.start([tmp_path])
    qtbot.waitUntil(lambda: len(work.store.worklist) > 5, timeout=10_000)
    work.service.cancel()
    taken_in = len(work.store.worklist), len(work.found)
    qtbot.waitUntil(lambda: bool(work.finished), timeout=10_000)
    assert (len(work.store.worklist), len(work.found)) == taken_in
    assert work.finished[0].cancelled
    assert work.finished[0].text.startswith("Import stopped")
    work.service.close()


def test_closing_in_the_middle_leaves_no_thread(qtbot: QtBot, work: Import, folder: Path) -> None:
    work.service.start([folder])
    work.service.close()
    assert not work.service.running
