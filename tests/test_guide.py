"""What the guide promises of the program: sentences that it really says, and keys that it really has."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from itertools import chain
from pathlib import Path

import pytest

from app.ui.keys.specs import SPECS
from squid_core.contracts.radiograph import LATERAL_VIEW
from squid_core.inference.doubts import DOUBTS
from tests.tools.core_sentences import _of_module, collect

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
VALUE = re.compile(r"\{\w+\}")
MANY = re.compile(r"…|(?<=\.)\s+")  # what differs, or the end of a sentence
# What is said in parts of a sentence that are of no use alone.
PARTS = {"of another part of the body", "something unknown", "something near the chest", "another part of the body"}


def _rows(page: str) -> list[str]:
    """The first cells of the tables."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]


def _sentences() -> set[str]:
    """All that the program can say, … in the place of values."""
    stored = ET.parse(ROOT / "resources" / "translations" / "squid_zh_TW.ts").getroot()  # noqa: S314 - our own file
    translated = (source.text or "" for source in stored.iter("source"))
    return {VALUE.sub("…", text) for text in chain(collect(), translated)}


def test_every_message_of_the_guide_is_one_that_the_program_says() -> None:
    known = _sentences()
    said = [row for row in _rows("messages.md") if row != "it says"]
    assert len(said) > 100
    for row in said:
        parts = [part.strip() for part in MANY.split(row) if part.strip()]
        assert row in known or all(any(part in text for text in known) for part in parts), row


@pytest.mark.parametrize("module", ["squid_core/dicom/verdict.py", "squid_core/inference/doubts.py"])
def test_every_reason_to_ask_to_refuse_or_to_doubt_is_in_the_guide(module: str) -> None:
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    guide = " ".join((DOCS / "messages.md").read_text(encoding="utf-8").split())
    said = {VALUE.sub("…", text) for text in _of_module(tree)} - PARTS | {LATERAL_VIEW, *DOUBTS}
    missing = [text for text in said if any(part.strip(" .") not in guide for part in text.split("…"))]
    assert missing == []


def test_every_key_of_the_guide_is_one_of_the_program() -> None:
    keys = {key.replace(" ", "") for spec in SPECS for key in spec.keys}
    text = (DOCS / "user-guide.md").read_text(encoding="utf-8")
    table = text[text.index("## Keys and mouse") :]
    named = {key for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for key in re.findall(r"`([^`]+)`", row)}
    assert len(named) > 40
    assert named - keys == set()
