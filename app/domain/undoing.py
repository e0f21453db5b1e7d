"""What the reader did last and can take back, in one order whatever it was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.study import Judgement, Reading


class Deed(StrEnum):
    """What can be taken back."""

    MARK = "mark"  # drawn, changed or deleted
    JUDGEMENT = "judgement"
    READ = "read"  # marked read or unread, without a judgement
    WHAT_IF = "what-if"  # a region replaced, an entry taken out, other settings
    REMOVAL = "removal"  # of studies from the worklist


OF_AN_IMAGE = frozenset({Deed.MARK, Deed.WHAT_IF})  # the others are of whole studies


class Way(StrEnum):
    """In which direction."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a deed made of the studies, for the words on it.

    Attributes:
        judgement: of JUDGEMENT; reading: of READ.
        count: of how many studies.
    """

    judgement: Judgement = Judgement.NONE
    reading: Reading = Reading.READ
    count: int = 1


@dataclass(frozen=True, slots=True)
class DeedSaid:
    """What the footer says for some seconds; it names no patient.

    Attributes:
        elsewhere: another study than was shown is shown now, because it was done there.
        number: counts, so that the same done twice is said twice.
    """

    deed: Deed
    way: Way
    outcome: Effect
    elsewhere: bool
    number: int


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undo and redo would do now; None for nothing. `said`: None once something else has been done."""

    undo: Deed | None = None
    redo: Deed | None = None
    said: DeedSaid | None = None
