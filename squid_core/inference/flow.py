"""What may begin now: the one scheduler of the window's queue, the command line and a worker of a cluster.

It knows neither files nor processes nor clocks. Whoever drives it says what has happened, and begins what it may: reads
while readers, bytes and the device's appetite allow it, and batches of what waits, as large as they happen to be. So a
device that keeps up answers one image at a time, and one that falls behind gets fuller batches and is faster for it.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

BATCH = 8  # images; on two cores one of a batch takes 17 ms, one alone 28
BYTES_AHEAD = 256 * 2**20
BATCHES_AHEAD = 2  # of images that have been read, over those in the device's hands


def readers_here(cores: int | None = None) -> int:
    """Files that are read at once where nothing else is said: a core is left to the detector and the window."""
    return max(1, (cores or os.cpu_count() or 2) - 1)


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to be filled.

    Attributes:
        readers: files that are read at once.
        batch: images that the device takes at once, at most.
        batches: in the device's hands at once; two on a graphics card, so that it need not wait for the next.
        bytes_ahead: of files being read and of images that wait, together. A single larger file is read alone.
    """

    readers: int = 1
    batch: int = BATCH
    batches: int = 1
    bytes_ahead: int = BYTES_AHEAD


@dataclass(frozen=True, slots=True)
class _Waiting:
    lane: Hashable
    size: int
    urgent: bool


class Flow(Generic[K]):
    """Images from their file to the device. Not thread-safe.

    Args:
        machine: its limits; may be set anew at any time.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._reading: dict[K, int] = {}  # bytes
        self._arrived: dict[K, int] = {}  # bytes of what a reader has brought, while more is asked about it
        self._waiting: dict[K, _Waiting] = {}  # for the device, in order of arrival
        self._batches: list[set[K]] = []

    @property
    def empty(self) -> bool:
        """Whether nothing is in hand."""
        return not (self._reading or self._arrived or self._waiting or self._batches)

    @property
    def bytes_in_hand(self) -> int:
        """Of files being read and of images that wait."""
        files = sum(self._reading.values()) + sum(self._arrived.values())
        return files + sum(one.size for one in self._waiting.values())

    def may_read(self, size: int) -> bool:
        """Whether a file of so many bytes may be read now."""
        machine = self.machine
        if len(self._reading) >= machine.readers:
            return False
        if len(self._arrived) + len(self._waiting) >= BATCHES_AHEAD * machine.batch * machine.batches:
            return False
        in_hand = self.bytes_in_hand
        return not in_hand or in_hand + size <= machine.bytes_ahead

    def read(self, key: K, size: int) -> None:
        """A file of so many bytes is being read from now on."""
        self._reading[key] = size

    def arrived(self, key: K) -> None:
        """A file has been read, so that its reader is free; whether its image goes to the device is not known yet."""
        if key in self._reading:
            self._arrived[key] = self._reading.pop(key)

    def ready(self, key: K, lane: Hashable, size: int, *, urgent: bool = False) -> None:
        """A file has been read, or need not be; its image waits for the device.

        Args:
            key: its name, or whatever tells it from others.
            lane: of images that may be answered together: what the same weights read.
            size: bytes of what the detector is given.
            urgent: the user looks at it: it goes next, and alone.
        """
        self._reading.pop(key, None)
        self._arrived.pop(key, None)
        self._waiting[key] = _Waiting(lane, size, urgent)

    def next_batch(self) -> tuple[K, ...]:
        """What the device takes now, in order; () where it is busy or nothing waits."""
        if len(self._batches) >= self.machine.batches or not self._waiting:
            return ()
        urgent = next((key for key, one in self._waiting.items() if one.urgent), None)
        if urgent is not None:
            batch: tuple[K, ...] = (urgent,)
        else:
            lane = next(iter(self._waiting.values())).lane
            batch = tuple(key for key, one in self._waiting.items() if one.lane == lane)[: self.machine.batch]
        for key in batch:
            del self._waiting[key]
        self._batches.append(set(batch))
        return batch

    def hurry(self, keys: Iterable[K]) -> None:
        """The user looks at these now."""
        for key in keys:
            if key in self._waiting:
                one = self._waiting[key]
                self._waiting[key] = _Waiting(one.lane, one.size, urgent=True)

    def leave(self, *keys: K) -> None:
        """These are answered, or wanted no more, wherever they are; a batch ends with its last."""
        for key in keys:
            self._reading.pop(key, None)
            self._arrived.pop(key, None)
            self._waiting.pop(key, None)
            for batch in self._batches:
                batch.discard(key)
        self._batches = [batch for batch in self._batches if batch]
