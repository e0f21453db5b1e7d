"""How full `squid triage` keeps the machine, beside its bound in the same run, and what a file costs it otherwise."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from squid_core.bundle.library import Bundles
from squid_core.contracts.detection import Detection, ModelInput
from squid_core.contracts.errors import SquidError
from squid_core.dicom.container.scan import walk
from squid_core.dicom.errands import examine_in_child
from squid_core.inference.flow import BATCH, readers_here
from squid_core.inference.scorer import DetectorLike, DetectorLoader, load_detector
from squid_core.inference.triage import triage
from tests.squid_core.dicom.phantoms import chest, phantom, save, to_bytes
from tests.squid_core.inference.cheap_detector import Cheap, detected

FILES, FEW = 300, 32  # where figures are wanted, and where not
ROUNDS = 3
WARM = 2 * BATCH  # answers before the clock runs
GOAL_OF_BOUND = 0.85
GOAL_FREE = 400.0  # files a second with a detector that costs nothing, on two cores


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, measuring: bool) -> Path:
    """Adults, 512 x 512, 16 bits, uncompressed; no two pictures alike."""
    root = tmp_path_factory.mktemp("films")
    sound = to_bytes(chest(phantom(512, 512), StudyInstanceUID="1.2.3.100000"))
    for number in range(FILES if measuring else FEW):
        last_row = np.full(512, number, "<u2").tobytes()
        film = sound.replace(b".100000", b".1%05d" % number)[: -len(last_row)] + last_row
        save(root / f"{number // 100}", film, f"IM{number}")
    return root


class Free(Cheap):
    """Costs nothing, not even the mean."""

    def detect(self, model_input: ModelInput) -> Detection:
        return detected(model_input, 0.5, self.name, model_input.image)


class Timed:
    """The real detector, and how long it was at work."""

    def __init__(self, detector: DetectorLike, work: list[tuple[float, float]]) -> None:
        self._detector, self._work = detector, work
        self.picture = detector.picture

    def detect_many(self, inputs: Sequence[ModelInput]) -> Sequence[Detection | SquidError]:
        began = time.perf_counter()
        found = self._detector.detect_many(inputs)
        self._work.append((began, time.perf_counter()))
        return found


def rate_of_triage(folder: Path, loader: DetectorLoader | None = None, readers: int | None = None) -> float:
    """Files a second from the first answers to the last."""
    answers = triage([folder], device="cpu", loader=loader, readers=readers)
    assert sum(1 for _ in islice(answers, WARM)) == WARM
    began = time.perf_counter()
    rest = list(answers)
    assert rest
    assert all(one.result.score is not None for one in rest)
    return len(rest) / (time.perf_counter() - began)


def test_the_real_detector_beside_its_bound(benchmark: BenchmarkFixture, folder: Path, measuring: bool) -> None:
    """The bound: the slower of one reader's loop and the network in batches, each alone on the machine."""
    bundles, sources = Bundles(), [found.source for found in islice(walk(folder), 5 * BATCH)]
    wanted, detector = bundles.preprocessings_by_age("auto"), load_detector(bundles.choose("auto", 60).folder, "cpu")
    inputs = [examine_in_child(source, wanted).inputs[0] for source in sources]

    def read() -> float:
        began = time.perf_counter()
        for source in sources:
            examine_in_child(source, wanted)
        return len(sources) / (time.perf_counter() - began)

    def score() -> float:
        began = time.perf_counter()
        for first in range(0, len(inputs), BATCH):
            detector.detect_many(inputs[first : first + BATCH])
        return len(inputs) / (time.perf_counter() - began)

    score()
    rounds = [(read(), score(), rate_of_triage(folder)) for _ in range(ROUNDS if measuring else 1)]
    benchmark.extra_info["readers"] = readers_here()
    for name, place in (("read", 0), ("scored", 1), ("triage", 2)):
        benchmark.extra_info[f"{name}, files a second"] = round(statistics.median(one[place] for one in rounds), 1)
    work: list[tuple[float, float]] = []
    rate_of_triage(folder, lambda place, device: Timed(load_detector(place, device), work))
    # Where others use the machine too this says more than the rates do: what is beside the detector's work is ours.
    at_work = sum(end - begin for begin, end in work) / (work[-1][1] - work[0][0])
    benchmark.extra_info["share of the time that the detector was at work"] = round(at_work, 3)
    of_bound = statistics.median(done / min(reads * readers_here(), scores) for reads, scores, done in rounds)
    benchmark.extra_info["of the bound"] = round(of_bound, 2)
    benchmark.extra_info["goal, of the bound"] = GOAL_OF_BOUND
    benchmark.pedantic(score, rounds=1)  # type: ignore[no-untyped-call]


def test_a_detector_that_costs_nothing(benchmark: BenchmarkFixture, folder: Path, measuring: bool) -> None:
    """With a reader a core, since the detector needs none."""
    readers = max(2, readers_here() + 1)
    rate_of_triage(folder, lambda *_: Free("adult"), readers)
    before = time.process_time()
    rounds, files = (ROUNDS, FILES) if measuring else (1, FEW)
    rates = [rate_of_triage(folder, lambda *_: Free("adult"), readers) for _ in range(rounds)]
    own = (time.process_time() - before) / (rounds * files)
    benchmark.extra_info["goal, files a second"] = GOAL_FREE
    benchmark.extra_info["files a second"] = round(statistics.median(rates), 1)
    benchmark.extra_info["ms of the parent's processors a file"] = round(own * 1000, 2)
    benchmark.extra_info["load of the machine"] = psutil.getloadavg()[0]
    benchmark.pedantic(lambda: None, rounds=1)  # type: ignore[no-untyped-call]
