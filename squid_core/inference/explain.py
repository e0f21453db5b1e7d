"""What the detector looked at: entries chosen, Grad-CAM of the discriminator, and what memory adds to the picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.contracts.detection import DetectorSettings, MemoryEdit, MemoryMatch, Shrinkage
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.inference.explanation import MemoryReliance
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator
from squid_core.model.generator import Encoded
from squid_core.model.memory import MemoryReading, exchange

SOFTMAX_SHOWN = 5  # without shrinkage every slot has a weight; the greatest are listed


def matches(
    reading: MemoryReading,
    ages: Tensor,
    settings: DetectorSettings,
    sources: Sequence[str | None] = (),
    place: int = 0,
) -> tuple[tuple[MemoryMatch, ...], ...]:
    """The entries read for each patch of one image, greatest weight first.

    Args:
        reading: of a batch.
        ages: (M,) from `Memory.ages`.
        settings: under SOFTMAX only the first SOFTMAX_SHOWN entries are listed.
        sources: by slot, the training image behind it; empty where the bundle does not keep them.
        place: of the image in the batch.
    """
    softmax = settings.shrinkage is Shrinkage.SOFTMAX
    shown = min(SOFTMAX_SHOWN if softmax else settings.top_k, reading.weights.shape[-1])
    weights, slots = reading.weights[place].topk(shown, dim=-1)
    cosines = reading.cosines[place].gather(-1, slots)
    age = ages.tolist()
    rows = zip(weights.tolist(), slots.tolist(), cosines.tolist(), strict=True)
    return tuple(
        tuple(
            MemoryMatch(s, w, c, age[s], sources[s] if sources else None) for w, s, c in zip(*row, strict=True) if w > 0
        )
        for row in rows
    )


def check_edit(edit: MemoryEdit, config: NetworkConfig, filled: int) -> None:
    """Refuse what cannot be run.

    Args:
        edit: a what-if on memory.
        config: of the network.
        filled: slots of a memory that hold an entry.

    Raises:
        SquidError: no such entry, a patch without any left, or memories to exchange where all patches share one.
    """
    if any(patch >= config.grid**2 or slot >= config.slots for patch, slot in edit.removed):
        raise SquidError("There is no such memory entry.", "Choose a patch of the grid.")
    gone = Counter(patch for patch, slot in edit.removed if slot < filled)
    for patch, count in gone.items():
        if count >= filled:
            row, column = divmod(patch, config.grid)
            raise SquidError(
                f"No memory entry is left for the patch in row {row + 1}, column {column + 1}.",
                "Put at least one back.",
            )
    if edit.shuffled and not config.space_aware:
        raise SquidError("All patches share one memory, so there is nothing to exchange between them.")


def grad_cam(discriminator: Discriminator, image: Tensor) -> FloatArray:
    """Where an image looks unlike a real normal one to the discriminator.

    Grad-CAM (Selvaraju et al., ICCV 2017) of the negated logit at the last convolution, the sum of feature maps
    weighted with their gradient and kept where it is positive. Deviation: the gradient stays at its place (HiResCAM,
    Draelos and Carin 2020) instead of being averaged over each map. The discriminator's read-out weighs every place
    on its own, so an average cancels (it left 34 of 40 maps empty), while so each place's value is exactly its part
    in the logit. Earlier layers will not do either: the instance norm behind them takes out every map's mean.

    Args:
        discriminator: in evaluation mode.
        image: (1, 1, S, S) in 0..1.

    Returns:
        (S, S) float32 in 0..1, the greatest place at 1; all zeros where nothing speaks for abnormal. As coarse as the
        last feature map, bilinear between its places.
    """
    with torch.enable_grad():
        maps = discriminator.features(image).detach().requires_grad_()
        logit = discriminator.read_out(maps.flatten(1))
        (gradient,) = torch.autograd.grad(-logit.sum(), maps)
    places = F.relu((gradient * maps.detach()).sum(1, keepdim=True))
    places = places / places.amax().clamp(min=torch.finfo(places.dtype).tiny)
    size = image.shape[-1]
    enlarged = F.interpolate(places, size=(size, size), mode="bilinear", align_corners=False)
    found: FloatArray = enlarged[0, 0].float().cpu().numpy()
    return found


def past_memory_exchanged(encoded: Encoded, positions: int) -> Encoded:
    """The encoder's output of one image, what passes memory by exchanged between patches as `exchange` says."""
    order = list(exchange(positions))
    return replace(encoded, bottleneck=encoded.bottleneck[order], skips=tuple(skip[order] for skip in encoded.skips))


def reliance(usual: FloatArray, shuffled: FloatArray, bypass: FloatArray) -> MemoryReliance:
    """Compare a reconstruction with its two controls; definitions in `MemoryReliance`.

    Args:
        usual: (S, S) in 0..1.
        shuffled: made with `MemoryEdit(shuffled=True)`.
        bypass: made from `past_memory_exchanged`.
    """
    memory_change, bypass_change = (float(np.abs(usual - other).mean()) for other in (shuffled, bypass))
    both = memory_change + bypass_change
    return MemoryReliance(
        share=memory_change / both if both > 0 else None,
        memory_change=memory_change,
        bypass_change=bypass_change,
        shuffled=shuffled,
    )
