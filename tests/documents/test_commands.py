"""No command of a document belongs to nobody, and what is not run names only what exists."""

from __future__ import annotations

import importlib.util
import re
import tomllib
from itertools import pairwise

import pytest

from squid_core.training.preset import preset_names
from tests.documents import pages
from tests.documents.pages import (
    HOURS,
    MAKE,
    ONE_MACHINE,
    PAGES,
    PARSERS,
    PATTERN,
    PYTEST,
    ROOT,
    SELF_TEST,
    SETUP,
    TOOL,
    WITHOUT_A_USER,
    Command,
    commands,
    given_to,
    parsed,
    whose,
)

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TESTS = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
LANGUAGES = {"sh", "json", "ini", "toml", "text", "python"}


def named(command: Command) -> str:
    return f"{command.page}: {command.text}"


def test_every_command_belongs_to_somebody() -> None:
    """A new one: let a test run it, or say in pages.py why none does."""
    assert [named(command) for command in commands() if not whose(command)] == []


def test_every_rule_of_whose_a_command_is_has_one() -> None:
    given = {whose(command) for command in commands()}
    assert {who for _, _, who in pages._RULES} - given == set()


def test_every_block_says_in_which_language_it_is() -> None:
    """Else a block of commands would be looked at by nobody."""
    for page in PAGES:
        fences = re.findall(r"^ *```(\w*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert {*fences[::2]} <= LANGUAGES, page.name
        assert {*fences[1::2]} <= {""}, page.name


def test_whoever_gets_commands_runs_them() -> None:
    names = {value: name for name, value in vars(pages).items() if name.isupper() and isinstance(value, str)}
    takers = {names[who] for command in commands() if (who := whose(command))}
    tests = "\n".join(text for path, text in TESTS.items() if path.name.startswith("test_"))
    assert [name for name in sorted(takers) if not re.search(rf"(given_to|one_by_one)\({name}\b", tests)] == []


def test_every_line_for_squid_is_understood() -> None:
    for command in commands():
        if command.words[0] in PARSERS and whose(command) != PATTERN:
            parsed(command)


@pytest.mark.parametrize("command", given_to(HOURS), ids=lambda command: command.bare)
def test_an_experiment_names_presets_that_exist(command: Command) -> None:
    preset = dict(pairwise(command.words)).get("--preset", "digit")
    assert preset in preset_names() or preset.endswith(".toml")  # one of the reader's own


@pytest.mark.parametrize("command", given_to(PATTERN), ids=named)
def test_what_is_only_named_exists_with_its_options(command: Command) -> None:
    program, *words = command.words
    if program == "torchrun":
        (module,) = (after for word, after in pairwise(words) if word == "-m")
        assert importlib.util.find_spec(module)
        assert any("torch.distributed.run" in text and words[0] in text for text in TESTS.values())
        return
    parser = PARSERS[program]()
    for word in words:
        choices = next((action.choices for action in parser._actions if isinstance(action.choices, dict)), {})
        if choices:
            assert word in choices, named(command)
            parser = choices[word]
    said = parser.format_help()
    assert [word for word in words if word.startswith("-") and not re.search(rf"{word}\b", said)] == []


@pytest.mark.parametrize("command", given_to(MAKE), ids=named)
def test_a_target_is_in_the_makefile(command: Command) -> None:
    for word in command.words[1:]:
        variable, is_set, _ = word.partition("=")
        form = rf"^{variable} \?=" if is_set else rf"^{word}:"
        assert re.search(form, MAKEFILE, re.MULTILINE), named(command)


@pytest.mark.parametrize("command", given_to(PYTEST), ids=named)
def test_tests_that_are_named_exist_and_read_what_is_set_for_them(command: Command) -> None:
    words = [*command.words]
    chosen = words.pop(words.index("-k") + 1) if "-k" in words else ""
    files = [path for word in words if "/" in word and word[0] != "." for path in ROOT.glob(word.replace("NAME", "*"))]
    assert len(files) >= len([word for word in words if word.startswith("tests/")]) > 0
    assert chosen in "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    for name in command.variables:
        assert any(f'"{name}"' in text for text in TESTS.values()), name


@pytest.mark.parametrize("command", given_to(TOOL), ids=named)
def test_a_tool_is_a_program(command: Command) -> None:
    (module,) = (after for word, after in pairwise(command.words) if word == "-m")
    assert '__name__ == "__main__"' in (ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8")


@pytest.mark.parametrize("command", given_to(SETUP), ids=named)
def test_what_is_installed_is_an_extra_of_the_project(command: Command) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    asked = re.findall(r"\[([\w,]+)\]", command.text)
    assert {extra for one in asked for extra in one.split(",")} <= {*extras}


@pytest.mark.parametrize(
    "command", [*given_to(SELF_TEST), *given_to(WITHOUT_A_USER), *given_to(ONE_MACHINE)], ids=named
)
def test_another_test_of_the_suite_runs_it(command: Command) -> None:
    test = (ROOT / whose(command)).read_text(encoding="utf-8")
    assert [word for word in command.words if word.startswith("--") and f'"{word}"' not in test] == []


def test_every_command_of_squid_is_listed() -> None:
    (choices,) = (action.choices for action in PARSERS["squid"]()._actions if isinstance(action.choices, dict))
    table = (ROOT / "docs" / "command-line.md").read_text("utf-8").partition("## All commands")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `squid")]
    assert [name for row in rows for name in re.findall(r"`(?:squid )?(\w+)`", row)] == [*choices]
