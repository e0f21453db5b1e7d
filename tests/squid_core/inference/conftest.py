"""A bundle trained for seconds, and an image for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from squid_core.contracts.detection import ModelInput
from squid_core.preprocessing import Preprocessing, prepare
from squid_core.training.finish import finish
from tests.squid_core.datasets.made_up_images import run


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a 2 x 2 grid of 32 px, trained on made-up images that have file names."""
    folder = tmp_path_factory.mktemp("trained")
    finish(run(folder / "work", steps=4), folder / "bundle")
    return folder / "bundle"


@pytest.fixture
def image() -> ModelInput:
    rng = np.random.default_rng(5)
    return prepare(rng.normal(1000, 200, (300, 200)).astype(np.float32), Preprocessing(size=32))
