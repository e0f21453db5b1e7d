"""What readers and detector share: a call gets its answer whatever becomes of the children."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import pytest

from squid_core.contracts.errors import SquidError
from squid_core.processes import pool as pools
from squid_core.processes.child import yield_to_the_window
from squid_core.processes.held import Attempt, HeldChild, NoChildError, Ready
from squid_core.processes.pool import Pool

PATIENCE = 60
SEED, KILLS = 11, 12
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


# What runs in a child.


def refuse() -> None:
    raise SquidError("No.")


def raise_once(marker: str) -> int:
    """Raise the first time, answer the second."""
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return os.getpid()
    raise MemoryError


def begin_and_wait(marker: str) -> None:
    Path(marker).touch()
    time.sleep(600)


def killed(folder: str, times: int, number: int) -> str:
    """End by a signal so many times, then answer."""
    begun = len(list(Path(folder).iterdir()))
    if begun < times:
        Path(folder, str(begun)).touch()
        os.kill(os.getpid(), number)
        time.sleep(600)
    return f"answered after {begun}"


def grow(folder: str, times: int) -> str:
    """Take 200 MB and stay there so many times, then answer."""
    begun = len(list(Path(folder).iterdir()))
    if begun < times:
        Path(folder, str(begun)).touch()
        taken = b"x" * 200_000_000
        time.sleep(600)
        del taken
    return f"answered after {begun}"


def slowly(number: int) -> int:
    time.sleep(0.25)
    return number


def send_much() -> bytes:
    return bytes(80_000_000)


def remember(value: str) -> None:
    os.environ["REMEMBERED"] = value
    time.sleep(1.0)


def remembered() -> tuple[str, int]:
    return os.environ["REMEMBERED"], os.getpid()


def cannot_be_sent() -> object:
    return threading.Lock()


def not_ready() -> None:
    os._exit(3)


# What runs here.


def give_up(error: BaseException, spent: float) -> str:
    return f"{type(error).__name__} {spent:g}"


def ask(pool: Pool, function: Callable[..., Any], *args: Any, seconds: tuple[float, ...] = (9.0, 9.0)) -> Future[Any]:
    return pool.run([Attempt(function, args, limit) for limit in seconds], give_up)


def children() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool(1, yield_to_the_window, stopped="It was stopped.")
    yield pool
    pool.close()


def test_what_raises_is_given_up_at_once_and_costs_no_child(pool: Pool, tmp_path: Path) -> None:
    before = ask(pool, os.getpid).result(PATIENCE)
    assert ask(pool, raise_once, str(tmp_path / "marker")).result(PATIENCE) == "MemoryError 0"
    assert ask(pool, cannot_be_sent).result(PATIENCE) == "TypeError 0"
    assert ask(pool, os.getpid).result(PATIENCE) == before


def test_a_child_that_takes_too_much_memory_is_ended_and_its_call_tried_once_more(marks: Path, tmp_path: Path) -> None:
    losses: list[int] = []
    pool = Pool(
        1,
        yield_to_the_window,
        stopped="It was stopped.",
        memory_bytes=150_000_000,
        on_loss=lambda *_: losses.append(1),
    )
    first = ask(pool, os.getpid).result(PATIENCE)
    assert ask(pool, grow, str(marks), 1).result(PATIENCE) == "answered after 1"  # earlier files may have filled it
    (tmp_path / "others").mkdir()
    assert ask(pool, grow, str(tmp_path / "others"), 2).result(PATIENCE) == "ChildTooLargeError 0"
    assert len(losses) == 3
    assert ask(pool, os.getpid).result(PATIENCE) != first
    pool.close()


def test_where_in_doubt_what_raises_is_tried_again_in_a_new_child(tmp_path: Path) -> None:
    losses: list[str] = []
    pool = Pool(
        1,
        yield_to_the_window,
        stopped="It was stopped.",
        doubt=lambda error: isinstance(error, MemoryError),
        on_loss=lambda error, _: losses.append(type(error).__name__),
    )
    before = ask(pool, os.getpid).result(PATIENCE)
    after = ask(pool, raise_once, str(tmp_path / "marker")).result(PATIENCE)
    assert after not in (before, "MemoryError 0")
    assert losses == ["MemoryError"]
    pool.close()


def test_a_call_says_what_it_failed_of_and_how_long_that_took(pool: Pool) -> None:
    assert ask(pool, time.sleep, 600, seconds=(0.3, 0.2)).result(PATIENCE) == "TimeoutError 0.5"
    assert ask(pool, os._exit, 1).result(PATIENCE) == "ChildCrashedError 0"
    with pytest.raises(SquidError, match="No"):
        ask(pool, refuse).result(PATIENCE)


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ended_from_outside_costs_the_call_no_try(pool: Pool, marks: Path, number: int) -> None:
    answer = ask(pool, killed, str(marks), 3, number, seconds=(9.0,)).result(PATIENCE)
    assert answer == "answered after 3"


@posix
def test_but_not_for_ever(pool: Pool, marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LOSSES", 3)
    answer = ask(pool, killed, str(marks), 99, signal.SIGKILL).result(PATIENCE)
    assert answer == "ChildLostError 0"
    assert len(list(marks.iterdir())) == 3


@posix
@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_call_that_crashes_its_child_is_given_up_after_its_last_try(pool: Pool, marks: Path, number: int) -> None:
    assert ask(pool, killed, str(marks), 99, number).result(PATIENCE) == "ChildCrashedError 0"
    assert len(list(marks.iterdir())) == 2


@posix
def test_children_killed_at_random_lose_no_call() -> None:
    chance = random.Random(SEED)  # noqa: S311 - a seeded test
    pool, over, kills = Pool(2, yield_to_the_window, stopped="It was stopped."), threading.Event(), 0

    def kill() -> None:  # an end to it, lest a busy machine never gets a child started
        nonlocal kills
        while kills < KILLS and not over.wait(chance.uniform(0.1, 1.0)):
            if alive := children():
                os.kill(chance.choice(alive), signal.SIGKILL)
                kills += 1

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        answers = [future.result(PATIENCE) for future in [ask(pool, slowly, number) for number in range(24)]]
    finally:
        over.set()
        killer.join()
        pool.close()
    assert answers == list(range(24))
    assert kills > 4


def fail_itself(*_: object) -> None:
    raise OSError("of what came with the call")


@posix
@pytest.mark.parametrize("which", ["fail", "clear", "on_loss"])
def test_what_comes_with_a_call_and_fails_answers_it_and_ends_no_keeper(which: str, marks: Path) -> None:
    on_loss = fail_itself if which == "on_loss" else lambda *_: None
    pool = Pool(1, yield_to_the_window, stopped="It was stopped.", on_loss=on_loss)
    given: dict[str, Any] = {"fail": give_up, "clear": lambda: None} | (
        {} if which == "on_loss" else {which: fail_itself}
    )
    try:
        crash = Attempt(killed, (str(marks), 9, signal.SIGSEGV), 9.0)
        with pytest.raises(OSError, match="came with the call"):
            pool.run([crash], **given).result(PATIENCE)
        assert ask(pool, slowly, 3).result(PATIENCE) == 3
        assert len(children()) == 1
    finally:
        pool.close()


def test_a_child_that_no_thread_is_left_to_watch_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def refused(thread: threading.Thread) -> None:
        if thread.name == "watch of a child":
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refused)
    with pytest.raises(NoChildError):
        HeldChild(yield_to_the_window, ())
    until = time.monotonic() + PATIENCE
    while children() and time.monotonic() < until:
        time.sleep(0.02)
    assert children() == []


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="the system does not say who is stopped")
def test_a_child_that_is_stopped_idle_or_at_work_costs_the_call_seconds_and_no_try(pool: Pool) -> None:
    first = ask(pool, os.getpid).result(PATIENCE)
    os.kill(first, signal.SIGSTOP)
    began = time.monotonic()
    second = ask(pool, os.getpid, seconds=(600.0,)).result(PATIENCE)
    assert second != first
    call = ask(pool, slowly, 5, seconds=(600.0,))
    time.sleep(0.1)
    os.kill(second, signal.SIGSTOP)
    assert call.result(PATIENCE) == 5
    assert time.monotonic() - began < 20


@posix
def test_a_child_stopped_while_much_is_sent_either_way_is_ended_in_time(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.processes.held._is_stopped", lambda _: False)  # as where the system does not say
    os.kill(ask(pool, os.getpid).result(PATIENCE), signal.SIGSTOP)
    assert ask(pool, len, bytes(80_000_000), seconds=(1.0, 9.0)).result(PATIENCE) == 80_000_000
    call = ask(pool, send_much, seconds=(1.0, 9.0))
    os.kill(ask_pid := children()[0], signal.SIGSTOP)
    assert len(call.result(PATIENCE)) == 80_000_000
    assert ask_pid not in children()


def test_the_clock_on_the_wall_ends_no_call(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ask(pool, slowly, 1, seconds=(30.0,))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    assert call.result(PATIENCE) == 1


def test_what_must_be_ready_is_done_once_a_child_and_has_its_own_time(pool: Pool) -> None:
    def with_ready(value: str) -> Future[Any]:
        return pool.run([Attempt(remembered, (), 0.9, Ready(remember, (value,), 9.0))], give_up)

    one = with_ready("one").result(PATIENCE)
    began = time.monotonic()
    assert with_ready("one").result(PATIENCE) == one
    assert time.monotonic() - began < 0.9
    assert with_ready("two").result(PATIENCE) == ("two", one[1])


def test_a_call_that_is_cancelled_frees_its_child(pool: Pool, tmp_path: Path) -> None:
    marker, cleared = tmp_path / "begun", threading.Event()
    call = pool.run([Attempt(begin_and_wait, (str(marker),), 600.0)], give_up, clear=cleared.set)
    until = time.monotonic() + PATIENCE
    while not marker.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert call.cancel()
    assert ask(pool, os.getpid).result(PATIENCE) != os.getpid()
    assert cleared.is_set()


def test_closing_cancels_clears_away_and_says_so_to_whoever_comes_later(tmp_path: Path) -> None:
    pool, marker, cleared = (
        Pool(1, yield_to_the_window, stopped="It was stopped."),
        tmp_path / "begun",
        threading.Event(),
    )
    call = pool.run([Attempt(begin_and_wait, (str(marker),), 600.0)], give_up, clear=cleared.set)
    waiting = ask(pool, os.getpid)
    until = time.monotonic() + PATIENCE
    while not marker.exists() and time.monotonic() < until:
        time.sleep(0.02)
    pool.close()
    for one in (call, waiting):
        with pytest.raises(CancelledError):
            one.result(0)
    assert cleared.is_set()
    assert children() == []
    with pytest.raises(SquidError, match="It was stopped"):
        ask(pool, os.getpid).result(0)


@posix
def test_the_end_does_not_wait_for_a_child_that_the_system_cannot_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HeldChild, "_kill", lambda *_: None)  # as of a disk that does not answer
    monkeypatch.setattr(pools, "CLOSE_SECONDS", 0.1)
    pool = Pool(1, yield_to_the_window, stopped="It was stopped.")
    pid = ask(pool, os.getpid).result(PATIENCE)
    waiting = ask(pool, time.sleep, 600)
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 2
    assert waiting.cancelled()
    os.kill(pid, signal.SIGKILL)


@posix
def test_ctrl_c_is_for_the_parent_alone(pool: Pool) -> None:
    pid = ask(pool, os.getpid).result(PATIENCE)
    call = ask(pool, slowly, 3)
    os.kill(pid, signal.SIGINT)
    assert call.result(PATIENCE) == 3
    assert ask(pool, os.getpid).result(PATIENCE) == pid


def test_ctrl_c_while_the_first_keeper_starts_leaves_a_pool_that_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: threading.Thread) -> None:
        raise KeyboardInterrupt

    pool = Pool(2, yield_to_the_window, stopped="Stopped.")
    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            pool.run([Attempt(os.getpid, (), PATIENCE)], lambda error, _: error)
    pool.close()


def test_a_child_that_cannot_be_started_costs_the_call_and_no_more(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as short_of_memory:

        def fail(*_: object) -> None:
            raise NoChildError("Cannot allocate memory")

        short_of_memory.setattr(HeldChild, "__init__", fail)
        assert ask(pool, os.getpid).result(PATIENCE) == "NoChildError 0"
    assert isinstance(ask(pool, os.getpid).result(PATIENCE), int)


def test_children_that_cannot_work_here_are_not_started_for_ever() -> None:
    pool = Pool(1, not_ready, stopped="It was stopped.")
    assert ask(pool, os.getpid).result(PATIENCE) == "NoChildError 0"
    pool.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_children_end_with_a_parent_that_was_killed() -> None:
    script = (
        "import os, signal, time\n"
        "from squid_core.processes.child import yield_to_the_window\n"
        "from squid_core.processes.held import Attempt\n"
        "from squid_core.processes.pool import Pool\n"
        "if __name__ == '__main__':\n"
        "    pool = Pool(2, yield_to_the_window, stopped='')\n"
        "    give_up = lambda *_: None\n"
        "    pids = [pool.run([Attempt(os.getpid, (), 9.0)], give_up).result(30) for _ in range(8)]\n"
        "    pool.run([Attempt(time.sleep, (600,), 600.0)], give_up)\n"
        "    time.sleep(0.3)\n"
        "    print(*set(pids), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    left = [Path("/proc", pid) for pid in done.stdout.split()]
    assert left
    until = time.monotonic() + 2
    while any(path.exists() for path in left) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(path.exists() for path in left)
