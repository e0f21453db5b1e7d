"""The detector's own process, seen from outside: one request at a time, the most urgent first, and it comes back.

A request on which the process dies, runs out of memory or time is tried once more in a new process and then given
up with a plain message, so that one image can never stop the queue.
"""

from __future__ import annotations

import itertools
import logging
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NoReturn, TypeVar

from squid_core.contracts.errors import SquidError
from squid_core.processes.child import yield_to_the_window
from squid_core.processes.pool import Pool

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT_SECONDS = 300.0  # the first request imports torch and loads weights
TRIES = 2
_STOPPED = "The detector was stopped."


class Urgency(IntEnum):
    """Who waits for the answer; lower goes first."""

    READER = 0  # somebody is looking at it
    TRIAGE = 1
    WARM_UP = 2


@dataclass(order=True, slots=True)
class _Request:
    urgency: int
    number: int
    function: Callable[..., Any] = field(compare=False)
    args: tuple[Any, ...] = field(compare=False, default=())
    future: Future[Any] = field(compare=False, default_factory=Future)


class InferenceProcess:
    """One spawned child and the thread that feeds it. `submit` is safe from any thread and never waits.

    Args:
        on_restart: called on some thread when the child had to be replaced.
        timeout: seconds a request may take before its process is killed.
    """

    def __init__(self, on_restart: Callable[[], None] = lambda: None, timeout: float = TIMEOUT_SECONDS) -> None:
        self._on_restart = on_restart
        self._seconds = (timeout,) * TRIES
        self._numbers = itertools.count()
        self._requests: queue.PriorityQueue[_Request] = queue.PriorityQueue()
        self._closing = threading.Event()
        self._pool = Pool(1, yield_to_the_window, stopped=_STOPPED, doubt=True, on_loss=self._on_loss)
        self._thread = threading.Thread(target=self._serve, name="detector dispatcher", daemon=True)
        self._thread.start()

    def submit(self, urgency: Urgency, function: Callable[..., T], *args: Any) -> Future[T]:  # noqa: ANN401 - pickled
        """Have `function(*args)` called in the child; it must be importable by name there.

        Returns:
            Its result, or a SquidError that says why there is none; cancelled at `close`.
        """
        request = _Request(urgency, next(self._numbers), function, args)
        if self._closing.is_set():
            request.future.cancel()
        else:
            self._requests.put(request)
        return request.future

    def close(self) -> None:
        """Cancel what is waiting, end the child and the thread."""
        self._closing.set()
        waking = _Request(-1, next(self._numbers), os.getpid)
        waking.future.cancel()
        self._requests.put(waking)
        self._pool.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closing.is_set():
            request = self._requests.get()
            if request.future.set_running_or_notify_cancel():
                self._answer(request)
        while not self._requests.empty():
            self._requests.get_nowait().future.cancel()

    def _answer(self, request: _Request) -> None:
        try:
            answer = self._pool.run(request.function, request.args, self._seconds, _give_up).result()
        except CancelledError:
            request.future.set_exception(SquidError(_STOPPED))
        except SquidError as error:
            request.future.set_exception(error)
        else:
            request.future.set_result(answer)

    def _on_loss(self, error: BaseException) -> None:
        log.warning("The detector's process failed (%s) and is started again", type(error).__name__)
        self._on_restart()


def _give_up(error: BaseException, _: float) -> NoReturn:
    raise SquidError(
        "The detector failed twice on this image, so it is left out.",
        "The image can still be read. Ask for it again, or choose the CPU in the settings.",
        type(error).__name__,
    )
