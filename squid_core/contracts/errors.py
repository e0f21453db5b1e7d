"""The one family of errors."""

from __future__ import annotations


class SquidError(Exception):
    """A failure said in plain words.

    Attributes:
        title: what went wrong, in a few words.
        advice: what the user can do about it.
        detail: what an engineer needs; never a patient identifier.
    """

    def __init__(self, title: str, advice: str = "", detail: str = "") -> None:
        super().__init__(title, advice, detail)
        self.title, self.advice, self.detail = title, advice, detail

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()
