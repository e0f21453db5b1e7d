"""Whether a picture fits memory better in another place, or another way up. Not in the paper.

With a memory for each patch position, a patch of a normal chest lies nearer to the memory of its own place than to
that of any other. What is no chest the right way up does not: noise and other parts of the body are as far from one
place as from the next, and an upside-down chest fits the memory of the opposite place.
"""

from __future__ import annotations

import torch
from torch import Tensor

FLOOR = 1e-3  # cosine distance below which two features count as the same


def log_distances(nearest: Tensor) -> Tensor:
    """(B, P, Q) cosines to the nearest entry of each position -> log distances."""
    return torch.log((1 - nearest).clamp(min=0) + FLOOR)


def elsewhere(logs: Tensor) -> Tensor:
    """How well each patch is placed: log distance at its own place less the least at any other, mean over patches.

    Args:
        logs: (B, P, P) log distances, patch by place.

    Returns:
        (B,); negative where the patches fit their own places best.
    """
    own = logs.diagonal(dim1=1, dim2=2)
    here = torch.eye(logs.shape[1], dtype=torch.bool, device=logs.device)
    return (own - logs.masked_fill(here, torch.inf).amin(2)).mean(1)


def turned(logs: Tensor) -> Tensor:
    """How well the whole is the right way up: mean log distance as it is less the least of six other ways to lay it.

    The six are turns by 90, 180 and 270 degrees and the mirrorings top to bottom and along the diagonals; left to
    right is no other way, since chests are nearly symmetric.

    Args:
        logs: (B, N*N, N*N) log distances, patch by place, row-major.

    Returns:
        (B,); 0 or more where another way fits memory as well, -0.1 where it is a tenth worse.
    """
    patches = logs.shape[1]
    side = round(patches**0.5)
    places = torch.arange(patches, device=logs.device).reshape(side, side)
    ways = [places.rot90(k) for k in (1, 2, 3)] + [places.flip(0), places.T, places.rot90(2).T]
    at = torch.arange(patches, device=logs.device)
    other = torch.stack([logs[:, at, way.reshape(-1)].mean(1) for way in ways])
    return logs.diagonal(dim1=1, dim2=2).mean(1) - other.amin(0)
