"""Where the program keeps its own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.layers.chosen import Chosen, save_chosen
from app.paths import AppPaths
from app.services.logs import start_logging
from app.storage.database import Database


@pytest.fixture
def umask_of_a_friendly_system() -> Iterator[None]:
    former = os.umask(0o022)
    yield
    os.umask(former)


def test_the_programs_folder_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SQUID_VIEWER_HOME", str(tmp_path / "mine"))
    assert AppPaths.default().database == tmp_path / "mine" / "worklist.sqlite"
    monkeypatch.delenv("SQUID_VIEWER_HOME")
    assert AppPaths.default().root.name == "squid-viewer"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_what_the_program_keeps_is_for_its_user_alone(tmp_path: Path, umask_of_a_friendly_system: None) -> None:
    paths = AppPaths(tmp_path / "share" / "squid-viewer")
    end_logging = start_logging(paths, lambda _: None)
    logging.getLogger().error("Something happened.")
    end_logging()
    assert save_chosen(paths.settings, Chosen()) is None
    Database(paths.database, lambda _: None).close()
    folders = [paths.root.parent, paths.root, paths.log.parent]
    files = [path for path in paths.root.rglob("*") if path.is_file()]
    assert {paths.settings, paths.database, paths.log, paths.crashes} <= set(files)
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folders if path.stat().st_mode & 0o077} == {}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in files if path.stat().st_mode & 0o077} == {}
