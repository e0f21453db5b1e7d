"""A made-up detection on the phantom, different in every patch, and the request to export it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from squid_core.contracts.detection import (
    Detection,
    DetectorSettings,
    Gate,
    MemoryMatch,
    Shrinkage,
    Trial,
    WeightsFacts,
)
from squid_core.export.request import ExportKind, ExportRequest
from squid_core.preprocessing import Preprocessing, prepare
from tests.squid_core.dicom.phantoms import phantom

HASH = "0123456789abcdef" * 4
LOCKED = DetectorSettings(2, Shrinkage.GUMBEL, Gate.OFF, 0.95)
FACTS = WeightsFacts("Test weights", "adult", "Research use only.", LOCKED, {"90": 0.8, "95": 0.9}, 1000)
# Patch percentiles of a 4 x 4 grid: the top right corner and one patch in the lower left half are unusual.
PERCENTILES = np.array(((10, 20, 30, 99), (11, 21, 31, 41), (12, 96, 32, 42), (13, 23, 33, 43)), np.float32)
DERIVED = (ExportKind.SECONDARY_CAPTURE, ExportKind.STRUCTURED_REPORT, ExportKind.SEGMENTATION)


def detection(rows: int = 160, columns: int = 200, size: int = 32, fit: Any = "squeeze", **changes: Any) -> Detection:
    """On a phantom of that many rows and columns."""
    seen = prepare(phantom(rows, columns), Preprocessing(size=size, fit=fit))
    difference = np.zeros((size, size), np.float32)
    difference[: size // 4, : size // 2] = 0.5  # brighter: top, left half
    difference[-size // 4 :, : size // 4] = -0.4  # darker: bottom left
    values: dict[str, Any] = {
        "score": 0.85,
        "percentile": 93.25,
        "paper_score": 0.625,
        "components": {"texture coarse": 1.5, "anatomy": -0.25},
        "input_image": seen.image,
        "reconstruction": np.clip(seen.image - difference, 0, 1),
        "difference": difference,
        "patch_scores": PERCENTILES / 100,
        "patch_percentiles": PERCENTILES,
        "matches": tuple(
            (MemoryMatch(10 + patch, 0.75, 0.5, 100 + patch), MemoryMatch(50 + patch, 0.25, 0.375, patch))
            for patch in range(16)
        ),
        "geometry": seen.geometry,
        "trial": Trial(LOCKED),
        "model": "test",
        "model_hash": HASH,
    }
    return Detection(**(values | changes))


def request(path: Path, folder: Path, *kinds: ExportKind, **changes: Any) -> ExportRequest:
    """What `squid export` and the window would ask for."""
    values: dict[str, Any] = {"detection": detection(), "weights": FACTS}
    return ExportRequest(path, folder, kinds or DERIVED, **(values | changes))
