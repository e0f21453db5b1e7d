"""A pool of child processes that outlives them: what dies, hangs or breaks costs a child and a try.

For readers and detector alike. Each child has a keeper, a thread that takes the calls one after another. What a call
did to its child counts against the call, and it is given up after its last try. What happened to the child from
outside does not: the call is begun again, up to a bound that no good call meets.
"""

from __future__ import annotations

import atexit
import contextlib
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from typing import Any

from squid_core.contracts.errors import SquidError
from squid_core.processes.held import (
    Attempt,
    ChildCrashedError,
    ChildLostError,
    ChildTooLargeError,
    HeldChild,
    NoChildError,
)

# When a call is given up by no proven fault of it. A file may be why a system short of memory ends its readers; but
# where children are lost that had nothing to do with it, it is not.
LOSSES = 10  # of children at work on it, and of no other child in between
FAILED_STARTS = 6  # by themselves: children cannot work here
STARTED_FIRST = 2  # of the children: one to work and one for who comes meanwhile
LOSS_SECONDS = 120.0  # since the first of all these
CLOSE_SECONDS = 2.0  # that `close` waits: the system does not end a child whose disk does not answer
_BY_NO_FAULT = (ChildLostError, NoChildError)  # of the call
_PAUSES = (0.0, 0.05, 0.1, 0.2)  # s before the next child, after one more loss each; then the last


@dataclass(slots=True, eq=False)
class _Call:
    """One call's way through the pool.

    Attributes:
        attempts: what is tried now, and what may be tried after it.
        future: what whoever asked for it waits for.
        over: set once it has its answer or is cancelled.
        child: that has it in hand.
        spent: seconds of the tries that ran out of time.
        losses, failed_starts: see LOSSES and FAILED_STARTS.
        lost: children of all calls at the latest of its losses.
        begun_again: how often, by no fault of it; for the first time at `since` (monotonic).
    """

    attempts: deque[Attempt]
    finish: Callable[[Any], Any]
    fail: Callable[[BaseException, float], Any]
    clear: Callable[[], None]
    future: Future[Any] = field(default_factory=Future)
    over: threading.Event = field(default_factory=threading.Event)
    child: HeldChild | None = None
    spent: float = 0.0
    losses: int = 0
    lost: int = 0
    failed_starts: int = 0
    begun_again: int = 0
    since: float = 0.0

    def may_go_on(self, error: Exception, at_work: bool, lost: int) -> bool:
        """Whether it is begun again.

        Args:
            error: ChildLostError or NoChildError.
            at_work: whether the child that was lost had this call in hand.
            lost: how many children were lost from outside by now, over whatever call.
        """
        self.since = self.since or time.monotonic()
        self.begun_again += 1
        if at_work:
            self.losses = self.losses + 1 if lost == self.lost + 1 else 1
            self.lost = lost
        self.failed_starts += isinstance(error, NoChildError)
        in_time = time.monotonic() - self.since < LOSS_SECONDS
        return in_time and self.losses < LOSSES and self.failed_starts < FAILED_STARTS

    def pause(self) -> None:
        """Before it is begun again; ends when it is cancelled."""
        self.over.wait(_PAUSES[min(self.begun_again, len(_PAUSES)) - 1])


class Pool:
    """Spawned children with a limit on the time of each call. Safe to use from several threads.

    They start when they are needed. A SquidError is an answer.

    Args:
        workers: how many at most; may be set anew. They are started as calls come, the first STARTED_FIRST at once.
        prepare: what each child does first; importable by name.
        prepare_args: its arguments.
        stopped: what is said to whoever comes after `close`.
        memory_bytes: as of `HeldChild`.
        calls_each: calls that a child serves before it is replaced; 0 for any number.
        doubt: whether a call that raised this is tried again, in a new child: it may have left its child unfit.
        on_loss: called when a try has failed, with why and with the try, on some thread.
    """

    def __init__(
        self,
        workers: int,
        prepare: Callable[..., None],
        prepare_args: tuple[Any, ...] = (),
        *,
        stopped: str,
        memory_bytes: int = 0,
        calls_each: int = 0,
        doubt: Callable[[Exception], bool] = lambda _: False,
        on_loss: Callable[[Exception, Attempt], None] = lambda *_: None,
    ) -> None:
        self.workers = workers
        self._prepare, self._prepare_args = prepare, prepare_args
        self._stopped, self._memory_bytes, self._calls_each = stopped, memory_bytes, calls_each
        self._doubt, self._on_loss = doubt, on_loss
        self._turn = threading.Condition()
        self._closed = False
        self._waiting: deque[_Call] = deque()
        self._urgent: deque[_Call] = deque()  # that come before these
        self._calls: set[_Call] = set()  # that have no answer yet
        self._children: set[HeldChild] = set()
        self._lost = 0  # of them, from outside
        self._keepers: list[threading.Thread] = []

    def run(
        self,
        attempts: Sequence[Attempt],
        fail: Callable[[BaseException, float], Any],
        finish: Callable[[Any], Any] = lambda result: result,
        clear: Callable[[], None] = lambda: None,
        *,
        urgent: bool = False,
    ) -> Future[Any]:
        """Have a function called in a child.

        Args:
            attempts: one after another, until one succeeds.
            fail: makes the answer, or raises the SquidError, of a call that is given up; from what its last try
                failed of (TimeoutError, ChildTooLargeError, ChildCrashedError, ChildLostError, NoChildError or what
                was raised), and the seconds that tries ran out of.
            finish: makes the answer of what the function has returned.
            clear: removes what a child that ended over the call has left behind.
            urgent: it comes before all that waits and is not urgent.

        Returns:
            The answer, or a SquidError; cancelled at `close`.
        """
        call = _Call(deque(attempts), finish, fail, clear)
        call.future.add_done_callback(lambda _: self._forget(call))
        with self._turn:
            if not self._closed:
                self._calls.add(call)
                (self._urgent if urgent else self._waiting).append(call)
                self._hire()
                self._turn.notify()
                return call.future
        settle(call.future, error=SquidError(self._stopped))
        return call.future

    @property
    def under_way(self) -> int:
        """How many calls have no answer yet, in hand or waiting."""
        with self._turn:
            return len(self._calls)

    def close(self) -> None:
        """Stop the children; what is waiting or under way is cancelled."""
        with self._turn:
            self._closed = True
            calls, children, keepers = tuple(self._calls), tuple(self._children), tuple(self._keepers)
            self._turn.notify_all()
        for call in calls:
            call.future.cancel()
        for child in children:
            child.kill()
        until = time.monotonic() + CLOSE_SECONDS
        for keeper in keepers:
            if keeper.is_alive():  # Ctrl+C may have come before it began; it ends by itself when it does
                keeper.join(max(0.0, until - time.monotonic()))
        atexit.unregister(self.close)

    def _hire(self) -> None:
        """The keepers, while the lock is held."""
        if not self._keepers:
            atexit.register(self.close)  # whoever forgets it leaves no child behind
        for number in range(len(self._keepers), min(self.workers, max(STARTED_FIRST, len(self._calls)))):
            keeper = threading.Thread(target=self._keep, name=f"keeper {number} of a child", daemon=True)
            self._keepers.append(keeper)
            keeper.start()

    def _forget(self, call: _Call) -> None:
        call.over.set()
        with self._turn:
            self._calls.discard(call)
            if call.future.cancelled() and call.child is not None:
                call.child.kill()

    def _keep(self) -> None:
        """A keeper's life: a child is ready before the call comes."""
        _keep_out_ctrl_c()
        child: HeldChild | None = None
        while not self._closed:
            if child is None:
                try:
                    child = self._started()
                except ChildLostError:
                    self._count_loss()
                except NoChildError:
                    pass  # who comes finds out, and tries again
            with self._turn:
                self._turn.wait_for(lambda: self._closed or self._urgent or self._waiting)
                queue = self._urgent or self._waiting
                call = queue.popleft() if queue else None
            if call is not None and not call.over.is_set():
                child = self._serve(call, child)
            if child is not None and (not child.fit or 0 < self._calls_each <= child.served):
                self._ended(child)
                child = None
        if child is not None:
            self._ended(child)

    def _serve(self, call: _Call, child: HeldChild | None) -> HeldChild | None:
        """Give a call its answer, and the child back that it leaves, if any."""
        while not call.over.is_set():
            try:
                child = self._fit(child)
                settle(call.future, call.finish(self._ask(child, call)))
                break
            except Exception as error:  # noqa: BLE001 - whatever a child's libraries raise, the call gets its answer
                failed = error

            at_work, call.child = call.child is not None, None
            ended = child is not None and (self._by_call(failed) or isinstance(failed, _BY_NO_FAULT))
            if ended and child is not None:
                self._ended(child)
                child = None
            try:
                again = self._is_tried_again(call, failed, at_work, ended)
            except Exception as error:  # noqa: BLE001 - of what came with the call, which must not end this keeper
                settle(call.future, error=error)
                break
            if not again:
                break
        with self._turn:
            call.child = None
        return child

    def _is_tried_again(self, call: _Call, failed: Exception, at_work: bool, ended: bool) -> bool:
        """Whether there is another try after one that failed; else the call has its answer, or is cancelled.

        Args:
            call: its first attempt is what failed, and becomes what is tried now.
            failed: why.
            at_work: whether a child had the call in hand.
            ended: whether a child has ended over it.
        """
        by_call, by_no_fault = self._by_call(failed), isinstance(failed, _BY_NO_FAULT)
        if ended:
            call.clear()
        if call.over.is_set():  # cancelled
            return False
        if isinstance(failed, TimeoutError):
            call.spent += call.attempts[0].seconds
        if isinstance(failed, ChildLostError):
            self._count_loss()
        if by_call or (by_no_fault and at_work):
            self._on_loss(failed, call.attempts[0])
        if by_no_fault and call.may_go_on(failed, at_work, self._all_lost()):
            call.pause()
            return True
        if by_call and len(call.attempts) > 1:
            call.attempts.popleft()
            return True
        _give_up(call, failed)
        return False

    def _by_call(self, failed: Exception) -> bool:
        return isinstance(failed, (TimeoutError, ChildCrashedError, ChildTooLargeError)) or self._doubt(failed)

    def _ask(self, child: HeldChild, call: _Call) -> Any:  # noqa: ANN401
        with self._turn:
            call.child = child
        if call.over.is_set():  # cancelled, before there was a child to be killed
            raise ChildLostError
        return child.ask(call.attempts[0])

    def _fit(self, child: HeldChild | None) -> HeldChild:
        """The child, or a new one in place of one that is no more.

        Raises:
            NoChildError, ChildLostError: there is none.
        """
        if child is None or not child.fit:
            if child is not None:
                self._ended(child)
            return self._started()
        return child

    def _started(self) -> HeldChild:
        """A child that is ready.

        Raises:
            NoChildError, ChildLostError: there is none.
        """
        child = HeldChild(self._prepare, self._prepare_args, self._memory_bytes)
        with self._turn:
            self._children.add(child)
            if self._closed:
                child.kill()
        try:
            child.wait_until_ready()
        except BaseException:
            self._ended(child)
            raise
        return child

    def _ended(self, child: HeldChild) -> None:
        child.end()
        with self._turn:
            self._children.discard(child)

    def _count_loss(self) -> None:
        with self._turn:
            self._lost += 1

    def _all_lost(self) -> int:
        """Children lost from outside, also those of which their idle keepers do not know yet."""
        with self._turn:
            return self._lost + sum(not child.fit for child in self._children)


def _keep_out_ctrl_c() -> None:
    """For the children that this thread starts: their parent hears it, and ends them.

    They ignore it, but not before they have begun; until then they would die with a traceback.
    """
    if sys.platform != "win32":
        resource_tracker.ensure_running()  # what starts it also ends the blocking
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def settle(future: Future[Any], result: Any = None, error: BaseException | None = None) -> None:  # noqa: ANN401
    """Give a future its answer, unless it was cancelled in between."""
    with contextlib.suppress(InvalidStateError):
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


def _give_up(call: _Call, error: Exception) -> None:
    if isinstance(error, SquidError):
        settle(call.future, error=error)
        return
    try:
        settle(call.future, call.fail(error, call.spent))
    except SquidError as said:
        settle(call.future, error=said)
