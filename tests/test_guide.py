"""What the guide promises of the program: sentences that it really says, and keys that it really has.

A page in another language has whatever the English one has, in the words that the program uses in that language.
"""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.ui.help.guide_pages import GuidePlace, Page, page_of
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
TRANSLATED = sorted(DOCS.glob("*.*.md"))  # name.zh_TW.md beside name.md
KEYS = re.compile(r"`[^`]+`|(?:(?:Ctrl|Alt|Shift)\+)+(?:[A-Z0-9][A-Za-z0-9]*|,)|\bF\d+")
of_every_translated_page = pytest.mark.parametrize("page", TRANSLATED, ids=lambda path: path.name)


def _rows(page: str) -> list[str]:
    """The first cells of the tables."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    return [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ")]


@cache
def _translations(language: str) -> dict[str, set[str]]:
    """What the program says in a language, by the English, … in the place of values."""
    found = defaultdict[str, set[str]](set)
    stored = ROOT / "resources" / "translations" / f"squid_{language}.ts"
    for message in ET.parse(stored).getroot().iter("message"):  # noqa: S314 - our own file
        english, words = (message.findtext(part) or "" for part in ("source", "translation"))
        found[VALUE.sub("…", english)].add(VALUE.sub("…", words))
    return found


def _sentences() -> set[str]:
    """All that the program can say, … in the place of values."""
    return {VALUE.sub("…", text) for text in collect()} | _translations("zh_TW").keys()


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


def _both(page: Path) -> tuple[Page, Page, str]:
    """A page in English, the same in another language, and which that is."""
    name, language, _ = page.name.split(".")
    english = page.with_name(f"{name}.md").read_text(encoding="utf-8")
    return page_of(f"{name}.md", english), page_of(f"{name}.md", page.read_text(encoding="utf-8"), english), language


def _shape(text: str) -> Iterator[tuple[str, ...]]:
    """What a page is made of, block by block."""
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.splitlines()
        if lines[0].startswith("|"):
            yield ("table", *(str(line.count(" | ")) for line in lines))
        elif lines[0].startswith(("#", "![")):
            yield (re.sub(r"^(#+|!)[^(]*", r"\1", lines[0].split("(")[0]), *re.findall(r"^!.*\((.*)\)", block))
        elif markers := re.findall(r"^(?:[-*]|\d+\.) ", block, re.MULTILINE):
            yield ("list", *markers)
        else:
            yield ("text",)


@of_every_translated_page
def test_a_translated_page_has_every_part_of_the_english_one(page: Path) -> None:
    english, other, _ = _both(page)
    assert [one.level for one in other.headings] == [one.level for one in english.headings]
    sections = zip(*(re.split(r"^(?=#)", one.text, flags=re.MULTILINE) for one in (english, other)), strict=True)
    for first, second in sections:
        assert list(_shape(second)) == list(_shape(first)) if first else not second, second[:200]
    assert set(KEYS.findall(other.text)) == set(KEYS.findall(english.text))


@of_every_translated_page
def test_a_translated_page_leads_wherever_the_english_one_does(page: Path) -> None:
    english, other, language = _both(page)

    def places(shown: Page) -> Counter[tuple[str, str | int]]:
        found = Counter[tuple[str, str | int]]()
        for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", shown.text):
            place = GuidePlace.of(link, shown.name, language)
            assert place is not None
            within = place.page == shown.name and place.anchor
            found[place.page, shown.place(place.anchor) if within else place.anchor] += 1
        return found

    assert places(other) == places(english)


@of_every_translated_page
def test_a_translated_page_names_what_is_on_the_screen_as_the_screen_does(page: Path) -> None:
    english, other, language = _both(page)
    known, quoted = _translations(language), " ".join(re.findall("「([^」]+)」", other.text))
    for span in re.findall(r"(?<![*`\w])\*([^*`]+)\*(?!\*)", english.text):
        parts = [part.rstrip("…") for part in re.split(r" > |, ", " ".join(span.split()))]
        words = [{text.rstrip("…") for end in ("", "…") for text in known.get(part + end, ())} for part in parts]
        if all(words) and span[0].isupper():
            assert all(any(text in quoted for text in texts) for texts in words), span


def test_a_translated_message_is_the_one_that_the_program_says() -> None:
    pages = [page for page in TRANSLATED if page.name.startswith("messages.")]
    for page in pages:
        said = _translations(page.name.split(".")[1])
        rows = [pair for pair in zip(_rows("messages.md"), _rows(page.name), strict=True) if pair[0] in said]
        assert len(rows) > 100
        assert [(row, words) for row, words in rows if words not in said[row]] == []
    assert pages
