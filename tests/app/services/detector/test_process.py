"""The detector's process: it may die, hang or run out of memory; nothing is lost and it comes back."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from app.services.detector.process import InferenceProcess, Urgency
from squid_core.contracts.errors import SquidError
from squid_core.processes.held import Attempt, Ready

PATIENCE = 60

restarts: list[str] = []


@pytest.fixture
def process() -> Iterator[InferenceProcess]:
    restarts.clear()
    process = InferenceProcess(on_loss=lambda error, _: restarts.append(type(error).__name__))
    yield process
    process.close()


# What runs in the child.


def refuse() -> None:
    raise SquidError("There are no such weights.", "Choose others.")


def die_once(marker: str) -> int:
    """Kill this process the first time, answer the second."""
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return os.getpid()
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def die() -> None:
    os._exit(139)


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def out_of_memory() -> None:
    raise MemoryError


def sleep(seconds: float, name: str = "") -> str:
    time.sleep(seconds)
    return name


def ask(
    process: InferenceProcess,
    urgency: Urgency,
    function: Callable[..., Any],
    *args: Any,
    seconds: float = 20,
    ready: Ready | None = None,
) -> Future[Any]:
    return process.submit(urgency, lambda: [Attempt(function, args, seconds, ready)] * 2)


def test_a_killed_idle_process_comes_back(process: InferenceProcess) -> None:
    first = ask(process, Urgency.TRIAGE, os.getpid).result(PATIENCE)
    assert first != os.getpid()
    os.kill(first, signal.SIGKILL)
    time.sleep(0.3)
    second = ask(process, Urgency.TRIAGE, os.getpid).result(PATIENCE)
    assert second not in (first, os.getpid())


def test_the_job_it_died_on_is_tried_once_more_and_answered(process: InferenceProcess, tmp_path: Path) -> None:
    pid = ask(process, Urgency.TRIAGE, die_once, str(tmp_path / "marker")).result(PATIENCE)
    assert pid not in (0, os.getpid())
    assert restarts == ["ChildLostError"]


def test_a_job_killed_from_outside_while_it_runs_is_answered_by_the_next_process(
    process: InferenceProcess, tmp_path: Path
) -> None:
    victim = ask(process, Urgency.TRIAGE, os.getpid).result(PATIENCE)
    future = ask(process, Urgency.TRIAGE, sleep, 1.0, "answer")
    time.sleep(0.4)
    os.kill(victim, signal.SIGKILL)
    assert future.result(PATIENCE) == "answer"
    assert ask(process, Urgency.TRIAGE, os.getpid).result(PATIENCE) != victim


@pytest.mark.parametrize("end", [die, out_of_memory])
def test_a_job_that_kills_it_twice_is_given_up_and_the_next_one_works(
    process: InferenceProcess, end: Callable[[], None]
) -> None:
    doomed = ask(process, Urgency.TRIAGE, end)
    healthy = ask(process, Urgency.TRIAGE, sleep, 0, "healthy")
    with pytest.raises(SquidError, match="failed twice on this image"):
        doomed.result(PATIENCE)
    assert healthy.result(PATIENCE) == "healthy"


def test_a_job_that_is_ended_from_outside_for_ever_is_nobodys_fault(
    process: InferenceProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("squid_core.processes.pool.LOSSES", 3)
    with pytest.raises(SquidError, match="ended again and again"):
        ask(process, Urgency.TRIAGE, be_killed).result(PATIENCE)


def test_a_job_has_its_short_time_once_what_takes_long_is_done(process: InferenceProcess) -> None:
    ready = Ready(sleep, (1.0,), 20)
    assert ask(process, Urgency.TRIAGE, sleep, 0.1, "in time", seconds=0.9, ready=ready).result(PATIENCE) == "in time"
    assert restarts == []


def test_a_job_that_hangs_is_given_up(process: InferenceProcess) -> None:
    with pytest.raises(SquidError, match="failed twice"):
        ask(process, Urgency.TRIAGE, sleep, 600, seconds=0.5).result(PATIENCE)


def test_what_the_detector_says_itself_arrives_unchanged_and_costs_no_process(process: InferenceProcess) -> None:
    with pytest.raises(SquidError) as raised:
        ask(process, Urgency.TRIAGE, refuse).result(PATIENCE)
    assert (raised.value.title, raised.value.advice) == ("There are no such weights.", "Choose others.")
    assert restarts == []


def test_what_somebody_looks_at_goes_before_triage(process: InferenceProcess) -> None:
    order: list[str] = []
    futures = [ask(process, Urgency.TRIAGE, sleep, 0.5, "running")]
    time.sleep(0.1)
    for urgency, name in ((Urgency.WARM_UP, "warm"), (Urgency.TRIAGE, "triage"), (Urgency.READER, "reader")):
        futures.append(ask(process, urgency, sleep, 0, name))
    for future in futures:
        future.add_done_callback(lambda done: order.append(done.result()))
    for future in futures:
        future.result(PATIENCE)
    assert order == ["running", "reader", "triage", "warm"]


def test_closing_in_the_middle_of_a_job_is_quick_and_answers_everybody() -> None:
    process = InferenceProcess()
    running = ask(process, Urgency.TRIAGE, sleep, 600)
    waiting = ask(process, Urgency.TRIAGE, sleep, 600)
    time.sleep(1.0)
    began = time.monotonic()
    process.close()
    assert time.monotonic() - began < 4
    with pytest.raises(SquidError, match="stopped"):
        running.result(0)
    assert waiting.cancelled()
    assert ask(process, Urgency.TRIAGE, os.getpid).cancelled()
    assert not [thread for thread in threading.enumerate() if thread.name == "detector dispatcher"]
