"""Text from outside, made harmless: one line of it, and cells of a table."""

from __future__ import annotations

import unicodedata

MAX_TEXT = 256


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
