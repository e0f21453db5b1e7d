"""Child processes in which bytes from outside are parsed and decoded.

A hostile or broken file can hang, crash or bloat a decoder; then only a child dies, its file is tried once more
and answered with a plain sentence. This module is imported by the window's process and parses nothing;
`child` holds what runs on the other side.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pebble

from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FileStatus, Radiograph
from squid_core.dicom.errands import (
    NO_MEMORY,
    UNEXPECTED,
    Errand,
    Examined,
    carry_out_in_child,
    examine_any_in_child,
    examine_in_child,
    identify_in_child,
    is_copy_in_child,
    prepare_child,
    read_in_child,
    ready_in_child,
)
from squid_core.dicom.limits import CHILD_TASKS, EXPORT_SECONDS, FIRST_TRY_SECONDS, SECOND_TRY_SECONDS
from squid_core.dicom.source import Source
from squid_core.preprocessing import Preprocessing

__all__ = ["Examined", "ReaderPool"]

T = TypeVar("T")

_BROKEN_POOL_TRIES = 4
_HEADERS_AT_ONCE = 32  # files in one errand to a child, which costs more than reading a header
_TIMED_OUT = "Reading this file took too long; it may be damaged."
_CRASHED = "Reading this file brought its reader down twice; it may be damaged."


class ReaderPool:
    """Reading processes with a time and a memory limit on each file, replaced when they die.

    A context manager; safe to use from several threads. Children start with the first file.

    Args:
        workers: how many.
        matplotlib: folder for its list of typefaces, needed only where pages are drawn; None for the user's.
    """

    def __init__(self, workers: int = 2, matplotlib: Path | None = None) -> None:
        self._workers, self._matplotlib = workers, matplotlib
        self._lock = threading.Lock()
        self._closed = False
        self._tasks: set[_Task] = set()
        self._headers: deque[tuple[Source, Future[Examined]]] = deque()
        self._batches = 0
        self._pool = self._new_pool()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm_up(self) -> None:
        """Start the children now, so that the first file does not wait for them."""
        self._start(ready_in_child, (), fail=lambda *_: None)

    def identify(self, source: Path | Source) -> Future[Examined]:
        """Header only: fast, no inputs, and no verdict, which needs the pixels. Headers travel in batches."""
        future: Future[Examined] = Future()
        with self._lock:
            self._headers.append((Source.of(source), future))
        self._send_headers()
        return future

    def examine(self, source: Path | Source, preprocessings: Sequence[Preprocessing] = ()) -> Future[Examined]:
        """Decode and prepare. The future never raises for a bad file."""
        return self._start(examine_in_child, (Source.of(source), tuple(preprocessings)))

    def examine_any(self, source: Path | Source, preprocessings: Sequence[Preprocessing] = ()) -> Future[Examined]:
        """As `examine`, for a file the user has named: a PNG or JPEG picture is an image too."""
        return self._start(examine_any_in_child, (Source.of(source), tuple(preprocessings)))

    def read(self, source: Path | Source, frame: int = 0) -> Future[Radiograph]:
        """One frame for display; the future fails with SquidError."""
        return self._start(read_in_child, (Source.of(source), frame), _frozen, _raise_failure)

    def is_copy(self, source: Path | Source, others: Sequence[Path | Source]) -> Future[bool]:
        """Whether a file holds the very bytes of one of the others; False where that cannot be told."""
        errand = (Source.of(source), tuple(map(Source.of, others)))
        return self._start(is_copy_in_child, errand, fail=lambda *_: False)

    def export(self, request: Errand[T]) -> Future[T]:
        """Write results on an image (`squid_core.export`); the future fails with SquidError."""
        seconds = (EXPORT_SECONDS,) * 2
        return self._start(
            carry_out_in_child, (request,), fail=_raise_failure, seconds=seconds, clear=request.clear_away
        )

    def close(self) -> None:
        """Stop the children; what is waiting or under way is cancelled."""
        with self._lock:
            self._closed = True
            pool, tasks = self._pool, tuple(self._tasks)
            futures = [task.future for task in tasks]
            futures += [future for _, future in self._headers]
            self._headers.clear()
        for future in futures:
            future.cancel()
        _end(pool)
        for task in tasks:
            task.clear()

    def _send_headers(self) -> None:
        """Keep two batches of header errands at each child while there are any."""
        while True:
            with self._lock:
                if not self._headers or self._batches >= 2 * self._workers:
                    return
                self._batches += 1
                batch = [self._headers.popleft() for _ in range(min(_HEADERS_AT_ONCE, len(self._headers)))]
            sources = tuple(source for source, _ in batch)
            errand = self._start(identify_in_child, (sources,), fail=lambda message, _: (_failed(message, 0.0),))
            errand.add_done_callback(lambda done, batch=batch: self._deliver(batch, done))  # type: ignore[misc]

    def _deliver(self, batch: list[tuple[Source, Future[Examined]]], errand: Future[tuple[Examined, ...]]) -> None:
        """Hand out a batch's answers; after a failure each file goes on its own errand, to find the culprit."""
        with self._lock:
            self._batches -= 1
        if errand.cancelled() or errand.exception() is not None:
            for _, future in batch:
                future.cancel()
        elif len(errand.result()) == len(batch):
            for (_, future), examined in zip(batch, errand.result(), strict=True):
                _settle(future, examined)
        else:
            for source, future in batch:
                alone = self._start(identify_in_child, ((source,),), fail=lambda message, _: (_failed(message, 0.0),))
                alone.add_done_callback(lambda done, future=future: _pass_on_only(done, future))  # type: ignore[misc]
        self._send_headers()

    def _start(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        finish: Callable[[Any], Any] = lambda result: result,
        fail: Callable[[str, float], Any] | None = None,
        seconds: tuple[float, float] = (FIRST_TRY_SECONDS, SECOND_TRY_SECONDS),
        clear: Callable[[], None] = lambda: None,
    ) -> Future[Any]:
        task = _Task(self, function, args, finish, fail or _failed, seconds, clear)
        with self._lock:
            self._tasks.add(task)
        task.future.add_done_callback(lambda _: self._forget(task))
        task.attempt()
        return task.future

    def _forget(self, task: _Task) -> None:
        with self._lock:
            self._tasks.discard(task)
        if task.future.cancelled() and task.inner is not None:
            task.inner.cancel()

    def _new_pool(self) -> pebble.ProcessPool:
        return pebble.ProcessPool(
            max_workers=self._workers,
            max_tasks=CHILD_TASKS,
            initializer=prepare_child,
            initargs=(str(self._matplotlib or ""),),
            context=multiprocessing.get_context("spawn"),
        )

    def schedule(self, function: Callable[..., T], args: tuple[Any, ...], timeout: float) -> Future[T]:
        """Run `function` in a child. For this module's own use.

        The death of an idle child breaks pebble's whole pool: then it is replaced, and what was waiting in it
        begins anew.

        Raises:
            SquidError: the pool is closed.
        """
        with self._lock:
            if self._closed:
                raise SquidError("Reading was stopped.")
            try:
                return self._pool.schedule(function, args=args, timeout=timeout)
            except (RuntimeError, BrokenProcessPool):
                broken, self._pool = self._pool, self._new_pool()
                lost = [task for task in self._tasks if task.inner is not None and not task.inner.done()]
                scheduled: Future[T] = self._pool.schedule(function, args=args, timeout=timeout)
        _end(broken)
        for task in lost:
            task.attempt_anew()
        return scheduled


class _Task:
    """One file's way through the pool: a first try, after a death or a timeout a second, then an answer."""

    def __init__(
        self,
        pool: ReaderPool,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        finish: Callable[[Any], Any],
        fail: Callable[[str, float], Any],
        seconds: tuple[float, float],
        clear: Callable[[], None],
    ) -> None:
        self._seconds, self.clear = seconds, clear
        self._pool, self._function, self._args, self._finish, self._fail = pool, function, args, finish, fail
        self.future: Future[Any] = Future()
        self.inner: Future[Any] | None = None
        self._tries = self._broken = 0
        self._spent = 0.0

    @property
    def _allowed(self) -> float:
        """Seconds for the try under way."""
        return self._seconds[0 if self._tries == 1 else 1]

    def attempt(self) -> None:
        """Put the file into a child's hands."""
        self._tries += 1
        try:
            self.inner = self._pool.schedule(self._function, self._args, self._allowed)
        except SquidError as error:
            _settle(self.future, error=error)
            return
        self.inner.add_done_callback(self._done)

    def attempt_anew(self) -> None:
        """The pool broke under it, by no fault of this file: the try does not count, within reason.

        On a thread of its own, because the one it is told on may belong to the broken pool.
        """
        self.clear()
        self.inner = None
        self._tries -= 1
        self._broken += 1
        if self._broken < _BROKEN_POOL_TRIES:
            threading.Thread(target=self.attempt, daemon=True).start()
        else:
            self._give_up(_CRASHED)

    def _done(self, inner: Future[Any]) -> None:
        if self.future.cancelled() or inner is not self.inner:
            return
        try:
            result = inner.result()
        except CancelledError:
            self.future.cancel()
        except BrokenProcessPool:
            self.attempt_anew()
        except TimeoutError:
            self.clear()
            self._spent += self._allowed
            self._again_or(_TIMED_OUT)
        except pebble.ProcessExpired:
            self.clear()
            self._again_or(_CRASHED)
        except SquidError as error:
            _settle(self.future, error=error)
        except MemoryError:
            self._give_up(NO_MEMORY)
        except Exception:  # noqa: BLE001 - whatever a child's libraries raise, the file gets its answer
            self._give_up(UNEXPECTED)
        else:
            _settle(self.future, self._finish(result))

    def _again_or(self, message: str) -> None:
        if self._tries < 2:
            threading.Thread(target=self.attempt, daemon=True).start()
        else:
            self._give_up(message)

    def _give_up(self, message: str) -> None:
        try:
            _settle(self.future, self._fail(message, self._spent))
        except SquidError as error:
            _settle(self.future, error=error)


def _settle(future: Future[Any], result: Any = None, error: BaseException | None = None) -> None:  # noqa: ANN401
    with contextlib.suppress(InvalidStateError):  # cancelled in between
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _pass_on_only(errand: Future[tuple[Examined, ...]], future: Future[Examined]) -> None:
    if errand.cancelled() or errand.exception() is not None:
        future.cancel()
    else:
        _settle(future, errand.result()[0])


def _end(pool: pebble.ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _frozen(radiograph: Radiograph) -> Radiograph:
    radiograph.pixels.setflags(write=False)  # lost on the way through the pipe
    return radiograph


def _failed(message: str, seconds: float) -> Examined:
    return Examined(FileStatus.ERROR, message, seconds=seconds)


def _raise_failure(message: str, _: float) -> None:
    raise SquidError(message)
