"""A bundle adapted to a place's normals: what moved, what is said of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from squid_core.adaptation.adapt import adapt, write
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet
from tests.squid_core.datasets.made_up_images import CPU, made_up


def place(count: int, seed: int = 7) -> ImageSet:
    """Normals of a place whose pictures are flatter than those that the parent knows."""
    images = made_up(count, seed)
    return replace(images, images=(90 + 0.5 * (images.images.astype(float) - 90)).astype(np.uint8))


def test_an_adapted_bundle_says_what_it_was_adapted_to(parent: Path, tmp_path: Path) -> None:
    adaptation = adapt(parent, place(30), device="cpu", site="Ward 3")
    write(adaptation, tmp_path / "ours")
    card, _ = read_bundle(tmp_path / "ours", CPU)
    theirs, _ = read_bundle(parent, CPU)
    assert card.name == "ours"
    assert card.weights_sha256 != theirs.weights_sha256
    assert card.adapted == adaptation.adapted
    said = adaptation.adapted
    assert (said.parent, said.site) == ("parent", "Ward 3")
    assert said.normals + sum(said.not_used.values()) == 30
    assert sum(said.after.tenths) == said.normals
    assert card.metrics == {}


def test_a_bundle_that_is_adapted_names_its_parent_instead(parent: Path, tmp_path: Path) -> None:
    write(adapt(parent, place(30), device="cpu"), tmp_path / "ours")
    with pytest.raises(SquidError, match="Adapt 'parent' instead"):
        adapt(tmp_path / "ours", place(30), device="cpu")
