"""How long the detector takes, beside the published network's shape rebuilt with our own modules, in one run.

    OMP_NUM_THREADS=2 python -m pytest tests/benchmarks/test_bench_detector.py --benchmark-enable

In `make test` each runs once and small, to stay alive. The published shape has random weights: time does not depend
on them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from squid_core.bundle.library import weights_root
from squid_core.contracts.detection import (
    Detection,
    DetectorSettings,
    Gate,
    ModelInput,
    Region,
    RegionShape,
    RemovedEntry,
    Shrinkage,
)
from squid_core.contracts.radiograph import PixelArray
from squid_core.inference.detector import Detector
from squid_core.inference.explanation import Explanation
from squid_core.model.squid import Squid
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.training.preset import load_preset

RADIOGRAPH = (2500, 2048)  # rows, columns of a common digital chest X-ray
SHIPPED, PUBLISHED = "adult", "paper-zhanglab"
BATCH = 16
ONE, MANY, INSIDE = "one study", f"batch of {BATCH}", "parts of one study"  # groups of the report


@pytest.fixture(scope="module", autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def detector() -> Detector:
    loaded = Detector.load(weights_root() / SHIPPED, device="cpu")
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))  # loading takes half of the cores
    return loaded


@pytest.fixture(scope="module")
def published(detector: Detector) -> Squid:
    """After the detector, which sets the threads."""
    network = load_preset(PUBLISHED).network
    squid = Squid(network.model_copy(update={"teacher": False})).eval()
    side = network.image_size
    squid.generator.memory.push(squid.generator.encode(torch.rand(4, 1, side, side)).features)
    return squid


@pytest.fixture(scope="module")
def radiographs() -> list[PixelArray]:
    """(H, W) uint16, several, so that nothing is answered from the last one."""
    rng = np.random.default_rng(7)
    return [rng.integers(0, 4096, RADIOGRAPH, dtype=np.uint16) for _ in range(3)]


@pytest.fixture(scope="module")
def inputs(radiographs: list[PixelArray]) -> list[ModelInput]:
    return [prepare(pixels, Preprocessing()) for pixels in radiographs]


@pytest.mark.benchmark(group=ONE)
def test_decoded_pixels_to_detection_with_explanation(
    benchmark: BenchmarkFixture, detector: Detector, radiographs: list[PixelArray]
) -> None:
    """Score, Grad-CAM, entries of the three strangest patches as pictures, reliance on memory."""
    turn = itertools.cycle(radiographs)

    def explain() -> Explanation:
        return detector.explain(prepare(next(turn), detector.card.preprocessing))

    assert len(benchmark(explain).patches) == 3


@pytest.mark.benchmark(group=ONE)
def test_decoded_pixels_to_detection(
    benchmark: BenchmarkFixture, detector: Detector, radiographs: list[PixelArray]
) -> None:
    turn = itertools.cycle(radiographs)

    def detect() -> Detection:
        return detector.detect(prepare(next(turn), detector.card.preprocessing))

    assert 0 <= benchmark(detect).score <= 1


@pytest.mark.benchmark(group=ONE)
def test_what_if(benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]) -> None:
    """Memory to score with other settings each time, the encoder's output at hand."""
    turn = itertools.cycle(
        [
            DetectorSettings(3),
            DetectorSettings(20, Shrinkage.HARD),
            DetectorSettings(5, Shrinkage.SOFTMAX),
            DetectorSettings(5, gate=Gate.SOFT, rho=0.5),
        ]
    )
    usual = detector.detect(inputs[0])
    assert benchmark(lambda: detector.detect(inputs[0], next(turn))).trial != usual.trial


@pytest.mark.benchmark(group=ONE)
def test_what_if_without_an_entry(benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]) -> None:
    """As fast as other settings: the encoder's output is at hand."""
    usual = detector.detect(inputs[0])
    trials = itertools.cycle(replace(usual.trial, removed=(RemovedEntry(5, match),)) for match in usual.matches[5])
    assert benchmark(lambda: detector.what_if(usual, next(trials))).trial.removed


@pytest.mark.benchmark(group=ONE)
def test_what_if_a_region_were_normal(
    benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]
) -> None:
    """Another region each time: the image is encoded anew."""
    usual = detector.detect(inputs[0])
    (top, left), _, (bottom, right), _ = usual.geometry.corners
    height, middle = bottom - top, (left + right) / 2
    regions = itertools.cycle(
        Region(RegionShape.ELLIPSE, top + share * height, left, bottom, middle) for share in (0.3, 0.5)
    )

    def replaced() -> Detection:
        return detector.what_if(usual, replace(usual.trial, region=next(regions)))

    assert benchmark(replaced).trial.region is not None


@pytest.mark.benchmark(group=INSIDE)
def test_maps_beside_the_score(benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]) -> None:
    """Lesion map, Grad-CAM and reliance, as for every image that is shown."""
    usual = detector.detect(inputs[0])
    assert benchmark(detector.maps, usual).lesion is not None


@pytest.mark.benchmark(group=ONE)
def test_the_published_network_alone(benchmark: BenchmarkFixture, published: Squid) -> None:
    images, settings = torch.rand(1, 1, 128, 128), DetectorSettings(5)
    assert benchmark(published.measure, images, settings).logits.shape == (1,)


@pytest.mark.benchmark(group=INSIDE)
def test_grad_cam(benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]) -> None:
    reconstruction = detector.detect(inputs[0]).reconstruction
    assert benchmark(detector.grad_cam, reconstruction).shape == (128, 128)


@pytest.mark.benchmark(group=INSIDE)
def test_entries_of_a_patch(benchmark: BenchmarkFixture, detector: Detector) -> None:
    assert len(benchmark(detector.entries, 5, range(5))) == 5


@pytest.mark.benchmark(group=INSIDE)
def test_reliance_on_memory(benchmark: BenchmarkFixture, detector: Detector, inputs: list[ModelInput]) -> None:
    detection = detector.detect(inputs[0])
    assert benchmark(detector.reliance, inputs[0], detection).share is not None


@pytest.mark.benchmark(group=INSIDE)
def test_what_depends_on_the_input_alone(benchmark: BenchmarkFixture, detector: Detector) -> None:
    assert benchmark(detector._squid.look, torch.rand(1, 1, 128, 128)).energies.shape[0] == 1


@pytest.mark.benchmark(group=MANY)
def test_a_batch_of_the_shipped_network(benchmark: BenchmarkFixture, detector: Detector) -> None:
    count = 2 if benchmark.disabled else BATCH
    settings = detector.card.settings
    assert benchmark(detector._squid.measure, torch.rand(count, 1, 128, 128), settings).logits.shape == (count,)


@pytest.mark.benchmark(group=MANY)
def test_a_batch_of_the_published_network(benchmark: BenchmarkFixture, published: Squid) -> None:
    count = 2 if benchmark.disabled else BATCH
    images = torch.rand(count, 1, 128, 128)
    made = benchmark.pedantic(published.measure, (images, DetectorSettings(5)), rounds=2)  # type: ignore[no-untyped-call]
    assert made.logits.shape == (count,)
