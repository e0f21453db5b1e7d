"""`squid triage` goes on where it was stopped, however that was: nothing lost, nothing scored twice."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from squid_core.cli import main
from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.inference import triage as triage_module
from squid_core.inference.scorer import DetectorLike
from tests.squid_core.commands.test_triage import FakeDetector, write_weights
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes
from tests.squid_core.test_terminal import group_lives

ROOT = Path(__file__).parents[3]


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_weights(tmp_path / "weights", monkeypatch)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("images")
    save(root, chest(), "1 adult")
    save(root, chest(PatientAge="009Y"), "2 child")
    save(root, chest(BodyPartExamined="RIBCAGE"), "3 ribs")
    save(root, b"Hello" * 30, "4 text")
    save(root / "deep", chest(Rows=0), "5 broken")
    return root


class Detectors:
    """Stands in for loading: counts what was scored, and fails as it is told."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.loaded: list[str] = []
        self.batches: list[int] = []
        self.load_error: SquidError | None = None
        self.error: SquidError | None = None
        patch.setattr(triage_module, "load_detector", self.load)

    def load(self, folder: Path, device: str) -> DetectorLike:
        self.loaded.append(folder.name)
        if self.load_error:
            raise self.load_error
        told = self

        class Told(FakeDetector):
            def detect_many(self, inputs: Sequence[ModelInput]) -> list[Detection | SquidError]:
                if told.error:
                    raise told.error
                told.batches.append(len(inputs))
                return super().detect_many(inputs)

        return Told(folder)


@pytest.fixture
def detectors(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Detectors:
    return Detectors(monkeypatch)


@pytest.fixture
def run(tmp_path: Path, folder: Path) -> Callable[..., int]:
    def run(*more: str, of: Path = folder) -> int:
        return main(["triage", str(of), "--device", "cpu", "--jsonl", str(tmp_path / "out.jsonl"), *more])

    return run


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_answered_is_not_scored_or_written_again(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == 0
    before = (tmp_path / "out.jsonl").read_bytes()
    assert sum(detectors.batches) == 2
    cells = tmp_path / "out.csv"
    cells.write_text("of the first run", encoding="utf-8")
    capsys.readouterr()
    assert run("--resume", "--csv", str(cells)) == 0
    assert (tmp_path / "out.jsonl").read_bytes() == before
    assert sum(detectors.batches) == 2
    said = capsys.readouterr().out
    assert "5 files: 2 scored, 1 viewable, 1 skipped, 1 error. 5 answered before." in said
    with cells.open(encoding="utf-8-sig", newline="") as file:
        assert sorted(row["path"] for row in csv.DictReader(file)) == [
            "1 adult",
            "2 child",
            "3 ribs",
            "4 text",
            "deep/5 broken",
        ]


def test_what_is_there_is_refused_with_both_ways_out(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, option in (("out.jsonl", "--jsonl"), ("out.csv", "--csv")):
        path = tmp_path / name
        path.write_text("of an earlier run", encoding="utf-8")
        assert main(["triage", str(tmp_path), option, str(path)]) == 2
        assert f"{name} is there already. Go on with it by --resume, or choose another file." in capsys.readouterr().err
        assert path.read_text(encoding="utf-8") == "of an earlier run"
    assert main(["triage", str(tmp_path), "--resume"]) == 2
    assert "Name the file of results with --jsonl FILE." in capsys.readouterr().err


def test_other_weights_score_again_and_only_what_is_theirs(
    tmp_path: Path, weights: Path, detectors: Detectors, run: Callable[..., int]
) -> None:
    assert run() == 0
    card = weights / "young" / "card.json"
    told = json.loads(card.read_text(encoding="utf-8"))
    card.write_text(json.dumps({**told, "weights_sha256": "1" * 64}), encoding="utf-8")
    detectors.loaded.clear()
    assert run("--resume") == 0
    assert detectors.loaded == ["young"]
    paths = [record["path"] for record in records(tmp_path / "out.jsonl")]
    assert Counter(paths)["2 child"] == 2
    assert len(paths) == 6


def test_a_copy_under_a_new_name_is_answered_from_the_file(
    tmp_path: Path, folder: Path, detectors: Detectors, run: Callable[..., int]
) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (moved / "named anew").write_bytes((folder / "1 adult").read_bytes())
    assert run() == 0
    assert run("--resume", of=moved) == 0
    assert sum(detectors.batches) == 2
    by_path = {record["path"]: record for record in records(tmp_path / "out.jsonl")}
    assert by_path["named anew"]["score"] == by_path["1 adult"]["score"]
    assert by_path["named anew"]["digest"] == by_path["1 adult"]["digest"]


def test_other_bytes_under_an_old_name_are_scored(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int]
) -> None:
    images = tmp_path / "images"
    save(images, chest(), "1")
    assert run(of=images) == 0
    save(images, chest(phantom() // 2), "1")
    assert run("--resume", of=images) == 0
    assert detectors.batches == [1, 1]
    first, second = records(tmp_path / "out.jsonl")
    assert first["digest"] != second["digest"]


def test_what_may_pass_is_no_answer_and_is_tried_again(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    detectors.error = DeviceFailedError.of(RuntimeError(), lasting=True)
    assert run() == 1
    assert "2 without an answer yet" in capsys.readouterr().out
    detectors.error = None
    assert run("--resume") == 0
    last = {record["path"]: record for record in records(tmp_path / "out.jsonl")}
    assert [last[path]["status"] for path in ("1 adult", "2 child")] == ["scored", "scored"]


def test_weights_that_cannot_be_loaded_are_tried_once_a_run_and_its_exit_status_says_so(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int]
) -> None:
    detectors.load_error = SquidError("The weights are damaged.", "Fetch the bundle again.")
    assert run() == 1
    assert sorted(detectors.loaded) == ["grown", "young"]
    assert any("The weights are damaged." in one["message"] for one in records(tmp_path / "out.jsonl"))


def test_what_was_asked_about_is_scored_once_that_is_accepted(
    tmp_path: Path, detectors: Detectors, run: Callable[..., int]
) -> None:
    assert run() == 0
    assert run("--resume", "--accept-asked") == 0
    assert sum(detectors.batches) == 3
    assert records(tmp_path / "out.jsonl")[-1]["path"] == "3 ribs"


def test_two_parts_are_the_whole(tmp_path: Path, detectors: Detectors, folder: Path) -> None:
    parts = []
    for part in ("1/2", "2/2"):
        lines = tmp_path / f"{part[0]}.jsonl"
        assert main(["triage", str(folder), "--device", "cpu", "--shard", part, "--jsonl", str(lines)]) == 0
        parts += [record["path"] for record in records(lines)]
    assert sorted(parts) == ["1 adult", "2 child", "3 ribs", "4 text", "deep/5 broken"]


SLOW = """
import sys, time
from pathlib import Path
import pytest
from tests.squid_core.commands.test_triage import FakeDetector, write_weights
from squid_core.inference import triage
from squid_core.cli import main

class Slow(FakeDetector):
    def detect_many(self, inputs):
        time.sleep(0.05 * len(inputs))
        return super().detect_many(inputs)

if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        write_weights(Path(sys.argv[1]), patch)
        patch.setattr(triage, "load_detector", lambda folder, device: Slow(folder))
        sys.exit(main(sys.argv[2:]))
"""
FILES = 24


@pytest.fixture
def slow(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """`squid triage` of many files in a process of its own, with a detector that takes its time."""
    script, images = tmp_path / "slow.py", tmp_path / "images"
    script.write_text(SLOW, encoding="utf-8")
    sound = to_bytes(chest(StudyInstanceUID="1.2.3.100000"))
    for number in range(FILES):
        save(images, sound.replace(b".100000", b".1%05d" % number), f"{number}")

    def start(*more: str) -> subprocess.Popen[str]:
        number = sum(1 for one in tmp_path.iterdir() if one.name.startswith("cards"))
        command = [sys.executable, str(script), str(tmp_path / f"cards{number}"), "triage", str(images)]
        command += ["--device", "cpu", "--jsonl", str(tmp_path / "out.jsonl"), *more]
        return subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return start


def wait_for_lines(path: Path, count: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and not (path.exists() and path.read_bytes().count(b"\n") >= count):
        time.sleep(0.01)


def ended(running: subprocess.Popen[str]) -> bool:
    """Whether it and its children are gone, soon."""
    until = time.monotonic() + 3
    while group_lives(running.pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not group_lives(running.pid)


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux")
@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGKILL, -9), (signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=lambda how: str(how)
)
def test_however_a_run_is_ended_the_next_goes_on(
    tmp_path: Path, slow: Callable[..., subprocess.Popen[str]], how: signal.Signals, code: int
) -> None:
    path = tmp_path / "out.jsonl"
    running = slow()
    wait_for_lines(path, 3)
    os.kill(running.pid, how)
    _, err = running.communicate(timeout=30)
    assert running.returncode == code
    if how is not signal.SIGKILL:
        assert err.strip() == "squid: stopped. What is answered is in out.jsonl; --resume goes on from there."
    assert ended(running)
    done = path.read_bytes().count(b"\n")
    assert 3 <= done < FILES
    if how is signal.SIGKILL:
        with path.open("ab") as file:
            file.write(b'{"path": "torn')
    again = slow("--resume")
    out, err = again.communicate(timeout=30)
    assert (again.returncode, "half a line" in err) == (0, how is signal.SIGKILL)
    assert f"{FILES} files: {FILES} scored. {done} answered before." in out
    assert sorted(int(record["path"]) for record in records(path)) == list(range(FILES)), "every file, once"


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux")
def test_a_reader_that_has_gone_ends_it_with_whole_lines(
    tmp_path: Path, slow: Callable[..., subprocess.Popen[str]]
) -> None:
    running = slow()
    assert running.stdout is not None
    assert running.stdout.readline().startswith("file ")
    running.stdout.close()
    assert running.wait(30) == 141
    assert running.stderr is not None
    said = running.stderr.read()
    running.stderr.close()
    assert (
        said
        == "squid: nobody reads the output any more. What is answered is in out.jsonl; --resume goes on from there.\n"
    )
    assert ended(running)
    done = records(tmp_path / "out.jsonl")
    assert 1 <= len(done) < FILES
