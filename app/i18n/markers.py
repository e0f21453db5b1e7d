"""Marks words for the translators where they cannot be translated yet: Qt's own markers, with a type."""

from __future__ import annotations


def QT_TR_NOOP(text: str) -> str:  # noqa: N802 - the name that lupdate looks for
    """The text as it is; lupdate has seen it, and `tr` translates it where it is shown."""
    return text


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name that lupdate looks for
    """The same, for a context of its own."""
    return text
