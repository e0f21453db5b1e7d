"""What the documents promise: links that lead somewhere, commands that exist, targets that are in the Makefile."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.__main__ import _parser as viewer_parser
from squid_core.bundle.card import Card
from squid_core.cli import build_parser as squid_parser
from squid_core.contracts.radiograph import Identity
from squid_core.model.config import NetworkConfig
from squid_core.training.preset import Preset

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)")


def _commands(program: str) -> Iterator[list[str]]:
    """Arguments of every line of a shell block that calls `program`, comments left out."""
    for document in DOCUMENTS:
        for block in FENCE.findall(document.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == [program]:
                    yield words[1:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_command_lines_of_the_documents_are_understood() -> None:
    squid, viewer = list(_commands("squid")), list(_commands("squid-viewer"))
    assert len(squid) >= 5
    assert viewer
    for arguments in squid:
        squid_parser().parse_args(arguments)
    for arguments in viewer:
        viewer_parser().parse_args(arguments)


def test_the_presets_and_weights_that_the_documents_name_exist() -> None:
    named = [dict(pairwise(arguments)) for arguments in _commands("squid")]
    presets = {words["--preset"] for words in named if "--preset" in words}
    assert presets <= {path.stem for path in (ROOT / "squid_core" / "training" / "presets").glob("*.toml")}
    shipped = {path.parent.name for path in (ROOT / "weights").glob("*/card.json")}
    assert {"zhanglab", "adult"} <= shipped


def test_every_target_that_is_documented_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        for target in re.findall(r"\bmake ([a-z]+)\b(?=[`\s]*$|`|\s+#|\s+TORCH)", document.read_text(), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target} in {document.name}"


@pytest.mark.parametrize("value", [Card, Identity, Preset, NetworkConfig], ids=lambda value: str(value.__name__))
def test_every_field_of_a_published_format_is_described(value: type) -> None:
    fields = [field.name for field in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else None
    described = re.findall(r"^    (\w+): ", (inspect.getdoc(value) or "").partition("Attributes:")[2], re.MULTILINE)
    assert described == (fields or list(getattr(value, "model_fields", ()))), "each once, in the order of the fields"


@pytest.mark.parametrize(
    "document", ["architecture.md", "decisions.md", "experiments.md", "CONTRIBUTING.md", "SECURITY.md"]
)
def test_every_module_and_folder_that_a_document_names_is_there(document: str) -> None:
    """In backticks, from the top, below a package, or below one of its rooms."""
    (text,) = (path.read_text(encoding="utf-8") for path in DOCUMENTS if path.name == document)
    tops = ("", "app/", "app/ui/", "squid_core/", "squid_core/*/", "tests/benchmarks/")
    named = re.findall(r"`([\w./]+/[\w./]*|[\w/]+\.(?:py|toml|sh))`", text)
    # What is no part of the checkout.
    outside = (
        "../",
        "build/",
        "dist/",
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
    file = ""
    for stated, name in re.findall(r"`(tests/[\w/]+\.py)?::(\w+)`", text):
        file = stated or file  # a second test of a line may leave its file out
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
