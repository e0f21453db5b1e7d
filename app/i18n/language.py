"""The language of the window: `tr` for words in the sources of the window, `say` for sentences from below it.

Whoever builds a widget asks `tr` for its words, so the words follow the language when the window is built anew.
Domain, storage, services and the core speak English (their sentences are stored and logged); the window translates
them where it shows them. They are known from `core_sentences`, which `tests/tools/core_sentences.py` makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.domain.settings import Language
from app.i18n.core_sentences import SENTENCES
from app.i18n.markers import QT_TR_NOOP as QT_TR_NOOP
from app.paths import resource

CORE = "core"  # context of the sentences from below the window
MANY_SENTENCES = 12  # of one message; what is longer is translated sentence by sentence
# A value in a sentence of the core; it holds no end of a sentence, so a sentence never swallows the next one.
_VALUE = r"(?P<{name}>(?:(?![.?!:] [A-Z]).)*?)"
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.?!…]) (?=[A-Z“0-9])")

_installed: list[QTranslator] = []
_language = Language.ENGLISH


def tr(text: str, comment: str = "") -> str:
    """The words in the language of the window.

    Args:
        text: English; a literal, for that is what lupdate finds. Values are put in afterwards, with `format`.
        comment: tells two uses of the same English words apart.
    """
    return QCoreApplication.translate("", text, comment)


def language() -> Language:
    """The language in use."""
    return _language


def resolve(choice: str) -> Language:
    """The language for a choice in the settings; SYSTEM follows the machine, as far as there is a translation."""
    if choice != Language.SYSTEM:
        return Language(choice)
    traditional = QLocale.system().script() == QLocale.Script.TraditionalHanScript
    return Language.CHINESE if traditional else Language.ENGLISH


def use_language(choice: str) -> None:
    """Speak another language from now on; windows that are open keep their words.

    Args:
        choice: of the settings.
    """
    global _language
    for translator in _installed:
        QCoreApplication.removeTranslator(translator)
    _installed.clear()
    _language = resolve(choice)
    QLocale.setDefault(QLocale(_language))
    say.cache_clear()
    if _language == Language.ENGLISH:
        return
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qt), ("squid", str(resource("translations")))):
        translator = QTranslator()
        if translator.load(f"{name}_{_language}", folder):
            QCoreApplication.installTranslator(translator)
            _installed.append(translator)


@lru_cache(maxsize=1024)
def say(message: str) -> str:
    """A message of the core in the language of the window; what is not known stays as it is.

    Args:
        message: one English sentence or several, with their values in them.
    """
    if _language == Language.ENGLISH or not message:
        return message
    sentences = _SENTENCE_END.split(message)
    said: list[str] = []
    while sentences:
        # Some templates are two sentences long: the longest that is known wins.
        for count in range(min(len(sentences), MANY_SENTENCES), 0, -1):
            known = _known(" ".join(sentences[:count]))
            if known is not None:
                break
        said.append(sentences[0] if known is None else known)
        del sentences[:count]
    return join(said)


def join(sentences: Iterable[str]) -> str:
    """Sentences behind each other; a full stop of Chinese is as wide as a character and needs no space."""
    text = ""
    for sentence in filter(None, sentences):
        text += sentence if not text or text[-1] in "。？！：…" else f" {sentence}"
    return text


def _known(sentence: str) -> str | None:
    exact = QCoreApplication.translate(CORE, sentence)
    if exact != sentence:
        return exact
    for pattern, source in _templates():
        match = pattern.fullmatch(sentence)
        if match is not None:
            words = QCoreApplication.translate(CORE, source)
            return words.format_map({name: _value(value) for name, value in match.groupdict().items()})
    return None


def _value(value: str) -> str:
    """A value may be a phrase of the core itself, such as "an ultrasound image"."""
    inner = value.strip()
    known = _known(inner) if inner else None
    return value if known is None else value.replace(inner, known)


@lru_cache(maxsize=1)
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with values in them, the most literal first."""
    made = []
    for source in SENTENCES:
        parts = _PLACE.split(source)
        if len(parts) > 1:
            regex = "".join(
                re.escape(part) if at % 2 == 0 else _VALUE.format(name=part) for at, part in enumerate(parts)
            )
            made.append((len("".join(parts[::2])), re.compile(regex, re.DOTALL), source))
    return tuple((pattern, source) for _, pattern, source in sorted(made, key=lambda entry: -entry[0]))
