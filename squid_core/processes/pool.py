"""A pool of child processes that outlives them: what dies, hangs or breaks costs a child and a try.

For readers and detector alike. pebble replaces a child that has died over a call or is out of time; this module tries
the call again, gives it up in the end, and builds the pool anew where pebble's has broken.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import resource_tracker
from typing import Any

import pebble

from squid_core.contracts.errors import SquidError

DEATHS = (pebble.ProcessExpired, BrokenProcessPool)  # what a call is given up with whose child has died
END_SECONDS = 2.0  # that the end of a pool is waited for: the system does not end a child whose disk does not answer
_BREAKS = 12  # of pools in succession under which no call came to its end: then children cannot work here


@dataclass(slots=True, eq=False)
class _Call:
    """One call's way through the pool.

    Attributes:
        seconds: allowed for each try; there are as many.
        future: what whoever asked for it waits for.
        inner: pebble's, of the try under way.
        tries: begun, that under way included.
        spent: seconds of the tries that ran out of time.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    seconds: Sequence[float]
    finish: Callable[[Any], Any]
    fail: Callable[[BaseException, float], Any]
    clear: Callable[[], None]
    future: Future[Any] = field(default_factory=Future)
    inner: Future[Any] | None = None
    tries: int = 0
    spent: float = 0.0

    @property
    def allowed(self) -> float:
        """Seconds for the try under way."""
        return self.seconds[self.tries - 1]


class Pool:
    """Spawned children with a limit on the time of each call. Safe to use from several threads.

    They start with the first call. A try whose child dies or whose time is up is followed by the next; a SquidError
    is an answer.

    Args:
        workers: how many.
        prepare: what each child does first; importable by name.
        prepare_args: its arguments.
        stopped: what is said to whoever comes after `close`.
        calls_each: calls that a child serves before it is replaced; 0 for any number.
        doubt: a call that raises is tried again too, and after every failure the children are new: it may have left
            its child unfit. For pools that do one call at a time.
        on_loss: called with the reason when a try has failed, on some thread.
    """

    def __init__(
        self,
        workers: int,
        prepare: Callable[..., None],
        prepare_args: tuple[Any, ...] = (),
        *,
        stopped: str,
        calls_each: int = 0,
        doubt: bool = False,
        on_loss: Callable[[BaseException], None] = lambda _: None,
    ) -> None:
        self._new_pool = partial(
            pebble.ProcessPool, workers, calls_each, prepare, prepare_args, multiprocessing.get_context("spawn")
        )
        self._stopped, self._doubt, self._on_loss = stopped, doubt, on_loss
        self._lock = threading.Lock()
        self._closed = False
        self._breaks = 0  # since a call last came to its end
        self._calls: set[_Call] = set()
        self._pool = self._new_pool()
        self._started: pebble.ProcessPool | None = None
        self._ending: threading.Thread | None = None  # of the pool before

    def run(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        seconds: Sequence[float],
        fail: Callable[[BaseException, float], Any],
        finish: Callable[[Any], Any] = lambda result: result,
        clear: Callable[[], None] = lambda: None,
    ) -> Future[Any]:
        """Have a function called in a child.

        Args:
            function: importable by name there.
            args: its arguments.
            seconds: allowed for each try; there are as many.
            fail: makes the answer, or raises the SquidError, of a call that is given up; from what its last try
                failed of (DEATHS, TimeoutError or what was raised), and the seconds that tries ran out of.
            finish: makes the answer of what the function has returned.
            clear: removes what a child that died over the call has left behind.

        Returns:
            The answer, or a SquidError; cancelled at `close`.
        """
        call = _Call(function, args, seconds, finish, fail, clear)
        with self._lock:
            self._calls.add(call)
        call.future.add_done_callback(lambda _: self._forget(call))
        self._try(call)
        return call.future

    def close(self) -> None:
        """Stop the children; what is waiting or under way is cancelled."""
        with self._lock:
            self._closed = True
            pool, calls, ending = self._pool, tuple(self._calls), self._ending
        for call in calls:
            call.future.cancel()
        end = threading.Thread(target=_end, args=(pool,), daemon=True)
        end.start()
        end.join(END_SECONDS)
        if ending is not None:
            ending.join(END_SECONDS)
        for call in calls:
            call.clear()

    def _forget(self, call: _Call) -> None:
        with self._lock:
            self._calls.discard(call)
        if call.future.cancelled() and call.inner is not None:
            call.inner.cancel()

    def _try(self, call: _Call) -> None:
        """Put a call into a child's hands."""
        call.tries += 1
        try:
            inner = self._scheduled(call)
        except SquidError as error:
            settle(call.future, error=error)
        except Exception as error:  # noqa: BLE001 - no memory or no handle left for a child: the call gets its answer
            _give_up(call, error)
        else:
            inner.add_done_callback(partial(self._done, call))

    def _scheduled(self, call: _Call) -> Future[Any]:
        with self._lock:
            if self._closed:
                raise SquidError(self._stopped)
            if self._started is not self._pool:
                self._started = _start(self._pool)
            try:
                call.inner = inner = self._pool.schedule(call.function, args=call.args, timeout=call.allowed)
            except RuntimeError:  # an idle child has died, and pebble's whole pool with it
                self._breaks += 1
                self._renew()
                self._started = _start(self._pool)
                call.inner = inner = self._pool.schedule(call.function, args=call.args, timeout=call.allowed)
            return inner

    def _renew(self) -> threading.Thread:
        """New children, while the lock is held; the thread ends the old ones, and then what they had begins anew.

        A thread of its own, because this one may belong to the old pool. So it is wherever a call is tried again.
        """
        old, self._pool = self._pool, self._new_pool()
        lost = [(call, call.inner) for call in self._calls if call.inner is not None and not call.inner.done()]

        def retire() -> None:
            _end(old)
            for call, inner in lost:
                self._begin_anew(call, inner)

        self._ending = threading.Thread(target=retire, daemon=True)
        self._ending.start()
        return self._ending

    def _begin_anew(self, call: _Call, inner: Future[Any]) -> None:
        """The pool broke under a try, or before it began: by no fault of this call, so the try does not count."""
        with self._lock:
            if call.inner is not inner:
                return
            call.inner = None
        call.clear()
        if self._breaks <= 1:  # of a row of breaks one is told
            self._on_loss(BrokenProcessPool())
        if self._breaks < _BREAKS:
            call.tries -= 1
            threading.Thread(target=self._try, args=(call,), daemon=True).start()
        else:
            _give_up(call, BrokenProcessPool())

    def _done(self, call: _Call, inner: Future[Any]) -> None:
        if call.future.cancelled() or inner is not call.inner:
            return
        try:
            result = inner.result()
        except CancelledError:
            call.future.cancel()
        except SquidError as error:
            self._breaks = 0
            settle(call.future, error=error)
        except BrokenProcessPool:
            self._begin_anew(call, inner)
        except Exception as error:  # noqa: BLE001 - whatever a child's libraries raise, the call gets its answer
            ended = isinstance(error, (TimeoutError, pebble.ProcessExpired))
            if ended:
                call.clear()
            if isinstance(error, TimeoutError):
                call.spent += call.allowed
            if ended or self._doubt:
                threading.Thread(target=self._recover, args=(call, error), daemon=True).start()
            else:
                _give_up(call, error)
        else:
            self._breaks = 0
            settle(call.future, call.finish(result))

    def _recover(self, call: _Call, error: Exception) -> None:
        """After a try that failed: the next, or none."""
        if self._doubt:
            with self._lock:
                if self._closed:
                    return
                ending = self._renew()
            ending.join()
        self._on_loss(error)
        if call.tries < len(call.seconds):
            self._try(call)
        else:
            _give_up(call, error)


def settle(future: Future[Any], result: Any = None, error: BaseException | None = None) -> None:  # noqa: ANN401
    """Give a future its answer, unless it was cancelled in between."""
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _start(pool: pebble.ProcessPool) -> pebble.ProcessPool:
    """Start the children out of reach of Ctrl+C, which their parent hears, and ends them.

    pebble's children ignore it, but not before they have loaded what they need: until then they die with a traceback.
    And the main thread, interrupted while it starts one, leaves it with half of what it is to load. So another thread
    does it, with the signal blocked: what begins there, later children too, inherits that.
    """

    def begin() -> None:
        if sys.platform != "win32":
            resource_tracker.ensure_running()  # what starts it also ends the blocking
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with contextlib.suppress(Exception):  # no memory or no handle left for a child: the call meets it again
            _ = pool.active  # starts it

    thread = threading.Thread(target=begin)
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        thread.join()
        raise
    return pool


def _give_up(call: _Call, error: BaseException) -> None:
    try:
        settle(call.future, call.fail(error, call.spent))
    except SquidError as said:
        settle(call.future, error=said)


def _end(pool: pebble.ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()
