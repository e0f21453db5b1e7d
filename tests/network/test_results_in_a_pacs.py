"""Every kind of DICOM result goes into a real PACS by C-STORE and by STOW-RS, and DICOMweb serves it, still valid."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import Dataset, dcmread
from pydicom.uid import generate_uid

from squid_core.contracts.network import Outcome, Sent
from squid_core.contracts.reading import ACCEPTED
from squid_core.export.request import ExportKind
from squid_core.export.write import write_all
from squid_core.network.configuration import NetworkSettings
from squid_core.network.errands import identify, send_files
from tests.network.peers import Orthanc
from tests.network.test_round_trip import objections
from tests.network.test_send import PACS, by_dicom, by_web
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.export.remarked import OPINION, everything
from tests.squid_core.export.samples import detection, request

KINDS = {
    ExportKind.SECONDARY_CAPTURE: "OT",
    ExportKind.STRUCTURED_REPORT: "SR",
    ExportKind.SEGMENTATION: "SEG",
    ExportKind.PRESENTATION_STATE: "PR",
    ExportKind.KEY_IMAGE_NOTE: "KO",
}


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize("settings", [by_dicom, by_web])
def test_a_pacs_takes_every_kind_of_result_and_serves_it_under_its_study(
    orthanc: Orthanc, tmp_path: Path, settings: Callable[[Orthanc], NetworkSettings]
) -> None:
    source = chest(SOPInstanceUID=generate_uid(), StudyTime="101112", BurnedInAnnotation="NO")
    film = save(tmp_path, source)
    orthanc.put(film)
    judged = {"opinion": replace(OPINION, code=ACCEPTED), "marks": everything}
    written = write_all(request(film, tmp_path / "out", *KINDS, detection=detection(), **judged))
    assert written.kinds == tuple(KINDS)
    sent: Sent = send_files(settings(orthanc), PACS, "", written.paths, identify(written.paths))
    assert sent.said.outcome is Outcome.DONE, sent
    assert len(sent.accepted) == len(KINDS)

    study = f"/dicom-web/studies/{source.StudyInstanceUID}"
    series = {one["00080060"]["Value"][0]: one["0020000E"]["Value"][0] for one in orthanc.ask(f"{study}/series")}
    assert set(series) == {"DX", *KINDS.values()}
    for path, modality in zip(written.paths, KINDS.values(), strict=True):
        ours = dcmread(path)
        assert ours.Modality == modality
        (told,) = orthanc.ask(f"{study}/series/{series[modality]}/metadata")
        there = Dataset.from_json(told, lambda _: b"")
        assert (there.SOPInstanceUID, there.SOPClassUID) == (ours.SOPInstanceUID, ours.SOPClassUID)
        assert source.SOPInstanceUID in str(there), "it points to its image"
        body = orthanc.ask(f"{study}/series/{series[modality]}/instances/{ours.SOPInstanceUID}")
        back = tmp_path / f"{modality}.dcm"
        back.write_bytes(body[body.index(b"DICM") - 128 : body.rindex(b"\r\n--")])
        assert dcmread(back) == ours
        assert objections(back) == []
