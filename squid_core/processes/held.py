"""One child process as its parent holds it: one call at a time over a pipe of its own, ended when its time is up.

Children share nothing with each other, no lock and no pipe, so none of them can harm another by dying.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from typing import Any

from squid_core.processes.child import serve

START_SECONDS = 60.0  # for a child to be ready: to start an interpreter and import what `prepare` needs
LOOK_SECONDS = 0.2  # between two looks at a child at work: so much may a call outlast its time
STOPPED_SECONDS = 1.0  # after which a child at work that does not move is ended; Ctrl-Z stops its parent with it
END_SECONDS = 1.5  # for a killed child to be gone; one that hangs in its driver is left behind
# Exit codes of who was ended by somebody, or by a system short of memory. Windows does not say.
_FROM_OUTSIDE = {-getattr(signal, name, 0) for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGKILL")} - {0}


class ChildCrashedError(Exception):
    """A child ended over a call, by what it did there: it crashed, or left."""


class ChildLostError(Exception):
    """A child was ended or stopped from outside: by no fault of its call."""


class ChildTooLargeError(MemoryError):
    """A child took more memory over a call than it may, where the system does not keep it from that."""


class NoChildError(Exception):
    """No child can be started, or none gets ready."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What a child does once before the calls that need it, with a time of its own; equal ones are the same.

    Attributes:
        function: importable by name there; its answer is not kept.
        args: its arguments.
        seconds: allowed for it.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a call.

    Attributes:
        function: importable by name in the child.
        args: its arguments.
        seconds: allowed for it.
        ready: done first in a child that has not done it yet.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: float
    ready: Ready | None = None


class HeldChild:
    """A spawned child. Begins to start at once; `wait_until_ready` comes before the first `ask`.

    Not for several threads, but for `kill`.

    Args:
        prepare: what it does first; importable by name.
        prepare_args: its arguments.
        memory_bytes: resident memory above which it is ended at its work; 0 where the system keeps it within limits.

    Attributes:
        served: calls it has answered.

    Raises:
        NoChildError: the system has no memory, no handle or no thread left for one.
    """

    def __init__(self, prepare: Callable[..., None], prepare_args: tuple[Any, ...], memory_bytes: int = 0) -> None:
        self.served = 0
        self._memory_bytes = memory_bytes
        self._ready: set[Ready] = set()
        self._end: type[Exception] | None = None  # why it was killed by us
        self._until = math.inf  # of the call in hand (monotonic)
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch of a child", daemon=True)
        context = multiprocessing.get_context("spawn")
        try:
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(
                target=serve, args=(theirs, prepare, prepare_args), name="squid child", daemon=True
            )
            self._process.start()
            theirs.close()  # so that the pipe ends with the child
        except (OSError, EOFError) as error:
            raise NoChildError(type(error).__name__) from error
        try:
            self._watcher.start()
        except RuntimeError as error:  # no thread is left
            self._process.kill()
            raise NoChildError(type(error).__name__) from error

    @property
    def fit(self) -> bool:
        """Whether it can be asked."""
        return self._end is None and self._process.is_alive()

    def wait_until_ready(self) -> None:
        """Wait for its preparation.

        Raises:
            NoChildError: it did not get ready.
            ChildLostError: it was ended from outside before it was.
        """
        try:
            self._exchange(None, START_SECONDS)
        except (ChildCrashedError, TimeoutError) as error:
            raise NoChildError(type(error).__name__) from error

    def ask(self, attempt: Attempt) -> Any:  # noqa: ANN401 - whatever the function returns
        """Have a function called there, and first what must be ready for it.

        Raises:
            TimeoutError: its time was up, and the child is no more.
            ChildTooLargeError: it took too much memory, and is no more.
            ChildCrashedError, ChildLostError: the child ended meanwhile.
            Exception: whatever the function raised.
        """
        if attempt.ready is not None and attempt.ready not in self._ready:
            self._call(attempt.ready.function, attempt.ready.args, attempt.ready.seconds)
            self._ready.add(attempt.ready)
        answer = self._call(attempt.function, attempt.args, attempt.seconds)
        self.served += 1
        return answer

    def kill(self) -> None:
        """End it, whatever it does; from any thread."""
        self._kill(ChildLostError)

    def end(self) -> None:
        """End it and wait for that, but not for long."""
        self.kill()
        self._over.set()
        self._watcher.join()
        self._code()
        self._pipe.close()

    def _call(self, function: Callable[..., Any], args: tuple[Any, ...], seconds: float) -> Any:  # noqa: ANN401
        worked, answer = pickle.loads(self._exchange(bytes(ForkingPickler.dumps((function, args))), seconds))  # noqa: S301 - our own child's
        if worked:
            return answer
        raise answer

    def _exchange(self, message: bytes | None, seconds: float) -> bytes:
        """Send and receive. Both may wait for a child that does not move, until the watch has killed it."""
        self._until = time.monotonic() + seconds
        try:
            if message is not None:
                self._pipe.send_bytes(message)
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            code = self._code()
            if self._end is not None:
                raise self._end from None
            raise (ChildLostError if code in _FROM_OUTSIDE else ChildCrashedError)(str(code)) from None
        finally:
            self._until = math.inf

    def _watch(self) -> None:
        """What ends a wait in `_exchange`; looks now and then, since to be woken for every call costs more."""
        stopped_since = math.inf
        while not self._over.wait(LOOK_SECONDS):
            now, until = time.monotonic(), self._until
            stopped = until < math.inf and _is_stopped(self._process.pid)
            stopped_since = min(stopped_since, now) if stopped else math.inf
            if now - stopped_since >= STOPPED_SECONDS or (stopped and now >= until):
                self._kill(ChildLostError)
            elif now >= until:
                self._kill(TimeoutError)
            elif until < math.inf and self._memory_bytes and _memory_of(self._process.pid) > self._memory_bytes:
                self._kill(ChildTooLargeError)

    def _kill(self, why: type[Exception]) -> None:
        self._end = self._end or why
        self._process.kill()

    def _code(self) -> int | None:
        """Its exit code once it has ended; None for one that does not."""
        until = time.monotonic() + END_SECONDS
        self._process.join(END_SECONDS)
        while self._process.exitcode is None and time.monotonic() < until:  # another thread may be reaping it
            time.sleep(0.01)
        return self._process.exitcode


def _memory_of(pid: int | None) -> int:
    """Bytes of a process's resident memory, on Windows of its private memory where that is more; 0 if it has ended."""
    import psutil  # only where it is wanted: the window starts without

    try:
        found = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return max(int(found.rss), int(getattr(found, "private", 0)))


def _is_stopped(pid: int | None) -> bool:
    """Whether a child of this process was stopped (SIGSTOP), where the system says so; it reaps nothing."""
    if sys.platform == "win32" or pid is None or not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except OSError:
        return False
