"""A bundle trained for seconds, to be adapted."""

from __future__ import annotations

from pathlib import Path

import pytest

from squid_core.training.finish import finish
from tests.squid_core.datasets.made_up_images import run


@pytest.fixture(scope="session")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a 2 x 2 grid of 32 px, trained on made-up images that have file names."""
    folder = tmp_path_factory.mktemp("trained")
    finish(run(folder / "work", steps=4), folder / "parent")
    return folder / "parent"
