"""Images as the networks take them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from squid_core.datasets.image_set import ImageSet, TrainingSet


class Feed:
    """A training set as the networks take it. A set at hand lies on the device whole: a step moves no pixels there.

    Args:
        source: the training set.
        device: where its images are wanted.
    """

    def __init__(self, source: TrainingSet, device: torch.device) -> None:
        self._source, self._device = source, device
        self._whole = torch.from_numpy(source.images).to(device) if isinstance(source, ImageSet) else None

    def batch(self, indices: Sequence[int], epoch: int) -> Tensor:
        """(B, 1, S, S) float32 in 0..1, channels_last as the networks are."""
        if self._whole is None:
            images = torch.from_numpy(self._source.batch(indices, epoch))
        else:
            images = self._whole[torch.tensor(indices).to(self._device, non_blocking=True)]
        return as_tensor(images, self._device, torch.channels_last)


def as_tensor(
    images: NDArray[np.uint8] | NDArray[np.float32] | Tensor,
    device: torch.device | str = "cpu",
    memory_format: torch.memory_format = torch.preserve_format,
) -> Tensor:
    """(B, S, S) uint8 0..255, or float32 0..1 -> (B, 1, S, S) float32 in 0..1 on a device."""
    given = images if isinstance(images, Tensor) else torch.from_numpy(images)
    tensor = given[:, None].to(device, memory_format=memory_format)
    return tensor.float() / 255 if tensor.dtype == torch.uint8 else tensor
