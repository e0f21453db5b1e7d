"""A card as a page: what it says is the card's, and what a card from outside says is text and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from squid_core.bundle.card import Adapted, Card, Estimate, Share, read_card
from squid_core.evaluation.model_card import card_page
from tests.tools import model_cards

ROOT = Path(__file__).resolve().parents[3]
MEASURED = (0.1, 0.05, 0.01)


def _card(name: str = "adult") -> Card:
    return read_card(ROOT / "weights" / name)


def _estimate(counts: tuple[int, int, int]) -> Estimate:
    beyond = {
        line: Share(count=count, low=0.0, high=0.5) for line, count in zip(("90", "95", "99"), counts, strict=True)
    }
    return Estimate(beyond=beyond, ks=0.1, tenths=(4,) * 10)


def test_the_document_is_made_of_the_cards_that_ship() -> None:
    assert model_cards.TARGET.read_text(encoding="utf-8") == model_cards.text(), "python -m tests.tools.model_cards"
    assert {path.parent.name for path in (ROOT / "weights").glob("*/card.json")} == set(model_cards.SHIPPED)


def test_every_figure_of_the_tables_is_one_of_the_card() -> None:
    card = _card()
    page = card_page(card, 15_800_000)
    validation = card.metrics["validation"]
    low, high = validation["auc_95"]
    assert f"| all | 300 / 93 | {validation['auc']:.3f} ({low:.3f}–{high:.3f}) |" in page
    for line, threshold in card.calibration.thresholds.items():
        assert f"| {line}% | {threshold:.3f} | {100 - int(line)}% |" in page
    sensitivity = validation["held_out_normals_protocol"]["specificity_95"]["sensitivity"]
    assert re.search(rf"\| 95% \| {100 * sensitivity:.1f}% \(40\.6–60\.5%\) \|", page), "47 of 93, Wilson"
    assert card.weights_sha256 in page
    assert all(limit.split(".")[0] in page for limit in card.limits)


def test_an_adapted_card_says_whose_it_is_and_nothing_of_its_parent_as_its_own() -> None:
    adapted = Adapted(
        parent="adult", parent_sha256="a" * 64, made="2026-11-30", normals=40, not_used={"patients of another age": 3},
        site="Room <b>3</b>", entries=12, before=_estimate((16, 8, 4)), after=_estimate((4, 2, 0)),
    )  # fmt: skip
    page = card_page(_card().model_copy(update={"metrics": {}, "adapted": adapted}), 1)
    assert "| 95% | 5% | 20.0% (0.0–50.0%) | 5.0% (0.0–50.0%) |" in page
    assert "- patients of another age: 3" in page
    assert r"Room \<b\>3\</b\>" in page
    assert "AUC (95% interval)" not in page


def test_a_card_that_says_next_to_nothing_is_a_page_too() -> None:
    bare = _card("digit-anatomy").model_copy(
        update={"metrics": {}, "title": "", "description": "", "data": "", "licence": "", "limits": (), "preset": ""}
    )
    page = card_page(bare, 1)
    assert page.startswith("## digit-anatomy\n")
    assert "Nothing was measured of these weights." in page
    assert "# Limits" not in page


@pytest.mark.parametrize("name", model_cards.SHIPPED)
def test_every_sentence_of_the_page_goes_through_the_translator_and_none_of_the_card(name: str) -> None:
    asked: list[str] = []

    def words(text: str) -> str:
        asked.append(text)
        return text.upper() if "{" not in text else text

    page = card_page(_card(name), 1, words)
    cards_own = json.dumps(_card(name).model_dump(mode="json"))
    own = "\n".join(line for line in page.splitlines() if re.fullmatch(r"#+ .*", line) and line != page.split("\n")[0])
    assert own == own.upper()
    assert not [text for text in asked if len(text) > 60 and text in cards_own]
