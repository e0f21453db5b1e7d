"""Writes docs/model-cards.md from the cards of the bundles that ship: `python -m tests.tools.model_cards`."""

from __future__ import annotations

import sys
from pathlib import Path

from squid_core.bundle.card import WEIGHTS_NAME, read_card
from squid_core.evaluation.model_card import card_page

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "docs" / "model-cards.md"
SHIPPED = ("adult", "zhanglab", "digit-anatomy")
HEAD = """# Model cards

What each set of weights is for, what it was made of, what was measured of it, and what it is not good for. This page is
made from the `card.json` of the bundles that ship (`python -m tests.tools.model_cards`), after the scheme of Mitchell et
al. 2019, "Model Cards for Model Reporting". In the program *Help > Guide* shows the cards of weights that were learned
here as well. How the figures were made: [What was measured](experiments.md).
"""


def text() -> str:
    """The document."""
    pages = []
    for name in SHIPPED:
        bundle = ROOT / "weights" / name
        page = card_page(read_card(bundle), (bundle / WEIGHTS_NAME).stat().st_size)
        pages.append("".join(f"#{line}" if line.startswith("#") else line for line in page.splitlines(keepends=True)))
    return "\n".join((HEAD, *pages))


def main() -> int:
    """Write it."""
    TARGET.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
