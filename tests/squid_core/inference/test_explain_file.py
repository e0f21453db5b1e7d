"""`squid explain`: one file -> one picture and its numbers, or one sentence that says why not."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from squid_core.cli import main
from squid_core.contracts.charset import Charset
from squid_core.contracts.detection import DetectorSettings, Gate, Shrinkage
from squid_core.dicom.limits import MAX_PIXELS
from squid_core.dicom.readers import ReaderPool
from squid_core.export.pictures.explanation import draw
from squid_core.inference.detector import Detector
from squid_core.inference.explain_file import Explained, explain_file, to_record
from squid_core.preprocessing import prepare
from tests.squid_core.dicom.phantoms import chest, phantom, save

Explain = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.keeps_running


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    with ReaderPool(1) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _one_reader(readers: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same child for all files: to start one takes longer than to explain one."""

    def lent(_: int, *, charset: Charset) -> AbstractContextManager[ReaderPool]:
        readers.charset = charset
        return nullcontext(readers)

    monkeypatch.setattr("squid_core.inference.explain_file.ReaderPool", lent)


@pytest.fixture
def explain(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Run the command on a file; its exit code and what it said."""

    def run(path: Path, *options: str, weights: Path | str = bundle) -> tuple[int, str]:
        outputs = ("--png", str(tmp_path / "out.png"), "--json", str(tmp_path / "out.json"), "--device", "cpu")
        code = main(["explain", str(path), *outputs, "--weights", str(weights), *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def record(tmp_path: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    return facts


def test_a_chest_x_ray_becomes_a_picture_and_numbers(bundle: Path, tmp_path: Path, explain: Explain) -> None:
    code, said = explain(save(tmp_path, chest(), "DOE^JANE.dcm"))
    assert code == 0, said
    assert "Research use only" in said
    picture = cv2.imread(str(tmp_path / "out.png"))
    assert picture is not None
    assert picture.shape[1] == 1870
    assert picture.std() > 20, "there is something on it"
    facts = record(tmp_path)
    assert facts["weights"] == "bundle"
    assert not facts["what_if"]
    assert len(facts["patches"]) == 3
    percentiles = np.array(facts["patch_percentiles"])
    most_abnormal = facts["patches"][0]
    assert percentiles[most_abnormal["row"] - 1, most_abnormal["column"] - 1] == percentiles.max()
    for entry in most_abnormal["entries"]:
        assert set(entry) >= {"slot", "weight", "similarity", "age", "score_change_without", "picture_change_without"}
        assert entry["source"].endswith(".png"), "the bundle was trained on files"
    assert facts["memory_reliance"]["share"] == 1


def test_nothing_of_the_patient_reaches_an_output(tmp_path: Path, explain: Explain) -> None:
    code, said = explain(save(tmp_path, chest(PatientName="SECRET^NAME", PatientID="ID-4711"), "SECRET.dcm"))
    assert code == 0
    written = (tmp_path / "out.png").read_bytes() + (tmp_path / "out.json").read_bytes() + said.encode()
    assert not [word for word in (b"SECRET", b"ID-4711", b"20240229") if word in written]


def test_the_numbers_are_those_of_the_detector(bundle: Path, tmp_path: Path) -> None:
    path = save(tmp_path, chest())
    explained = explain_file(path, str(bundle), "cpu", patch=2)
    detector = Detector.load(bundle, "cpu")
    detection = detector.detect(prepare(phantom(bits=12), detector.card.preprocessing))
    facts = to_record(explained)
    assert facts["score"] == pytest.approx(detection.score)
    assert [patch["patch"] for patch in facts["patches"]] == [2]
    assert (facts["patches"][0]["row"], facts["patches"][0]["column"]) == (1, 2)
    assert [entry["slot"] for entry in facts["patches"][0]["entries"]] == [m.slot for m in detection.matches[1]]


def test_a_what_if_uses_its_settings_and_says_so(bundle: Path, tmp_path: Path, explain: Explain) -> None:
    path = save(tmp_path, chest())
    code, said = explain(path, "--top-k", "1", "--gate", "soft", "--rho", "0.5", "--shrinkage", "hard")
    assert code == 0, said
    facts = record(tmp_path)
    assert facts["what_if"]
    assert facts["settings"] == {"top_k": 1, "shrinkage": "hard", "gate": "soft", "rho": 0.5}
    assert all(len(patch["entries"]) == 1 for patch in facts["patches"])
    assert 0 < facts["memory_reliance"]["share"] < 1


@pytest.mark.parametrize(("name", "depth"), [("grey.png", 8), ("deep.png", 16), ("grey.jpg", 8), ("colours.png", 24)])
def test_a_picture_is_explained_as_the_same_dicom_is(
    bundle: Path, tmp_path: Path, name: str, depth: int, explain: Explain
) -> None:
    stored = phantom(bits=16 if depth == 16 else 8)
    pixels: Any = stored.astype(np.uint16 if depth == 16 else np.uint8)
    shown: Any = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR) if depth == 24 else pixels
    assert cv2.imwrite(str(tmp_path / name), shown, [cv2.IMWRITE_JPEG_QUALITY, 100])
    code, said = explain(tmp_path / name)
    assert (code, "--accept-asked" in said) == (2, True)
    code, said = explain(tmp_path / name, "--accept-asked")
    assert code == 0, said
    facts = record(tmp_path)
    assert any("A picture file does not say so" in notice for notice in facts["notices"])
    assert explain(save(tmp_path, chest(pixels, bits=16 if depth == 16 else 8)))[0] == 0
    assert facts["score"] == pytest.approx(record(tmp_path)["score"], abs=0.02)


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """What must be refused, and words of the sentence."""
    colours = np.zeros((200, 200, 3), np.uint8)
    colours[:, :100, 2] = 255
    cv2.imwrite(str(folder / "colours.png"), colours)
    cv2.imwrite(str(folder / "small.png"), phantom(60, 60, bits=8).astype(np.uint8))
    cv2.imwrite(str(folder / "flat.png"), np.full((200, 200), 7, np.uint8))
    whole = cv2.imencode(".png", phantom(bits=8).astype(np.uint8))[1].tobytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    side = (MAX_PIXELS // 1000 + 1).to_bytes(4, "big")
    (folder / "bomb.png").write_bytes(whole[:16] + side + (1000).to_bytes(4, "big") + whole[24:])
    (folder / "notes").write_text("These are notes and no image.")
    (folder / "nothing").touch()
    return {
        "no such file": (folder / "nowhere.dcm", "cannot be found"),
        "a folder": (folder, "It is a folder"),
        "text": (folder / "notes", "Not a DICOM file: a text file"),
        "an empty file": (folder / "nothing", "empty"),
        "in colour": (folder / "colours.png", "in colour"),
        "too small": (folder / "small.png", "too small"),
        "flat": (folder / "flat.png", "flat"),
        "cut short": (folder / "cut.png", "damaged"),
        "a bomb": (folder / "bomb.png", "damaged|more than is allowed"),
        "a hip": (save(folder, chest(BodyPartExamined="HIP"), "hip"), "another part of the body"),
        "broken": (save(folder, chest(Rows=0), "broken"), "."),
    }


def test_what_cannot_be_explained_gets_a_sentence_and_no_picture(tmp_path: Path, explain: Explain) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    for name, (path, words) in bad_files(folder).items():
        code, said = explain(path)
        assert code == 2, name
        assert said.startswith("squid: "), name
        assert said.count("\n") == 1, f"{name}: one line"
        assert re.search(words, said), f"{name}: {said}"
    assert not (tmp_path / "out.png").exists()


def test_what_the_program_would_ask_about_needs_a_yes(tmp_path: Path, explain: Explain) -> None:
    ribs = save(tmp_path, chest(BodyPartExamined="RIBCAGE"))
    code, said = explain(ribs)
    assert code == 2
    assert "Is this a frontal chest X-ray?" in said
    assert "--accept-asked" in said
    assert explain(ribs, "--accept-asked")[0] == 0


def test_options_that_cannot_be_get_a_sentence(tmp_path: Path, explain: Explain) -> None:
    path = save(tmp_path, chest())
    for options, words in (
        (("--patch", "5"), "no such patch: there are 4"),
        (("--patch", "0"), "no such patch"),
        (("--top-k", "0"), "top_k is at least 1"),
        (("--top-k", "99"), "12 entries"),
        (("--rho", "nan"), "rho lies in 0..1"),
        (("--png", str(tmp_path / "no" / "such" / "folder.png")), "could not be written"),
    ):
        code, said = explain(path, *options)
        assert (code, words in said) == (2, True), said
    assert "no such weights" in explain(path, weights="nonsense")[1]


def test_odd_explanations_can_be_drawn_too(bundle: Path, tmp_path: Path) -> None:
    """Five of many entries; a name that looks like mathematics, no patch, no evidence, no reliance."""
    path = save(tmp_path, chest())
    explained = explain_file(path, str(bundle), "cpu", {"shrinkage": Shrinkage.SOFTMAX, "gate": Gate.BERNOULLI})
    detection = explained.explanation.detection
    odd = replace(
        explained.explanation,
        detection=replace(detection, model="$x^{$ <b>&amp;", components={}, outside_memory=True),
        reliance=None,
        patches=(),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for one in (explained, Explained(odd, replace(explained.weights, locked=DetectorSettings(3)))):
            assert draw(one).startswith(b"\x89PNG")


def test_the_parent_parses_no_byte_of_the_file() -> None:
    """Reading is the child's: without torch, no decoder is loaded either by what opens the file."""
    script = "import sys, squid_core.cli, squid_core.inference.explain_file\n"
    script += "print(*(n for n in ('torch', 'pydicom', 'PIL', 'matplotlib') if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == []
