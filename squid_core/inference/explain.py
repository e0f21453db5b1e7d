"""What the detector looked at: entries chosen, Grad-CAM of the discriminator, and what memory adds to the picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from squid_core.contracts import (
    DetectorSettings,
    FloatArray,
    MemoryEdit,
    MemoryMatch,
    MemoryReliance,
    Shrinkage,
    SquidError,
)
from squid_core.model.config import NetworkConfig
from squid_core.model.discriminator import Discriminator
from squid_core.model.memory import Reading, exchange
from squid_core.model.patches import join, split

SOFTMAX_SHOWN = 5  # without shrinkage every slot has a weight; the greatest are listed
ALIKE = 1e-6  # mean grey-level change below which exchanged patches cannot be told apart


def matches(
    reading: Reading, ages: Tensor, settings: DetectorSettings, sources: Sequence[str | None] = ()
) -> tuple[tuple[MemoryMatch, ...], ...]:
    """The entries read for each patch of one image, greatest weight first.

    Args:
        reading: of a batch of one.
        ages: (M,) from `Memory.ages`.
        settings: under SOFTMAX only the first SOFTMAX_SHOWN entries are listed.
        sources: by slot, the training image behind it; empty where the bundle does not keep them.
    """
    softmax = settings.shrinkage is Shrinkage.SOFTMAX
    shown = min(SOFTMAX_SHOWN if softmax else settings.top_k, reading.weights.shape[-1])
    weights, slots = reading.weights[0].topk(shown, dim=-1)
    cosines = reading.cosines[0].gather(-1, slots)
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
    """Where an image speaks for abnormal to the discriminator.

    Grad-CAM (Selvaraju et al., ICCV 2017, eq. 1 and 2) of the negated logit at the last convolution: each feature map
    is weighted with the mean of its gradient, the sum is kept where it is positive. Earlier layers will not do: the
    instance norm behind them takes out every map's mean, so that the mean gradient says nothing.

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
    weights = gradient.mean((2, 3), keepdim=True)
    places = F.relu((weights * maps.detach()).sum(1, keepdim=True))
    places = places / places.amax().clamp(min=torch.finfo(places.dtype).tiny)
    size = image.shape[-1]
    enlarged = F.interpolate(places, size=(size, size), mode="bilinear", align_corners=False)
    found: FloatArray = enlarged[0, 0].float().cpu().numpy()
    return found


def reliance(reconstruction: Tensor, shuffled: Tensor, grid: int) -> MemoryReliance:
    """Compare a reconstruction with the one from exchanged memories; the definition is `MemoryReliance.share`'s.

    Args:
        reconstruction: (1, 1, S, S) in 0..1.
        shuffled: the same, made with `MemoryEdit(shuffled=True)`.
        grid: patches a side.
    """
    reads_from = exchange(grid**2)
    moved = join(split(reconstruction, grid)[list(reads_from)], grid)
    scale = float((reconstruction - moved).abs().mean())
    change = float((reconstruction - shuffled).abs().mean())
    return MemoryReliance(
        share=change / scale if scale > ALIKE else None,
        shuffled=shuffled[0, 0].float().cpu().numpy(),
        reads_from=reads_from,
    )
