"""The detector's own process, seen from outside: one request at a time, the most urgent first, and it comes back.

A request on which the process crashes, runs out of memory or time is tried once more in a new process and then given
up with a plain message, so that one image can never stop the queue. A process that is ended from outside, or stopped,
costs the request nothing.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NoReturn

from squid_core.contracts.errors import DeviceFailedError, SquidError
from squid_core.processes.child import yield_to_the_window
from squid_core.processes.held import Attempt, ChildLostError, NoChildError
from squid_core.processes.pool import Pool

log = logging.getLogger(__name__)

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
    attempts: Callable[[], Sequence[Attempt]] = field(compare=False)
    future: Future[Any] = field(compare=False, default_factory=Future)


class InferenceProcess:
    """One spawned child and the thread that feeds it. `submit` is safe from any thread and never waits.

    Args:
        on_loss: called on some thread, with why and with the try, when a try has failed and its child was replaced.
    """

    def __init__(self, on_loss: Callable[[Exception, Attempt], None] = lambda *_: None) -> None:
        self._on_loss = on_loss
        self._numbers = itertools.count()
        self._requests: queue.PriorityQueue[_Request] = queue.PriorityQueue()
        self._closing = threading.Event()
        self._pool = Pool(1, yield_to_the_window, stopped=_STOPPED, doubt=_is_doubtful, on_loss=self._lost)
        self._thread = threading.Thread(target=self._serve, name="detector dispatcher", daemon=True)
        self._thread.start()

    def submit(self, urgency: Urgency, attempts: Callable[[], Sequence[Attempt]]) -> Future[Any]:
        """Have a function called in the child.

        Args:
            urgency: who waits for it.
            attempts: says when its turn has come what is tried, one after another.

        Returns:
            Its result, or a SquidError that says why there is none; cancelled at `close`.
        """
        request = _Request(urgency, next(self._numbers), attempts)
        if self._closing.is_set():
            request.future.cancel()
        else:
            self._requests.put(request)
        return request.future

    def close(self) -> None:
        """Cancel what is waiting, end the child and the thread."""
        self._closing.set()
        waking = _Request(-1, next(self._numbers), tuple)
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
            answer = self._pool.run(request.attempts(), _give_up).result()
        except CancelledError:
            request.future.set_exception(SquidError(_STOPPED))
        except SquidError as error:
            request.future.set_exception(error)
        else:
            request.future.set_result(answer)

    def _lost(self, error: Exception, attempt: Attempt) -> None:
        log.warning("The detector's process failed (%s) and is started again", type(error).__name__)
        self._on_loss(error, attempt)


def _is_doubtful(error: Exception) -> bool:
    return isinstance(error, DeviceFailedError) or not isinstance(error, SquidError)


def _give_up(error: BaseException, _: float) -> NoReturn:
    if isinstance(error, (ChildLostError, NoChildError)):
        raise SquidError(
            "The detector's process was ended again and again, so this image is left out.",
            "The image can still be read. Ask for it again.",
            type(error).__name__,
        )
    raise SquidError(
        "The detector failed twice on this image, so it is left out.",
        "The image can still be read. Ask for it again, or choose the CPU in the settings.",
        type(error).__name__,
    )
