"""Whether a picture lies in its own place: by hand, and for features that are laid another way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from squid_core.contracts.detection import DetectorSettings
from squid_core.model.config import NetworkConfig
from squid_core.model.memory import Memory
from squid_core.model.places import elsewhere, log_distances, turned
from squid_core.model.squid import Squid

SIDE, SIZE = 4, 32


@pytest.fixture
def memory() -> Memory:
    """A full memory of random entries: every place has its own, unlike all others."""
    config = NetworkConfig(image_size=64, grid=SIDE, widths=(8, 16), skips=(False,), decoder_slots=(0,), slots=6)
    memory = Memory(config)
    memory.push(torch.randn(6, SIDE**2, config.feature_size, generator=torch.Generator().manual_seed(0)))
    return memory


def seen(memory: Memory) -> Tensor:
    """(1, P, D) features: at every place one of its entries, not quite."""
    entries = memory.entries[:, 2]
    return (entries + 0.3 * torch.randn(entries.shape, generator=torch.Generator().manual_seed(1)))[None]


def test_the_nearest_entry_of_every_memory_by_brute_force(memory: Memory) -> None:
    features = seen(memory)
    nearest = memory.nearest(features)[0].numpy()
    f, e = features[0].numpy(), memory.entries.numpy()
    for patch in range(3):
        for place in range(SIDE**2):
            cosines = [f[patch] @ entry / np.linalg.norm(f[patch]) / np.linalg.norm(entry) for entry in e[place]]
            assert nearest[patch, place] == pytest.approx(max(cosines), abs=1e-5)


def test_slots_that_were_never_filled_are_never_near(memory: Memory) -> None:
    memory.filled.fill_(2)
    assert memory.nearest(memory.entries[:, 5][None]).max() < 0.9
    assert memory.nearest(memory.entries[:, 1][None])[0, 3, 3] == pytest.approx(1)


def test_elsewhere_and_turned_by_hand() -> None:
    logs = torch.tensor(
        [[[-2.0, -1.0, -0.5, -0.2], [-1.0, -3.0, -0.1, 0.0], [0.0, 0.0, -1.0, -2.0], [0.0, 0.0, 0, -4]]]
    )
    # 2 x 2: own places -2, -3, -1, -4; best others -1, -1, -2, 0.
    assert elsewhere(logs).tolist() == pytest.approx([(-1 - 2 + 1 - 4) / 4])
    # Top to bottom: 0 <-> 2, 1 <-> 3 costs -0.5 + 0 + 0 + 0; along the diagonal 1 <-> 2: -2 - 0.1 + 0 - 4 is the least.
    assert turned(logs).tolist() == pytest.approx([(-10 + 6.1) / 4])


@pytest.mark.parametrize("way", ["upside down", "a quarter turn", "three quarters", "top to bottom", "diagonal"])
def test_what_is_laid_another_way_fits_memory_better_turned(memory: Memory, way: str) -> None:
    places = torch.arange(SIDE**2).reshape(SIDE, SIDE)
    laid = {
        "upside down": places.rot90(2),
        "a quarter turn": places.rot90(1),
        "three quarters": places.rot90(3),
        "top to bottom": places.flip(0),
        "diagonal": places.T,
    }[way].reshape(-1)
    upright = seen(memory)
    assert float(turned(log_distances(memory.nearest(upright)))) < -1
    assert float(turned(log_distances(memory.nearest(upright[:, laid])))) > 1


def test_noise_fits_no_place_better_than_another(memory: Memory) -> None:
    noise = torch.randn(40, SIDE**2, memory.entries.shape[-1], generator=torch.Generator().manual_seed(2))
    assert turned(log_distances(memory.nearest(noise))).abs().max() < 0.1


def test_one_memory_for_all_patches_says_nothing_of_places() -> None:
    config = NetworkConfig(
        image_size=64, grid=2, widths=(8, 16), skips=(False,), decoder_slots=(0,), slots=6, space_aware=False
    )
    squid = Squid(config).eval()
    assert not squid.measure(torch.zeros(2, 1, 64, 64), DetectorSettings(top_k=2)).places
