"""How full the window's queue keeps the machine, beside its bound in the same run, and what a study costs the window.

    python -m pytest tests/benchmarks/test_bench_queue.py --benchmark-enable --benchmark-only

The real program, offscreen: real readers, the real database, and the real detector or one that costs nothing.
"""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytest_benchmark.fixture import BenchmarkFixture

from app.domain.jobs import JobState
from app.main import Program, application
from app.paths import AppPaths
from app.services.detector import worker
from app.services.detector.process import InferenceProcess
from app.storage.detections import EncodedResult
from squid_core.bundle.library import Bundles
from squid_core.dicom.errands import examine_in_child
from squid_core.dicom.source import Source
from squid_core.inference.flow import BATCH, readers_here
from squid_core.inference.scorer import load_detector
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes

STUDIES = 200
GOAL_OF_BOUND = 0.75
GOAL_FREE = 200.0  # studies a second with a detector that costs nothing, on two cores
PATIENCE_SECONDS = 120.0
LOOK_MS = 10
LONG_AGO = 1_600_000_000  # s; what was written just now is looked at twice


def write_films(root: Path, studies: int) -> list[Path]:
    """Adults, 512 x 512, 16 bits, uncompressed; a study each, no two pictures alike."""
    sound = to_bytes(chest(phantom(512, 512), StudyInstanceUID="1.2.3.100000", PatientID="Q100000"))
    for number in range(studies):
        last_row = np.full(512, number, "<u2").tobytes()
        save(root, sound.replace(b"100000", b"1%05d" % number)[: -len(last_row)] + last_row, f"IM{number}")
        os.utime(root / f"IM{number}", (LONG_AGO, LONG_AGO))
    return sorted(root.iterdir())


@pytest.fixture
def films(tmp_path: Path, measuring: bool) -> list[Path]:
    return write_films(tmp_path / "films", STUDIES if measuring else 6)


@pytest.fixture
def program(tmp_path: Path, qapp: QApplication) -> Iterator[Program]:
    application()
    made = Program(AppPaths(tmp_path / "home"), "cpu")
    made.start()
    wait_until(lambda: made.idle)
    yield made
    made.close()
    made.window.deleteLater()


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the window live until something is so."""
    loop, timer, until = QEventLoop(), QTimer(interval=LOOK_MS), time.monotonic() + PATIENCE_SECONDS
    timer.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > until else None)
    timer.start()
    loop.exec()
    timer.stop()
    assert condition()


def rate_of_queue(program: Program, films: Sequence[Path]) -> tuple[float, float]:
    """Studies a second from the first that is scored to the last, and seconds of the window's processor a study."""

    def scored() -> int:
        return sum(image.state is JobState.SCORED for image in program.store.worklist.images())

    cpu = time.process_time()
    program.open([films[0].parent])
    wait_until(lambda: scored() > 0)
    began, before = time.monotonic(), scored()
    wait_until(lambda: program.idle)
    assert scored() == len(films)
    return (len(films) - before) / (time.monotonic() - began), (time.process_time() - cpu) / len(films)


def test_the_real_detector_beside_its_bound(benchmark: BenchmarkFixture, program: Program, films: list[Path]) -> None:
    """The bound: the slower of one reader's loop and the network in batches, each alone on the machine."""
    bundles = Bundles()
    wanted, detector = bundles.preprocessings_by_age("auto"), load_detector(bundles.choose("auto", 60).folder, "cpu")
    some = films[: 4 * BATCH]
    examine_in_child(Source.of(some[0]), wanted)
    began = time.monotonic()
    inputs = [examine_in_child(Source.of(film), wanted).inputs[0] for film in some]
    reads = len(some) / (time.monotonic() - began)
    detector.detect_many(inputs[:BATCH])
    began = time.monotonic()
    for at in range(0, len(inputs), BATCH):
        detector.detect_many(inputs[at : at + BATCH])
    scores = len(inputs) / (time.monotonic() - began)
    rate, cpu = rate_of_queue(program, films)
    bound = min(reads * readers_here(), scores)
    benchmark.extra_info |= {
        "readers, files a second": round(reads * readers_here(), 1),
        "detector, images a second": round(scores, 1),
        "queue, studies a second": round(rate, 1),
        "of the bound": round(rate / bound, 2),
        "goal, of the bound": GOAL_OF_BOUND,
        "ms of the window's processor a study": round(1000 * cpu, 1),
    }
    benchmark(lambda: None)


def test_a_detector_that_costs_nothing(benchmark: BenchmarkFixture, program: Program, films: list[Path]) -> None:
    """What the queue itself costs: reading, the worklist, the database, the window."""
    bundles = Bundles()
    detector = load_detector(bundles.choose("auto", 60).folder, "cpu")
    (model_input,) = examine_in_child(Source.of(films[0]), bundles.preprocessings_by_age("auto")).inputs
    (detection,) = detector.detect_many([model_input])
    assert not isinstance(detection, Exception)
    encoded = EncodedResult.of(detection)

    def submit(_: InferenceProcess, urgency: object, attempts: Callable[[], Sequence[Any]]) -> Future[Any]:
        attempt, future = next(iter(attempts())), Future[Any]()
        given = pickle.loads(pickle.dumps(attempt.args))  # noqa: S301 - as on the way to a child
        if attempt.function is worker.detect_many:
            future.set_result([replace(encoded, digest=one.digest) for one in given[2]])
        return future

    with patch.object(InferenceProcess, "submit", submit):
        rate, cpu = rate_of_queue(program, films)
    benchmark.extra_info |= {
        "studies a second": round(rate, 1),
        "goal, studies a second": GOAL_FREE,
        "ms of the window's processor a study": round(1000 * cpu, 1),
    }
    benchmark(lambda: None)
