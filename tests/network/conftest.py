"""One Orthanc for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.peers import Orthanc, running_orthanc


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """An empty Orthanc; tests put into it what they need, under UIDs of their own."""
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as started:
        yield started
