"""A detector's process without torch: it starts at once, and scores as `tests.app.world.CodeDetector` does."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.services.detector.worker import WorkerReport
from app.storage.detections import EncodedResult
from squid_core.contracts.detection import Detection, Maps, ModelInput
from squid_core.contracts.radiograph import FloatArray
from tests.app.world import found

SECONDS = 0.05  # that an image takes, so that there is time to be killed


def load(folder: str, device: str) -> None:
    """There is nothing to load."""


def warm_up(folder: str, device: str) -> WorkerReport:
    return WorkerReport(os.getpid(), "2", cuda=False)


def maps(folder: str, device: str, detection: Detection) -> Maps:
    return Maps(np.zeros((8, 8), np.float32), 4)


def entries(folder: str, device: str, patch: int, slots: Sequence[int]) -> FloatArray:
    return np.zeros((len(slots), 8, 8), np.float32)


def detect_many(folder: str, device: str, inputs: Sequence[ModelInput]) -> list[EncodedResult]:
    time.sleep(SECONDS * len(inputs))
    return [EncodedResult.of(found(Path(folder), one)) for one in inputs]
