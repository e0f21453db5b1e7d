"""What the window knows of other systems: the node here, what was asked and fetched there, what waits to be sent.

No sentence here names a patient; what names one (`QueryPage`, `OutboxItem`) is shown through `Masking`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from squid_core.contracts.network import FoundStudy, Question, Said
from squid_core.export.request import ExportKind


class NodeState(StrEnum):
    """What the node here does."""

    OFF = "off"  # no AE title and port are set: no process, no socket
    STARTING = "starting"
    LISTENING = "listening"
    FAULT = "fault"  # it does not listen although it is to; it is tried again by itself


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """The node here.

    Attributes:
        sentence: what is wrong and what to do; '' while nothing is.
        received: objects that came in and were kept, refused: connections and objects that were not; of this run.
    """

    state: NodeState = NodeState.OFF
    sentence: str = ""
    received: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class PeerTest:
    """A test of a system; `said` is None while it runs."""

    peer: str
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What was asked of another system last, and what it has answered.

    Attributes:
        peer: its name; '' where nothing was asked yet.
        said: None while the answer is waited for.
        studies: newest first; those of the answer before are gone once something new is asked.
        more: it has more than are listed.
    """

    peer: str = ""
    question: Question = field(default_factory=Question)
    said: Said | None = None
    studies: tuple[FoundStudy, ...] = ()
    more: bool = False

    @property
    def running(self) -> bool:
        """Whether the answer is waited for."""
        return bool(self.peer) and self.said is None


class FetchState(StrEnum):
    """How far a study has come on its way here."""

    WAITING = "waiting"
    FETCHING = "fetching"
    DONE = "done"  # all of it that this program reads lies here
    PARTLY = "partly"  # something is missing, see the sentence
    FAILED = "failed"  # to fetch it again goes on where it stopped
    CANCELLED = "cancelled"  # the same


UNDER_WAY = frozenset((FetchState.WAITING, FetchState.FETCHING))


@dataclass(frozen=True, slots=True)
class FetchItem:
    """One study on its way here.

    Attributes:
        files: objects of it that lie here now.
        sentence: what is wrong; '' while nothing is.
    """

    peer: str
    study_instance_uid: str
    state: FetchState = FetchState.WAITING
    files: int = 0
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Fetching:
    """The studies that the user has asked for since nothing was on its way, in the order in which they are fetched."""

    items: tuple[FetchItem, ...] = ()

    @property
    def total(self) -> int:
        """Studies."""
        return len(self.items)

    @property
    def done(self) -> int:
        """Of those, how many are no longer waited for."""
        return sum(item.state not in UNDER_WAY for item in self.items)

    @property
    def running(self) -> bool:
        """Whether there are any left."""
        return self.done < self.total

    def item(self, study_instance_uid: str) -> FetchItem | None:
        """How far this study has come; None for one that was not asked for."""
        return next((item for item in self.items if item.study_instance_uid == study_instance_uid), None)


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What is to be sent to another system.

    Attributes:
        keys: of the images whose results are meant.
        kinds: what is written of each, as far as it can be.
        peer: its name.
    """

    keys: tuple[str, ...]
    kinds: tuple[ExportKind, ...]
    peer: str

    def __post_init__(self) -> None:
        if not self.keys or not self.kinds or not self.peer:
            raise ValueError("an order names images, kinds and a system")


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One object that waits to be sent, or was not taken.

    Attributes:
        number: what it is called in the outbox.
        study_instance_uid, patient_id: of whom it is.
        kind: by value of `ExportKind`.
        refused: the other system will not take it; nothing is tried any more unless the user says so.
        tries: how often it was tried. next_try: when it is tried again; None for refused.
        sentence: why it was not sent; '' before the first try.
    """

    number: int
    peer: str
    study_instance_uid: str
    patient_id: str
    kind: str
    refused: bool = False
    tries: int = 0
    next_try: datetime | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """The outbox.

    Attributes:
        items: what is not sent, oldest first; at most MAX_OUTBOX_ITEMS.
        waiting, refused: how many there are of each. sent: how many were, of all that is on record.
        writing: images whose results are being written before they can be sent.
        sending: something is on the wire now.
    """

    items: tuple[OutboxItem, ...] = ()
    waiting: int = 0
    refused: int = 0
    sent: int = 0
    writing: int = 0
    sending: bool = False

    @property
    def running(self) -> bool:
        """Whether something is being written or sent now; what waits for its next try is not."""
        return self.sending or self.writing > 0


MAX_OUTBOX_ITEMS = 2000  # that the window lists
