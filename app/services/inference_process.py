"""The detector's own process, seen from outside: one request at a time, the most urgent first, and it comes back.

A request on which the process dies, runs out of memory or time is tried once more in a new process and then given
up with a plain message, so that one image can never stop the queue.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

from pebble import ProcessPool

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errands import yield_to_the_window

log = logging.getLogger(__name__)
T = TypeVar("T")

TIMEOUT_SECONDS = 300.0  # the first request imports torch and loads weights
TRIES = 2


class Urgency(IntEnum):
    """Who waits for the answer; lower goes first."""

    READER = 0  # somebody is looking at it
    TRIAGE = 1
    WARM_UP = 2


@dataclass(order=True, slots=True)
class _Request:
    urgency: int
    number: int
    function: Callable[..., Any] | None = field(compare=False)  # None ends the dispatcher
    args: tuple[Any, ...] = field(compare=False, default=())
    future: Future[Any] = field(compare=False, default_factory=Future)


class InferenceProcess:
    """One spawned child and the thread that feeds it. `submit` is safe from any thread and never waits.

    Args:
        on_restart: called on the dispatcher's thread when the child had to be replaced.
        timeout: seconds a request may take before its process is killed.
    """

    def __init__(self, on_restart: Callable[[], None] | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        self._on_restart = on_restart
        self._timeout = timeout
        self._numbers = itertools.count()
        self._requests: queue.PriorityQueue[_Request] = queue.PriorityQueue()
        self._closing = threading.Event()
        self._pool: ProcessPool | None = None
        self._running: Future[Any] | None = None
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
        self._requests.put(_Request(-1, next(self._numbers), None))
        if (running := self._running) is not None:
            running.cancel()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closing.is_set():
            request = self._requests.get()
            if request.function is not None and request.future.set_running_or_notify_cancel():
                self._answer(request)
        while not self._requests.empty():
            self._requests.get_nowait().future.cancel()
        self._end_pool()

    def _answer(self, request: _Request) -> None:
        reason = ""
        for _ in range(TRIES):
            try:
                request.future.set_result(self._ask(request))
            except SquidError as error:
                request.future.set_exception(error)
            except CancelledError:
                request.future.set_exception(SquidError("The detector was stopped."))
            except Exception as error:  # noqa: BLE001 - whatever the child died of, it is replaced
                if self._closing.is_set():
                    request.future.set_exception(SquidError("The detector was stopped."))
                    return
                reason = type(error).__name__
                log.warning("The detector's process failed (%s) and is started again", reason)
                self._end_pool()
                if self._on_restart is not None:
                    self._on_restart()
                continue
            return
        request.future.set_exception(
            SquidError(
                "The detector failed twice on this image, so it is left out.",
                "The image can still be read. Ask for it again, or choose the CPU in the settings.",
                reason,
            )
        )

    def _ask(self, request: _Request) -> object:
        try:
            self._running = self._schedule(request)
        except RuntimeError:  # the child died while it had nothing to do, and its pool with it
            self._end_pool()
            self._running = self._schedule(request)
        if self._closing.is_set():
            self._running.cancel()
        try:
            return self._running.result()
        finally:
            self._running = None

    def _schedule(self, request: _Request) -> Future[Any]:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=1, initializer=yield_to_the_window, context=multiprocessing.get_context("spawn")
            )
        assert request.function is not None  # noqa: S101 - the dispatcher has looked
        future: Future[Any] = self._pool.schedule(request.function, args=request.args, timeout=self._timeout)
        return future

    def _end_pool(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]  # pebble's
            pool.join()
