"""Stored in a PACS, found, fetched, scored, sent back, found again: with the real detector and a real PACS."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pydicom
import pytest
from pydicom import Dataset

from app.headless.phantom import draw
from squid_core.network.configuration import NetworkSettings, Peer, incoming_folder, write_settings
from tests.network.peers import LOOPBACK, Orthanc, run
from tests.network.squid import squid
from tests.squid_core.dicom.phantoms import chest, save

KINDS = ("SR", "OT", "SEG")  # modalities of report, secondary capture and segmentation
DICOM, WEB = "PACS", "PACS over HTTPS"
DICOM_JSON = "application/dicom+json"


def film(patient: str) -> Dataset:
    """A chest of today."""
    return chest(
        draw(), PatientName=f"Round^{patient}", PatientID=patient, StudyDate=date.today().strftime("%Y%m%d"),  # noqa: DTZ011
        StudyTime="101112", StudyID="S1", AccessionNumber=f"A-{patient}", BurnedInAnnotation="NO", Modality="DX",
        StudyDescription="Thorax", ReferringPhysicianName="",
    )  # fmt: skip


def objections(path: Path) -> list[str]:
    """What David Clunie's validator objects to."""
    done = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)  # noqa: S607
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]


def served(orthanc: Orthanc, study: str, folder: Path) -> dict[str, Dataset]:
    """What DICOMweb hands out of a study, by modality: its metadata, and its file written to `folder`."""
    found = {}
    for series in orthanc.ask(f"/dicom-web/studies/{study}/series"):
        modality, uid = (series[tag]["Value"][0] for tag in ("00080060", "0020000E"))
        metadata = orthanc.ask(f"/dicom-web/studies/{study}/series/{uid}/metadata")
        (one,) = (Dataset.from_json(item, lambda _: b"") for item in metadata)
        path = f"/dicom-web/studies/{study}/series/{uid}/instances/{one.SOPInstanceUID}"
        (there,) = orthanc.ask(f"/dicom-web/studies/{study}/instances?SOPInstanceUID={one.SOPInstanceUID}")
        assert there["00080018"]["Value"] == [one.SOPInstanceUID]
        body = orthanc.ask(path)
        start = body.index(b"DICM") - 128
        (folder / f"{modality}.dcm").write_bytes(body[start : body.rindex(b"\r\n--")])
        found[modality] = one
    return found


@pytest.mark.slow  # two scores with the shipped weights, each from a fresh start of the detector
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
def test_results_lie_under_the_right_study_valid_and_served(orthanc: Orthanc, tmp_path: Path) -> None:
    source, other = film("RT-1"), film("RT-2")  # what is of the other must not change
    for one in (source, other):
        path = save(tmp_path, one, one.PatientID)
        stored = run("storescu", "-aec", orthanc.aet, LOOPBACK, str(orthanc.dicom_port), path)
        assert stored.returncode == 0, stored.stderr
    peers = (
        Peer(name=DICOM, ae_title=orthanc.aet, host=LOOPBACK, port=orthanc.dicom_port),
        Peer(name=WEB, dicomweb=orthanc.dicomweb),
    )
    write_settings(NetworkSettings(peers=peers))
    for name in (DICOM, WEB):  # the second finds it here already
        found = squid("fetch", "--from", name, "--today", "--modality", "DX", "--patient-id", source.PatientID)
        assert found.returncode == 0, found.stdout + found.stderr

    results, answers = tmp_path / "results", tmp_path / "answers.jsonl"
    triaged = squid("triage", incoming_folder(), "--jsonl", answers, "--device", "cpu")
    assert triaged.returncode == 0, triaged.stdout + triaged.stderr
    assert [json.loads(line)["status"] for line in answers.read_text().splitlines()] == ["scored"]
    exported = squid("export", incoming_folder(), "--out", results, "--kinds", "sr,sc,seg", "--device", "cpu")
    assert exported.returncode == 0, exported.stdout + exported.stderr
    written = {pydicom.dcmread(path).Modality: path for path in results.rglob("*.dcm")}
    assert sorted(written) == sorted(KINDS)
    for name, kinds in ((DICOM, KINDS[:2]), (WEB, KINDS[1:])):  # one of them is there already
        sent = squid("send", *(written[kind] for kind in kinds), "--to", name)
        assert sent.returncode == 0, sent.stdout + sent.stderr
    assert len(orthanc.instances()) == 2 + len(KINDS)

    listed = squid("fetch", "--from", WEB, "--study", source.StudyInstanceUID, "--list")
    assert listed.returncode == 0, listed.stdout + listed.stderr
    assert all(modality in listed.stdout for modality in ("DX", *KINDS)), listed.stdout
    there = served(orthanc, source.StudyInstanceUID, tmp_path)
    assert sorted(there) == sorted(("DX", *KINDS))
    assert sorted(served(orthanc, other.StudyInstanceUID, tmp_path)) == ["DX"]
    for kind in KINDS:
        result = pydicom.dcmread(tmp_path / f"{kind}.dcm")
        assert result == pydicom.dcmread(written[kind])
        whose = (result.StudyInstanceUID, result.PatientID, result.PatientName, result.AccessionNumber)
        assert whose == (source.StudyInstanceUID, source.PatientID, source.PatientName, source.AccessionNumber)
        assert source.SOPInstanceUID in str(result)
        assert objections(tmp_path / f"{kind}.dcm") == []
        assert there[kind].SOPClassUID == result.SOPClassUID
