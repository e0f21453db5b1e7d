"""Files, weights and a cluster for the tests of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.squid_core.cluster.cheap import write_bundle
from tests.squid_core.dicom.phantoms import chest, phantom, save

pytest.importorskip("distributed", reason="the optional extra cluster is not installed")

SCORED = 40


@pytest.fixture
def weights() -> Path:
    """A bundle in the home of this test, which the workers share."""
    return write_bundle()


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of films for the detector, all different; named as no log may name them."""
    root = tmp_path_factory.mktemp("films")
    for number in range(SCORED):
        save(root, chest(phantom(160 + number, 200)), f"Doe Jane {number:02}")
    return root
