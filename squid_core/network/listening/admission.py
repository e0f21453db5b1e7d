"""Who may connect to the node, and how often; what is told of those who may not. Loads no pynetdicom."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from squid_core.contracts.network import NodeEvent, NodeEventKind
from squid_core.network.configuration import Listening

SPARE_CONNECTIONS = 16  # beyond the associations: they are told that there are too many
TOLD_TOGETHER_SECONDS = 5.0  # refusals and faults of one kind
MINUTE = 60.0
MAX_ADDRESSES = 4096  # whose connections of the last minute are remembered

STRANGE_ADDRESS = "A connection was closed: its address is not on the list of those who may connect."
TOO_OFTEN = "A connection was closed: too many were made from its address in the last minute."
TOO_MANY = "A connection was refused: too many were open already."
STRANGE_CALLER = "A system was refused: its AE title is not on the list for its address."
STRANGE_CALLED = "A system was refused: it called this node by another AE title."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an association is rejected, as A-ASSOCIATE-RJ says it (PS3.8 9.3.4)."""

    sentence: str
    result: int
    source: int
    reason: int


CALLER_UNKNOWN = Refusal(STRANGE_CALLER, 1, 1, 3)
CALLED_UNKNOWN = Refusal(STRANGE_CALLED, 1, 1, 7)
LIMIT_EXCEEDED = Refusal(TOO_MANY, 2, 3, 2)


class Doorkeeper:
    """Lets connections and associations in, and counts them. Any thread may ask.

    Args:
        listening: who may come, and how many.
        clock: seconds.
    """

    def __init__(self, listening: Listening, clock: Callable[[], float] = time.monotonic) -> None:
        self._listening, self._clock = listening, clock
        self._callers = [(one.ae_title, ipaddress.ip_network(one.address)) for one in listening.callers]
        self._lock = threading.Lock()
        self._connections = self._associations = 0
        self._lately: dict[str, deque[float]] = {}  # by address

    def connects(self, address: str) -> str:
        """Let a connection in; `leaves` must be called once at its end.

        Returns:
            '', or the sentence that says why not.
        """
        if not any(_within(address, network) for _, network in self._callers):
            return STRANGE_ADDRESS
        with self._lock:
            now = self._clock()
            if len(self._lately) >= MAX_ADDRESSES:
                self._lately = {one: times for one, times in self._lately.items() if now - times[-1] < MINUTE}
            lately = self._lately.setdefault(address, deque(maxlen=self._listening.a_minute))
            if len(lately) == lately.maxlen and now - lately[0] < MINUTE:
                return TOO_OFTEN
            if self._connections >= self._listening.associations + SPARE_CONNECTIONS:
                return TOO_MANY
            lately.append(now)
            self._connections += 1
            return ""

    def leaves(self) -> None:
        """A connection that was let in has ended."""
        with self._lock:
            self._connections -= 1

    def asks(self, address: str, calling: str, called: str) -> Refusal | None:
        """Let an association begin; `releases` must be called once at its end. None where it may."""
        if called.strip() != self._listening.ae_title:
            return CALLED_UNKNOWN
        if not any(calling.strip() == title and _within(address, network) for title, network in self._callers):
            return CALLER_UNKNOWN
        with self._lock:
            if self._associations >= self._listening.associations:
                return LIMIT_EXCEEDED
            self._associations += 1
            return None

    def releases(self) -> None:
        """An association that was let in has ended."""
        with self._lock:
            self._associations -= 1


def _within(address: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        one = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(one, "ipv4_mapped", None)
    return (mapped or one) in network


@dataclass(slots=True)
class _Told:
    last: float
    count: int = 0  # since


@dataclass(slots=True)
class Teller:
    """Tells the node's events in turn; refusals and faults that come quickly are told together. Any thread may call.

    Args:
        tell: is called for one event at a time.
        clock: seconds.
    """

    tell: Callable[[NodeEvent], None]
    clock: Callable[[], float] = time.monotonic
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _told: dict[tuple[NodeEventKind, str], _Told] = field(default_factory=dict)

    def stored(self, path: Path | None) -> None:
        """An object is there; None for one that was there already."""
        with self._lock:
            self.tell(NodeEvent(NodeEventKind.STORED, path=path))

    def said(self, kind: NodeEventKind, sentence: str) -> None:
        """Say the first at once; those that follow soon are counted until `flush`."""
        now = self.clock()
        with self._lock:
            told = self._told.get((kind, sentence))
            if told is None or (not told.count and now - told.last >= TOLD_TOGETHER_SECONDS):
                self._told[kind, sentence] = _Told(now)
                self.tell(NodeEvent(kind, sentence))
            else:
                told.count += 1

    def flush(self, *, everything: bool = False) -> None:
        """Say what has been counted long enough, or all of it."""
        now = self.clock()
        with self._lock:
            for (kind, sentence), told in self._told.items():
                if told.count and (everything or now - told.last >= TOLD_TOGETHER_SECONDS):
                    self.tell(NodeEvent(kind, sentence, count=told.count))
                    told.last, told.count = now, 0
