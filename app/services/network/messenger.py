"""The messenger: children that speak to other systems for the window, and listen to nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NoReturn

from squid_core.contracts.errors import SquidError
from squid_core.network.errands import prepare_messenger
from squid_core.processes.held import Attempt
from squid_core.processes.pool import Pool

CHILDREN = 5  # one each fetches, sends, asks for today's studies and for priors, however slow; one is the user's
STOPPED = "The program is being closed."


class Messenger:
    """Runs functions of `squid_core.network.errands`; the children start as they are needed. Safe from any thread."""

    def __init__(self) -> None:
        self._pool = Pool(CHILDREN, prepare_messenger, stopped=STOPPED)

    def ask(self, errand: Callable[..., Any], *args: Any, seconds: float, urgent: bool = False) -> Future[Any]:  # noqa: ANN401
        """Have an errand run, within a time.

        Args:
            errand: importable by name.
            args: its arguments.
            seconds: after which its process is ended.
            urgent: the user waits for it.

        Returns:
            What it returned, or a SquidError; a future that is cancelled ends the process at work on it.
        """
        return self._pool.run([Attempt(errand, args, seconds)], _give_up, urgent=urgent)

    def close(self) -> None:
        """End the children; what is under way is cancelled."""
        self._pool.close()


def _give_up(error: BaseException, _: float) -> NoReturn:
    if isinstance(error, TimeoutError):
        raise SquidError(
            "The other system did not finish in time.", "Try again; what has come is not fetched or sent twice."
        )
    raise SquidError(
        "The process that speaks to other systems has failed.",
        "Try again; if it happens again, send the log file to the maintainers.",
        type(error).__name__,
    )
