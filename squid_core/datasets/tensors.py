"""Images as the networks take them."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def as_tensor(
    images: NDArray[np.uint8] | NDArray[np.float32],
    device: torch.device | str = "cpu",
    memory_format: torch.memory_format = torch.preserve_format,
) -> Tensor:
    """(B, S, S) uint8 0..255, or float32 0..1 -> (B, 1, S, S) float32 in 0..1 on a device."""
    tensor = torch.from_numpy(images)[:, None].to(device, memory_format=memory_format)
    return tensor.float() / 255 if tensor.dtype == torch.uint8 else tensor
