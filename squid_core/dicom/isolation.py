"""Child processes in which bytes from outside are parsed and decoded.

A hostile or broken file can hang, crash or bloat a decoder; then only a child dies, its file is tried once more
and answered with a plain sentence. This module is imported by the window's process: everything that parses is
imported inside the functions that run in a child.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pebble

from squid_core.contracts import Decision, FileStatus, Identity, ModelInput, Radiograph, SquidError, Verdict
from squid_core.dicom.limits import CHILD_DATA_BYTES, CHILD_TASKS, FIRST_TRY_SECONDS, SECOND_TRY_SECONDS
from squid_core.imaging import Preprocessing

T = TypeVar("T")

_BROKEN_POOL_TRIES = 4
_TIMED_OUT = "Reading this file took too long; it may be damaged."
_CRASHED = "Reading this file brought its reader down twice; it may be damaged."
_NO_MEMORY = "Reading this file needs more memory than is allowed; it may be damaged."
_UNEXPECTED = "This file is damaged in a way that was not foreseen."


@dataclass(frozen=True)
class Examined:
    """How a reader sees one file, cheap to send.

    Attributes:
        status: None for an image (see `verdict`); SKIPPED or ERROR otherwise.
        message: a plain sentence: why skipped or failed, or notices on an image.
        inputs: one for each preprocessing asked for, only when the verdict is analyse or ask.
        seconds: wall time in the child.
        peak_rss_mb: greatest resident memory of the child while on this file.
    """

    status: FileStatus | None
    message: str
    identity: Identity | None = None
    verdict: Verdict | None = None
    inputs: tuple[ModelInput, ...] = ()
    seconds: float = 0.0
    peak_rss_mb: float = 0.0


class ReaderPool:
    """Reading processes with a time and a memory limit on each file, replaced when they die.

    A context manager; safe to use from several threads. Children start with the first file.
    """

    def __init__(self, workers: int = 2) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._closed = False
        self._tasks: set[_Task] = set()
        self._pool = self._new_pool()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def identify(self, path: Path) -> Future[Examined]:
        """Header only: fast, no inputs, and no verdict, which needs the pixels."""
        return self._start(_identify_in_child, (str(path),))

    def examine(self, path: Path, preprocessings: Sequence[Preprocessing] = ()) -> Future[Examined]:
        """Decode and prepare. The future never raises for a bad file."""
        return self._start(_examine_in_child, (str(path), tuple(preprocessings)))

    def read(self, path: Path, frame: int = 0) -> Future[Radiograph]:
        """One frame for display; the future fails with SquidError."""
        return self._start(_read_in_child, (str(path), frame), _frozen, _raise_failure)

    def close(self) -> None:
        """Stop the children; what is waiting or under way is cancelled."""
        with self._lock:
            self._closed = True
            pool, tasks = self._pool, list(self._tasks)
        for task in tasks:
            task.future.cancel()
        _end(pool)

    def _start(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        finish: Callable[[Any], Any] = lambda result: result,
        fail: Callable[[str, float], Any] | None = None,
    ) -> Future[Any]:
        task = _Task(self, function, args, finish, fail or _failed)
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
    ) -> None:
        self._pool, self._function, self._args, self._finish, self._fail = pool, function, args, finish, fail
        self.future: Future[Any] = Future()
        self.inner: Future[Any] | None = None
        self._tries = self._broken = 0
        self._spent = 0.0

    def attempt(self) -> None:
        """Put the file into a child's hands."""
        self._tries += 1
        timeout = FIRST_TRY_SECONDS if self._tries == 1 else SECOND_TRY_SECONDS
        try:
            self.inner = self._pool.schedule(self._function, self._args, timeout)
        except SquidError as error:
            self._settle(error=error)
            return
        self.inner.add_done_callback(self._done)

    def attempt_anew(self) -> None:
        """The pool broke under it, by no fault of this file: the try does not count, within reason.

        On a thread of its own, because the one it is told on may belong to the broken pool.
        """
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
            self._spent += FIRST_TRY_SECONDS if self._tries == 1 else SECOND_TRY_SECONDS
            self._again_or(_TIMED_OUT)
        except pebble.ProcessExpired:
            self._again_or(_CRASHED)
        except SquidError as error:
            self._settle(error=error)
        except MemoryError:
            self._give_up(_NO_MEMORY)
        except Exception:  # noqa: BLE001 - whatever a child's libraries raise, the file gets its answer
            self._give_up(_UNEXPECTED)
        else:
            self._settle(self._finish(result))

    def _again_or(self, message: str) -> None:
        if self._tries < 2:
            threading.Thread(target=self.attempt, daemon=True).start()
        else:
            self._give_up(message)

    def _give_up(self, message: str) -> None:
        try:
            self._settle(self._fail(message, self._spent))
        except SquidError as error:
            self._settle(error=error)

    def _settle(self, result: Any = None, error: SquidError | None = None) -> None:  # noqa: ANN401 - of any function
        with contextlib.suppress(InvalidStateError):  # cancelled in between
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


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


# From here on: what runs in a child.


def prepare_child() -> None:
    """Limit and silence this process, and load what every file needs, before the first file's clock runs."""
    limit_memory()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    silence = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # decoders write to them, with values of the file in the text
        os.dup2(silence, descriptor)
    os.close(silence)
    from squid_core.dicom import reader  # noqa: F401 - loads pydicom and the decoders' front ends


def limit_memory(data_bytes: int = CHILD_DATA_BYTES) -> None:
    """Bound this process's private memory, and let it leave no core file, which would hold a patient's data."""
    if sys.platform == "win32":
        return
    import resource

    for kind, value in ((resource.RLIMIT_DATA, data_bytes), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            _, hard = resource.getrlimit(kind)
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (bound, hard))


def reset_peak_memory() -> None:
    """Start counting the peak of resident memory anew, where the system can (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_mb() -> float:
    """Peak of resident memory in MB since the last reset; since the process began where it cannot be reset."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / 1024


def _measured(work: Callable[[], Examined]) -> Examined:
    """Run `work`, turn every failure into an answer, and measure."""
    from squid_core.dicom.errors import NotAnImageError

    reset_peak_memory()
    began = time.monotonic()
    try:
        examined = work()
    except NotAnImageError as error:
        examined = Examined(FileStatus.SKIPPED, str(error))
    except SquidError as error:
        examined = Examined(FileStatus.ERROR, str(error))
    except (MemoryError, RecursionError):
        examined = Examined(FileStatus.ERROR, _NO_MEMORY)
    except Exception:  # noqa: BLE001 - the last line of defence: any file gets an answer
        examined = Examined(FileStatus.ERROR, _UNEXPECTED)
    return replace(examined, seconds=time.monotonic() - began, peak_rss_mb=peak_memory_mb())


def _identify_in_child(path: str) -> Examined:
    from squid_core.dicom import reader

    def work() -> Examined:
        with reader.opened(Path(path)) as parsed:
            identity, _ = reader.judge_header(parsed)
            return Examined(None, "", identity)

    return _measured(work)


def _examine_in_child(path: str, preprocessings: tuple[Preprocessing, ...]) -> Examined:
    from squid_core.dicom import reader
    from squid_core.imaging import prepare

    def work() -> Examined:
        radiograph = reader.read(Path(path))
        inputs: tuple[ModelInput, ...] = ()
        if radiograph.verdict.decision is not Decision.REFUSE:
            inputs = tuple(prepare(radiograph.pixels, preprocessing) for preprocessing in preprocessings)
        return Examined(None, " ".join(radiograph.notices), radiograph.identity, radiograph.verdict, inputs)

    return _measured(work)


def _read_in_child(path: str, frame: int) -> Radiograph:
    from squid_core.dicom import reader

    try:
        return reader.read(Path(path), frame)
    except (MemoryError, RecursionError) as error:
        raise SquidError(_NO_MEMORY) from error
    except SquidError:
        raise
    except Exception as error:
        raise SquidError(_UNEXPECTED, "", type(error).__name__) from error
