"""Real systems are asked: Orthanc by DICOM and DICOMweb, and dcmqrscp of DCMTK."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from squid_core.contracts.network import Outcome, Question
from squid_core.network import words
from squid_core.network.configuration import NetworkSettings, Peer, Retrieval
from squid_core.network.errands import find, try_peer
from tests.network.archives import Archive, running_archive
from tests.network.peers import LOOPBACK, Orthanc, free_port
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

HAND = {"Modality": "CR", "BodyPartExamined": "HAND"}
STUDIES: dict[str, dict[str, Any]] = {
    "1.2.3.1": {"StudyDate": "20261129", "PatientID": "A-1", "PatientName": "Doe^Jane", "AccessionNumber": "N1"},
    "1.2.3.2": {"StudyDate": "20261130", "PatientID": "A-2", "PatientName": "Müller^Jörg", "AccessionNumber": "N2"},
    "1.2.3.3": {
        "StudyDate": "20261130",
        "PatientID": "A-3",
        "PatientName": "Roe^A",
        "Modality": "CR",
        "BodyPartExamined": "HAND",
    },
    "1.2.3.4": {"StudyDate": "20261130", "PatientID": "A-4", "PatientName": "Roe^B", "Modality": "MR"},
}


def films(folder: Path) -> list[Path]:
    """One film of each of the studies."""
    made = []
    for uid, attributes in STUDIES.items():
        extra: dict[str, Any] = {"SeriesInstanceUID": f"{uid}.1", "SOPInstanceUID": f"{uid}.1.1"}
        time = f"0{uid[-1]}0000"
        film = chest(
            phantom(32, 32),
            SpecificCharacterSet="ISO_IR 192",
            StudyTime=time,
            StudyInstanceUID=uid,
            **extra,
            **attributes,
        )
        film.file_meta.MediaStorageSOPInstanceUID = film.SOPInstanceUID
        made.append(save(folder, to_bytes(film), uid))
    return made


@pytest.fixture(scope="module")
def filled(orthanc: Orthanc, tmp_path_factory: pytest.TempPathFactory) -> Orthanc:
    orthanc.put(*films(tmp_path_factory.mktemp("films")))
    return orthanc


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with running_archive(tmp_path_factory.mktemp("archive")) as started:
        started.put(*films(tmp_path_factory.mktemp("films")))
        yield started


def settings_of(*peers: Peer) -> NetworkSettings:
    return NetworkSettings(peers=peers)


def dicom(orthanc: Orthanc) -> Peer:
    return Peer(name="pacs", ae_title=orthanc.aet, host=LOOPBACK, port=orthanc.dicom_port)


def web(orthanc: Orthanc) -> Peer:
    return Peer(name="pacs", dicomweb=orthanc.dicomweb)


@pytest.fixture(params=["dicom", "dicomweb", "dcmtk"])
def settings(request: pytest.FixtureRequest, filled: Orthanc, archive: Archive) -> NetworkSettings:
    peers = {"dicom": dicom(filled), "dicomweb": web(filled), "dcmtk": archive.peer}
    return settings_of(peers[request.param])


@pytest.mark.parametrize(
    ("question", "studies"),
    [
        (Question(), ["1.2.3.4", "1.2.3.3", "1.2.3.2", "1.2.3.1"]),
        (Question(first_day=date(2026, 11, 30)), ["1.2.3.4", "1.2.3.3", "1.2.3.2"]),
        (Question(last_day=date(2026, 11, 29)), ["1.2.3.1"]),
        (Question(first_day=date(2026, 11, 30), last_day=date(2026, 11, 30), modalities=("MR",)), ["1.2.3.4"]),
        (Question(modalities=("CR", "DX")), ["1.2.3.3", "1.2.3.2", "1.2.3.1"]),
        (Question(patient_id="A-2"), ["1.2.3.2"]),
        (Question(patient_name="Doe*"), ["1.2.3.1"]),
        (Question(accession_number="N2"), ["1.2.3.2"]),
        (Question(study_instance_uid="1.2.3.3"), ["1.2.3.3"]),
        (Question(patient_id="nobody"), []),
    ],
)
def test_each_key_finds_what_it_names(settings: NetworkSettings, question: Question, studies: list[str]) -> None:
    answer = find(settings, "pacs", "", question)
    assert answer.said.outcome is Outcome.DONE, answer.said
    assert [study.study_instance_uid for study in answer.studies] == studies
    assert not answer.more


def test_a_study_of_another_part_of_the_body_is_left_out_where_that_is_said(filled: Orthanc, archive: Archive) -> None:
    question = Question(modalities=("CR", "DX"), body_part="CHEST")
    for peer in (dicom(filled), web(filled)):
        found = find(settings_of(peer), "pacs", "", question).studies
        assert [(study.study_instance_uid, study.body_part) for study in found] == [
            ("1.2.3.2", "CHEST"),
            ("1.2.3.1", "CHEST"),
        ]
    silent = find(settings_of(archive.peer), "pacs", "", question).studies  # dcmqrscp does not say
    assert [study.study_instance_uid for study in silent] == ["1.2.3.3", "1.2.3.2", "1.2.3.1"]


def test_what_is_said_of_a_study(settings: NetworkSettings) -> None:
    (study,) = find(settings, "pacs", "", Question(patient_id="A-2")).studies
    assert (study.patient_name, study.patient_id, study.sex) == ("Müller, Jörg", "A-2", "F")
    assert (study.study_date, study.study_time, study.birth_date) == ("20261130", "020000", "19620101")
    assert study.accession_number == "N2"


def test_a_name_beyond_ascii_is_looked_for(filled: Orthanc) -> None:
    # Orthanc's DICOMweb 1.7 takes %C3%BC for these letters; that the question is right, test_web.py says.
    answer = find(settings_of(dicom(filled)), "pacs", "", Question(patient_name="Müller*"))
    assert [study.study_instance_uid for study in answer.studies] == ["1.2.3.2"]


def test_a_system_with_more_than_is_wanted_is_told_to_stop(settings: NetworkSettings) -> None:
    answer = find(settings, "pacs", "", Question(), 2)
    assert answer.said.outcome is Outcome.DONE, answer.said
    assert len(answer.studies) == 2
    assert answer.more


def test_numbers_and_modalities_of_a_study(filled: Orthanc) -> None:
    for peer in (dicom(filled), web(filled)):
        (study,) = find(settings_of(peer), "pacs", "", Question(patient_id="A-3")).studies
        assert (study.modalities, study.instances) == (("CR",), 1)


def test_a_system_that_works_says_so(settings: NetworkSettings) -> None:
    said = try_peer(settings, "pacs", "")
    assert (said.outcome, said.sentence) == (Outcome.DONE, words.WORKS)


def test_a_title_that_orthanc_does_not_check_and_dcmqrscp_does(archive: Archive) -> None:
    wrong = archive.peer.model_copy(update={"ae_title": "NOBODY"})
    said = try_peer(settings_of(wrong), "pacs", "")
    assert said.outcome is Outcome.REFUSED
    assert "called AE title is not known there" in said.sentence


def test_storescp_answers_and_takes_no_queries(tmp_path: Path) -> None:
    from tests.network.peers import running

    port = free_port()
    with running(["storescp", "-od", str(tmp_path), str(port)], port):
        peer = Peer(name="pacs", ae_title="STORE", host=LOOPBACK, port=port, retrieval=Retrieval.MOVE)
        said = try_peer(settings_of(peer), "pacs", "")
        assert said.outcome is Outcome.PARTLY
        assert said.sentence == f"{words.ANSWERS} {words.NO_FIND} {words.NO_MOVE}"
        assert find(settings_of(peer), "pacs", "", Question()).said.sentence == words.NO_FIND
    assert try_peer(settings_of(peer), "pacs", "").sentence == words.CLOSED_PORT


def test_an_address_without_dicomweb_is_no_traceback(filled: Orthanc) -> None:
    base = filled.dicomweb.removesuffix("/dicom-web")
    for address, sentence in ((f"{base}/nothing", words.NOT_FOUND), (f"{base}/app/explorer.html#", words.NOT_DICOMWEB)):
        said = try_peer(settings_of(Peer(name="pacs", dicomweb=address)), "pacs", "")
        assert (said.outcome, said.sentence) == (Outcome.REFUSED, sentence)
