"""Text from outside, made harmless: one line of it, and cells of a table."""

from __future__ import annotations

import hashlib
import re
import unicodedata

MAX_TEXT = 256
_UNREADABLE = re.compile("\ufffd[0-9A-F]{12}")


def clean_text(value: object, limit: int = MAX_TEXT) -> str:
    """One line of printable text: no control characters, no invisible or direction-changing ones, bounded."""
    text = str(value) if value is not None else ""
    if text.isascii() and text.isprintable():
        return " ".join(text[: 4 * limit].split())[:limit]
    kept = (" " if character in "\t\r\n\f\v" else character for character in text[: 4 * limit])
    line = "".join(character for character in kept if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join(line.split())[:limit]


def csv_cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula: what begins as one is preceded by an apostrophe."""
    cell = clean_text(value, 4 * MAX_TEXT)
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "'", "|", "%")) else cell


def unreadable(value: bytes) -> str:
    """What stands for text whose characters nobody can tell: the same for the same bytes, another for others."""
    digest = hashlib.sha256(value.strip(b" \0")).hexdigest()
    return f"\ufffd{digest[:12].upper()}"


def is_unreadable(text: str) -> bool:
    """Whether `unreadable` text stands there."""
    return _UNREADABLE.fullmatch(text) is not None


def holds_unreadable(text: str) -> bool:
    """Whether `unreadable` text stands somewhere in it."""
    return _UNREADABLE.search(text) is not None
