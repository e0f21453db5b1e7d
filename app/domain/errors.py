"""What the program tells its user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from squid_core.contracts.errors import SquidError


class Severity(StrEnum):
    """How much a notice matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the user: what happened, what to do, and details on demand. Plain text, no identifiers."""

    severity: Severity
    title: str
    advice: str = ""
    detail: str = ""

    @classmethod
    def from_error(cls, error: SquidError, severity: Severity = Severity.ERROR) -> Notice:
        """The notice that says a failure."""
        return cls(severity, error.title, error.advice, error.detail)

    @property
    def text(self) -> str:
        """Title and advice as one sentence or two."""
        return f"{self.title} {self.advice}".strip()
