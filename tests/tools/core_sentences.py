"""Collects the sentences that rooms without Qt say to the user, so that they can be translated.

`squid_core`, `app.domain`, `app.storage` and `app.services` speak English: their sentences are stored in the worklist's
database and written to logs. The window translates them where it shows them (`app.i18n.language.say`). This tool
reads their sources and writes the sentences into `app/i18n/core_sentences.py`, where lupdate finds them:
`python -m tests.tools.core_sentences`. `make translations` runs it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "app" / "i18n" / "core_sentences.py"
SOURCES = (
    "squid_core/*.py", "squid_core/contracts/**/*.py", "squid_core/dicom/**/*.py", "squid_core/export/**/*.py",
    "squid_core/network/**/*.py",
    "squid_core/adaptation/**/*.py", "squid_core/bundle/**/*.py", "squid_core/evaluation/model_card.py",
    "squid_core/inference/**/*.py", "app/main.py",
    "app/paths.py", "app/domain/**/*.py", "app/storage/**/*.py", "app/services/**/*.py", "app/headless/phantom.py",
)  # fmt: skip
# What only the command line or an exported document says, or what is translated with `tr` where it stands.
LEFT_OUT = (
    "cli.py", "audit.py", "terminal.py", "plots.py", "long_runs.py", "report.py", "explain_file.py", "explanation.py",
    "drawing.py",
    "worklist_csv.py", "page.py", "panes.py", "parts.py", "capture.py",
)  # fmt: skip
SENTENCE = re.compile(r"^[A-Z{“].*[.?:…)]$", re.DOTALL)
PHRASE = re.compile(r"^(an?|something|chosen by|age unknown,|detector,|at|in the|The|Reading) [\w ,{}-]+$")
SQL = re.compile(r"^(SELECT|INSERT|DELETE|FROM|WHERE|UPDATE|HOMO|CREATE|EXISTS|NOT EXISTS|PRAGMA|VACUUM) ")
WORD_TABLES = re.compile(r"^_?[A-Z_]*(NAMES|WORDS)$")  # tables whose values are put into sentences
BUGS = {"ValueError", "TypeError", "KeyError", "RuntimeError", "TransitionError"}  # no user sees these
LOGGERS = {"log", "logger", "logging"}
MIN_WORDS = 2
# Put into sentences, and too short to be known from their looks: files and images, and what a score is made of.
SINGLE_WORDS = (
    "file", "folder", "magnified", "magnified by {factor}", "{count} file", "{count} files", "1 image",
    "{count} images", "how many is not known",
    "discriminator", "texture pattern", "texture coarse", "texture symmetry", "texture residual",
    "lesion map", "lesion logit", "anatomy", "memory", "patch", "elsewhere",
)  # fmt: skip

HEAD = '''"""Sentences from below the window, for translators. Made by `python -m tests.tools.core_sentences`."""

# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from app.i18n.markers import QT_TRANSLATE_NOOP

SENTENCES: tuple[str, ...] = (
'''


def collect(root: Path = ROOT) -> tuple[str, ...]:
    """Every sentence and phrase, sorted; the values of an f-string are `{name}`."""
    found = set(SINGLE_WORDS)
    for path in _files(root):
        found.update(_of_module(ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(sorted(found))


def module_text(sentences: tuple[str, ...]) -> str:
    """The generated module."""
    lines = (f'    QT_TRANSLATE_NOOP("core", {_quoted(text)}),\n' for text in sentences)
    return HEAD + "".join(lines) + ")\n"


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        yield from (path for path in sorted(root.glob(source)) if path.name not in LEFT_OUT)


def _of_module(tree: ast.Module) -> Iterator[str]:
    skipped = {id(part) for node in ast.walk(tree) for part in _not_said(node)}
    inside: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in skipped or id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            texts = templates(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts = (node.value,)
        else:
            if isinstance(node, ast.Assign | ast.AnnAssign):
                yield from _word_table(node)
            yield from _asked_for(node)
            continue
        yield from filter(_is_said, (text.strip() for text in texts))


def _is_said(text: str) -> bool:
    """Whether a literal reads like a sentence, or like a phrase that is put into one."""
    words = re.findall(r"[A-Za-z]{2,}|^an? ", re.sub(r"\{\w+\}", "", text))
    return len(words) >= MIN_WORDS and not SQL.match(text) and bool(SENTENCE.match(text) or PHRASE.match(text))


def templates(node: ast.JoinedStr) -> tuple[str, ...]:
    """An f-string with the values as `{name}`; a name used twice gets a number.

    A value that is one of two literals, such as the "s" of a plural, makes two templates.
    """
    texts, seen = [""], set[str]()
    for part in node.values:
        if isinstance(part, ast.Constant):
            texts = [text + str(part.value) for text in texts]
        elif isinstance(part, ast.FormattedValue) and (words := _either(part.value)) is not None:
            texts = [text + word for text in texts for word in words]
        elif isinstance(part, ast.FormattedValue):
            name = base = _name(part.value)
            number = 2
            while name in seen:
                name, number = f"{base}{number}", number + 1
            seen.add(name)
            texts = [text + f"{{{name}}}" for text in texts]
    return tuple(texts)


def _either(node: ast.expr) -> tuple[str, str] | None:
    """The two literals of `"a" if x else "b"` and of `"s"[:many]`."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Constant):
        return "", str(node.value.value)
    if isinstance(node, ast.IfExp) and isinstance(node.body, ast.Constant) and isinstance(node.orelse, ast.Constant):
        return str(node.body.value), str(node.orelse.value)
    return None


def _name(node: ast.expr) -> str:
    """What a value is called, for the translator: the last plain name in the expression."""
    names = [part.attr if isinstance(part, ast.Attribute) else part.id
             for part in ast.walk(node) if isinstance(part, ast.Attribute | ast.Name)]  # fmt: skip
    plain = [name.strip("_").lower() for name in names if name not in ("self", "len", "str", "min", "max", "round")]
    return plain[0] if plain else "value"


def _not_said(node: ast.AST) -> Iterator[ast.AST]:
    """Parts that are no words for the user: docstrings, messages of asserts, what is written to a log."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first.value
    if isinstance(node, ast.Assert) and node.msg is not None:
        yield from ast.walk(node.msg)
    if isinstance(node, ast.Call):
        function = node.func
        logs = isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in LOGGERS
        others = isinstance(function, ast.Name) and function.id in {"tr", *BUGS}
        if logs or others:
            for argument in node.args:
                yield from ast.walk(argument)


def _asked_for(node: ast.AST) -> Iterator[str]:
    """A literal that is handed to whoever translates: `words("Limits")`, however short."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words" and node.args:
        text = node.args[0]
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield text.value


def _word_table(node: ast.Assign | ast.AnnAssign) -> Iterator[str]:
    """Values of a dictionary such as MODALITY_NAMES."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    named = any(isinstance(target, ast.Name) and WORD_TABLES.match(target.id) for target in targets)
    if named and isinstance(node.value, ast.Dict):
        for value in node.value.values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value:
                yield value.value


def _quoted(text: str) -> str:
    """A double-quoted literal, as the formatter wants it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def main() -> int:
    """Write the module."""
    TARGET.write_text(module_text(collect()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
