"""Made-up normals, abnormals and a network for the detectors to be tried on: small enough for seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from squid_core.experiments.networks import Baseline, auto_encoder_config
from squid_core.experiments.rivals import implicit
from squid_core.experiments.rivals.backbone import Backbone, of_encoder
from squid_core.model.generator import Generator
from squid_core.training.preset import load_preset

NETWORK = load_preset("tiny").network
SIDE = NETWORK.image_size
COUNT, BATCH = 64, 8


def ramps(count: int, seed: int, *, spoiled: bool = False) -> Tensor:
    """(count, 1, SIDE, SIDE), brighter to the right; spoiled: a square of each turned round and greyed."""
    chance = torch.Generator().manual_seed(seed)
    tilt = 0.7 + 0.3 * torch.rand(count, 1, 1, 1, generator=chance)
    images = torch.linspace(0.1, 0.9, SIDE) * tilt + 0.02 * torch.randn(count, 1, SIDE, SIDE, generator=chance)
    if spoiled:
        for image in images:
            row, column = torch.randint(4, 20, (2,), generator=chance).tolist()
            square = image[0, row : row + 8, column : column + 8]
            square.copy_(0.5 * square.flip(-1) + 0.4 * torch.rand(1, generator=chance))
    return images.clamp(0, 1)


def backbone(seed: int = 5) -> Backbone:
    """An encoder of random weights."""
    torch.manual_seed(seed)
    return of_encoder(Generator(auto_encoder_config(NETWORK)), "random")


def small_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """IF's decoder in a size that trains in seconds."""
    for name, value in {"SAMPLES": 64, "WIDTH": 32, "DEPTH": 2, "LENGTH": 16}.items():
        monkeypatch.setattr(implicit, name, value)


def normals() -> Iterator[Tensor]:
    return iter(torch.split(ramps(COUNT, seed=1), 32))


def trained(method: Baseline, steps: int, rate: float = 3e-3) -> Baseline:
    """What `squid baselines` does, without files."""
    images = ramps(COUNT, seed=1)
    with torch.no_grad():
        method.eval().begin(normals)
    parameters = [parameter for parameter in method.parameters() if parameter.requires_grad]
    if parameters:
        optimiser = torch.optim.Adam(parameters, lr=method.rate * rate, betas=(0.5, 0.999))
        method.train()
        for step in range(steps):
            method.done = step / steps
            loss = method.loss(images[torch.randperm(COUNT)[:BATCH]])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
    with torch.no_grad():
        method.eval().finish(normals)
    return method
