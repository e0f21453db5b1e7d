"""What the reader sees of the header of the shown image's file."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import Notice
from squid_core.contracts.header import HeaderLine


@dataclass(frozen=True, slots=True, eq=False)
class HeaderPage:
    """Elements of one file.

    Attributes:
        key: of the image whose file it is.
        lines: None while the file is being read.
        cut: there are more elements than lines.
        error: why there are none.
    """

    key: str
    lines: tuple[HeaderLine, ...] | None = None
    cut: bool = False
    error: Notice | None = None
