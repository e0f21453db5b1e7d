"""A bundle adapted to a place's normals: what it says of itself, what is left out, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from squid_core.adaptation import adapt as module
from squid_core.adaptation.adapt import FEWEST, Adaptation, adapt, write
from squid_core.bundle.card import NotUsed, read_card
from squid_core.bundle.library import Bundles
from squid_core.bundle.sources import read_sources
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import ImageSet, merge
from squid_core.home import HOME_VARIABLE, bundles_folder
from tests.squid_core.adaptation.places import SLOTS, of_a_place
from tests.squid_core.datasets.made_up_images import CPU


def far_from_normal(count: int) -> ImageSet:
    """Of the same place, with a bright block on the left."""
    images = of_a_place(count, seed=11)
    pixels = images.images.copy()
    pixels[:, 4:28, 4:16] = 250
    return replace(
        images,
        images=pixels,
        names=tuple(f"ill-{name}" for name in images.names),
        patients=tuple(f"ill-{name}" for name in images.names),
    )


@pytest.fixture(scope="module")
def adaptation(parent: Path) -> Adaptation:
    return adapt(parent, of_a_place(30), device="cpu")


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(SquidError) as refused:
        work()
    return str(refused.value)


def test_an_adapted_bundle_says_what_it_was_adapted_to(parent: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    adaptation = adapt(
        parent, of_a_place(40), device="cpu", not_used={NotUsed.AGE: 2}, site="Ward 3", progress=shares.append
    )
    write(adaptation, tmp_path / "ours")
    card, squid = read_bundle(tmp_path / "ours", CPU)
    theirs, before = read_bundle(parent, CPU)
    said = adaptation.adapted
    assert card.adapted == said
    assert (card.name, said.parent, said.parent_sha256, said.site) == (
        "ours",
        "parent",
        theirs.weights_sha256,
        "Ward 3",
    )
    assert card.weights_sha256 != theirs.weights_sha256
    assert Bundles().choose(str(tmp_path / "ours")).fingerprint != Bundles().choose(str(parent)).fingerprint
    assert said.not_used[NotUsed.AGE] == 2
    assert said.normals + sum(said.not_used.values()) == 42
    assert card.calibration.held_out_normals == said.normals
    assert sum(said.before.tenths) == sum(said.after.tenths) == said.normals
    assert said.before.ks > 2 * said.after.ks, "the place is another, and was learned"
    assert said.after.beyond["90"].low < 0.1 < said.after.beyond["90"].high
    assert card.population == theirs.population
    assert any("tested elsewhere" in limit for limit in card.limits)
    assert card.metrics == {}, "what the parent measured is not this one's"
    assert not torch.equal(squid.texture.get_buffer("coarse_mean"), before.texture.get_buffer("coarse_mean"))
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] == 1


def test_no_file_of_the_place_is_named_anywhere(parent: Path, tmp_path: Path) -> None:
    images = of_a_place(30)
    named = replace(images, names=tuple(f"Doe-{name}" for name in images.names))
    write(adapt(parent, named, device="cpu"), tmp_path / "ours")
    assert not any(b"Doe" in path.read_bytes() for path in (tmp_path / "ours").iterdir())
    card = read_card(tmp_path / "ours")
    assert card.adapted is not None
    sources = read_sources(tmp_path / "ours", card.weights_sha256, SLOTS)
    assert sources.count(None) == card.adapted.entries > 0
    assert "train-39.png" in sources


def test_too_few_images_and_one_patient(parent: Path) -> None:
    assert f"Too few patients to adapt to: {FEWEST - 1}." in refusal(lambda: adapt(parent, of_a_place(FEWEST - 1)))
    one = replace(of_a_place(40), patients=("same",) * 40)
    assert "Too few patients to adapt to: 1." in refusal(lambda: adapt(parent, one))


def test_of_every_patient_the_first_image_is_used_and_of_very_many_some(
    parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = of_a_place(25)
    again = adapt(parent, merge([images, images]), device="cpu").adapted
    assert again.not_used[NotUsed.PATIENT] == 25
    assert again.after == adapt(parent, images, device="cpu").adapted.after
    monkeypatch.setattr(module, "MOST", 22)
    assert adapt(parent, images, device="cpu").adapted.not_used[NotUsed.SPARE] == 3


def test_a_few_abnormal_ones_are_left_out_and_many_are_refused(parent: Path) -> None:
    few = adapt(parent, merge([of_a_place(40), far_from_normal(4)]), device="cpu").adapted
    assert 4 <= few.not_used.get(NotUsed.UNUSUAL, 0) + few.not_used.get(NotUsed.OUTSIDE, 0) <= 5
    assert few.normals >= 39
    fewest = adapt(parent, merge([of_a_place(FEWEST - 2), far_from_normal(2)]), device="cpu").adapted
    assert fewest.normals <= FEWEST - 2, "what has to be left out does not make too few of them"
    noise = np.random.default_rng(0).integers(0, 255, (30, 32, 32)).astype(np.uint8)
    names = tuple(f"n{i}" for i in range(30))
    said = refusal(lambda: adapt(parent, merge([of_a_place(40), ImageSet(noise, names, names)]), device="cpu"))
    assert "of 70 images look like no normal chest X-ray" in said


def test_a_bundle_that_is_adapted_names_its_parent_instead(adaptation: Adaptation, tmp_path: Path) -> None:
    write(adaptation, tmp_path / "ours")
    assert "Adapt 'parent' instead" in refusal(lambda: adapt(tmp_path / "ours", of_a_place(30), device="cpu"))


def test_nothing_is_replaced_and_nothing_half_written(
    adaptation: Adaptation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "weights"
    (place / "there").mkdir(parents=True)
    (place / "file").touch()
    assert "exists already" in refusal(lambda: write(adaptation, place / "there"))
    assert "cannot be made" in refusal(lambda: write(adaptation, place / "file" / "ours"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left on device" in refusal(lambda: write(adaptation, place / "ours"))
    assert sorted(path.name for path in place.iterdir()) == ["file", "there"]


def test_what_a_killed_run_left_is_no_bundle_and_in_nobodys_way(
    adaptation: Adaptation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    write(adaptation, bundles_folder() / "ours")
    (bundles_folder() / "ours").rename(bundles_folder() / ".mine.partial")  # killed before the last step
    assert not {"ours", ".mine.partial"} & set(Bundles().names())
    write(adaptation, bundles_folder() / "mine")
    assert [path.name for path in bundles_folder().iterdir()] == ["mine"]
    assert "mine" in Bundles().names()
