"""How long studies are kept, and results that nothing on the worklist needs, and how much room these may take."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.study import Study

GIGABYTE = 1_000_000_000


class Kept(StrEnum):
    """How long the results of removed studies are kept."""

    MONTH = "month"
    YEAR = "year"
    FOR_EVER = "for_ever"


_DAYS = {Kept.MONTH: 30, Kept.YEAR: 365, Kept.FOR_EVER: None}


@dataclass(frozen=True, slots=True)
class Retention:
    """What becomes of the results of removed studies.

    Attributes:
        days: after which they are dropped; None for never.
        most_bytes: of the whole store, above which those that have been gone for longest are dropped too.
    """

    days: int | None
    most_bytes: int

    @classmethod
    def of(cls, kept: Kept, gigabytes: float) -> Retention:
        """As the user's settings say it."""
        return cls(_DAYS[kept], round(gigabytes * GIGABYTE))


def due(studies: Iterable[Study], old: Collection[str]) -> tuple[Study, ...]:
    """Studies that go by their age: all of whose images came too long ago.

    Args:
        studies: of the worklist.
        old: keys of the images that did.
    """
    return tuple(study for study in studies if all(image.key in old for image in study.images))
