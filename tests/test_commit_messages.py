"""The hook on commit messages: a subject of at most 72 characters, an empty line, a body that says why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml


def _complaints(repository: Path, message: Path) -> set[str]:
    config = yaml.safe_load((repository / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for hook in config["repos"][0]["hooks"] if hook.get("stages") == ["commit-msg"]]
    assert {hook["language"] for hook in hooks} == {"pygrep"}
    return {
        hook["id"]
        for hook in hooks
        if subprocess.run(
            [sys.executable, "-m", "pre_commit.languages.pygrep", *hook["args"], hook["entry"], str(message)],
            capture_output=True,
            check=False,
        ).returncode
    }


@pytest.mark.parametrize(
    ("message", "complaints"),
    [
        ("Say why\n\nBecause.\n", set()),
        (f"{'x' * 72}\n\nBecause.\n", set()),
        (f"{'x' * 73}\n\nBecause.\n", {"commit-subject"}),
        ("Say why\n", {"commit-body"}),
        ("Say why\nBecause.\n", {"commit-body"}),
        ("Say why\n\n# Please enter the commit message\n#\n", {"commit-body"}),
        ("Say why\n\nBecause.\n# Please enter the commit message\n", set()),
        ("Merge branch 'other'\n", set()),
    ],
)
def test_a_message_says_what_in_one_line_and_why_below(
    repository: Path, tmp_path: Path, message: str, complaints: set[str]
) -> None:
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(message)
    assert _complaints(repository, file) == complaints
