from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning

from app.paths import AppPaths
from app.services.logs import start_logging


@pytest.fixture
def paths(tmp_path: Path) -> AppPaths:
    return AppPaths(tmp_path / "home")


@pytest.fixture
def faults(paths: AppPaths) -> Iterator[list[str]]:
    faults: list[str] = []
    end = start_logging(paths, faults.append)
    yield faults
    end()


def test_a_fault_is_told_and_logged_by_its_place_and_never_its_text(paths: AppPaths, faults: list[str]) -> None:
    try:
        int("Doe, Jane")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    text = paths.log.read_text()
    assert faults == ["ValueError"]
    assert "test_logs.py" in text
    assert "Doe" not in text


def test_qts_own_messages_go_to_the_log(paths: AppPaths, faults: list[str]) -> None:
    qWarning("a layout complains")
    logging.getLogger("app").info("ours")
    text = paths.log.read_text()
    assert "a layout complains" in text
    assert "ours" in text
    assert faults == []


def test_everything_is_as_before_after_the_end(paths: AppPaths) -> None:
    hook, handlers = sys.excepthook, list(logging.getLogger().handlers)
    start_logging(paths, lambda _: None)()
    assert sys.excepthook is hook
    assert logging.getLogger().handlers == handlers


def test_a_folder_that_cannot_be_written_means_no_log(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    start_logging(AppPaths(tmp_path / "file"), lambda _: None)()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX limits")
def test_a_full_disk_costs_lines_of_the_log_and_says_nothing_on_the_terminal(
    paths: AppPaths, capfd: pytest.CaptureFixture[str]
) -> None:
    import resource

    end = start_logging(paths, lambda _: None)
    logging.getLogger("app").info("before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (paths.log.stat().st_size + 10, limits[1]))
    try:
        for _ in range(20):
            logging.getLogger("app").info("while it is full")
        end()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "before" in paths.log.read_text()
    assert capfd.readouterr() == ("", "")
