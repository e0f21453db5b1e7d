"""Everything a training needs to go on, in one safetensors file: no pickle, even for ourselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from squid_core.bundle.weights import write_atomically
from squid_core.contracts import SquidError


class Ema:
    """Exponential moving average of a module's parameters and batch-norm statistics; other buffers are copied."""

    def __init__(self, average: nn.Module, decay: float) -> None:
        self.average, self.decay = average.requires_grad_(requires_grad=False).eval(), decay

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards `module`; early steps move faster, so that the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for (name, own), other in zip(self.average.state_dict().items(), module.state_dict().values(), strict=True):
            averaged = own.is_floating_point() and not name.endswith("memory.entries")
            own.lerp_(other, 1 - decay) if averaged else own.copy_(other)


def save_checkpoint(
    path: Path, modules: dict[str, nn.Module], optimisers: dict[str, Optimizer], facts: dict[str, Any]
) -> None:
    """Write modules, Adam's state and JSON facts in one piece.

    Raises:
        SquidError: the disk is full; the previous checkpoint stays.
    """
    tensors = {f"{name}/{k}": v for name, module in modules.items() for k, v in module.state_dict().items()}
    for name, optimiser in optimisers.items():
        for index, state in optimiser.state_dict()["state"].items():
            tensors |= {f"{name}/{index}/{k}": torch.as_tensor(v) for k, v in state.items()}
    write_atomically(path, save({k: v.contiguous().cpu() for k, v in tensors.items()}, {"facts": json.dumps(facts)}))


def load_checkpoint(path: Path, modules: dict[str, nn.Module], optimisers: dict[str, Optimizer]) -> dict[str, Any]:
    """Restore what `save_checkpoint` wrote; returns the facts.

    Raises:
        SquidError: no checkpoint, or one of another network.
    """
    try:
        with safe_open(path, framework="pt") as file:
            facts: dict[str, Any] = json.loads((file.metadata() or {})["facts"])
            tensors: dict[str, Tensor] = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        for name, module in modules.items():
            module.load_state_dict(_below(tensors, name))
        for name, optimiser in optimisers.items():
            state: dict[int, dict[str, Tensor]] = {}
            for key, value in _below(tensors, name).items():
                index, _, field = key.partition("/")
                state.setdefault(int(index), {})[field] = value
            optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError) as error:
        raise SquidError(
            "There is no checkpoint to resume from, or it is of another network.",
            "Start without --resume, or with the preset it was made with.",
            type(error).__name__,
        ) from error
    return facts


def _below(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {k.removeprefix(f"{name}/"): v for k, v in tensors.items() if k.startswith(f"{name}/")}
