"""Studies come from real systems: Orthanc by C-GET, C-MOVE and WADO-RS, dcmqrscp by C-GET."""

from __future__ import annotations

import contextlib
import threading
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

from squid_core.cli import main
from squid_core.contracts.network import Fetched, Outcome
from squid_core.export.dicom import parts
from squid_core.network import words
from squid_core.network.configuration import (
    Caller,
    Listening,
    NetworkSettings,
    Peer,
    Retrieval,
    incoming_folder,
    write_settings,
)
from squid_core.network.errands import fetch_study
from squid_core.network.incoming import Incoming
from squid_core.network.node import run_node
from squid_core.network.retrieve import OWN_SERIES
from tests.network.archives import AET, Archive, running_archive
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
    result = chest(phantom(64, 64), StudyInstanceUID=STUDY, SeriesDescription=parts.CAPTURE.description, **uids)
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


@contextlib.contextmanager
def node(port: int, folder: Path, *callers: str) -> Iterator[Listening]:
    """The node here, as systems know it: SQUID on `port`."""
    callers_there = tuple(Caller(ae_title=title, address=LOOPBACK) for title in callers)
    listening = Listening(ae_title="SQUID", port=port, callers=callers_there, free_gb=0.1)
    stop, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=run_node, args=(listening, folder, lambda _: ready.set(), stop))
    thread.start()
    try:
        assert ready.wait(10)
        yield listening
    finally:
        stop.set()
        thread.join(10)


def moving(peer: Peer, listening: Listening) -> NetworkSettings:
    return NetworkSettings(
        peers=(peer.model_copy(update={"retrieval": Retrieval.MOVE}),),
        listening=listening,
    )


def test_a_study_is_moved_to_the_node_here(filled: Orthanc, tmp_path: Path) -> None:
    pacs = Peer(name="pacs", ae_title=filled.aet, host=LOOPBACK, port=filled.dicom_port)
    with node(filled.our_port, tmp_path, filled.aet) as listening:
        settings = moving(pacs, listening)
        came = fetch(settings, tmp_path)
        assert came.said.outcome is Outcome.DONE, came
        assert (came.files, came.had, came.missing) == (len(WANTED), 0, 0)
        path = Incoming(tmp_path, 0.1).has(f"{STUDY}.1.2")
        assert path is not None
        path.unlink()
        came = fetch(settings, tmp_path)
        assert (came.said.outcome, came.files, came.had) == (Outcome.DONE, 1, len(WANTED) - 1)
    assert lying(tmp_path).keys() == WANTED


def test_what_a_system_cannot_move_is_said_to_be_missing(archive: Archive, tmp_path: Path) -> None:
    with node(archive.our_port, tmp_path, AET) as listening:
        came = fetch(moving(archive.peer, listening), tmp_path)
    # dcmqrscp takes the plain context of a class for its JPEG-LS film too, and cannot decode it.
    assert (came.said.outcome, came.files, came.missing) == (Outcome.PARTLY, len(WANTED) - 1, 1)
    assert words.SOME_MISSING in came.said.sentence
    assert lying(tmp_path).keys() == WANTED - {f"{STUDY}.1.2"}


def test_a_move_that_cannot_arrive_says_where_to_look(filled: Orthanc, archive: Archive, tmp_path: Path) -> None:
    pacs = Peer(name="pacs", ae_title=filled.aet, host=LOOPBACK, port=filled.dicom_port)
    off = fetch(moving(pacs, Listening(free_gb=0.1)), tmp_path)
    assert (off.said.outcome, off.said.sentence) == (Outcome.REFUSED, words.NODE_OFF)
    closed = Listening(ae_title="SQUID", port=1, free_gb=0.1)  # where nobody listens
    came = fetch(moving(pacs, closed), tmp_path)
    assert (came.said.outcome, came.files, came.missing) == (Outcome.FAILED, 0, len(WANTED))
    assert words.SOME_MISSING in came.said.sentence
    unknown = Listening(ae_title="NOBODY", port=1, free_gb=0.1)
    came = fetch(moving(archive.peer, unknown), tmp_path)
    assert came.said.outcome is Outcome.REFUSED
    assert "does not know the node here" in came.said.sentence


def test_no_result_of_this_program_is_fetched_as_an_image() -> None:
    series = [value for value in vars(parts).values() if isinstance(value, parts.SeriesOf)]
    assert len(series) >= 3
    assert all(OWN_SERIES.fullmatch(one.description) for one in series)


def test_the_command_line_fetches_lists_and_goes_on(
    filled: Orthanc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def squid(*spoken: str) -> tuple[int, str, str]:
        code = main([*spoken, "--home", str(tmp_path)])
        return (code, *capsys.readouterr())

    peers = (
        Peer(name="pacs", ae_title=filled.aet, host=LOOPBACK, port=filled.dicom_port),
        Peer(name="web", dicomweb=filled.dicomweb),
    )
    write_settings(NetworkSettings(peers=peers, listening=Listening(free_gb=0.1)), tmp_path)
    code, said, complaint = squid("fetch", "--from", "web", "--patient-id", "P-17", "--list")
    assert (code, complaint) == (0, "")
    assert "P-17" in said
    code, said, complaint = squid("fetch", "--from", "pacs", "--study", STUDY)
    assert (code, complaint) == (0, "")
    assert "5 files came, 0 were here" in said
    assert STUDY not in said
    assert lying(incoming_folder(tmp_path)).keys() == WANTED
    code, said, _ = squid("fetch", "--from", "web", "--from-date", "2024-02-29", "--to-date", "2024-02-29")
    assert code == 0, said
    assert "0 files came, 5 were here" in said
    assert squid("fetch", "--from", "web", "--today") == (0, "0 of 0 studies are here.\n", "")
    assert squid("peers", "--test", "pacs") == (0, f"{words.WORKS}\n", "")
