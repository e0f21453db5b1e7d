from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.headless import errands
from squid_core.bundle.library import weights_root
from squid_core.contracts.errors import SquidError
from squid_core.pose import MeanChest, unpack


@pytest.fixture
def adult(tmp_path: Path) -> Path:
    return Path(shutil.copytree(weights_root() / "adult", tmp_path / "adult"))


def test_the_shipped_weights_are_those_of_their_cards(repository: Path) -> None:
    for folder in weights_root().iterdir():
        assert "as the card says" in errands.check_weights(folder)


def test_one_turned_bit_in_the_weights_is_found(adult: Path) -> None:
    weights = bytearray((adult / "model.safetensors").read_bytes())
    weights[len(weights) // 2] ^= 1
    (adult / "model.safetensors").write_bytes(weights)
    with pytest.raises(SquidError, match="the hash differs"):
        errands.check_weights(adult)


def test_a_card_without_weights_and_weights_without_a_card_are_found(adult: Path) -> None:
    (adult / "model.safetensors").unlink()
    with pytest.raises(SquidError, match="no weights"):
        errands.check_weights(adult)
    (adult / "card.json").unlink()
    with pytest.raises(SquidError, match="no model card"):
        errands.check_weights(adult)


@pytest.mark.parametrize("name", ["adult", "zhanglab"])
def test_the_mean_chest_is_found_again_where_it_was_moved_to(name: str) -> None:
    assert "found within 0." in errands.lay(weights_root() / name)


def test_a_registration_that_finds_nothing_is_said(adult: Path) -> None:
    card = json.loads((adult / "card.json").read_text(encoding="utf-8"))
    chest = unpack(card["preprocessing"]["mean_chest"])
    idle = MeanChest(chest.mean, np.zeros_like(chest.steps))  # steps that lead nowhere
    card["preprocessing"]["mean_chest"] = idle.pack()
    (adult / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(SquidError, match="px from where it lies"):
        errands.lay(adult)
