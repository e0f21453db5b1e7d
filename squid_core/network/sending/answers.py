"""What came of sending an object, in words: DIMSE statuses and the reasons of STOW-RS, which are the same numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from squid_core.contracts.network import Outcome, Said, Sent

SHORT = "It is short of memory or disk."
UNABLE = "It could not store it now."
UNFIT = "It says that this object does not fit its kind. Have its log looked at."
NOT_UNDERSTOOD = "It does not understand this object. Have its log looked at."
INVALID = "It says that this object is not valid. Have its log looked at."
NO_SUCH_KIND = "It does not take objects of this kind."
NOT_IN_THIS_FORM = "It does not take objects of this kind, or not compressed in this way."
NO_KINDS = "It does not take objects of these kinds."
NOT_ALLOWED = "It does not allow this program to store. Have it entered there."
TOO_LARGE = "It does not take objects of this size."
DECLINED = "It declined this object. Have its log looked at."
UNSAID = "It did not say what became of an object."
CHANGED = "It has changed or left out a part of it, which its log names."

HAD_BEFORE = 0x0111  # Duplicate SOP Instance (PS3.7 C.5.7)
_WARNINGS = (0x0001, 0x0107, 0x0116)
_LATER = {0x0110: UNABLE, 0x0213: SHORT, 0x0272: UNABLE, 0xFE00: UNABLE}
_REASONS = {
    0x0105: INVALID,
    0x0106: INVALID,
    0x0117: INVALID,
    0x0118: NO_SUCH_KIND,
    0x0119: UNFIT,
    0x0122: NO_SUCH_KIND,
    0x0124: NOT_ALLOWED,
}
_CLASSES = {0xA900: UNFIT, 0xC000: NOT_UNDERSTOOD}


@dataclass(slots=True)
class Tally:
    """What became of each object so far, by SOP Instance UID.

    Attributes:
        warned: of the accepted, those that it has changed.
        unsent: with why.
    """

    accepted: list[str] = field(default_factory=list)
    warned: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    unsent: dict[str, Said] = field(default_factory=dict)

    def note(self, uid: str, status: int) -> None:
        """An object for which the other system has answered (PS3.4 B.2.3, PS3.7 annex C, PS3.18 10.5.3)."""
        detail = f"status {status:04X}H"
        if status in (0, HAD_BEFORE):
            self.accepted.append(uid)
        elif status & 0xF000 == 0xB000 or status in _WARNINGS:
            self.accepted.append(uid)
            self.warned += 1
        elif status & 0xFF00 == 0xA700:
            self.unsent[uid] = Said(Outcome.FAILED, SHORT, detail)
        elif status in _LATER:
            self.unsent[uid] = Said(Outcome.FAILED, _LATER[status], detail)
        else:
            kind = _CLASSES.get(status & 0xFF00) or _CLASSES.get(status & 0xF000)
            self.refuse(uid, _REASONS.get(status) or kind or DECLINED, f"{status:04X}H")

    def refuse(self, uid: str, why: str, status: str) -> None:
        """An object that it will not take."""
        self.refused[uid] = " ".join((why, f"It answered with status {status}."))

    def knows(self, uid: str) -> bool:
        """Whether anything became of it."""
        return uid in self.accepted or uid in self.refused or uid in self.unsent

    def leave(self, uids: Iterable[str], said: Said) -> None:
        """Those that did not get that far."""
        self.unsent |= dict.fromkeys(uids, said)

    def sent(self) -> Sent:
        """All of it, with a sentence on what went worst."""
        return Sent(self._said(), tuple(self.accepted), dict(self.refused), tuple(self.unsent))

    def _said(self) -> Said:
        objects = len(self.accepted) + len(self.refused) + len(self.unsent)
        if self.unsent:
            why = next(iter(self.unsent.values()))
            outcome = Outcome.PARTLY if self.accepted or self.refused else why.outcome
            return Said(outcome, why.sentence, why.detail)
        if self.refused:
            first, refused = (
                next(iter(self.refused.values())),
                f"{len(self.refused)} of {objects} objects were refused.",
            )
            outcome = Outcome.PARTLY if self.accepted else Outcome.REFUSED
            return Said(outcome, first if objects == 1 else " ".join((refused, first)))
        changed = f"It has changed or left out a part of {self.warned} of {objects} objects, which its log names."
        if self.warned:
            return Said(Outcome.DONE, CHANGED if objects == 1 else changed)
        return Said(Outcome.DONE, "It has accepted it." if objects == 1 else f"It has accepted all {objects}.")
