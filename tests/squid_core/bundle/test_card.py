"""A model card: what it states is what it says again, and stored results are found by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from squid_core.bundle.card import FORMAT, Card, read_card
from squid_core.bundle.library import Bundles, weights_root
from squid_core.contracts.errors import SquidError

# Results are stored under the fingerprint of the card that made them: another one would have all scored again.
FINGERPRINTS = {
    "adult": "c206527e16f080cd703ae7bda4acdafb8fc10d85034b903b52b93b4363e927e8",
    "digit-anatomy": "9ef8aec68310456858e728db9e9e1d5e35375bad0c75506fab2094d3bda03e4f",
    "zhanglab": "ada766dd67a02a2141d851b3c1272645d882f165daf304ad972deec43e3738cf",
}


@pytest.mark.parametrize("name", FINGERPRINTS)
def test_the_cards_that_ship_keep_their_fingerprints(name: str) -> None:
    assert Bundles().choose(name).fingerprint == FINGERPRINTS[name]


def test_a_card_says_of_its_network_what_it_was_given_and_has_the_rest_by_default() -> None:
    card = read_card(weights_root() / "digit-anatomy")  # older than the lesion critic
    stated = json.loads((weights_root() / "digit-anatomy" / "card.json").read_text(encoding="utf-8"))
    assert json.loads(card.model_dump_json())["network"] == stated["network"]
    assert "lesion_size" not in stated["network"]
    assert card.network.lesion_widths == ()


@pytest.mark.parametrize("part", ["network", "settings"])
def test_a_card_with_a_field_that_nobody_knows_is_refused(part: str) -> None:
    stated = json.loads((weights_root() / "adult" / "card.json").read_text(encoding="utf-8"))
    stated[part]["colour"] = "red"
    with pytest.raises(ValueError, match="colour"):
        Card.model_validate(stated)


def test_weights_of_a_later_version_are_called_that_and_not_damaged(tmp_path: Path) -> None:
    stated = json.loads((weights_root() / "adult" / "card.json").read_text(encoding="utf-8"))
    (tmp_path / "card.json").write_text(json.dumps(stated | {"format": FORMAT + 1, "aura": "blue"}))
    before = (tmp_path / "card.json").read_bytes()
    with pytest.raises(SquidError, match="made for a later version"):
        read_card(tmp_path)
    assert (tmp_path / "card.json").read_bytes() == before


def test_a_card_that_is_written_has_the_format_of_this_version() -> None:
    assert Card.model_fields["format"].default == FORMAT
