"""The underlined letters of the menus: one an entry, the same in every language, unique within each menu.

They are worked out from the English words, so that an action keeps its letter whatever its words say at the moment
("Undo: judgement") and in Chinese, where the letter stands behind them: 檔案(&F).
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from PySide6.QtGui import QAction

LETTERS = string.ascii_uppercase + string.digits
ELLIPSIS = "…"
_BEHIND = re.compile(r" ?\(&\w\)")
_INSIDE = re.compile(r"(&&)|&")


def letters(entries: Sequence[str]) -> tuple[str, ...]:
    """A capital letter or digit for each entry of one menu.

    A letter of its own words wherever there is a way to give one to all: the first of a word rather than another; an
    earlier entry gives way to a later one only where that had none (Kuhn's way of matching). Else any that is left.

    Args:
        entries: English words, 36 of them at most.

    Raises:
        ValueError: there are more entries than letters and digits.
    """
    if len(entries) > len(LETTERS):
        raise ValueError("more entries than letters and digits")
    holder: dict[str, int] = {}

    def seat(entry: int, seen: set[str]) -> bool:
        wished = [letter for letter in _wished(entries[entry]) if letter not in seen]
        for letter in sorted(wished, key=lambda letter: letter in holder):  # rather a free one
            seen.add(letter)
            if letter not in holder or seat(holder[letter], seen):
                holder[letter] = entry
                return True
        return False

    unseated = [entry for entry in range(len(entries)) if not seat(entry, set())]
    free = [letter for letter in LETTERS if letter not in holder]
    holder |= dict(zip(free, unseated, strict=False))
    found = {entry: letter for letter, entry in holder.items()}
    return tuple(found[entry] for entry in range(len(entries)))


def _wished(words: str) -> tuple[str, ...]:
    """Letters of the words, the first ones of each word before the others."""
    initials = re.findall(r"(?<![A-Za-z0-9])[A-Za-z0-9]", words)
    return tuple(dict.fromkeys(letter.upper() for letter in (*initials, *re.findall(r"[A-Za-z]", words))))


def with_mnemonic(words: str, letter: str) -> str:
    """Words of a menu with `&` before their letter: where a word begins, else wherever it is, else behind them.

    Args:
        words: an ampersand of theirs is doubled.
        letter: one of LETTERS.
    """
    for pattern in (rf"\b{letter}", letter):
        place = re.search(pattern, words, re.IGNORECASE | re.ASCII)
        if place is not None:
            return f"{words[: place.start()]}&{words[place.start() :]}"
    bare = words.rstrip(ELLIPSIS)
    space = " " if bare.isascii() else ""  # there is none before a bracket in Chinese
    return f"{bare}{space}(&{letter}){words[len(bare) :]}"


def without_mnemonic(text: str) -> str:
    """The words of a menu's entry, as they would be said."""
    return _bare(text).replace("&&", "&")


def _bare(text: str) -> str:
    """A menu's entry without its letter; an ampersand that is one of the words stays doubled."""
    return _INSIDE.sub(r"\1", _BEHIND.sub("", text))


def words_of(action: QAction) -> str:
    """What an action is called away from the menus: no underlined letter, no dots."""
    return without_mnemonic(action.text()).rstrip(ELLIPSIS)


def keep_mnemonic(action: QAction, letter: str) -> None:
    """Underline a letter of an action, now and whenever its words change."""

    def follow() -> None:
        text = with_mnemonic(_bare(action.text()), letter)
        if action.text() != text:
            action.setText(text)

    follow()
    action.changed.connect(follow)
