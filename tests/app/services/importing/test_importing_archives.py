"""Archives, indexes and copies, imported with the real readers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import SegmentationStorage
from pytestqt.qtbot import QtBot

from app.domain.importing import ImportReport
from app.domain.jobs import JobEvent, JobState
from app.domain.presenting import FoundState
from app.domain.study import ImageItem
from app.services.importing.import_service import COPY, ImportService
from app.services.state.worklist_store import WorklistStore
from squid_core.contracts.presentation import Stroke
from squid_core.contracts.radiograph import Identity, Window
from squid_core.dicom.errands import STATE
from squid_core.dicom.readers import ReaderPool
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, save, to_bytes
from tests.squid_core.dicom.states import graphic, state_of, window
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
    index = save(tmp_path, directory(["IMAGES", "IM0"], ["IMAGES", "IM9"]), "DICOMDIR")
    for opened in (index, index.parent):
        report = run(qtbot, service, opened)
        assert report.images == 1
        assert [("IMAGES/IM9" in reason, count) for reason, count in report.reasons] == [(True, 1)]
        assert [image.path.name for image in store.worklist.images()] == ["IM0"], "an index is nobody's image"


@pytest.mark.parametrize("cut", [200, 600])
def test_a_damaged_index_is_said_and_is_no_row(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path, cut: int
) -> None:
    save(tmp_path / "IMAGES", chest(), "IM0")
    save(tmp_path, to_bytes(directory(["IMAGES", "IM0"]))[:cut], "DICOMDIR")
    report = run(qtbot, service, tmp_path)
    assert report.images == 1
    assert [reason.partition(".")[0] for reason, _ in report.reasons] == ["A damaged DICOMDIR"]
    assert [image.path.name for image in store.worklist.images()] == ["IM0"]


def test_the_red_row_of_an_index_goes_when_it_is_opened_again(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    index = save(tmp_path, b"", "DICOMDIR")
    nobody = ImageItem(key="red", path=index, identity=Identity(study_instance_uid=""))
    store.upsert(nobody.advanced(JobEvent.READ).advanced(JobEvent.FAIL, "A row of an earlier version."))
    save(tmp_path, directory(["IMAGES", "IM9"]), "DICOMDIR")
    with qtbot.waitSignal(service.gone, timeout=30_000) as gone:
        service.start([index])
    assert gone.args == [["red"]]


def test_what_an_archive_does_not_open_is_said_and_the_rest_is_there(
    qtbot: QtBot, service: ImportService, store: WorklistStore, tmp_path: Path
) -> None:
    segmentation = chest(np.zeros((2048, 2048), np.uint16), SOPClassUID=SegmentationStorage, Modality="SEG")
    blank = chest(np.zeros((2048, 2048), np.uint16), PatientID="blank")
    members = [("IM1", to_bytes(chest())), ("IM2", to_bytes(blank)), ("SEG", to_bytes(segmentation))]
    save(tmp_path / "films", zipped(*members, ("../up", to_bytes(chest(PatientID="up")))), "a.zip")
    report = run(qtbot, service, tmp_path / "films")
    images = list(store.worklist.images())
    sound = [image.identity.patient_id for image in images if image.state is not JobState.ERROR]
    assert sorted(sound) == ["P-17", "blank"]
    (refused,) = (image for image in images if image.state is JobState.ERROR)
    assert refused.member == "../up"
    assert "leads out" in refused.message
    reasons = " ".join(reason for reason, _ in report.reasons)
    assert "holds a segmentation" in reasons
    assert "not all is opened (1 of 4 files)" in reasons


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


def test_a_presentation_state_is_counted_and_found_in_a_folder_and_in_an_archive(
    qtbot: QtBot, service: ImportService, readers: ReaderPool, store: WorklistStore, tmp_path: Path
) -> None:
    image = chest()
    state = state_of(image, graphic("POINT", 3.5, 4.5), **window(1200, 800))
    folder = tmp_path / "films"
    save(folder, image)
    save(folder, state, "state")
    save(folder, zipped(("ST/IM", to_bytes(chest())), ("ST/PR", to_bytes(state))), "a.zip")
    found: list[FoundState] = []
    service.states.connect(found.extend)
    report = run(qtbot, service, folder)
    assert (report.images, dict(report.reasons)) == (2, {STATE: 2})
    assert {(one.source.path.name, one.source.member) for one in found} == {("state", ""), ("a.zip", "ST/PR")}
    (item,) = (item for item in store.worklist.images() if item.identity.sop_instance_uid == image.SOPInstanceUID)
    radiograph = readers.read(item.source).result(30)
    for one in found:
        assert one.head.images == (image.SOPInstanceUID,)
        shown = readers.present(one.source, item.source, radiograph.content, radiograph.pivot).result(30)
        assert shown.window == Window(1200, 800)
        assert shown.strokes == (Stroke(((4, 3),)),)
