"""A detection with what led to it."""

from __future__ import annotations

from dataclasses import dataclass

from squid_core.contracts.detection import Detection, MemoryMatch
from squid_core.contracts.radiograph import FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class ExplainedPatch:
    """The memory entries read for one patch, as pictures.

    Attributes:
        patch: row-major index.
        matches: greatest weight first.
        pictures: (k, P, P) float32 in 0..1, `matches` decoded by the student.
    """

    patch: int
    matches: tuple[MemoryMatch, ...]
    pictures: FloatArray

    def __post_init__(self) -> None:
        if self.pictures.ndim != 3 or len(self.pictures) != len(self.matches):
            raise ValueError("one picture for each entry")


@dataclass(frozen=True, slots=True)
class Removal:
    """What changes when one memory entry is taken away.

    Attributes:
        patch: row-major index of the patch that no longer reads it.
        score_change: score without it less score with it, -1..1.
        picture_change: mean absolute change of the reconstruction inside the patch, 0..1.
    """

    patch: int
    slot: int
    score_change: float
    picture_change: float


@dataclass(frozen=True, eq=False, slots=True)
class MemoryReliance:
    """How much of the reconstruction is memory, and how much came past it.

    Two controls, each by exchanging patches: M, the mean absolute change of the reconstruction when every patch is
    answered with another one's memory entries; B, the same when what passes memory by (skip connections, and the
    encoder's features where the gate lets them through) comes from another patch.

    Attributes:
        share: M / (M + B), 0..1. 1: all that the image brings into the picture goes through memory; 0: the picture
            does not depend on memory. None where neither changes anything.
        memory_change: M, grey levels, 0..1.
        bypass_change: B, the same; 0 for a network without skip connections whose gate is off.
        shuffled: (S, S) float32 in 0..1, the reconstruction with the memories exchanged.
    """

    share: float | None
    memory_change: float
    bypass_change: float
    shuffled: FloatArray

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("a share lies in 0..1")


@dataclass(frozen=True, eq=False, slots=True)
class Explanation:
    """A detection with what led to it.

    Attributes:
        grad_cam: (S, S) float32 in 0..1, where the reconstruction looks least like a real normal image to the
            discriminator.
        patches: entries of the patches asked for.
        reliance: None where the memory cannot be shuffled (one memory for all patches).
        lesion_map: (h, w) float32 in 0..1, how sure the lesion critic is of a change in each equal part of the input;
            None where the weights have no such critic.
        removals: for `patches`, one for each entry; empty unless asked for.
    """

    detection: Detection
    grad_cam: FloatArray
    patches: tuple[ExplainedPatch, ...]
    reliance: MemoryReliance | None
    lesion_map: FloatArray | None = None
    removals: tuple[Removal, ...] = ()
