"""Writes docs/model-cards.md from the cards of the bundles that ship: `python -m tests.tools.model_cards`."""

from __future__ import annotations

import sys
from pathlib import Path

from squid_core.bundle.card import WEIGHTS_NAME, read_card
from squid_core.evaluation.model_card import cards_page

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "model-cards.md"
SHIPPED = ("adult", "zhanglab", "digit-anatomy")  # chests first, as in the program


def text() -> str:
    """The document."""
    bundles = [ROOT / "weights" / name for name in SHIPPED]
    return cards_page([(read_card(bundle), (bundle / WEIGHTS_NAME).stat().st_size) for bundle in bundles])


def main() -> int:
    """Write it."""
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
