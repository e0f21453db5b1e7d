"""`squid triage`: one answer for every file, with the reason; results as lines, cells and a table."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import sys
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from squid_core.bundle import library
from squid_core.bundle.library import Bundles
from squid_core.cli import build_parser, main
from squid_core.contracts.detection import Detection, Geometry, ModelInput, Pose
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.contracts.radiograph import Content, Decision, FileStatus, Verdict
from squid_core.dicom.container.scan import FoundFile
from squid_core.dicom.readers import Examined
from squid_core.dicom.source import Source
from squid_core.inference import triage as triage_module
from squid_core.inference.doubts import MIRRORED, NOT_REGISTERED
from squid_core.inference.flow import BATCH
from squid_core.inference.report import COLUMNS, HIGHEST, KEYS, ResultTable, to_csv_row, to_record
from squid_core.inference.results import FileResult, Score
from squid_core.inference.scorer import DetectorLike
from squid_core.inference.triage import triage
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes
from tests.squid_core.dicom.test_files import directory
from tests.squid_core.inference.cheap_detector import Cheap, write_card

SIZES = {"grown": 64, "young": 32, "digits": 48}


class FakeDetector(Cheap):
    """Scores by the mean of its input, which it wants of its card's size."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.name)

    def detect(self, model_input: ModelInput) -> Detection:
        assert model_input.image.shape == (SIZES[self.name],) * 2
        return super().detect(model_input)


def fake_loader(folder: Path, _: str) -> DetectorLike:
    return FakeDetector(folder)


def write_weights(root: Path, patch: pytest.MonkeyPatch) -> Path:
    write_card(root / "grown", "grown", "adult", SIZES["grown"])
    write_card(root / "young", "young", "paediatric", SIZES["young"])
    patch.setattr(library, "weights_root", lambda: root)
    patch.setattr(triage_module, "load_detector", fake_loader)
    return root


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_weights(tmp_path / "weights", monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("images")
    save(root, chest(), "1 adult")
    save(root, chest(PatientAge="009Y"), "2 child")
    save(root, chest(PatientAge=None, PatientBirthDate=None), "3 ageless")
    save(root, chest(BodyPartExamined="RIBCAGE"), "4 ribs")
    save(root, chest(BodyPartExamined="HIP"), "5 hip")
    save(root, b"Hello" * 30, "6 text")
    save(root / "deep", chest(Rows=0), "7 broken")
    return root


def triaged(*arguments: Any, **options: Any) -> list[FileResult]:
    """Answers come as they are ready; here in order of their paths."""
    return sorted((one.result for one in triage(*arguments, **options)), key=lambda result: result.path)


@pytest.fixture(scope="module")
def results(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[FileResult]:
    """The folder, triaged once for all that look at it."""
    with pytest.MonkeyPatch.context() as patch:
        write_weights(tmp_path_factory.mktemp("cards"), patch)
        return triaged([folder])


def test_every_file_gets_its_answer(folder: Path, results: list[FileResult]) -> None:
    assert [(result.path, result.status.value) for result in results] == [
        ("1 adult", "scored"),
        ("2 child", "scored"),
        ("3 ageless", "scored"),
        ("4 ribs", "viewable"),
        ("5 hip", "viewable"),
        ("6 text", "skipped"),
        ("deep/7 broken", "error"),
    ]
    by_path = {result.path: result for result in results}
    assert "grown weights: the patient is 18 or older" in by_path["1 adult"].message
    assert "young weights: the patient is under 18" in by_path["2 child"].message
    assert "grown weights: no age in the file" in by_path["3 ageless"].message
    assert "RIBCAGE" in by_path["4 ribs"].message
    assert by_path["4 ribs"].message.startswith("Is this a frontal chest X-ray?")
    assert "HIP" in by_path["5 hip"].message
    assert all(result.seconds > 0 and result.peak_rss_mb > 0 for result in results)
    assert all("Doe" not in result.message and str(folder) not in result.message for result in results)


def test_what_is_in_an_archive_or_an_index_follows_it(tmp_path: Path, weights: Path) -> None:
    save(tmp_path / "films", zipped(("ST/IM1", to_bytes(chest())), ("notes.txt", b"Hello" * 30)), "a.zip")
    save(tmp_path / "films", chest(), "b")
    save(tmp_path / "disc" / "IMAGES", chest(), "IM1")
    index = save(tmp_path / "disc", directory(["IMAGES", "IM1"]), "DICOMDIR")
    answers = [one.result for one in triage([tmp_path / "films", index, index.parent])]
    assert sorted((result.path, result.status.value) for result in answers) == [
        ("DICOMDIR", "skipped"),
        ("DICOMDIR", "skipped"),
        ("IMAGES/IM1", "scored"),
        ("IMAGES/IM1", "scored"),
        ("a.zip", "skipped"),
        ("a.zip/ST/IM1", "scored"),
        ("a.zip/notes.txt", "skipped"),
        ("b", "scored"),
    ]
    paths = [result.path for result in answers]
    assert paths.index("a.zip") < min(paths.index("a.zip/ST/IM1"), paths.index("a.zip/notes.txt"))


def test_weights_of_no_age_are_never_chosen_by_age_nor_prepared_for(weights: Path) -> None:
    write_card(weights / "digits", "digits", "any", SIZES["digits"])
    chosen = Bundles()
    by_age = chosen.preprocessings_by_age("auto")
    assert [p.size for p in (*by_age.younger, *by_age.older)] == [32, 64]
    assert {chosen.choose("auto", age).folder.name for age in (None, 0.0, 9.0, 18.0, 90.0)} == {"grown", "young"}
    assert [p.size for p in chosen.preprocessings_by_age("digits").of(9.0)] == [48], "by name they are there"


def test_what_is_asked_about_can_be_accepted(folder: Path, weights: Path) -> None:
    ribs, hip = triaged([folder / "4 ribs", folder / "5 hip"], accept_asked=True)
    assert ribs.status is FileStatus.SCORED
    assert hip.status is FileStatus.VIEWABLE  # refused stays refused


def test_weights_by_name_or_folder(folder: Path, weights: Path) -> None:
    assert Bundles().choose(str(weights / "young"), 62).card.name == "young"
    (result,) = triaged([folder / "1 adult"], "young")
    assert result.path == "1 adult"
    assert result.detection is not None
    assert result.detection.model == "young"
    assert "the weights asked for" in result.message
    with pytest.raises(SquidError, match="no such weights"):
        triaged([folder], "nonsense")


def test_without_weights_for_the_age_it_is_shown_unscored(folder: Path, weights: Path) -> None:
    (weights / "young" / "card.json").unlink()
    adult, child = triaged([folder / "1 adult", folder / "2 child"])
    assert adult.status is FileStatus.SCORED
    assert child.status is FileStatus.VIEWABLE
    assert "paediatric" in child.message


def test_a_failing_detector_is_an_error_of_the_file(folder: Path, weights: Path) -> None:
    class Failing(FakeDetector):
        def detect(self, model_input: ModelInput) -> Detection:
            raise SquidError("The graphics card is full.", "Choose the processor.")

    (result,) = triaged([folder / "1 adult"], loader=lambda folder, _device: Failing(folder))
    assert result.status is FileStatus.ERROR
    assert "graphics card is full" in result.message


def test_where_the_graphics_card_fails_the_rest_is_scored_on_the_cpu_and_says_so(folder: Path, weights: Path) -> None:
    loaded: list[tuple[str, str]] = []

    class Card(FakeDetector):
        def detect(self, model_input: ModelInput) -> Detection:
            raise DeviceFailedError.of(RuntimeError(), lasting=True)

    def load(bundle: Path, device: str) -> DetectorLike:
        loaded.append((bundle.name, device))
        return (Card if device == "auto" else FakeDetector)(bundle)

    results = triaged([folder / "1 adult", folder / "2 child"], loader=load)
    assert [result.status for result in results] == [FileStatus.SCORED] * 2
    assert all("scored on the CPU" in result.message for result in results)
    assert loaded == [("grown", "auto"), ("grown", "cpu"), ("young", "cpu")]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
@pytest.mark.timeout(60)
def test_weights_that_are_a_pipe_are_an_error_of_the_file_and_not_waited_for(
    folder: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    os.mkfifo(weights / "grown" / "model.safetensors")
    (result,) = triaged([folder / "1 adult"], str(weights / "grown"), "cpu")
    assert result.status is FileStatus.ERROR
    assert "The bundle has no weights." in result.message


def test_an_image_unlike_anything_in_memory_is_scored_with_a_warning_first(folder: Path, weights: Path) -> None:
    class Doubting(FakeDetector):
        def detect(self, model_input: ModelInput) -> Detection:
            return replace(super().detect(model_input), outside_memory=True)

    def load(chosen: Path, _device: str) -> DetectorLike:
        return Doubting(chosen)

    result, asked = triaged([folder / "1 adult", folder / "4 ribs"], loader=load, accept_asked=True)
    assert result.status is FileStatus.SCORED
    assert result.message.startswith("This image resembles nothing in the detector's memory")
    # Doubt from the tags, accepted, and doubt from the picture: both are said.
    assert asked.message.startswith("This image resembles nothing in the detector's memory")
    assert "Scored because you asked for it. Is this a frontal chest X-ray?" in asked.message
    assert "RIBCAGE" in asked.message
    record = to_record(asked)
    assert record["outside_memory"] is True
    assert record["verdict"] == "ask"
    assert dict(zip(COLUMNS, to_csv_row(asked), strict=True))["outside_memory"] == "true"
    table = ResultTable(140)
    assert all(table.line(one).split("scored")[1].split()[0].endswith("?") for one in (result, asked))
    assert table.end(1).splitlines()[-1].startswith("? the image resembles nothing")


def test_how_an_image_was_laid_is_said_and_written(folder: Path, weights: Path) -> None:
    class Odd(FakeDetector):
        def detect(self, model_input: ModelInput) -> Detection:
            return replace(super().detect(model_input), pose=Pose(0.2, registered=False, mirrored=True))

    def load(chosen: Path, _device: str) -> DetectorLike:
        return Odd(chosen)

    (result,) = triaged([folder / "1 adult"], loader=load)
    assert result.message.startswith(f"{MIRRORED} {NOT_REGISTERED}")
    record = to_record(result)
    assert (record["registered"], record["mirrored"]) == (False, True)
    cells = dict(zip(COLUMNS, to_csv_row(result), strict=True))
    assert (cells["registered"], cells["mirrored"]) == ("false", "true")
    (plain,) = triaged([folder / "1 adult"])
    assert to_record(plain)["registered"] is to_record(plain)["mirrored"] is None, "the weights lay nothing"


def test_readers_prepare_for_every_bundle_the_run_may_use(weights: Path) -> None:
    bundles = Bundles()
    by_age = bundles.preprocessings_by_age("auto")
    assert [[one.size for one in by_age.of(age)] for age in (3, 17.9, 18, None)] == [[32], [32], [64], [64]]
    assert bundles.choose("auto", 3).card.name == "young"
    assert bundles.choose("auto").card.preprocessing.size == 64


def test_lines_have_the_agreed_keys(results: list[FileResult]) -> None:
    records = {result.path: to_record(result) for result in results}
    assert tuple(records["1 adult"]) == KEYS
    assert set(KEYS) - set(records["5 hip"]) == {"score", "percentile", "weights"}
    assert 0 <= records["1 adult"]["score"] <= 1
    decided = {path: (record["verdict"], record["outside_memory"]) for path, record in records.items()}
    assert decided["1 adult"] == ("analyse", False)
    assert decided["4 ribs"] == ("ask", None)
    assert decided["5 hip"] == ("refuse", None)
    assert decided["6 text"] == decided["deep/7 broken"] == (None, None)
    assert "HIP" in records["5 hip"]["reason"]
    assert records["1 adult"]["reason"] == records["6 text"]["reason"] == ""
    assert records["1 adult"]["weights"] == "grown"


def test_cells_are_never_formulas() -> None:
    row = to_csv_row(FileResult('=HYPERLINK("http://x")', FileStatus.ERROR, "+1 @SUM"))
    assert row[0] == '\'=HYPERLINK("http://x")'
    assert row[2].startswith("'+")


def test_the_table_ends_with_the_highest_scores_and_counts(results: list[FileResult]) -> None:
    table = ResultTable(140)
    rows = [table.head(), *map(table.line, results)]
    lines = table.end(3.5).splitlines()
    assert lines[1] == "Highest scores:"
    assert set(lines[2:5]) < set(rows)
    scores = [float(line.split("scored")[1].split()[0]) for line in lines[2:5]]
    assert scores == sorted(scores, reverse=True)
    counted = "7 files: 3 scored, 2 viewable, 1 skipped, 1 error. 2.0 files a second. Research use only."
    assert lines[-1] == counted
    assert all(len(line) <= 140 for line in (*rows, *lines))


def test_the_table_keeps_a_few_results_however_many_there_are() -> None:
    table = ResultTable(140)
    for number in range(5000):
        table.line(FileResult(f"{number}", FileStatus.SCORED, "", score=Score(number / 5000, 50.0, "adult")))
    named = [line.split()[0] for line in table.end(1).splitlines()[2:-2]]
    assert named == [f"{number}" for number in range(4999, 4999 - HIGHEST, -1)]
    assert sum(len(kept) for kept in vars(table).values() if isinstance(kept, list)) == HIGHEST


def test_the_command_writes_lines_cells_and_a_table(
    folder: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, cells = tmp_path / "out.jsonl", tmp_path / "out.csv"
    assert main(["triage", str(folder), "--jsonl", str(lines), "--csv", str(cells), "--device", "cpu"]) == 0
    records = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    assert len(records) == 7
    with cells.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 8
    assert "3 scored" in capsys.readouterr().out


def test_what_the_command_cannot_use_is_said_plainly(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["triage", str(tmp_path / "nowhere")]) == 2
    assert "cannot be found" in capsys.readouterr().err
    assert main(["triage", str(tmp_path), "--weights", "nonsense"]) == 2
    assert "no such weights" in capsys.readouterr().err
    assert main(["triage", str(tmp_path), "--jsonl", str(tmp_path / "no" / "such" / "folder")]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_an_empty_folder_is_no_failure(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["triage", str(tmp_path / "empty")]) == 0
    assert "0 files: none" in capsys.readouterr().out


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["--help"])
    assert ended.value.code == 0
    assert "triage" in capsys.readouterr().out


@pytest.mark.shared
def test_the_twelve_files_of_the_issue(shared: Path, weights: Path) -> None:
    results = {result.path: result for result in triaged([shared / "cxr_dicom"])}
    statuses = {path: result.status.value for path, result in results.items()}
    assert len(statuses) == 12
    assert {path for path, status in statuses.items() if status == "scored"} == {
        "mlmed__1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm",
        "mlmed__Fake_MONOHR1.dcm",
        "udacity__test1.dcm",
    }
    assert statuses["pydicom__966.dcm"] == "error"
    for path, word in (
        ("ImagingDataCommons__dx_image.dcm", "animal"),
        ("pydicom__RG2_JPLY.dcm", "HIP"),
        ("pydicom__RG3_J2KI.dcm", "EXTREMITY"),
        ("udacity__test5.dcm", "CT"),
        ("udacity__test4.dcm", "RIBCAGE"),
    ):
        assert statuses[path] == "viewable"
        assert word in results[path].message
    plain = results["mlmed__1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm"].detection
    twin = results["mlmed__Fake_MONOHR1.dcm"].detection
    assert plain is not None
    assert twin is not None
    np.testing.assert_allclose(twin.input_image, 1 - plain.input_image, atol=0.02)  # the polarity of its tag


def test_the_demonstration_folder(demo_folder: Path, weights: Path) -> None:
    results = {result.path: result for result in triaged([demo_folder])}
    scored = {path for path, result in results.items() if result.status is FileStatus.SCORED}
    assert scored == {"RG1_J2KI.dcm", "RG1_J2KR.dcm", "RG1_UNCI.dcm", "RG1_UNCR.dcm"}
    assert not [path for path, result in results.items() if result.status is FileStatus.ERROR]
    for path, result in results.items():
        if path not in scored:
            assert len(result.message) > 15, path


def test_the_phantom_is_not_symmetric() -> None:
    image = phantom()
    assert not np.array_equal(image, image[::-1])
    assert not np.array_equal(image, image[:, ::-1])


class InHand:
    """Readers that answer at once, in this process: what is left is what the run itself holds."""

    def __init__(self, *_: object, **__: object) -> None:
        image = np.zeros((64, 64), np.float32)
        given = ModelInput(image, Geometry.upright((64, 64), (64, 64), (0.0, 0.0), (1.0, 1.0)))
        self._examined = Examined(None, "", None, Verdict(Decision.ANALYSE), (given,))

    def __enter__(self) -> InHand:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def examine(self, source: Source, wanted: object) -> Future[Examined]:
        future: Future[Examined] = Future()
        digest = hashlib.sha256(bytes(source.path)).hexdigest()
        future.set_result(replace(self._examined, content=Content(digest)))
        return future


def test_a_run_holds_no_more_however_many_files_there_are(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_module, "ReaderPool", InHand)
    most = {}
    for files in (300, 3000):
        names = (FoundFile(Path(f"/{files}/{number}"), f"{files}/{number}", 1) for number in range(files))
        monkeypatch.setattr(triage_module, "walk", lambda _, names=names: names)
        table = ResultTable(140)
        tracemalloc.start()
        for one in triage([tmp_path], readers=3):
            table.line(one.result)
        most[files] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert table.counts[FileStatus.SCORED] == files
    assert most[3000] < most[300] + 300_000, "2700 files more, each with an image of 16 KB"


def test_the_detector_is_given_what_waits_and_never_more_than_a_batch(
    tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage_module, "ReaderPool", InHand)
    names = [FoundFile(Path(f"/{number}"), f"{number}", 1) for number in range(200)]
    monkeypatch.setattr(triage_module, "walk", lambda _: iter(names))
    batches: list[int] = []

    class Counting(FakeDetector):
        def detect_many(self, inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
            batches.append(len(inputs))
            return super().detect_many(inputs)

    answers = list(triage([tmp_path], readers=4, loader=lambda folder, _: Counting(folder)))
    assert sorted(one.found.relative for one in answers) == sorted(found.relative for found in names)
    assert max(batches) == BATCH
    assert sum(batches) == 200


def test_an_image_that_the_card_has_no_room_for_is_scored_on_the_cpu(folder: Path, weights: Path) -> None:
    class Small(FakeDetector):
        def detect_many(self, inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
            return [DeviceFailedError.of(RuntimeError(), lasting=False) for _ in inputs]

    def load(bundle: Path, device: str) -> DetectorLike:
        return (FakeDetector if device == "cpu" else Small)(bundle)

    (result,) = triaged([folder / "1 adult"], loader=load)
    assert result.status is FileStatus.SCORED
    assert "scored on the CPU" in result.message


def test_what_nobody_foresaw_ends_the_run_instead_of_holding_it(folder: Path, weights: Path) -> None:
    class Broken(FakeDetector):
        def detect_many(self, inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        triaged([folder / "1 adult"], loader=lambda bundle, _: Broken(bundle))
