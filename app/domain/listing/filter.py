"""The reader's filter over the worklist: what is typed, and which chips are down."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from app.domain.masking import Masking
from app.domain.study import Study

_DATE = re.compile(r"\d{1,4}(?:[./-]\d{1,4}){1,2}[./-]?")


class Chip(StrEnum):
    """A question that a study answers with yes or no."""

    UNREAD = "unread"  # the reader is not done with it
    HIGH = "high"  # at the 95th percentile of normals or above
    TODAY = "today"  # the study's date is today's
    QUESTION = "question"  # the detector asks before it scores
    ERROR = "error"
    REJECTED = "rejected"  # the reader says that the finding is none
    CHANGED = "changed"  # its file was replaced, or it was scored anew with another result in this run of the program


@dataclass(frozen=True, slots=True)
class Filter:
    """Which studies are shown: those that hold every word and answer every chip with yes."""

    text: str = ""
    chips: frozenset[Chip] = frozenset()

    @property
    def is_on(self) -> bool:
        """Whether anything may be filtered out."""
        return bool(self.chips or self.text.strip())

    @property
    def words(self) -> tuple[str, ...]:
        """As they are looked for; the parts of a date may be parted as the reader likes."""
        words = plain(self.text).split()
        return tuple(re.sub(r"[./]", "-", word) if _DATE.fullmatch(word) else word for word in words)


def plain(text: str) -> str:
    """Without accents and capitals."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def search_text(study: Study, masking: Masking) -> str:
    """Where the words of a filter are looked for: what is shown of a study, and nothing that is masked."""
    found: dict[str, None] = {}
    for image in study.images:
        who = masking.identity(image.identity, study.uid)
        when = (who.study_date.isoformat(), who.study_date.strftime("%Y%m%d")) if who.study_date else ()
        said = (who.patient_name, who.patient_id, who.accession_number, who.study_description, who.body_part, *when)
        found |= dict.fromkeys(said)
        if not (masking.on or who.patient_name or who.patient_id):
            found |= {image.member or image.path.name: None, image.container.name: None}
    return plain("\n".join(found))
