"""The documents, the commands in them, and who runs each: none belongs to nobody.

A command is a line of a block of shell (```sh), or a whole command between backticks in the text.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.__main__ import _parser as viewer_parser
from squid_core.cli import build_parser as squid_parser

ROOT = Path(__file__).resolve().parents[2]
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
PARSERS = {"squid": squid_parser, "squid-viewer": viewer_parser}
HISTORY = "CHANGELOG.md"  # says what was, and need not be right today

_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ASSIGNMENTS = re.compile(r"([A-Z_]+=\S* )*")
_COMMENT = re.compile(r"\s+# .*")
_PROGRAMS = re.compile(
    r"(\.venv/bin/)?(squid(-viewer)?|make|python\d?|pip|pytest|torchrun|dask|git|sh|bash|sudo|apt(-get)?|dpkg|tar|pyinstaller|"
    r"ruff|mypy|lint-imports|pre-commit|systemctl|echoscu|storescu|openssl|sqlite3|(\./)?\S*install\.sh|dist/\S+) "
)
_GAP = re.compile(r"\b(DIR|NAME|ADDRESS|ARCHIVE|NUMBER:LINK)\b|\.\.\.")


@dataclass(frozen=True, slots=True)
class Command:
    """What a reader of a document may copy into a terminal.

    Attributes:
        page: the document, from the checkout's root.
        text: as it stands there, its continuation lines joined.
        in_block: it stands in a block, not in a sentence.
    """

    page: str
    text: str
    in_block: bool

    @property
    def variables(self) -> dict[str, str]:
        """What is set before the program."""
        found = _ASSIGNMENTS.match(self.text)
        return dict(one.split("=", 1) for one in shlex.split(found.group())) if found else {}

    @property
    def bare(self) -> str:
        """Without what is set before it, and without a comment behind it."""
        return _COMMENT.sub("", _ASSIGNMENTS.sub("", self.text, count=1))

    @property
    def words(self) -> list[str]:
        """The program and its arguments, as a shell has them; `~` is the user's folder."""
        return [os.path.expanduser(word) for word in shlex.split(self.bare)]  # noqa: PTH111 - a word is not always a path


def blocks(text: str, language: str) -> list[str]:
    """What stands in a document to be copied, in order and without its indentation."""
    return [
        "".join(line.removeprefix(indent) for line in block.splitlines(keepends=True))
        for indent, stated, block in _BLOCK.findall(text)
        if stated == language
    ]


@cache
def commands() -> tuple[Command, ...]:
    """All of them, page by page, each once a page."""
    found: dict[Command, None] = {}
    for path in PAGES:
        if path.name == HISTORY:
            continue
        page, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        for block in blocks(text, "sh"):
            for line in re.sub(r"\\\n *", "", block).splitlines():
                if line.strip() and not line.startswith("#"):
                    found[Command(page, line.strip(), in_block=True)] = None
        for code in _CODE.findall(_BLOCK.sub("", text)):
            command = Command(page, code, in_block=False)
            if _PROGRAMS.match(command.bare) and not any(one.bare == command.bare for one in found if one.page == page):
                found[command] = None
    return tuple(found)


# Who runs a command: a test that takes all that is given to it (`given_to`), or, below, why none does.
READING, WINDOW, TRAINING, OWN_PRESET, ADAPTING = (
    "at the desk",
    "in the window",
    "a training",
    "a preset",
    "one's own normals",
)
FORGETTING, ADMINISTRATION = "forgetting", "an administrator"
PACS, NODE, CERTIFICATES, CLUSTER, CHECKOUT = "a PACS", "the node", "certificates", "a cluster", "in the checkout"
# These are looked at and not run. What they name has to exist (test_commands.py).
MAKE = "make: .ci/run, `make bundle-test`, or by hand what takes an hour or a network"
PYTEST = "pytest: a part of the suite or a benchmark of minutes"
TOOL = "a tool of the tests that takes hours"
HOURS = "hours, on data that are not in the checkout"
PATTERN = "gaps for the reader to fill, a name, or the short form of what stands in a block"
WITHOUT_A_USER = "tests/app/test_command_line.py"
SELF_TEST = "tests/app/headless/test_self_test.py"  # and `make bundle-test`, from the frozen program
ONE_MACHINE = "tests/squid_core/cluster/test_cluster_command.py"
INSTALLING = "changes this machine: tests/test_installer.py, and a bare root (tests/frozen)"
SETUP = "changes this machine: sets up Python, fetches from the network"

# First rule that fits: of which pages, which commands (both as regular expressions), whose.
_RULES = (
    ("", r"make( |$)", MAKE),
    ("", r"(\S+/python -m )?pytest ", PYTEST),
    ("", r"python -m pytest ", PYTEST),
    ("", r"(\.venv/bin/)?python -m tests\.", TOOL),
    ("", r"pip install |python -m venv |\.venv\\Scripts\\activate", SETUP),
    ("", r"sha256sum |sudo apt-get |\S*/install\.sh\b|tar \S+ --file squid-viewer-\d", INSTALLING),
    ("docs/administration.md", r"squid-viewer --show-settings|squid forget |tar ", ADMINISTRATION),
    ("", r"squid-viewer --self-test", SELF_TEST),
    ("", r"squid-viewer FOLDER --snapshot ", WITHOUT_A_USER),
    ("", r"torchrun ", PATTERN),
    ("docs/experiments.md", r"squid ", HOURS),
    ("", r"squid triage FOLDER --cluster local:2", ONE_MACHINE),
    ("docs/scale.md", r"(dask|squid triage) ", CLUSTER),
    ("docs/network.md", r"(openssl|printf|chmod) ", CERTIFICATES),
    ("docs/network.md", r"(echoscu|storescu) ", NODE),
    ("", r"squid (fetch|send|peers|node)\b", PACS),
    ("docs/network.md", r"squid (triage|export) ", PACS),
    ("docs/development.md", r"squid (pack|train|evaluate) ", OWN_PRESET),
    ("", r"squid (train|evaluate) |squid triage FOLDER --weights my-bundle", TRAINING),
    ("", r"squid (adapt|triage our-archive) ", ADAPTING),
    ("", r"squid forget\b", FORGETTING),
    ("", r"squid (triage|explain|export|audit) ", READING),
    ("", r"(\.venv/bin/)?squid-viewer\b", WINDOW),
    ("", r"\.venv/bin/pre-commit ", CHECKOUT),
    ("", r"\.venv/bin/python -(X|m cProfile)\b", READING),
)


def whose(command: Command) -> str:
    """Who runs a command, or why nobody does; '' for nobody, which is a fault."""
    if not command.in_block and is_pattern(command):
        return PATTERN
    return next(
        (who for page, form, who in _RULES if re.search(page, command.page) and re.match(form, command.bare)), ""
    )


def is_pattern(command: Command) -> bool:
    """A command in a sentence that is only named, has gaps for the reader to fill, or stands whole in a block."""
    if command.words[0] not in PARSERS:
        return False
    if _GAP.search(command.bare) or any(one.in_block and one.bare.startswith(command.bare) for one in commands()):
        return True
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            parsed(command)
    except SystemExit:
        return True
    return False


def parsed(command: Command) -> argparse.Namespace:
    """The arguments of one of our two programs.

    Raises:
        SystemExit: the program would refuse them.
    """
    program, *arguments = command.words
    return PARSERS[program]().parse_args(arguments)


def given_to(runner: str, page: str = "") -> list[Command]:
    """The commands that a test has to run, in the order of the documents; of one page, where it is named."""
    return [one for one in commands() if whose(one) == runner and one.page.startswith(page)]
