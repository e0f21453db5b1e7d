from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.headless.headless import Script, play
from app.main import Program, application
from app.paths import AppPaths
from squid_core.contracts.errors import SquidError


@pytest.fixture
def program(qapp: object, tmp_path: Path) -> Iterator[Program]:
    application()
    program = Program(AppPaths(tmp_path / "home"))
    yield program
    program.close()


def test_a_script_goes_on_as_soon_as_its_condition_holds(program: Program) -> None:
    steps: list[str] = []

    def script() -> Script:
        yield lambda: program.idle
        steps.append("idle")

    play(program, script(), 60)
    assert steps == ["idle"]
    assert program.window.isVisible()


def test_a_script_that_waits_for_ever_ends_with_a_sentence(program: Program) -> None:
    def script() -> Script:
        yield lambda: False

    with pytest.raises(SquidError, match="took longer than 0 s"):
        play(program, script(), 0.2)


def test_whatever_a_script_raises_ends_it(program: Program) -> None:
    def script() -> Script:
        yield lambda: True
        raise BrokenPipeError  # as when the terminal has gone

    with pytest.raises(BrokenPipeError):
        play(program, script(), 60)
