"""What the detector looked at: the memory entries chosen for each patch."""

from __future__ import annotations

from torch import Tensor

from squid_core.contracts import DetectorSettings, MemoryMatch, Shrinkage
from squid_core.model.memory import Reading

SOFTMAX_SHOWN = 5  # without shrinkage every slot has a weight; the greatest are listed


def matches(reading: Reading, ages: Tensor, settings: DetectorSettings) -> tuple[tuple[MemoryMatch, ...], ...]:
    """The entries read for each patch of one image, greatest weight first.

    Args:
        reading: of a batch of one.
        ages: (M,) from `Memory.ages`.
        settings: under SOFTMAX only the first SOFTMAX_SHOWN entries are listed.
    """
    softmax = settings.shrinkage is Shrinkage.SOFTMAX
    shown = min(SOFTMAX_SHOWN if softmax else settings.top_k, reading.weights.shape[-1])
    weights, slots = reading.weights[0].topk(shown, dim=-1)
    cosines = reading.cosines[0].gather(-1, slots)
    age = ages.tolist()
    rows = zip(weights.tolist(), slots.tolist(), cosines.tolist(), strict=True)
    return tuple(tuple(MemoryMatch(s, w, c, age[s]) for w, s, c in zip(*row, strict=True) if w > 0) for row in rows)
