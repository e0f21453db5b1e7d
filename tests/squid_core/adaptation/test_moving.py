"""What local normals do to networks, held against the same done by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from squid_core.adaptation.moving import FOLDS, MEANS_PRIOR, move, see
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.measure import measure_set
from squid_core.model.texture import views
from squid_core.model.whitening import Whitening
from tests.squid_core.adaptation.places import SETTINGS, SLOTS, networks, of_a_place


def nobody(_: int) -> None: ...


def test_local_entries_take_the_place_of_the_oldest_and_of_no_more_than_half() -> None:
    for count, taken in ((12, 12), (SLOTS, SLOTS // 2)):
        squid, images = networks(), of_a_place(count).images
        before = squid.generator.memory.entries.clone()
        _, features = see(squid, images, SETTINGS, nobody)
        moved = move(squid, images, features, SETTINGS, nobody)
        assert moved.slots == list(range(taken)), "the queue was full, so its oldest entry is the first"
        after = squid.generator.memory.entries
        assert torch.equal(after[:, taken:], before[:, taken:])
        if taken == count:
            assert torch.equal(after[:, :taken], features.transpose(0, 1))
    assert torch.equal(after[:, 0], features[0]), "of too many, some of the whole time"
    assert torch.equal(after[:, taken - 1], features[-1])


def test_means_are_drawn_by_count_and_covariances_stay() -> None:
    squid, images = networks(), of_a_place(30).images
    kept = {name: buffer.clone() for name, buffer in squid.named_buffers()}
    _, features = see(squid, images, SETTINGS, nobody)
    move(squid, images, features, SETTINGS, nobody)
    energies = squid.texture.energies(as_tensor(images))
    local = views(energies, energies).coarse.mean(0)
    wanted = (30 * local + MEANS_PRIOR * kept["texture.coarse_mean"]) / (30 + MEANS_PRIOR)
    assert torch.allclose(squid.texture.get_buffer("coarse_mean"), wanted, atol=1e-4)
    assert squid.lesion is not None
    assert squid.anatomy is not None
    places = squid.lesion(as_tensor(images)).features.flatten(2).mean(0).T
    wanted = (30 * places + MEANS_PRIOR * kept["anatomy.mean"]) / (30 + MEANS_PRIOR)
    assert torch.allclose(squid.anatomy.mean, wanted, atol=1e-4)
    for name, buffer in squid.named_buffers():
        if name.endswith("whitening"):
            assert torch.equal(buffer, kept[name]), name


def test_an_image_is_judged_by_the_others_alone() -> None:
    squid, images = networks(), of_a_place(25).images
    parent = squid.texture.get_buffer("pattern_mean").clone()
    _, features = see(squid, images, SETTINGS, nobody)
    moved = move(squid, images, features, SETTINGS, nobody)
    energies = squid.texture.energies(as_tensor(images))
    pattern = views(energies, energies).pattern
    for one in (0, 3, 24):
        others = [i for i in range(25) if i % FOLDS != one % FOLDS]
        weight = len(others) / (len(others) + MEANS_PRIOR)
        mean = (1 - weight) * parent + weight * pattern[others].mean(0)
        fitted = Whitening(mean, squid.texture.get_buffer("pattern_whitening"))
        by_hand = float(fitted.distance(pattern[one : one + 1])[0])
        assert moved.left_out.values["texture pattern"][one] == pytest.approx(by_hand, abs=1e-4)


def test_who_is_left_out_looks_less_normal_than_who_took_part() -> None:
    squid, normals = networks(), of_a_place(30)
    _, features = see(squid, normals.images, SETTINGS, nobody)
    left_out = move(squid, normals.images, features, SETTINGS, nobody).left_out
    took_part = measure_set(squid, normals, SETTINGS)
    for name in ("memory", "anatomy", "texture pattern"):
        assert np.mean(left_out.values[name]) > np.mean(took_part.values[name]), name
