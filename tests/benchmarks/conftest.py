"""Whether figures are wanted: without --benchmark-enable each benchmark runs once and small, to stay alive."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def measuring(request: pytest.FixtureRequest) -> bool:
    """Whether figures are wanted."""
    return bool(request.config.getoption("benchmark_enable"))
