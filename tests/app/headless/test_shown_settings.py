"""An administrator sees what is in force, and what is wrong with a policy before it is rolled out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import squid_core.policy
from app.__main__ import main
from app.paths import AppPaths


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    code = main(["--show-settings", *arguments])
    return code, capsys.readouterr().out.splitlines()


def test_each_setting_is_said_with_its_value_and_whose_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    own = AppPaths.default().settings
    own.parent.mkdir(parents=True)
    own.write_text(json.dumps({"version": "0.1", "readers": 4, "recent": ["/films/Müller"], "mask_key": "secret"}))
    squid_core.policy.policy_file().write_text(
        json.dumps({"fixed": {"mask_names": True, "network": {"priors_from": ""}}, "default": {"theme": "light"}})
    )
    code, lines = shown(capsys)
    assert code == 0
    assert {
        "mask_names = true  [fixed]", 'theme = "light"  [default]', "readers = 4  [user]",
        "recent = (not shown)  [user]",
        'device = "auto"  [program]', "display.smoothing = 1.0  [program]", "network  [fixed]",
    } <= set(lines)  # fmt: skip
    assert not [line for line in lines if "secret" in line or "Müller" in line]


def test_a_draft_is_looked_at_before_it_is_rolled_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    draft.write_text('{"fixed": {"mask_name": true, "network": {"listening": {"port": "any"}}, "device": "cpu"}}')
    code, lines = shown(capsys, str(draft))
    assert code == 1
    assert 'device = "cpu"  [fixed]' in lines
    assert any("fixed.mask_name" in line for line in lines)
    assert any(
        line.startswith("The network settings in this computer's policy are damaged. listening.port") for line in lines
    )


@pytest.mark.parametrize("content", [None, "{"])
def test_a_draft_that_is_not_there_or_no_json_is_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str | None
) -> None:
    draft = tmp_path / "draft.json"
    if content is not None:
        draft.write_text(content)
    code, lines = shown(capsys, str(draft))
    assert code == 1
    assert lines[-1].startswith(
        "The policy file of this computer is no JSON." if content else f"There is no file {draft}"
    )


def test_it_needs_no_screen_and_no_qt() -> None:
    script = (
        "import sys; from app.__main__ import main; code = main(['--show-settings']); "
        "sys.exit(code or any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
