"""How a cluster grows. Simulated: each worker's detector is a sleep of known cost, as if it had a core of its own.

What is measured is what a cluster adds to the work of its workers: chunks on their way, tails of chunks, the driver.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the optional extra cluster is not installed")

from pytest_benchmark.fixture import BenchmarkFixture

from squid_core.cluster.triage import _Run, triage
from squid_core.contracts.radiograph import FileStatus
from tests.squid_core.cluster.cheap import SLEEP_SECONDS, WEIGHTS, sleepy, write_bundle
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

FILES_A_WORKER = 80
TRIES = 3  # on a machine that has other work too, the best counts
GOAL_OF_LINEAR = 0.85


def rate(folder: Path, workers: int, files: int, monkeypatch: pytest.MonkeyPatch) -> float:
    """Files a second, from the first that is sent to the last answer."""
    began: list[float] = []
    send = _Run._send

    def noted(*args: object) -> None:
        began.append(time.perf_counter())
        send(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(_Run, "_send", noted)
        found = triage([folder], WEIGHTS, "cpu", cluster=f"local:{workers}", readers=1, loader=sleepy)
        answered = [time.perf_counter() for one in found if one.result.status is FileStatus.SCORED]
    assert len(answered) == files
    return len(answered) / (answered[-1] - began[0])


def test_twice_the_workers_do_twice_the_work(
    benchmark: BenchmarkFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measuring: bool
) -> None:
    write_bundle()
    film = to_bytes(chest(phantom(160, 200)))
    rates: dict[int, float] = {}
    for workers in (1, 2, 4) if measuring else (1,):
        files = (FILES_A_WORKER if measuring else 4) * workers
        for number in range(files):
            save(tmp_path / f"{workers}", film, f"IM{number}")
        tries = [rate(tmp_path / f"{workers}", workers, files, monkeypatch) for _ in range(TRIES if measuring else 1)]
        rates[workers] = max(tries)
    benchmark.extra_info["images/s of one detector that sleeps"] = 1 / SLEEP_SECONDS
    benchmark.extra_info["images/s by workers (simulated)"] = {n: round(one, 1) for n, one in rates.items()}
    benchmark.extra_info["of linear"] = {n: round(one / (n * rates[1]), 2) for n, one in rates.items()}
    benchmark.extra_info["goal, of linear"] = GOAL_OF_LINEAR
    benchmark(lambda: None)
