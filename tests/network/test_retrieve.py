"""Studies come from real systems: Orthanc by C-GET, C-MOVE and WADO-RS, dcmqrscp by C-GET."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    GrayscaleSoftcopyPresentationStateStorage,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
    MRImageStorage,
)

from squid_core.contracts.network import Fetched, Outcome
from squid_core.export.dicom.parts import CAPTURE
from squid_core.network import words
from squid_core.network.configuration import Listening, NetworkSettings, Peer
from squid_core.network.errands import fetch_study
from squid_core.network.incoming import Incoming
from tests.network.archives import Archive, running_archive
from tests.network.peers import LOOPBACK, Orthanc
from tests.squid_core.dicom.phantoms import chest, compressed, phantom, save, to_bytes

STUDY = "1.2.9.1"
# Series and instance; what is to come is not MR, and not what this program has sent there.
WANTED = {f"{STUDY}.1.1", f"{STUDY}.1.2", f"{STUDY}.1.3", f"{STUDY}.2.1", f"{STUDY}.3.1"}


def files(folder: Path) -> list[Path]:
    """A study of three films in three transfer syntaxes, a CR film, a state and an MR image."""

    def film(number: str, **attributes: Any) -> bytes:
        series, _ = number.split(".")
        uids: dict[str, Any] = {
            "StudyInstanceUID": STUDY,
            "SeriesInstanceUID": f"{STUDY}.{series}",
            "SOPInstanceUID": f"{STUDY}.{number}",
        }
        made = chest(phantom(64, 64), **uids, **attributes)
        made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
        made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
        if number == "1.2":
            compressed(made, JPEGLSLossless, "pyjpegls")
        if number == "1.3":
            made.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        return to_bytes(made)

    made = {
        "1.1": film("1.1"),
        "1.2": film("1.2"),
        "1.3": film("1.3"),
        "2.1": film("2.1", Modality="CR", SOPClassUID=ComputedRadiographyImageStorage),
        "3.1": film("3.1", Modality="PR", SOPClassUID=GrayscaleSoftcopyPresentationStateStorage, PixelData=None),
        "4.1": film("4.1", Modality="MR", SOPClassUID=MRImageStorage),
    }
    return [save(folder, data, name) for name, data in made.items()]


def ours(folder: Path) -> Path:
    """A result of this program's in the same study, which is not fetched; dcmqrscp does not say that it is one."""
    uids: dict[str, Any] = {"SeriesInstanceUID": f"{STUDY}.5", "SOPInstanceUID": f"{STUDY}.5.1"}
    result = chest(phantom(64, 64), StudyInstanceUID=STUDY, SeriesDescription=CAPTURE.description, **uids)
    result.file_meta.MediaStorageSOPInstanceUID = result.SOPInstanceUID
    return save(folder, result, "5.1")


@pytest.fixture(scope="module")
def filled(orthanc: Orthanc, tmp_path_factory: pytest.TempPathFactory) -> Orthanc:
    folder = tmp_path_factory.mktemp("films")
    orthanc.put(*files(folder), ours(folder))
    return orthanc


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with running_archive(tmp_path_factory.mktemp("archive")) as started:
        started.put(*files(tmp_path_factory.mktemp("films")))
        yield started


def settings_of(peer: Peer) -> NetworkSettings:
    return NetworkSettings(peers=(peer,), listening=Listening(free_gb=0.1))


@pytest.fixture(params=["get", "dicomweb", "dcmtk"])
def settings(request: pytest.FixtureRequest, filled: Orthanc, archive: Archive) -> NetworkSettings:
    peers = {
        "get": Peer(name="pacs", ae_title=filled.aet, host=LOOPBACK, port=filled.dicom_port),
        "dicomweb": Peer(name="pacs", dicomweb=filled.dicomweb),
        "dcmtk": archive.peer,
    }
    return settings_of(peers[request.param])


def fetch(settings: NetworkSettings, folder: Path, study: str = STUDY, *modalities: str) -> Fetched:
    return fetch_study(settings, "pacs", "", study, folder, modalities)


def lying(folder: Path) -> dict[str, str]:
    """Transfer syntax of each object in the incoming folder, by SOP Instance UID; nothing else lies there."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    heads = [dcmread(path) for path in found]
    assert len({head.SOPInstanceUID for head in heads}) == len(heads)
    assert all(path.suffix == ".dcm" for path in found)
    return {str(head.SOPInstanceUID): str(head.file_meta.TransferSyntaxUID) for head in heads}


def test_the_images_and_states_of_a_study_come_whole_and_once(settings: NetworkSettings, tmp_path: Path) -> None:
    came = fetch(settings, tmp_path)
    assert came.said.outcome is Outcome.DONE, came
    assert (came.files, came.had, came.missing) == (len(WANTED), 0, 0)
    assert lying(tmp_path).keys() == WANTED
    again = fetch(settings, tmp_path)
    assert (again.said.outcome, again.files, again.had, again.missing) == (Outcome.DONE, 0, len(WANTED), 0)


def test_an_image_comes_as_it_lies_there(settings: NetworkSettings, tmp_path: Path) -> None:
    fetch(settings, tmp_path)
    assert lying(tmp_path)[f"{STUDY}.1.2"] == JPEGLSLossless


def test_what_was_broken_off_goes_on(settings: NetworkSettings, tmp_path: Path) -> None:
    fetch(settings, tmp_path)
    incoming = Incoming(tmp_path, 0.1)
    for gone in ("1.2", "2.1"):
        path = incoming.has(f"{STUDY}.{gone}")
        assert path is not None
        path.unlink()
    (tmp_path / ".1-1-1.part").write_bytes(b"half")
    came = fetch(settings, tmp_path)
    assert (came.said.outcome, came.files, came.had, came.missing) == (Outcome.DONE, 2, len(WANTED) - 2, 0)
    assert lying(tmp_path).keys() == WANTED


def test_only_series_of_the_modalities_that_are_wanted_come_and_states_with_them(
    settings: NetworkSettings, tmp_path: Path
) -> None:
    came = fetch(settings, tmp_path, STUDY, "CR")
    assert came.said.outcome is Outcome.DONE, came
    assert lying(tmp_path).keys() == {f"{STUDY}.2.1", f"{STUDY}.3.1"}


def test_a_study_that_is_not_there(settings: NetworkSettings, tmp_path: Path) -> None:
    for study in ("1.2.9.99", "../../etc", ""):
        came = fetch(settings, tmp_path, study)
        assert came == Fetched(came.said)
        assert (came.said.outcome, came.said.sentence) == (Outcome.REFUSED, words.NO_STUDY)


def test_a_disk_that_is_full_is_a_sentence(filled: Orthanc, tmp_path: Path) -> None:
    peer = Peer(name="pacs", dicomweb=filled.dicomweb)
    settings = NetworkSettings(peers=(peer,), listening=Listening(free_gb=1000))
    came = fetch(settings, tmp_path)
    assert came.said.outcome is Outcome.FAILED
    assert "disk of the incoming folder is full" in came.said.sentence
    assert lying(tmp_path) == {}
