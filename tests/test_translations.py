"""The translations are whole, fit the sources, and are what is shown."""

from __future__ import annotations

import ast
import json
import re
import shutil
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import torch
from PySide6.QtCore import QTranslator

from app.i18n.core_sentences import SENTENCES
from app.ui.study.component_bars import component_name
from squid_core.contracts.detection import DetectorSettings
from squid_core.model.config import NetworkConfig
from squid_core.model.squid import Squid
from squid_core.training.preset import Component, load_preset
from tests.tools import core_sentences, translations

Message = tuple[str, str, str]  # context, English, comment
of_every_language = pytest.mark.parametrize("ts", translations.FILES, ids=lambda ts: ts.stem)


def messages(ts: Path) -> dict[Message, str | None]:
    """Translations in a .ts file; None where it is unfinished."""
    found: dict[Message, str | None] = {}
    for context in ET.parse(ts).getroot().iter("context"):  # noqa: S314 - our own file
        for message in context.findall("message"):
            key = (context.findtext("name") or "", message.findtext("source") or "", message.findtext("comment") or "")
            node = message.find("translation")
            assert node is not None
            found[key] = None if node.get("type") or not node.text else node.text
    return found


def translated_calls(repository: Path) -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((repository / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("tr", "QT_TR_NOOP"):
                yield path.name, node


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_sentences_of_the_core_are_those_of_the_sources() -> None:
    written = core_sentences.TARGET.read_text(encoding="utf-8")
    assert written == core_sentences.module_text(core_sentences.collect()), "run `make translations`"


@of_every_language
def test_the_translations_are_those_of_the_sources(ts: Path, tmp_path: Path) -> None:
    copy = tmp_path / ts.name
    shutil.copy(ts, copy)
    translations.update(copy)
    assert messages(copy).keys() == messages(ts).keys(), "run `make translations`"


@of_every_language
def test_nothing_is_left_in_english(ts: Path) -> None:
    unfinished = [key for key, words in messages(ts).items() if words is None]
    assert unfinished == [], "translate them in the .ts file and run `make translations`"


@of_every_language
def test_every_value_has_its_place_in_the_translation(ts: Path) -> None:
    wrong = {
        english: words
        for (_, english, _), words in messages(ts).items()
        if words is not None and places(english) != places(words)
    }
    assert wrong == {}


@of_every_language
def test_what_is_compiled_is_what_was_translated(ts: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(ts.with_suffix(".qm")))
    for (context, english, comment), words in messages(ts).items():
        assert translator.translate(context, english, comment) == words


def test_lupdate_can_see_every_text_that_is_translated(repository: Path) -> None:
    known = {english for context, english, _ in messages(translations.FILES[0]) if context == ""}
    for name, call in translated_calls(repository):
        argument = call.args[0]
        if isinstance(argument, ast.Constant):
            assert argument.value in known, f"{name}: {argument.value!r} is where lupdate does not look"
        else:  # a marked constant or a field of one; never words put together on the spot
            assert isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call), f"{name}:{call.lineno}"


def test_whatever_a_score_may_be_made_of_has_a_name() -> None:
    """A preset names a quantity, or the first word of several."""
    tiny, critic = load_preset("tiny").network.model_dump(), {"lesion_widths": (4, 4, 8, 8), "lesion_size": 32}
    network = NetworkConfig.model_validate(tiny | critic)
    with torch.no_grad():
        values = Squid(network).eval().measure(torch.rand(2, 1, 32, 32), DetectorSettings(top_k=3)).values()
    for component in get_args(Component):
        names = [name for name in values if component in (name, name.split()[0])]
        assert names, component
        assert [name for name in names if component_name(name) == name] == []


def test_what_the_shipped_scores_are_made_of_has_a_name(repository: Path) -> None:
    for card in (repository / "weights").glob("*/card.json"):
        components = json.loads(card.read_text(encoding="utf-8"))["calibration"]["components"]
        assert set(components) <= set(SENTENCES), card.parent.name


SHOWN = {
    "QLabel", "QPushButton", "QCheckBox", "QAction", "QDockWidget", "plain_label", "name_control", "ElidedLabel",
    "setText", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setWindowTitle", "setPlaceholderText",
    "addMenu", "addTab", "setStatusTip", "set_badge", "set_message", "set_whole", "add_row",
}  # fmt: skip
NAMES_OF_STYLES = re.compile(r"^[a-z]\w*$")  # object names of the style sheet
NOT_WORDS = {"SQUID Viewer"}


def test_no_widget_is_given_words_that_were_not_translated(repository: Path) -> None:
    bare = []
    for path in sorted((repository / "app" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in SHOWN:
                continue
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                for text in _words(argument):
                    bare.append(f"{path.name}:{node.lineno} {text}")
    assert bare == []


def _words(argument: ast.expr) -> Iterator[str]:
    """Literals with words in them."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    if isinstance(argument, ast.IfExp):
        parts = [argument.body, argument.orelse]
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            text = part.value
            if re.search(r"[A-Za-z]{3}", text) and not NAMES_OF_STYLES.match(text) and text not in NOT_WORDS:
                yield text


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('"""It is a docstring."""', set()),
        ('x = "It is flat."', {"It is flat."}),
        ('x = f"It is {a.size} wide."', {"It is {size} wide."}),
        ('x = f"From {a} to {a}."', {"From {a} to {a2}."}),
        ('''x = f"All {n} file{'s' if n > 1 else ''}."''', {"All {n} file.", "All {n} files."}),
        ('log.info("It is written.")', set()),
        ('cursor.execute("SELECT a FROM b WHERE c = ?")', set()),
        ('raise ValueError("It is a bug.")', set()),
        ('MODALITY_NAMES = {"US": "an ultrasound"}', {"an ultrasound"}),
        ('x = "Is this so? " + y', {"Is this so?"}),
    ],
)
def test_sentences_are_told_from_other_literals(source: str, found: set[str]) -> None:
    assert set(core_sentences._of_module(ast.parse(source))) == found
