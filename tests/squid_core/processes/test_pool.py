"""What readers and detector share: a call gets its answer whatever becomes of the children."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path

import pebble
import pytest

from squid_core.contracts.errors import SquidError
from squid_core.processes import pool as pool_module
from squid_core.processes.child import yield_to_the_window
from squid_core.processes.pool import Pool

PATIENCE = 60


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


def give_up(error: BaseException, spent: float) -> str:
    return f"{type(error).__name__} {spent:g}"


def new_pool(doubt: bool = False, on_loss: Callable[[BaseException], None] = lambda _: None) -> Pool:
    return Pool(1, yield_to_the_window, stopped="It was stopped.", doubt=doubt, on_loss=on_loss)


def test_what_raises_is_given_up_at_once_and_costs_no_child(tmp_path: Path) -> None:
    pool = new_pool()
    before = pool.run(os.getpid, (), (9.0,), give_up).result(PATIENCE)
    assert pool.run(raise_once, (str(tmp_path / "marker"),), (9.0, 9.0), give_up).result(PATIENCE) == "MemoryError 0"
    assert pool.run(os.getpid, (), (9.0,), give_up).result(PATIENCE) == before
    pool.close()


def test_where_in_doubt_what_raises_is_tried_again_in_a_new_child(tmp_path: Path) -> None:
    losses: list[str] = []
    pool = new_pool(doubt=True, on_loss=lambda error: losses.append(type(error).__name__))
    before = pool.run(os.getpid, (), (9.0,), give_up).result(PATIENCE)
    after = pool.run(raise_once, (str(tmp_path / "marker"),), (9.0, 9.0), give_up).result(PATIENCE)
    assert after not in (before, "MemoryError 0")
    assert losses == ["MemoryError"]
    pool.close()


def test_a_call_says_what_it_failed_of_and_how_long_that_took() -> None:
    pool = new_pool()
    assert pool.run(time.sleep, (600,), (0.3, 0.2), give_up).result(PATIENCE) == "TimeoutError 0.5"
    assert pool.run(os._exit, (1,), (9.0,), give_up).result(PATIENCE) == "ProcessExpired 0"
    with pytest.raises(SquidError, match="No"):
        pool.run(refuse, (), (9.0, 9.0), give_up).result(PATIENCE)
    pool.close()


def test_a_call_that_is_cancelled_frees_its_child(tmp_path: Path) -> None:
    pool, marker = new_pool(), tmp_path / "begun"
    call = pool.run(begin_and_wait, (str(marker),), (600.0,), give_up)
    until = time.monotonic() + PATIENCE
    while not marker.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert call.cancel()
    assert pool.run(os.getpid, (), (9.0,), give_up).result(PATIENCE) != os.getpid()
    pool.close()


def test_closing_cancels_clears_away_and_says_so_to_whoever_comes_later() -> None:
    pool, cleared = new_pool(), threading.Event()
    call = pool.run(time.sleep, (600,), (600.0,), give_up, clear=cleared.set)
    pool.close()
    with pytest.raises(CancelledError):
        call.result(0)
    assert cleared.is_set()
    with pytest.raises(SquidError, match="It was stopped"):
        pool.run(os.getpid, (), (9.0,), give_up).result(0)


def test_a_child_that_cannot_be_started_costs_the_call_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = new_pool()
    with monkeypatch.context() as short_of_memory:

        def fail(*_: object, **__: object) -> None:
            raise OSError("Cannot allocate memory")

        short_of_memory.setattr("pebble.pool.process.launch_process", fail)
        assert pool.run(os.getpid, (), (9.0, 9.0), give_up).result(PATIENCE) == "BrokenProcessPool 0"
    assert isinstance(pool.run(os.getpid, (), (9.0, 9.0), give_up).result(PATIENCE), int)
    pool.close()


def test_the_end_does_not_wait_for_a_child_that_the_system_cannot_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, end = threading.Event(), pool_module._end

    def held(children: pebble.ProcessPool) -> None:  # as by a disk that does not answer
        ended.wait(PATIENCE)
        end(children)

    monkeypatch.setattr(pool_module, "_end", held)
    monkeypatch.setattr(pool_module, "END_SECONDS", 0.1)
    pool = new_pool()
    waiting = pool.run(time.sleep, (600,), (900.0,), give_up)
    began = time.monotonic()
    pool.close()
    assert time.monotonic() - began < 2
    assert waiting.cancelled()
    ended.set()
