"""Images that tests make up, and a training on them in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from squid_core.datasets.image_set import ImageSet, split_by_patient
from squid_core.training.loop import Trainer
from squid_core.training.preset import load_preset
from squid_core.training.sets import Sets

CPU = torch.device("cpu")


def made_up(count: int, seed: int = 0) -> ImageSet:
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:32, 0:32]
    images = [
        128 + 60 * np.sin(x / 4 + rng.normal()) + 40 * (y > 16) + rng.normal(0, 5, (32, 32)) for _ in range(count)
    ]
    names = tuple(f"{i:03d}.png" for i in range(count))
    return ImageSet(np.clip(images, 0, 255).astype(np.uint8), names, names)


def trainer(work: Path, steps: int = 12, **changes: Any) -> Trainer:
    """A training of the preset tiny, with changes of its fields."""
    preset = load_preset("tiny").model_copy(update={"steps": steps, **changes})
    train, held_out = split_by_patient(made_up(20), 0.3)
    sets = Sets(train, held_out, val_abnormal=made_up(5, seed=1))
    return Trainer(preset, "tiny", sets, work, seed=3, device=CPU)


def run(work: Path, **options: Any) -> Trainer:
    one = trainer(work, **options)
    one.run(progress=False)
    return one


def write_pictures(folder: Path, count: int, seed: int = 0) -> Path:
    folder.mkdir(parents=True)
    images = made_up(count, seed)
    for name, image in zip(images.names, images.images, strict=True):
        cv2.imwrite(str(folder / name), image)
    return folder
