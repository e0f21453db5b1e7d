"""A bundle to be adapted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.squid_core.adaptation.places import write_parent


@pytest.fixture(scope="session")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_parent(tmp_path_factory.mktemp("weights") / "parent")
