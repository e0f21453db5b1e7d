"""Every command of every document is run as it is written, in a folder of stand-ins; see pages.py for whose it is."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pytest

from app.storage.database import Action, Database
from squid_core.commands.forget import WORD
from squid_core.home import DATABASE
from squid_core.training import preset as presets
from squid_core.training.preset import Preset
from tests.documents.pages import (
    ADAPTING,
    CHECKOUT,
    CLUSTER,
    FORGETTING,
    OWN_PRESET,
    READING,
    ROOT,
    TRAINING,
    WINDOW,
    Command,
    given_to,
)
from tests.documents.stand_ins import begun_and_stopped, carried_out, films, pictures, shell_environment
from tests.network.peers import LOOPBACK, free_port, wait_for_port

DRIVE = ROOT / "tests" / "squid_core" / "cluster" / "drive.py"

pytestmark = pytest.mark.timeout(120)


def one_by_one(runner: str) -> pytest.MarkDecorator:
    """A test for each of its commands; those of several documents once."""
    once = {command.bare: command for command in given_to(runner)}
    return pytest.mark.parametrize("command", once.values(), ids=list(once))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with FOLDER and FILE in it, and the virtual environment."""
    desk = tmp_path_factory.mktemp("desk")
    film = films(desk / "FOLDER") / "film0.dcm"
    shutil.copyfile(film, desk / "FILE")
    (desk / "FOLDER" / "notes.txt").write_text("no film")
    (desk / ".venv").symlink_to(sys.prefix)
    return desk


@one_by_one(READING)
def test_at_the_desk(command: Command, desk: Path) -> None:
    trail = Database(Path(os.environ["SQUID_VIEWER_HOME"]) / DATABASE, lambda _: None)
    trail.record(Action.OPEN, "a key", "")
    trail.close()
    carried_out(command, desk)


@one_by_one(FORGETTING)
def test_forgetting(command: Command, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worklist = Path(os.environ["SQUID_VIEWER_HOME"]) / DATABASE
    Database(worklist, lambda _: None).close()
    answer = io.StringIO(f"{WORD}\n")
    monkeypatch.setattr(answer, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", answer)
    carried_out(command, desk)
    assert not worklist.exists()


@one_by_one(WINDOW)
def test_in_the_window(command: Command, desk: Path) -> None:
    if "--snapshot" in command.words:
        said = carried_out(command, desk)
        assert "scored" in said
        assert "Traceback" not in said
        return
    worklist = Path(os.environ["SQUID_VIEWER_HOME"]) / DATABASE
    assert begun_and_stopped(command, desk, at_work=lambda: is_listing(worklist), by=signal.SIGTERM) == 0


def is_listing(worklist: Path) -> bool:
    """Whether the window has found a film by now."""
    with contextlib.suppress(sqlite3.OperationalError), sqlite3.connect(f"file:{worklist}?mode=ro", uri=True) as store:
        found: tuple[int] = store.execute("SELECT count(*) FROM images").fetchone()
        return found[0] > 0
    return False


def test_a_training_of_ones_own(tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very commands, but for their length: a step of each network instead of some thousand."""
    load = presets.load_preset

    def short(name: str) -> Preset:
        return presets.with_steps(load(name), 1).model_copy(update={"batch_size": 2})

    monkeypatch.setattr(presets, "load_preset", short)
    for at, (name, count) in enumerate(
        {"train/NORMAL": 8, "val/NORMAL": 3, "val/PNEUMONIA": 3, "test/NORMAL": 3, "test/PNEUMONIA": 3}.items()
    ):
        pictures(tmp_path / name, range(100 * at, 100 * at + count))
    (tmp_path / "FOLDER").symlink_to(desk / "FOLDER")
    for command in given_to(TRAINING):
        carried_out(command, tmp_path)


def test_a_preset_of_ones_own(tmp_path: Path) -> None:
    """A tiny one, which trains in seconds."""
    shutil.copyfile(presets.PRESETS / "tiny.toml", tmp_path / "our-hospital.toml")
    pictures(tmp_path / "our-normals", range(16))
    pictures(tmp_path / "our-abnormals", range(100, 104))
    for command in given_to(OWN_PRESET):
        carried_out(command, tmp_path)
    assert json.loads((tmp_path / "weights" / "our-hospital" / "card.json").read_text())["metrics"]["validation"]


def test_ones_own_normals(tmp_path: Path) -> None:
    pictures(tmp_path / "our-normals", range(24))
    films(tmp_path / "our-archive", 1)
    for command in given_to(ADAPTING):
        carried_out(command, tmp_path)


def test_the_hooks_are_installed_into_a_checkout(tmp_path: Path) -> None:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shutil.copyfile(ROOT / ".pre-commit-config.yaml", tmp_path / ".pre-commit-config.yaml")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    for command in given_to(CHECKOUT):
        carried_out(command, tmp_path, {name: "" for name in os.environ if name.startswith("GIT_")})
    assert {"pre-commit", "commit-msg"} <= {hook.name for hook in (tmp_path / ".git" / "hooks").iterdir()}


def test_several_machines_that_are_this_one(tmp_path: Path) -> None:
    """The commands of the page but for its addresses: all machines are this one, with detectors that cost nothing."""
    pytest.importorskip("distributed", reason="the optional extra cluster is not installed")
    port, archive = free_port(), films(tmp_path / "archive", 2)
    here = {"--host 10.0.0.1": f"--host {LOOPBACK} --port {port}", "10.0.0.1:8786": f"{LOOPBACK}:{port}"}
    here |= {" /archive ": f" {archive} ", "squid triage": f"{sys.executable} {DRIVE} cheap triage"}
    machines: list[subprocess.Popen[bytes]] = []
    said, answers = (tmp_path / "said").open("wb"), ""
    try:
        for command in given_to(CLUSTER):
            text = reduce(lambda text, one: text.replace(*one), here.items(), command.text)
            if command.words[0] == "dask":
                shell = ["sh", "-c", f"exec env {text}"]
                machines.append(subprocess.Popen(shell, env=shell_environment(), stderr=said))
                wait_for_port(port)
            else:
                answers += carried_out(replace(command, text=text), tmp_path)
    finally:
        for machine in reversed(machines):
            machine.send_signal(signal.SIGINT)
            machine.wait(30)
        said.close()
    assert "2 files: 2 scored" in answers
