from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.headless.headless import Script, play, snapshot
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


def test_without_a_user_nothing_listens_and_nothing_is_asked(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window of the same folder may be open, and has the node and the queries."""
    programs: list[Program] = []

    def leave(program: Program, script: Script, seconds: float) -> None:
        programs.append(program)
        raise SquidError("Seen enough.")

    monkeypatch.setattr("app.headless.headless.play", leave)
    assert snapshot([], False, "cpu", tmp_path / "picture.png") == 1
    assert [program.services.network for program in programs] == [None]
