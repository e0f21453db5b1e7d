"""What the documents promise: links that lead somewhere, paths and tests that exist. For commands: tests/documents."""

from __future__ import annotations

import dataclasses
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from squid_core.bundle.card import Card
from squid_core.contracts.radiograph import Identity
from squid_core.model.config import NetworkConfig
from squid_core.training.preset import Preset
from tests.documents.pages import PAGES, ROOT

LINK = re.compile(r"\]\(([^)\s]*)\)")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def links(page: Path) -> list[tuple[Path, str]]:
    """Where the links of a page lead inside the checkout: the file, and the heading or ''."""
    targets = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    parts = [target.partition("#") for target in targets if "://" not in target]
    return [(page.parent / path if path else page, anchor) for path, _, anchor in parts]


@cache
def anchors(page: Path) -> set[str]:
    """Of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_a_heading_in_it(page: Path) -> None:
    assert [path.name for path, _ in links(page) if not path.exists()] == []
    assert [anchor for path, anchor in links(page) if anchor and anchor not in anchors(path.resolve())] == []


def test_every_document_is_reached_from_the_readme() -> None:
    reached, new = set[Path](), [ROOT / "README.md"]
    while new:
        page = new.pop()
        reached.add(page)
        new += [path for one, _ in links(page) if (path := one.resolve()).suffix == ".md" and path not in reached]
    in_english = [page for page in PAGES if "." not in page.stem]  # of another language: name.zh_TW.md beside name.md
    assert [page.name for page in in_english if page not in reached] == []
    assert [page.name for page in PAGES if page.with_name(f"{page.name.split('.')[0]}.md") not in in_english] == []


@pytest.mark.parametrize("value", [Card, Identity, Preset, NetworkConfig], ids=lambda value: str(value.__name__))
def test_every_field_of_a_published_format_is_described(value: type) -> None:
    fields = [field.name for field in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else None
    described = re.findall(r"^    (\w+): ", (inspect.getdoc(value) or "").partition("Attributes:")[2], re.MULTILINE)
    assert described == (fields or list(getattr(value, "model_fields", ()))), "each once, in the order of the fields"


@pytest.mark.parametrize(
    "document",
    ["architecture.md", "decisions.md", "development.md", "experiments.md", "CONTRIBUTING.md", "SECURITY.md"],
)
def test_every_module_and_folder_that_a_document_names_is_there(document: str) -> None:
    """In backticks, from the top, below a package, or below one of its rooms."""
    (text,) = (path.read_text(encoding="utf-8") for path in PAGES if path.name == document)
    tops = ("", "app/", "app/ui/", "squid_core/", "squid_core/*/", "tests/benchmarks/")
    named = re.findall(r"`([\w./]+/[\w./]*|[\w/]+\.(?:py|toml|sh))`", text)
    # What is no part of the checkout.
    outside = (
        "../",
        "build/",
        "dist/",
        "_internal/",
        "logs/",
        "matplotlib/",
        "backups/",
        "bundles/",
        "incoming/",
        "outbox/",
        "sending/",
    )
    named = [name for name in named if not name.startswith(outside)]
    assert named
    assert [name for name in named if not any(list(ROOT.glob(f"{top}{name}")) for top in tops)] == []


def test_every_line_of_the_conformance_statement_is_held_by_a_test() -> None:
    text = (ROOT / "docs" / "dicom.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| what |")]
    assert len(rows) > 50
    assert [row for row in rows if not re.search(r"`tests/[\w/]+\.py::\w+`", row)] == []
    assert_tests_are_there(text)


def test_every_attack_is_held_by_a_test_or_said_not_to_be() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| attack |")]
    assert len(rows) > 40
    unheld = [row for row in rows if not re.search(r"`tests/[\w/]+\.py(::\w+)?`", row)]
    assert [row for row in unheld if not row.endswith("| none |")] == []
    assert [row for row in unheld if not re.search(r"\bnot (protected|watched)\b", row)] == []
    assert_tests_are_there(text)


def assert_tests_are_there(text: str) -> None:
    """Each that a page names; a second one of the same file may leave that out."""
    assert [name for name in re.findall(r"`(tests/[\w/]+\.py)`", text) if not (ROOT / name).exists()] == []
    file = ""
    for stated, name in re.findall(r"`(tests/[\w/]+\.py)?::(\w+)`", text):
        file = stated or file  # a second test of a line may leave its file out
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
