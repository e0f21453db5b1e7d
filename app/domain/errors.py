"""What the program tells its user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from squid_core.contracts.errors import SquidError


def sentence_of(error: BaseException) -> str:
    """What failed, in words; of what was not foreseen only its kind, for its text may name a patient."""
    return str(error) if isinstance(error, SquidError) else f"{type(error).__name__}."


class Severity(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the user: what happened, what to do, and details on demand. Plain text, no identifiers.

    Attributes:
        place: where the file lay that it is about; None for none. Its names may be a patient's, so it is said only
            where names are.
    """

    severity: Severity
    title: str
    advice: str = ""
    detail: str = ""
    place: Path | None = None

    @classmethod
    def from_error(cls, error: SquidError, severity: Severity = Severity.ERROR) -> Notice:
        """The notice that says a failure."""
        return cls(severity, error.title, error.advice, error.detail)

    @property
    def text(self) -> str:
        """Title and advice as one sentence or two."""
        return f"{self.title} {self.advice}".strip()
