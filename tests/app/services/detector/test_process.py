"""The detector's process: it may die, hang or run out of memory; nothing is lost and it comes back."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.services.detector.process import InferenceProcess, Urgency
from squid_core.contracts.errors import SquidError

PATIENCE = 60

restarts: list[int] = []


@pytest.fixture
def process() -> Iterator[InferenceProcess]:
    restarts.clear()
    process = InferenceProcess(on_restart=lambda: restarts.append(1), timeout=20)
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


def out_of_memory() -> None:
    raise MemoryError


def sleep(seconds: float, name: str = "") -> str:
    time.sleep(seconds)
    return name


def test_a_killed_idle_process_comes_back(process: InferenceProcess) -> None:
    first = process.submit(Urgency.TRIAGE, os.getpid).result(PATIENCE)
    assert first != os.getpid()
    os.kill(first, signal.SIGKILL)
    time.sleep(0.3)
    second = process.submit(Urgency.TRIAGE, os.getpid).result(PATIENCE)
    assert second not in (first, os.getpid())


def test_the_job_it_died_on_is_tried_once_more_and_answered(process: InferenceProcess, tmp_path: Path) -> None:
    pid = process.submit(Urgency.TRIAGE, die_once, str(tmp_path / "marker")).result(PATIENCE)
    assert pid not in (0, os.getpid())
    assert restarts == [1]


def test_a_job_killed_from_outside_while_it_runs_is_answered_by_the_next_process(
    process: InferenceProcess, tmp_path: Path
) -> None:
    victim = process.submit(Urgency.TRIAGE, os.getpid).result(PATIENCE)
    future = process.submit(Urgency.TRIAGE, sleep, 1.0, "answer")
    time.sleep(0.4)
    os.kill(victim, signal.SIGKILL)
    assert future.result(PATIENCE) == "answer"
    assert process.submit(Urgency.TRIAGE, os.getpid).result(PATIENCE) != victim


@pytest.mark.parametrize("end", [die, out_of_memory])
def test_a_job_that_kills_it_twice_is_given_up_and_the_next_one_works(
    process: InferenceProcess, end: Callable[[], None]
) -> None:
    doomed = process.submit(Urgency.TRIAGE, end)
    healthy = process.submit(Urgency.TRIAGE, sleep, 0, "healthy")
    with pytest.raises(SquidError, match="failed twice on this image"):
        doomed.result(PATIENCE)
    assert healthy.result(PATIENCE) == "healthy"


def test_a_job_that_hangs_is_given_up() -> None:
    process = InferenceProcess(timeout=0.5)
    with pytest.raises(SquidError, match="failed twice"):
        process.submit(Urgency.TRIAGE, sleep, 600).result(PATIENCE)
    process.close()


def test_what_the_detector_says_itself_arrives_unchanged_and_costs_no_process(process: InferenceProcess) -> None:
    with pytest.raises(SquidError) as raised:
        process.submit(Urgency.TRIAGE, refuse).result(PATIENCE)
    assert (raised.value.title, raised.value.advice) == ("There are no such weights.", "Choose others.")
    assert restarts == []


def test_what_somebody_looks_at_goes_before_triage(process: InferenceProcess) -> None:
    order: list[str] = []
    futures = [process.submit(Urgency.TRIAGE, sleep, 0.5, "running")]
    time.sleep(0.1)
    for urgency, name in ((Urgency.WARM_UP, "warm"), (Urgency.TRIAGE, "triage"), (Urgency.READER, "reader")):
        futures.append(process.submit(urgency, sleep, 0, name))
    for future in futures:
        future.add_done_callback(lambda done: order.append(done.result()))
    for future in futures:
        future.result(PATIENCE)
    assert order == ["running", "reader", "triage", "warm"]


def test_closing_in_the_middle_of_a_job_is_quick_and_answers_everybody() -> None:
    process = InferenceProcess()
    running = process.submit(Urgency.TRIAGE, sleep, 600)
    waiting = process.submit(Urgency.TRIAGE, sleep, 600)
    time.sleep(1.0)
    began = time.monotonic()
    process.close()
    assert time.monotonic() - began < 4
    with pytest.raises(SquidError, match="stopped"):
        running.result(0)
    assert waiting.cancelled()
    assert process.submit(Urgency.TRIAGE, os.getpid).cancelled()
    assert not [thread for thread in threading.enumerate() if thread.name == "detector dispatcher"]
