"""What an export says of the patient: all of it, a pseudonym, or nothing in any byte."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.export.request import NEED_DETECTION, ExportKind, ExportRequest
from squid_core.export.write import write_all
from tests.squid_core.dicom.phantoms import chest, phantom, save
from tests.squid_core.export.dicom.test_deidentify import secrets_in, talkative
from tests.squid_core.export.samples import detection, request

KEY = "a secret"


DICOM = (ExportKind.SOURCE, ExportKind.SECONDARY_CAPTURE, ExportKind.STRUCTURED_REPORT, ExportKind.SEGMENTATION)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return save(tmp_path, talkative())


def test_nothing_of_the_patient_is_in_any_file_of_a_de_identified_export(tmp_path: Path, film: Path) -> None:
    high = detection(percentile=99.0)  # of which there is a key image note
    done = write_all(request(film, tmp_path / "out", *ExportKind, detection=high, deidentify=True, key=KEY))
    assert len(done.paths) == len(ExportKind)
    for path in done.paths:
        assert secrets_in(path.read_bytes()) == [], path.name
        assert secrets_in(path.name.encode()) == []
    assert secrets_in(" ".join(done.notices).encode()) == []


def test_de_identified_image_and_results_still_belong_together(tmp_path: Path, film: Path) -> None:
    done = write_all(request(film, tmp_path / "out", *DICOM, deidentify=True, key=KEY))
    image, *results = (pydicom.dcmread(path) for path in done.paths)
    for result in results:
        assert result.StudyInstanceUID == image.StudyInstanceUID
        assert (result.PatientID, str(result.PatientName)) == (image.PatientID, str(image.PatientName))
        assert result.PatientIdentityRemoved == "YES"
        assert result.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    capture = results[0]
    assert capture.SourceImageSequence[0].ReferencedSOPInstanceUID == image.SOPInstanceUID
    source = pydicom.dcmread(film)
    assert image.StudyInstanceUID != source.StudyInstanceUID


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
def test_the_validator_finds_no_error_in_de_identified_results(tmp_path: Path, film: Path) -> None:
    done = write_all(request(film, tmp_path / "out", *DICOM[1:], deidentify=True))
    for path in done.paths:
        ended = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)  # noqa: S607
        assert not [line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("Error")], path.name


def test_the_image_itself_is_copied_to_the_byte(tmp_path: Path, film: Path) -> None:
    (copy,) = write_all(ExportRequest(film, tmp_path / "out", (ExportKind.SOURCE,))).paths
    assert copy.read_bytes() == film.read_bytes()


def test_results_need_a_score(film: Path, tmp_path: Path) -> None:
    for kind in NEED_DETECTION:
        with pytest.raises(ValueError, match="scored"):
            ExportRequest(film, tmp_path, (kind,))


def test_text_burned_in_stops_all_of_a_de_identified_export(tmp_path: Path) -> None:
    film = save(tmp_path, chest(BurnedInAnnotation="YES"))
    with pytest.raises(SquidError, match="may show the patient's name"):
        write_all(request(film, tmp_path / "out", ExportKind.PDF, deidentify=True))
    assert not (tmp_path / "out").exists()
    assert write_all(request(film, tmp_path / "out", ExportKind.PDF, deidentify=True, insist=True)).paths


def test_two_exports_of_one_run_belong_together_and_two_runs_do_not(tmp_path: Path, film: Path) -> None:
    def study(key: str) -> str:
        made = ExportRequest(film, tmp_path / "out", (ExportKind.SOURCE,), deidentify=True, key=key)
        return str(pydicom.dcmread(write_all(made).paths[0]).StudyInstanceUID)

    assert study(KEY) == study(KEY)
    assert study(KEY) != study("another")


@pytest.mark.parametrize("deidentify", [False, True])
def test_a_picture_gives_results_and_no_dicom_copy(tmp_path: Path, deidentify: bool) -> None:
    picture = tmp_path / "DOE_JANE.png"
    assert cv2.imwrite(str(picture), phantom(160, 200, bits=8).astype(np.uint8))
    out = tmp_path / "out"
    made = request(picture, out, deidentify=deidentify, key=KEY)
    paths = write_all(made).paths
    assert len(paths) == 3
    assert not any(b"DOE" in path.read_bytes() for path in paths), "a file's name may be its patient's"
    with pytest.raises(SquidError, match="cannot be exported as a DICOM image"):
        write_all(replace(made, kinds=(ExportKind.SOURCE,)))
    assert len(list(out.iterdir())) == 3
