"""A key ring of the tests' own, always."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest

from tests.squid_core.network.rings import FakeRing


@pytest.fixture(autouse=True)
def ring() -> Iterator[FakeRing]:
    before, made = keyring.get_keyring(), FakeRing()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)
