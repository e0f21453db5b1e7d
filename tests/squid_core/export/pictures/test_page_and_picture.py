"""The page and the picture: what they say, of whom, and that nothing else is in the file."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from squid_core.contracts.detection import Pose
from squid_core.dicom.reader import read
from squid_core.export.errand import draw_page
from squid_core.export.pictures.page import page
from squid_core.export.pictures.patient_words import patient_line, study_line
from squid_core.export.request import ExportKind, ExportRequest
from squid_core.export.source import read_source
from squid_core.export.write import write_all
from squid_core.privacy import masked
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.export.dicom.test_deidentify import secrets_in, talkative
from tests.squid_core.export.samples import detection, request

KEY = "a secret"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return save(tmp_path, talkative())


def words_on(made: ExportRequest) -> str:
    from matplotlib.text import Text

    return "\n".join(text.get_text() for text in page(made, read_source(made)).findobj(Text))


def test_the_page_says_who_when_and_what(film: Path, tmp_path: Path) -> None:
    words = words_on(request(film, tmp_path, ExportKind.PDF))
    for expected in (
        *("ZZCANARY, PHI", "ID PHI-CANARY-7731", "62 y", "2024-02-29", "DX CHEST PA", "accession ACC-7731"),
        *("Score 0.85: higher than 93% of normal images held out", "paper's A 0.625", "Test weights"),
        *("0123456789abcdef" * 4, "2 memory entries a patch", "RESEARCH USE ONLY", "Not a medical device", "99 ▲"),
    ):
        assert expected in words
    assert "90% specificity" in words


def test_the_page_warns_of_an_image_unlike_memory_and_of_a_what_if(film: Path, tmp_path: Path) -> None:
    quiet = words_on(request(film, tmp_path, ExportKind.PDF))
    assert "means little" not in quiet
    assert "WHAT-IF" not in quiet
    from squid_core.contracts.detection import DetectorSettings, Trial

    odd = detection(outside_memory=True, trial=Trial(DetectorSettings(1)))
    words = words_on(request(film, tmp_path, ExportKind.PDF, detection=odd))
    assert "Unlike anything in memory: the score means little" in words
    assert "WHAT-IF" in words


@pytest.mark.parametrize("outside", [False, True])
def test_the_page_says_that_a_chest_looks_mirrored_or_was_not_laid(film: Path, tmp_path: Path, outside: bool) -> None:
    odd = detection(outside_memory=outside, pose=Pose(0.2, registered=False, mirrored=True))
    words = words_on(request(film, tmp_path, ExportKind.PDF, detection=odd))
    assert "Looks mirrored: check the side markers" in words
    assert ("Unlike anything in memory" in words) is outside
    assert ("Not laid on the mean normal chest" in words) is not outside, "that it means little says more than less"
    laid = detection(pose=Pose(0.9, registered=True))
    quiet = words_on(request(film, tmp_path, ExportKind.PDF, detection=laid))
    assert "mirrored" not in quiet
    assert "mean normal chest" not in quiet


@pytest.mark.parametrize("how", [{"deidentify": True}, {"mask_names": True}], ids=["de-identified", "masked"])
def test_masked_or_de_identified_the_page_carries_a_pseudonym(film: Path, tmp_path: Path, how: dict[str, bool]) -> None:
    made = request(film, tmp_path, ExportKind.PDF, key=KEY, **how)
    words = words_on(made)
    assert secrets_in(words.encode()) == []
    assert "2024" not in words.split("Made")[0]
    assert "date left out" in words


def test_a_masked_export_carries_the_pseudonym_of_the_screen(film: Path, tmp_path: Path) -> None:
    made = request(film, tmp_path, ExportKind.PDF, mask_names=True, key=KEY)
    assert masked(read(film).identity, KEY).patient_name in words_on(made)


def test_the_pdf_is_one_a4_page_without_identifiers_in_its_metadata(film: Path, tmp_path: Path) -> None:
    (path,) = write_all(request(film, tmp_path / "out", ExportKind.PDF)).paths
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page ") == 1
    assert b"/MediaBox [ 0 0 595.44 841.68 ]" in data
    assert secrets_in(data) == []  # the page's text is packed; what lies open says nothing
    assert len(data) < 3_000_000


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_program_reads_the_page(film: Path, tmp_path: Path) -> None:
    def text(**how: bool) -> str:
        (path,) = write_all(request(film, tmp_path / "out", ExportKind.PDF, **how)).paths
        return subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout  # noqa: S607

    assert "ZZCANARY" in text()
    assert secrets_in(text(deidentify=True).encode()) == []


def test_the_picture_is_a_png_without_metadata(film: Path, tmp_path: Path) -> None:
    (path,) = write_all(request(film, tmp_path / "out", ExportKind.PNG)).paths
    picture = Image.open(io.BytesIO(path.read_bytes()))
    assert picture.format == "PNG"
    assert picture.width == 1920
    assert not picture.info


def test_an_image_without_a_score_is_shown_alone(film: Path, tmp_path: Path) -> None:
    (path,) = write_all(ExportRequest(film, tmp_path / "out", (ExportKind.PNG,), deidentify=True)).paths
    picture = np.asarray(Image.open(path))
    assert picture.shape == (62 + 160, 200, 3)
    assert picture[62:, :30].mean() > picture[62 + 60 :, -20:].mean()  # bright corner left, dark bar right


def test_words_for_the_patient(film: Path, tmp_path: Path) -> None:
    identity = read(film).identity
    open_ = ExportRequest(film, tmp_path, (ExportKind.PNG,))
    assert patient_line(open_, identity) == "ZZCANARY, PHI  ·  ID PHI-CANARY-7731  ·  62 y  ·  F"
    assert study_line(open_, identity, 1).startswith("Study: 2024-02-29  ·  DX CHEST PA")
    nobody = read(save(tmp_path, chest(PatientName="", PatientID="", StudyDate=""), "nobody")).identity
    assert patient_line(open_, nobody).startswith("Unnamed patient")
    assert "no date" in study_line(open_, nobody, 1)


def test_a_page_for_a_printer_is_the_same_page_without_a_file(film: Path, tmp_path: Path) -> None:
    data = draw_page(request(film, tmp_path / "out", ExportKind.PDF))
    picture = Image.open(io.BytesIO(data))
    assert picture.size == (2481, 3507)  # A4 at 300 dots an inch
    assert not any(secrets_in(str(value).encode()) for value in picture.info.values())
    assert not (tmp_path / "out").exists()
