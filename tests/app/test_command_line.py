from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.__main__ import _parser, main
from app.platform_check import platform_problem
from squid_core.cli import build_parser
from squid_core.contracts.charset import Charset


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_module_of_the_command_line_imports_no_qt() -> None:
    code = "import app.__main__, app.platform_check, sys; sys.exit('PySide6' in sys.modules or 'numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_path_that_is_not_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such folder"]) == 2
    assert "There is no file or folder no such folder" in capsys.readouterr().err


def test_without_a_display_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    problem = platform_problem()
    assert problem is not None
    assert "--snapshot" in problem


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_a_missing_system_library_is_named_with_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(_: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert main([]) == 2
    said = capsys.readouterr().err
    assert "libxcb-cursor.so.0" in said
    assert "sudo apt install" in said
    assert said.count("\n") == 1


def test_offscreen_is_always_possible_here() -> None:
    assert platform_problem() is None


@pytest.mark.parametrize("command", ["triage x", "explain x --png y", "export x --out y", ""])
def test_a_default_character_set_is_asked_for_by_name(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = build_parser() if command else _parser()
    words = command.split()
    assert parser.parse_args([*words, "--charset", "Big5"]).charset is Charset.BIG5
    assert parser.parse_args(words).charset in (Charset.AUTOMATIC, None)  # None: as in the settings
    with pytest.raises(SystemExit):
        parser.parse_args([*words, "--charset", "klingon"])
    assert "choose from auto, gbk, big5" in capsys.readouterr().err


def test_an_unknown_device_is_refused_by_name() -> None:
    ended = run("--device", "toaster")
    assert ended.returncode == 2
    assert "toaster" in ended.stderr


def test_the_snapshot_prints_the_worklist_and_saves_a_picture_of_the_window(tmp_path: Path, demo_folder: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for name in ("MR-SIEMENS-DICOM-WithOverlays.dcm", "RG1_UNCR.dcm"):
        (films / name).write_bytes((demo_folder / name).read_bytes())
    (films / "notes.txt").write_text("no film")
    picture = tmp_path / "window.png"
    ended = run(str(films), "--snapshot", str(picture), SQUID_VIEWER_HOME=str(tmp_path / "home"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    rows = ended.stdout.splitlines()
    assert any("scored" in row and "adult" in row for row in rows)
    assert any("viewable" in row and "MR" in row for row in rows)
    assert "2 of 3 files are images; 1 left out" in ended.stdout
    assert ended.stderr == ""
    log = (tmp_path / "home" / "logs" / "viewer.log").read_text()
    assert "films" not in log
    assert "RG1" not in log
