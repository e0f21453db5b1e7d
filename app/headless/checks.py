"""The table of a self-test: checks as they are done, a line each. What fails is said, and the others go on. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TypeAlias

from squid_core.contracts.errors import SquidError
from squid_core.terminal import say

NAME_WIDTH = 38
INSTALL_AGAIN = "Install the program again; if that does not help, send this table to whoever looks after it."

Condition: TypeAlias = Callable[[], bool]
# Waits for one condition after another, then says what was measured.
CheckSteps: TypeAlias = Generator[Condition, None, str]


class Remark(str):
    """What was measured by a check that passes, but of which whoever reads the table should know."""

    __slots__ = ()


class CheckTable:
    """Prints a line a check: the outcome, how long it took, its name, and what was measured or what is to be done."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._passed: list[str] = []
        self._noted: list[str] = []
        self._failed: list[str] = []

    def check(self, name: str, work: Callable[[], str]) -> bool:
        """Do a check, whose work returns what it measured; whether it passed."""
        began = time.monotonic()
        try:
            said = work()
        except Exception as error:  # noqa: BLE001 - whatever is broken, the others go on
            return self._add(name, began, error)
        return self._add(name, began, said)

    def go_through(self, name: str, steps: CheckSteps, limit: float) -> Generator[Condition, None, bool]:
        """The same of a check that waits for others, for so many seconds at most."""
        began = time.monotonic()
        try:
            said = yield from _within(limit, steps)
        except Exception as error:  # noqa: BLE001 - see `check`
            return self._add(name, began, error)
        return self._add(name, began, said)

    def guard(self, name: str, work: Callable[[], None]) -> None:
        """Do what makes several checks; where it breaks off between them, that is one more that has failed."""
        began = time.monotonic()
        try:
            work()
        except Exception as error:  # noqa: BLE001 - see `check`
            self._add(name, began, error)

    def leave_out(self, name: str, why: str) -> None:
        """A check that cannot be done, since what it needs has failed. It has not passed."""
        self._add(name, time.monotonic(), SquidError(f"Not tried: {why}"))

    def end(self) -> bool:
        """Say how it went; whether all passed."""
        took, count = f"{time.monotonic() - self._began:.1f} s", len(self._passed) + len(self._failed)
        if self._failed:
            say(f"Self-test failed in {took}: {len(self._failed)} of {count} checks ({'; '.join(self._failed)}).")
        else:
            noted = f", with a word on: {'; '.join(self._noted)}" if self._noted else ""
            say(f"Self-test passed in {took}: {count} checks{noted}.")
        return not self._failed

    def _add(self, name: str, began: float, outcome: str | Exception) -> bool:
        failed = isinstance(outcome, Exception)
        (self._failed if failed else self._passed).append(name)
        if isinstance(outcome, Remark):
            self._noted.append(name)
        state = "FAILED" if failed else "note" if isinstance(outcome, Remark) else "ok"
        said = in_words(outcome) if isinstance(outcome, Exception) else outcome
        say(f"{state:<6} {time.monotonic() - began:6.1f} s  {name:<{NAME_WIDTH}}  {said}")
        return not failed


def in_words(error: Exception) -> str:
    """What is wrong and what to do, in a sentence or two."""
    if isinstance(error, SquidError):
        detail = f" [{error.detail}]" if error.detail else ""
        return f"{error}{detail}"
    if isinstance(error, OSError):
        what = f"The system refused it: {error.strerror or type(error).__name__}"
        return (
            f"{what}{f' ({error.filename})' if error.filename else ''}. Look at the rights and the room on that disk."
        )
    return f"It broke off: {type(error).__name__}: {error}. {INSTALL_AGAIN}"


def _within(limit: float, steps: CheckSteps) -> CheckSteps:
    """The steps, until the time is up."""
    until = time.monotonic() + limit
    while True:
        try:
            condition = next(steps)
        except StopIteration as end:
            measured: str = end.value
            return measured
        holds = [False]

        def look(condition: Condition = condition, holds: list[bool] = holds) -> bool:
            holds[0] = condition()
            return holds[0] or time.monotonic() > until

        yield look
        if not holds[0]:
            steps.close()
            raise SquidError(f"This took longer than {limit:.0f} s.", "Try again when the machine does nothing else.")
