"""`squid export`: folders in, files out, and a sentence for each file of which nothing came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pydicom
import pytest

from squid_core.cli import main
from squid_core.contracts.errors import SquidError
from squid_core.dicom.readers import ReaderPool
from squid_core.export.errand import start
from squid_core.export.request import Exported, ExportKind, ExportRequest
from tests.squid_core.dicom.phantoms import chest, save
from tests.squid_core.export.samples import request

pytestmark = pytest.mark.keeps_running
Export = Callable[..., tuple[int, str]]


@pytest.fixture
def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    """Run the command with the weights that are shipped; its exit code and what it said."""

    def run(path: Path, *options: str) -> tuple[int, str]:
        fixed = ("--out", str(tmp_path / "out"), "--weights", "adult", "--device", "cpu")
        code = main(["export", str(path), *fixed, *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_folder_becomes_results_with_neutral_names(tmp_path: Path, export: Export) -> None:
    folder = tmp_path / "in"
    save(folder, chest(), "a")
    save(folder, chest(PatientName="Canary^Ann"), "b")
    save(folder, chest(BodyPartExamined="HAND"), "hand")
    save(folder, b"no image", "notes.txt")
    code, said = export(folder)
    assert code == 0, said
    assert "6 files written" in said
    assert "hand: not exported. Not scored. It shows another part of the body" in said
    assert "notes.txt: not exported. Not a DICOM file" in said
    assert "Canary" not in said
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    ends = ("capture-sc.dcm", "patches-seg.dcm", "report-sr.dcm")
    assert names == [f"squid-{number:04}-{end}" for number in (1, 2) for end in ends]


def test_what_shows_the_reconstruction_shows_the_picture_that_the_window_shows(
    tmp_path: Path, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[ExportRequest] = []

    def noted(pool: ReaderPool, request: ExportRequest) -> Future[Exported]:
        asked.append(request)
        return start(pool, request)

    monkeypatch.setattr("squid_core.commands.export.start", noted)
    file = save(tmp_path / "in", chest())
    for kinds in ("sc", "sr,seg"):
        code, said = export(file, "--kinds", kinds)
        assert code == 0, said
    shown, plain = asked
    assert plain.picture is None
    assert shown.detection is not None
    assert shown.picture is not None
    assert shown.picture.shape == (256, 256)
    assert 0 <= shown.picture.min() < shown.picture.max() <= 1
    small = shown.picture.reshape(128, 2, 128, 2).mean((1, 3))
    assert np.abs(small - shown.detection.reconstruction).mean() < 0.2  # of the same chest


def test_nothing_to_export_is_an_error(tmp_path: Path, export: Export) -> None:
    code, said = export(save(tmp_path / "in", chest(BodyPartExamined="HAND")))
    assert code != 0
    assert "Nothing was exported. The lines above say why." in said
    empty = tmp_path / "empty"
    empty.mkdir()
    code, said = export(empty)
    assert code != 0
    assert "No file was found" in said


def test_only_the_kinds_asked_for_are_written(
    tmp_path: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = export(save(tmp_path / "in", chest()), "--kinds", "sr, sr")
    assert code == 0
    (report,) = (tmp_path / "out").iterdir()
    assert report.name == "squid-0001-report-sr.dcm"
    assert pydicom.dcmread(report).Modality == "SR"
    code, said = export(tmp_path / "in", "--kinds", "sr,docx")
    assert code == 2
    assert "choose from sc, sr, seg" in said


# In a reader child, as the window does it.


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1) as readers:
        yield readers


def test_a_reader_writes_results(pool: ReaderPool, tmp_path: Path) -> None:
    done = start(pool, request(save(tmp_path, chest()), tmp_path / "out")).result()
    assert [path.name[11:] for path in done.paths] == ["capture-sc.dcm", "report-sr.dcm", "patches-seg.dcm"]
    assert all(path.is_file() for path in done.paths)


def test_a_broken_source_is_one_sentence(pool: ReaderPool, tmp_path: Path) -> None:
    broken = save(tmp_path, b"\0" * 128 + b"DICM" + b"\x08\0\x05\0CS\xff\xff")
    with pytest.raises(SquidError, match="its header promises more than it holds"):
        start(pool, request(broken, tmp_path / "out", ExportKind.STRUCTURED_REPORT)).result()
    assert not (tmp_path / "out").exists()
