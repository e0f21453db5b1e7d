"""The program as a user starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.main import Program, application
from app.paths import AppPaths


@pytest.fixture
def start(qapp: object, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Starts the program, over and over, in one home; closes all of them."""
    programs: list[Program] = []

    def begin() -> Program:
        application()
        programs.append(Program(AppPaths(tmp_path / "home"), "cpu"))
        programs[-1].start()
        return programs[-1]

    yield begin
    for program in programs:
        program.close()
