from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from app.headless.checks import CheckSteps, CheckTable, Remark
from squid_core.contracts.errors import SquidError


def fail(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


def test_each_check_is_a_line_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    table = CheckTable()
    assert table.check("Disk", lambda: "3 GB free")
    assert table.check("Folder", lambda: Remark("a temporary one"))
    assert table.end()
    disk, folder, last = capsys.readouterr().out.splitlines()
    assert disk.split() == ["ok", "0.0", "s", "Disk", "3", "GB", "free"]
    assert folder.startswith("note")
    assert last.startswith("Self-test passed in 0.0 s: 2 checks")
    assert "Folder" in last


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SquidError("It is broken.", "Mend it."), "It is broken. Mend it."),
        (SquidError("It is broken.", "Mend it.", "KeyError"), "It is broken. Mend it. [KeyError]"),
        (PermissionError(13, "Permission denied", "/x"), "The system refused it: Permission denied (/x). Look at"),
        (ModuleNotFoundError("No module named 'x'"), "It broke off: ModuleNotFoundError: No module named 'x'. Install"),
    ],
)
def test_what_fails_is_a_sentence_and_hides_no_other(
    capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    table = CheckTable()
    assert not table.check("First", fail(error))
    assert table.check("Second", lambda: "well")
    assert not table.end()
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("FAILED")
    assert said in first
    assert second.startswith("ok")
    assert "failed" in last
    assert "1 of 2 checks (First)" in last


def test_what_is_left_out_or_breaks_between_checks_has_not_passed(capsys: pytest.CaptureFixture[str]) -> None:
    table = CheckTable()
    table.leave_out("Window", "there is no Qt.")

    def group() -> None:
        table.check("Inside", lambda: "well")
        raise OSError(5, "Input/output error")

    table.guard("Group", group)
    assert not table.end()
    window, inside, broken, last = capsys.readouterr().out.splitlines()
    assert "Not tried: there is no Qt." in window
    assert inside.startswith("ok")
    assert "Input/output error" in broken
    assert "2 of 3 checks (Window; Group)" in last


def go(table: CheckTable, steps: CheckSteps, limit: float) -> bool:
    """As `play` does, without waiting."""
    script = table.go_through("CheckSteps", steps, limit)
    try:
        condition = next(script)
        while True:
            if condition():
                condition = next(script)
    except StopIteration as end:
        return bool(end.value)


def test_steps_wait_for_their_conditions_and_end_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    looks = iter([False, False, True])

    def steps() -> CheckSteps:
        yield lambda: next(looks)
        return "after three looks"

    assert go(CheckTable(), steps(), math.inf)
    assert "after three looks" in capsys.readouterr().out


def test_steps_that_wait_for_ever_fail_when_their_time_is_up(capsys: pytest.CaptureFixture[str]) -> None:
    left: list[str] = []

    def steps() -> CheckSteps:
        try:
            yield lambda: False
        finally:
            left.append("put away")
        return ""

    assert not go(CheckTable(), steps(), 0.05)
    assert "took longer than" in capsys.readouterr().out
    assert left == ["put away"]
