"""The underlined letters of the menus: one an entry, the same in every language, unique within each menu.

They are worked out from the English words, so that an action keeps its letter whatever its words say at the moment
("Undo: judgement") and in Chinese, where the letter stands behind them: 檔案(&F).
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from PySide6.QtGui import QAction

ELLIPSIS = "…"
_BEHIND = re.compile(r"\(&\w\)")
_INSIDE = re.compile(r"&(?!&)(?<!&&)")


def letters(entries: Sequence[str]) -> tuple[str, ...]:
    """A capital letter or digit for each entry of one menu.

    The first letter of a word where that is free, the earliest word first; else another letter of the words, else any.

    Args:
        entries: English words, 36 of them at most.

    Raises:
        ValueError: there are more entries than letters and digits.
    """
    free = [*string.ascii_uppercase, *string.digits]
    if len(entries) > len(free):
        raise ValueError("more entries than letters and digits")
    found = []
    for words in entries:
        initials = [word[0] for word in re.findall(r"[A-Za-z0-9]+", words)]
        wished = [*initials, *re.findall(r"[A-Za-z]", words), *free]
        letter = next(one.upper() for one in wished if one.upper() in free)
        free.remove(letter)
        found.append(letter)
    return tuple(found)


def with_mnemonic(words: str, letter: str) -> str:
    """Words of a menu with `&` before their letter: where a word begins, else wherever it is, else behind them."""
    for pattern in (rf"\b{letter}", letter):
        place = re.search(pattern, words, re.IGNORECASE | re.ASCII)
        if place is not None:
            return f"{words[: place.start()]}&{words[place.start() :]}"
    bare = words.rstrip(ELLIPSIS)
    return f"{bare}(&{letter}){words[len(bare) :]}"


def without_mnemonic(text: str) -> str:
    """The words of a menu's entry, as they would be said."""
    return _INSIDE.sub("", _BEHIND.sub("", text)).replace("&&", "&")


def words_of(action: QAction) -> str:
    """What an action is called away from the menus: no underlined letter, no dots."""
    return without_mnemonic(action.text()).rstrip(ELLIPSIS)


def keep_mnemonic(action: QAction, letter: str) -> None:
    """Underline a letter of an action, now and whenever its words change."""

    def follow() -> None:
        text = with_mnemonic(without_mnemonic(action.text()), letter)
        if action.text() != text:
            action.setText(text)

    follow()
    action.changed.connect(follow)
