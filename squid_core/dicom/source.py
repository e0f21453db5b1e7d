"""Where the bytes of one image lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or one member of a zip archive.

    Attributes:
        path: the file on disk.
        member: the member's name in the archive's table, as `archive.Archive` lists it; '' for the file itself.
    """

    path: Path
    member: str = ""

    @classmethod
    def of(cls, readable: Path | Source) -> Source:
        """A path meant as a whole file; a source as it is."""
        return readable if isinstance(readable, Source) else cls(readable)
