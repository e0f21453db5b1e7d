"""The frozen program that `make bundle` has built, for all tests of this folder.

Without one they are skipped, but fail under `make bundle-test` (SQUID_BUNDLE_TEST): what was not tested has not passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from squid_core.version import installed_version

SUFFIX = ".exe" if sys.platform == "win32" else ""
Runner: TypeAlias = Callable[..., subprocess.CompletedProcess[str]]


def do_without(reason: str) -> None:
    """Skip the test, or fail where that would hide that the bundle was not tested."""
    if os.environ.get("SQUID_BUNDLE_TEST"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def bundle(repository: Path) -> Path:
    """The folder of the frozen program."""
    folder = repository / "dist" / f"squid-viewer-{installed_version()}"
    if not (folder / f"squid-viewer{SUFFIX}").is_file():
        do_without(f"dist/ holds no frozen program of version {installed_version()}: make bundle")
    return folder


@pytest.fixture(scope="session")
def run() -> Runner:
    """Runs a program of a bundle; nothing of this checkout may help it."""

    def begin(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [str(folder / f"{program}{SUFFIX}"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=280, check=False)

    return begin
