"""Who may import whom, proven by what a fresh interpreter really loads (import-linter sees only the source)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("torch", "pydicom", "highdicom", "matplotlib", "openjpeg", "rle", "jpeg_ls", "SimpleITK", "imagecodecs")

# Each takes from 15 to 350 ms, and nothing of it is needed before the first picture.
LATER = ("pyqtgraph", "psutil", "squid_core.dicom.header.wording")

SPEAKING = ("pynetdicom", "dicomweb_client", "requests", "urllib3", "keyring")


def _loaded_by(statement: str, *suspects: str) -> set[str]:
    """Which of `suspects` are in sys.modules after `statement` ran in a fresh interpreter."""
    script = f"import sys\n{statement}\nprint(*(name for name in {suspects!r} if name in sys.modules))"
    return set(_run(script).split())


def _run(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _modules(repository: Path, package: str) -> list[str]:
    files = sorted((repository / package).rglob("*.py"))
    names = (".".join(file.relative_to(repository).with_suffix("").parts) for file in files)
    return [name.removesuffix(".__init__") for name in names if not name.endswith("__main__")]


def test_the_window_process_loads_neither_torch_nor_a_decoder() -> None:
    assert _loaded_by("import app.main", *HEAVY, "distributed", "dask") == set()


def test_the_window_process_loads_nothing_that_speaks_to_a_network() -> None:
    assert _loaded_by("import app.main", *SPEAKING) == set()


def test_the_window_opens_without_what_only_some_dialogs_and_errands_need() -> None:
    assert _loaded_by("import app.main", *LATER) == set()


def test_reading_the_command_line_of_the_window_needs_no_qt() -> None:
    assert _loaded_by("import app.__main__", "PySide6", *HEAVY) == set()


def test_triage_starts_without_torch_and_without_qt() -> None:
    assert _loaded_by("import squid_core.cli, squid_core.inference.triage", "torch", "PySide6", "distributed") == set()


def test_the_pool_of_readers_keeps_the_decoders_out_of_its_owner() -> None:
    assert _loaded_by("import squid_core.dicom.readers", *HEAVY) == set()


@pytest.mark.parametrize("package", ["app/domain", "app/storage"])
def test_domain_and_storage_know_neither_qt_nor_torch(package: str, repository: Path) -> None:
    modules = _modules(repository, package)
    assert _loaded_by(f"import {', '.join(modules)}", "PySide6", "torch") == set()


def test_the_core_works_on_a_machine_without_qt(repository: Path) -> None:
    modules = _modules(repository, "squid_core")
    blocked = "for name in ('PySide6', 'shiboken6', 'pyqtgraph'): sys.modules[name] = None"
    _run(f"import sys\n{blocked}\nimport {', '.join(modules)}")
