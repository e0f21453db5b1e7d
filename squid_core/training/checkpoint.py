"""Everything a training needs to go on, in one safetensors file: no pickle, even for ourselves."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import platformdirs
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.swa_utils import get_ema_multi_avg_fn

from squid_core.contracts.errors import SquidError
from squid_core.files import write_atomically
from squid_core.training.ranks import Ranks

CHECKPOINT = "checkpoint.safetensors"
LEAST_PAUSE = 20.0  # seconds between two checkpoints
SAVING_SHARE = 0.02  # of the time that may be spent on them
# What a resumed training must have in common with the one that wrote the checkpoint, or it would be neither of the
# two. Learning rate, losses, steps and the like may change: a training that diverged goes on with a lower rate.
SAME_PRESET = ("network", "preprocessing", "population", "batch_size", "critic_steps")


class Rhythm:
    """When to write a checkpoint: soon enough to lose little, seldom enough to cost little, however large it is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._saved, self._pause = clock, clock(), LEAST_PAUSE

    def due(self) -> bool:
        """Whether it is time for one."""
        return self._clock() - self._saved >= self._pause

    def keep(self, save: Callable[[], None], ranks: Ranks) -> None:
        """Write one now, if this is the rank that writes.

        Raises:
            SquidError: the disk is full; the previous checkpoint stays.
        """
        began = self._clock()
        if ranks.leads:
            save()
        self._saved = self._clock()
        self._pause = max(LEAST_PAUSE, (self._saved - began) / SAVING_SHARE)


class Ema:
    """Exponential moving average of a module's parameters and batch-norm statistics; other buffers are copied."""

    def __init__(self, average: nn.Module, decay: float) -> None:
        self.average, self.decay = average.requires_grad_(requires_grad=False).eval(), decay

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Move towards `module`; early steps move faster, so that the start is forgotten."""
        decay = min(self.decay, (1 + step) / (10 + step))
        pairs = zip(self.average.state_dict().items(), module.state_dict().values(), strict=True)
        averaged: tuple[list[Tensor], list[Tensor]] = ([], [])
        for (name, own), other in pairs:
            if own.is_floating_point() and not name.endswith("memory.entries"):
                averaged[0].append(own)
                averaged[1].append(other)
            else:
                own.copy_(other)
        # All at once: a GPU is not asked tensor by tensor.
        get_ema_multi_avg_fn(decay)(*averaged, 0)  # type: ignore[no-untyped-call]


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


def load_checkpoint(
    path: Path, modules: dict[str, nn.Module], optimisers: dict[str, Optimizer], expected: Mapping[str, Any]
) -> dict[str, Any]:
    """Restore what `save_checkpoint` wrote; returns the facts.

    Args:
        path: of the checkpoint.
        modules: to restore, by name.
        optimisers: to restore, by name.
        expected: facts as this training would write them: seed, training_images and preset must agree.

    Raises:
        SquidError: no checkpoint, a file that is none (a pickle, say), or one of another training.
    """
    if not path.is_file():
        raise SquidError("There is no checkpoint to resume from.", "Start without --resume, or name its --work folder.")
    try:
        with safe_open(path, framework="pt") as file:
            facts: dict[str, Any] = json.loads((file.metadata() or {})["facts"])
            tensors: dict[str, Tensor] = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        difference = _difference(facts, expected)
        for name, module in {} if difference else modules.items():
            module.load_state_dict(_below(tensors, name))
        for name, optimiser in {} if difference else optimisers.items():
            state: dict[int, dict[str, Tensor]] = {}
            for key, value in _below(tensors, name).items():
                index, _, field = key.partition("/")
                state.setdefault(int(index), {})[field] = value
            optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
            _lay_out(optimiser)
    except (OSError, SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise SquidError(
            "The checkpoint is damaged or no checkpoint of ours: it cannot be read as safetensors of these networks.",
            "Start without --resume, or put back a copy of it.",
            type(error).__name__,
        ) from error
    if difference:
        raise SquidError(
            f"The checkpoint is of another training: {difference}.",
            "Resume with the preset, seed and images it was made with, or start anew with another --work folder.",
        )
    return facts


def _lay_out(optimiser: Optimizer) -> None:
    """Give what Adam keeps the memory format of its parameters again: a fused step pairs them as they lie in memory."""
    for parameter, kept in optimiser.state.items():
        for name, value in kept.items():
            if value.shape == parameter.shape:
                kept[name] = torch.empty_like(parameter).copy_(value)


def work_folder(out: Path) -> Path:
    """Where the checkpoint of a bundle lives when the user does not say: the user's cache, outside any repository."""
    place = hashlib.sha256(os.fsencode(out.resolve())).hexdigest()[:8]
    return platformdirs.user_cache_path("squid") / "training" / f"{out.resolve().name}-{place}"


def _difference(facts: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """In words, what keeps a training from going on from a checkpoint's facts; empty if nothing does."""
    if facts["seed"] != expected["seed"]:
        return f"its seed is {facts['seed']}"
    for name in SAME_PRESET:
        if facts["preset"][name] != expected["preset"][name]:
            return f"its preset has another '{name}'"
    images = facts.get("training_images", expected["training_images"])
    return "" if images == expected["training_images"] else f"it has seen {images} training images"


def _below(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {k.removeprefix(f"{name}/"): v for k, v in tensors.items() if k.startswith(f"{name}/")}
