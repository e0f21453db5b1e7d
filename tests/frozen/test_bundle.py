"""The frozen program, where `make bundle` has built one."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from app import software
from tests.frozen.conftest import Runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_frozen_command_line_reads_every_encoding_of_the_demonstration(
    bundle: Path, run: Runner, demo_folder: Path, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    done = run(bundle, "squid", "triage", str(demo_folder), "--jsonl", str(results), "--device", "cpu")
    assert done.returncode == 0, done.stdout + done.stderr
    answers = {Path(line["path"]).name: line for line in map(json.loads, results.read_text("utf-8").splitlines())}
    assert answers["RG1_UNCR.dcm"]["status"] == "scored"
    for encoded in ("RG1_J2KR.dcm", "JPEG-LL.dcm", "MR2_J2KI.dcm"):
        assert answers[encoded]["status"] in ("scored", "viewable"), answers[encoded]["message"]


def test_the_frozen_command_line_speaks_to_other_systems(bundle: Path, run: Runner, tmp_path: Path) -> None:
    (tmp_path / "network.json").write_text(
        json.dumps({"peers": [{"name": "PACS", "ae_title": "PACS", "host": "127.0.0.1", "port": 9}]})
    )
    done = run(bundle, "squid", "peers", "--test", "PACS", "--home", str(tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    assert "the port is closed" in done.stdout


def test_the_frozen_program_holds_no_training_data_and_no_tests(bundle: Path) -> None:
    torch = bundle / "_internal" / "torch"
    assert not (torch / "test").exists()
    assert {path.name for path in (torch / "bin").iterdir()} == {"torch_shm_manager"}


@pytest.mark.parametrize("program", ["squid-viewer", "squid"])
def test_the_frozen_program_is_the_one_it_is_called_by(bundle: Path, run: Runner, program: str) -> None:
    said = run(bundle, program, "--help")
    assert said.stdout.split()[:2] == ["usage:", program]
    assert run(bundle, program, "--version").returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="a second executable elsewhere")
def test_the_frozen_program_is_there_once(bundle: Path) -> None:
    assert (bundle / "squid").samefile(bundle / "squid-viewer")


def test_the_frozen_program_carries_the_licences_of_all_that_is_in_it(bundle: Path) -> None:
    folder = bundle / "_internal" / "licences"
    parts = {part["name"]: part for part in json.loads((folder / "software.json").read_text(encoding="utf-8"))}
    assert {"PySide6_Essentials", "torch", "opencv-python-headless", "simpleitk", "numpy", "Python"} <= set(parts)
    assert [name for name, part in parts.items() if not part["texts"]] == []
    assert [text for part in parts.values() for text in part["texts"] if not (folder / text).is_file()] == []
    said = (folder / "NOTICE").read_text(encoding="utf-8")
    assert [name for name, part in parts.items() if f"{name} {part['version']}\n" not in said] == []
    bill = json.loads((folder / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert {part["name"] for part in bill["components"]} == set(parts) - {"squid-viewer"}
    assert not list(bundle.rglob("libreadline*"))
    assert (bundle / "NOTICE").read_text(encoding="utf-8") == said


def test_the_frozen_program_holds_no_tool_that_made_it(bundle: Path) -> None:
    """Whatever else is installed where it is built: only what `pip install squid-viewer[demo]` brings goes in."""
    rows = json.loads((bundle / "_internal" / "licences" / "software.json").read_text(encoding="utf-8"))
    inside = {row["name"] for row in rows if row["kind"] == "pypi"}
    assert inside - software.installed_names(extras=("demo",)) == {"pyinstaller"}, "its boot loader"
    carried = {re.sub(r"-[^-]+$", "", path.stem) for path in (bundle / "_internal").glob("*.dist-info")}
    assert {canonicalize_name(name) for name in carried} <= {canonicalize_name(name) for name in inside}
