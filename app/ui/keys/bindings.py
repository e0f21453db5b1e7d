"""The keys of all actions: the user's own where there are any, else the program's; and what stands in their way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import TypeAdapter, ValidationError
from PySide6.QtGui import QAction, QKeySequence

from app.ui.keys.specs import SPECS

Keys = dict[str, tuple[str, ...]]  # name of the action -> its keys in Qt's portable words, such as "Ctrl+R"

MAX_KEYS = 4  # of one action
# Keys that move the focus or press what has it: only the actions that the program gives them to may have them.
RESERVED = ("Tab", "Shift+Tab", "Return", "Enter")
_ENTRY = TypeAdapter(tuple[str, ...])


@cache
def default_keys() -> Mapping[str, tuple[str, ...]]:
    """The program's own; the names of their keys are worked out once."""
    return {spec.name: tuple(portable(key) for key in spec.keys) for spec in SPECS}


def all_keys(own: Mapping[str, tuple[str, ...]]) -> Keys:
    """Of every action: the user's where there are any, else the program's, less those that the user gave away.

    This is what the session holds.
    """
    taken = {key for keys in own.values() for key in keys}
    return {
        name: own[name] if name in own else tuple(key for key in keys if key not in taken)
        for name, keys in default_keys().items()
    }


def own_keys(keys: Mapping[str, tuple[str, ...]]) -> Keys:
    """The user's, out of the keys of every action."""
    defaults = default_keys()
    return {name: held for name, held in keys.items() if held != defaults[name]}


def portable(key: str) -> str:
    """One key as it is stored; '' where it is no key."""
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    # A word that is no key becomes an unknown one; a field of the settings holds one key, not several in turn.
    text = sequence.toString(QKeySequence.SequenceFormat.PortableText)
    return text if sequence.count() == 1 and QKeySequence(text) == sequence and text.isprintable() else ""


def read_keys(stored: Mapping[str, object]) -> tuple[Keys, int]:
    """The user's keys out of the settings; what is damaged, unknown or given twice is left out, and counted."""
    known, own, taken = default_keys(), Keys(), set[str]()
    for name, value in stored.items():
        keys = _valid(name, value)
        if name in known and keys is not None and not taken & set(keys):
            own[name] = keys
            taken |= set(keys)
    return own, len(stored) - len(own)


def may_have(name: str, key: str) -> bool:
    """Whether an action may have a key; a reserved one only where it is the program's own."""
    return bool(key) and (key not in RESERVED or key in default_keys().get(name, ()))


def _valid(name: str, value: object) -> tuple[str, ...] | None:
    try:
        keys = tuple(portable(key) for key in _ENTRY.validate_python(value))
    except ValidationError:
        return None
    good = len(keys) <= MAX_KEYS and len(set(keys)) == len(keys) and all(may_have(name, key) for key in keys)
    return keys if good else None


def holder_of(keys: Mapping[str, tuple[str, ...]], key: str, besides: str) -> str | None:
    """Name of the action, other than `besides`, that has a key; None where it is free."""
    return next((name for name, held in keys.items() if key in held and name != besides), None)


def with_keys(own: Mapping[str, tuple[str, ...]], name: str, keys: tuple[str, ...]) -> Keys:
    """The user's keys with those of one action changed; whoever had them goes without."""
    changed = {other: tuple(key for key in held if key not in keys) for other, held in all_keys(own).items()}
    changed[name] = keys
    return own_keys(changed)


def apply_keys(actions: Mapping[str, QAction], keys: Mapping[str, tuple[str, ...]]) -> None:
    """Give every action its keys, at once."""
    for name, held in keys.items():
        wanted = [QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText) for key in held]
        if actions[name].shortcuts() != wanted:
            actions[name].setShortcuts(wanted)


def key_of(keys: Mapping[str, tuple[str, ...]], name: str) -> str:
    """The first key of an action, as this machine's keyboard calls it; '' where it has none.

    Args:
        keys: of every action, as the session has them.
        name: of the action.
    """
    held = keys.get(name)
    return native(held[0]) if held else ""


def with_key(words: str, keys: Mapping[str, tuple[str, ...]], name: str) -> str:
    """Words on a control with the first key of its action behind them, as it is now; without where it has none."""
    key = key_of(keys, name)
    return f"{words} ({key})" if key else words


def native(key: str) -> str:
    """A key as this machine's keyboard calls it."""
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)
