"""How long a user waits, part by part: `make bench`. In `make test` each runs once, to stay alive."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from app.domain.jobs import JobState
from app.domain.study import ImageItem, image_key
from app.domain.worklist import Worklist
from squid_core.bundle.library import available, weights_root
from squid_core.contracts.radiograph import Identity, Window
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.voi import to_uint8

RADIOGRAPH = (2500, 2048)  # rows, columns of a common digital chest X-ray
SCREEN = (1000, 1000)


@pytest.fixture(scope="module")
def radiograph() -> np.ndarray:
    """(H, W) uint16 noise over 12 bits."""
    return np.random.default_rng(7).integers(0, 4096, RADIOGRAPH, dtype=np.uint16)


def _item(number: int) -> ImageItem:
    path = Path(f"/nowhere/{number}.dcm")
    return ImageItem(image_key(path), path, Identity(f"1.2.{number}"), arrival=number)


def test_preparing_a_radiograph_for_the_detector(benchmark: BenchmarkFixture, radiograph: np.ndarray) -> None:
    prepared = benchmark(prepare, radiograph, Preprocessing())
    assert prepared.image.shape == (128, 128)


def test_showing_a_screen_of_pixels_after_a_drag(benchmark: BenchmarkFixture, radiograph: np.ndarray) -> None:
    pixels = radiograph[: SCREEN[0], : SCREEN[1]].astype(np.float32)
    assert benchmark(to_uint8, pixels, Window(2048, 1024)).shape == SCREEN


def test_a_result_enters_a_worklist_of_ten_thousand(benchmark: BenchmarkFixture) -> None:
    worklist = Worklist(_item(number) for number in range(10_000))
    scored = replace(_item(9_999), state=JobState.SCORED, score=0.9)
    studies = benchmark(lambda: worklist.upsert(scored).studies)
    assert len(studies) == 10_000
    assert studies[0].score == 0.9


@pytest.mark.parametrize("name", sorted(available()))
def test_detecting(benchmark: BenchmarkFixture, radiograph: np.ndarray, name: str) -> None:
    from squid_core.inference.detector import Detector

    detector = Detector.load(weights_root() / name, device="cpu")
    detection = benchmark(detector.detect, prepare(radiograph, detector.card.preprocessing))
    assert 0 <= detection.score <= 1


def test_importing_the_window(benchmark: BenchmarkFixture) -> None:
    def start() -> None:
        subprocess.run([sys.executable, "-c", "import app.main"], check=True, timeout=60)

    benchmark(start)
