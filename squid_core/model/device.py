"""Where the networks run."""

from __future__ import annotations

import torch

from squid_core.contracts.errors import SquidError


def pick_device(name: str) -> torch.device:
    """'auto' takes CUDA where there is one.

    Raises:
        SquidError: an unknown name, or CUDA asked for where there is none.
    """
    if name not in ("auto", "cpu", "cuda"):
        raise SquidError(f"There is no device '{name[:20]}'.", "Choose auto, cpu or cuda.")
    if name == "cuda" and not torch.cuda.is_available():
        raise SquidError("This machine has no CUDA GPU that PyTorch can use.", "Choose auto or cpu.")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")
