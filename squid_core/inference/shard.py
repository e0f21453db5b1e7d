"""Which of several machines answers for a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from squid_core.contracts.errors import SquidError


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of all files, which every machine works out alone. A file is in exactly one.

    Attributes:
        number: 1 to `of`.
        of: how many parts there are.

    Raises:
        SquidError: there is no such part.
    """

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise SquidError("There is no such part.", "The first of four is 1/4, the last 4/4.")

    @classmethod
    def read(cls, stated: str) -> Shard:
        """From "I/N".

        Raises:
            SquidError: it is not written so, or there is no such part.
        """
        number, slash, of = stated.partition("/")
        if not (slash and number.isascii() and number.isdecimal() and of.isascii() and of.isdecimal()):
            raise SquidError("A part is written as I/N.", "The first of four is 1/4, the last 4/4.")
        return cls(int(number), int(of))

    def holds(self, relative: str) -> bool:
        """Whether a file is in this part, by its path relative to the folder that was given."""
        digest = hashlib.sha256(relative.encode("utf-8")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1
