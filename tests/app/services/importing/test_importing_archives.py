"""Archives, indexes and copies, imported with the real readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.importing import ImportReport
from app.services.importing.import_service import COPY, ImportService
from app.services.state.worklist_store import WorklistStore
from squid_core.dicom.readers import ReaderPool
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, save, to_bytes
from tests.squid_core.dicom.test_files import directory

pytestmark = pytest.mark.keeps_running


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool(2) as pool:
        yield pool


@pytest.fixture
def store() -> WorklistStore:
    return WorklistStore()


@pytest.fixture
def service(qapp: object, readers: ReaderPool, store: WorklistStore) -> Iterator[ImportService]:
    service = ImportService(readers, store)
    yield service
    service.close()


def run(qtbot: QtBot, service: ImportService, *paths: Path) -> ImportReport:
    with qtbot.waitSignal(service.finished, timeout=30_000) as finished:
        service.start(paths)
    report = finished.args[0]
    assert isinstance(report, ImportReport)
    return report


def test_images_in_an_archive_are_studies_like_any_other(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    members = [(f"ST/IM{number}", to_bytes(chest(PatientID=f"P-{number}"))) for number in range(40)]
    path = save(tmp_path / "films", zipped(*members, ("readme.txt", b"Hello" * 20)), "a.zip")
    report = run(qtbot, service, tmp_path / "films")
    assert (report.found, report.images) == (41, 40)
    assert dict(report.reasons) == {"Not a DICOM file: a text file.": 1}
    images = {image.identity.patient_id: image for image in store.worklist.images()}
    assert len(images) == len({image.key for image in images.values()}) == 40
    assert (images["P-7"].path, images["P-7"].member) == (path, "ST/IM7")
    before = set(store.worklist.images())
    assert run(qtbot, service, path).images == 40
    assert set(store.worklist.images()) == before, "nothing is taken in twice"


def test_an_index_that_is_opened_brings_the_images_it_lists(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    for number in range(3):
        save(tmp_path / "disc" / "IMAGES", chest(), f"IM{number}")
    index = save(tmp_path / "disc", directory(["IMAGES", "IM0"], ["IMAGES", "IM1"]), "DICOMDIR")
    report = run(qtbot, service, index)
    assert (report.found, report.images, report.reasons) == (2, 2, ())
    report = run(qtbot, service, index.parent)
    assert (report.found, report.images, report.reasons) == (3, 3, ())
    assert len(store.worklist) == 3


def test_an_index_with_missing_files_says_so_and_brings_the_others(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    save(tmp_path / "IMAGES", chest(), "IM0")
    index = save(tmp_path, directory(["IMAGES", "IM0"], ["IMAGES", "GONE"]), "DICOMDIR")
    report = run(qtbot, service, index)
    assert report.images == 1
    assert any("IMAGES/GONE" in reason for reason, _ in report.reasons)
    assert sorted(image.path.name for image in store.worklist.images()) == ["DICOMDIR", "IM0"]


def test_a_copy_is_counted_and_not_shown_twice_but_another_image_of_its_uid_is(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    original = chest()
    save(tmp_path / "films", original, "one")
    shutil.copytree(tmp_path / "films", tmp_path / "films" / "copy")
    save(tmp_path / "films", zipped(("one", to_bytes(original))), "films.zip")
    original.PixelData = bytes(reversed(original.PixelData))
    save(tmp_path / "films", original, "liar")
    for _ in range(2):
        report = run(qtbot, service, tmp_path / "films")
        assert (report.found, report.images) == (4, 2)
        assert dict(report.reasons) == {COPY: 2}
        (study,) = store.worklist.studies
        assert len(study.images) == 2


def test_one_hundred_copies_are_one_image(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    data = to_bytes(chest())
    for number in range(100):
        save(tmp_path / "films", data, f"{number}")
    report = run(qtbot, service, tmp_path / "films")
    assert (report.found, report.images, dict(report.reasons)) == (100, 1, {COPY: 99})
