"""Where the program keeps its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.paths import AppPaths


def test_the_programs_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SQUID_VIEWER_HOME", str(tmp_path / "mine"))
    assert AppPaths.default().database == tmp_path / "mine" / "worklist.sqlite"
    monkeypatch.delenv("SQUID_VIEWER_HOME")
    assert AppPaths.default().root.name == "squid-viewer"
