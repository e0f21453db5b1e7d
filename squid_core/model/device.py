"""Where the networks run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch

from squid_core.contracts.errors import DeviceFailedError, SquidError

T = TypeVar("T")


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


def on_device(device: torch.device, work: Callable[[], T], free: Callable[[], None] = lambda: None) -> T:
    """Do work on a device; where a graphics card is short of memory, once more with what could be freed.

    Args:
        device: where.
        work: what; it may be done twice.
        free: lets go of memory that can be filled again.

    Raises:
        DeviceFailedError: the graphics card has too little memory, or fails. On the CPU errors stay what they are.
    """
    if device.type == "cpu":
        return work()
    try:
        try:
            return work()
        except torch.OutOfMemoryError:
            free()
            torch.cuda.empty_cache()
        return work()
    except RuntimeError as error:  # torch has no narrower word for a driver that fails
        raise DeviceFailedError.of(error, lasting=not isinstance(error, torch.OutOfMemoryError)) from error
