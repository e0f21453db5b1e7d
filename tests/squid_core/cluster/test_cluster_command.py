"""`squid triage --cluster` as a program: its lines, how it is stopped or killed, and how it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

pytest.importorskip("distributed", reason="the optional extra cluster is not installed")

from squid_core.home import home_folder
from tests.squid_core.cluster.cheap import WEIGHTS
from tests.squid_core.dicom.container.test_archives import zipped
from tests.squid_core.dicom.phantoms import chest, save, to_bytes

DRIVE = Path(__file__).with_name("drive.py")
PATIENCE_SECONDS = 20.0


def command(loader: str, images: Path, lines: Path, *more: str) -> list[str]:
    order = ["triage", str(images), "--weights", WEIGHTS, "--device", "cpu", "--jsonl", str(lines), *more]
    return [sys.executable, str(DRIVE), loader, *order, "--cluster", "local:2"]


def started(loader: str, images: Path, lines: Path, *more: str) -> subprocess.Popen[str]:
    """In a group of its own, as a shell starts it, so that Ctrl+C comes to all of it."""
    return subprocess.Popen(
        command(loader, images, lines, *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def paths(lines: Path) -> list[str]:
    return [str(json.loads(line)["path"]) for line in lines.read_text(encoding="utf-8").splitlines()]


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


def some_are_written(lines: Path) -> bool:
    return lines.exists() and lines.read_bytes().count(b"\n") >= 10


def of_group(group: int) -> list[int]:
    """Living processes of a group."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, psutil.Error):
            continue
    return found


@pytest.fixture
def folder(images: Path, tmp_path: Path) -> Path:
    """The films, and an archive of two more."""
    root = tmp_path / "archive and films"
    for path in images.iterdir():
        save(root, path.read_bytes(), path.name)
    save(root, zipped(("ST/IM1", to_bytes(chest())), ("notes.txt", b"Hello" * 30)), "a.zip")
    return root


def every_path(folder: Path) -> list[str]:
    return sorted([*(path.name for path in folder.iterdir()), "a.zip/ST/IM1", "a.zip/notes.txt"])


def test_after_the_driver_was_killed_a_second_run_answers_for_the_rest_and_nothing_twice(
    folder: Path, tmp_path: Path, weights: Path
) -> None:
    lines = tmp_path / "results.jsonl"
    with started("sleepy", folder, lines) as first:
        wait_for(lambda: some_are_written(lines))
        first.kill()
        first.communicate()
    before = paths(lines)
    assert 10 <= len(before) < len(every_path(folder))
    wait_for(lambda: not of_group(first.pid))
    done = subprocess.run(command("noting", folder, lines, "--resume"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(paths(lines)) == every_path(folder)
    assert paths(lines)[: len(before)] == before
    answers = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
    late = [one["digest"] for one in answers[len(before) :] if one["status"] == "scored"]
    assert sorted((home_folder() / "scored").read_text(encoding="ascii").split()) == sorted(late), (
        "none was scored twice"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_it_keeps_every_finished_line_and_no_process(
    folder: Path, tmp_path: Path, weights: Path, sent: signal.Signals, code: int
) -> None:
    lines = tmp_path / "results.jsonl"
    with started("sleepy", folder, lines) as run:
        wait_for(lambda: some_are_written(lines))
        if sent == signal.SIGINT:
            os.killpg(run.pid, sent)  # as a terminal does
        else:
            run.send_signal(sent)
        _, said = run.communicate(timeout=PATIENCE_SECONDS)
    assert run.returncode == code, said
    assert said.strip() == f"squid: stopped. What is answered is in {lines.name}; --resume goes on from there."
    assert max(Counter(paths(lines)).values()) == 1
    wait_for(lambda: not of_group(run.pid))


def test_two_shards_are_all_files(folder: Path, tmp_path: Path, weights: Path) -> None:
    found: list[str] = []
    for number in (1, 2):
        lines = tmp_path / f"{number}.jsonl"
        subprocess.run(command("cheap", folder, lines, "--shard", f"{number}/2"), check=True, capture_output=True)
        found += paths(lines)
    assert sorted(found) == every_path(folder)


def test_without_the_extra_it_says_how_to_install_it(folder: Path) -> None:
    program = (
        "import sys; sys.modules['distributed'] = None; from squid_core.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    order = [sys.executable, "-c", program, "triage", str(folder), "--cluster", "local:2"]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'squid-viewer[cluster]'" in done.stderr
