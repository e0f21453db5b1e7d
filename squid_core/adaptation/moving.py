"""Networks moved towards the normals of a place, and what they say of each normal that was left out meanwhile.

Not in the paper, but its queue is made for it: first in, first out. No gradient. The features of local normals take
the place of the oldest entries of memory, and the means of the Gaussians of texture and anatomy are drawn to theirs;
the covariances stay, since few images say little of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from squid_core.contracts.detection import DetectorSettings
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.measure import BATCH, Measured, as_measured, join
from squid_core.model.config import MemoryKind
from squid_core.model.memory import Memory
from squid_core.model.squid import Evidence, Sight, Squid
from squid_core.model.texture import Parts

FOLDS = 10  # every image is left out once, together with a tenth of the others
LOCAL_SHARE = 0.5  # of each queue at most, for local entries: what memory knew before must not go
MEANS_PRIOR = 5  # images that the mean of the parent weighs as much as

Step = Callable[[int], object]  # told how many images are done


class Moved(NamedTuple):
    """What moved networks say of the images that moved them.

    left_out: evidence of each from networks that were moved by others only; of the others' reconstructions, whose mean
        the residual texture has, some were made with its entries in memory.
    slots: of each queue, those that are local now.
    """

    left_out: Measured
    slots: list[int]


@torch.no_grad()
def see(squid: Squid, pixels: NDArray[np.uint8], settings: DetectorSettings, step: Step) -> tuple[Measured, Tensor]:
    """Run networks as they are over (N, S, S) uint8 images: evidence, and (N, P, D) what memory is read with."""
    measured, features = [], []
    for start in range(0, len(pixels), BATCH):
        evidence = squid.measure(_tensor(squid, pixels[start : start + BATCH]), settings)
        measured.append(as_measured(evidence))
        features.append(evidence.made.encoded.features)
        step(start + len(features[-1]))
    return join(measured), torch.cat(features)


@torch.no_grad()
def move(squid: Squid, pixels: NDArray[np.uint8], features: Tensor, settings: DetectorSettings, step: Step) -> Moved:
    """Move networks, in place, towards normals.

    Args:
        squid: the parent's, in evaluation mode.
        pixels: (N, S, S) uint8, N of 2 or more, each of another patient.
        features: (N, P, D) of `see`.
        settings: the locked ones.
        step: told how many images are done.
    """
    count = len(pixels)
    memory, means = squid.generator.memory, _Means(squid)
    kept = {name: tensor.clone() for name, tensor in memory.state_dict().items()}
    found: list[_LeftOut] = []
    for fold in (list(range(first, count, FOLDS)) for first in range(min(FOLDS, count))):
        _push(memory, features[_all_but(fold, count)])
        for start in range(0, len(fold), BATCH):
            chosen = fold[start : start + BATCH]
            images = _tensor(squid, pixels[chosen])
            evidence = squid.measure(images, settings)
            found.append(_LeftOut(fold, chosen, images, evidence, _features(squid, images, evidence)))
            step(sum(len(one.chosen) for one in found))
        memory.load_state_dict(kept)
    place = np.argsort([index for one in found for index in one.chosen])
    local = [torch.cat(chunks)[place] for chunks in zip(*(one.features for one in found), strict=True)]
    measured = []
    for one in found:
        means.draw([tensor[_all_but(one.fold, count)] for tensor in local])
        measured.append(as_measured(_again(squid, one.images, one.evidence)))
    left_out = join(measured)
    means.draw(local)
    return Moved(left_out.subset(place), _push(memory, features))


class _LeftOut(NamedTuple):
    """Images of a fold, seen with memory as the others made it."""

    fold: list[int]
    chosen: list[int]
    images: Tensor
    evidence: Evidence
    features: list[Tensor]


class _Means:
    """The means of a bundle's Gaussians, drawn from where the parent has them towards local ones."""

    def __init__(self, squid: Squid) -> None:
        self._buffers = [squid.texture.get_buffer(f"{name}_mean") for name in Parts._fields]
        if squid.anatomy is not None:
            self._buffers.append(squid.anatomy.mean)
        self._parents = [buffer.clone() for buffer in self._buffers]

    def draw(self, features: Sequence[Tensor]) -> None:
        """Draw each towards the mean over the first axis of its (N, ...) features, by N against MEANS_PRIOR."""
        for buffer, parents, local in zip(self._buffers, self._parents, features, strict=True):
            buffer.copy_(parents.lerp(local.mean(0), len(local) / (len(local) + MEANS_PRIOR)))


def _tensor(squid: Squid, pixels: NDArray[np.uint8]) -> Tensor:
    return as_tensor(pixels, next(squid.parameters()).device)


def _all_but(fold: list[int], count: int) -> list[int]:
    left = set(fold)
    return [index for index in range(count) if index not in left]


def _push(memory: Memory, features: Tensor) -> list[int]:
    """Into the queues, at most LOCAL_SHARE of each; the slots that they take."""
    positions, slots, _ = memory.entries.shape
    each = 1 if positions > 1 else features.shape[1]  # a shared queue takes every patch of an image
    most = int(slots * LOCAL_SHARE) // each
    if memory.kind is not MemoryKind.QUEUE or most == 0:
        return []
    used = np.linspace(0, len(features) - 1, min(most, len(features))).round().astype(int)
    taken = memory.next_slots(each * len(used))
    memory.push(features[used])
    return taken


def _features(squid: Squid, images: Tensor, evidence: Evidence) -> list[Tensor]:
    """What the Gaussians are of: (B, D) of each part of texture, (B, places, D) of anatomy."""
    found = list(squid.texture.features(images, evidence.made.student))
    if evidence.sight is not None:
        found.append(evidence.sight.marks.features.flatten(2).mT)
    return found


def _again(squid: Squid, images: Tensor, evidence: Evidence) -> Evidence:
    """The evidence with the Gaussians' means as they are now."""
    texture, sight = squid.texture(images, evidence.made.student), evidence.sight
    if sight is not None and squid.anatomy is not None:
        sight = Sight(sight.marks, squid.anatomy(sight.marks))
    return replace(evidence, texture=texture, sight=sight)
