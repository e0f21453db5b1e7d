"""A bundle that has trained for no step, whose statistics are of made-up images, and images of another place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from squid_core.bundle.calibration import fit
from squid_core.bundle.card import Card, sha256
from squid_core.bundle.weights import pack, unpack, write_bundle
from squid_core.contracts.detection import DetectorSettings
from squid_core.datasets.image_set import ImageSet
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.measure import measure_set
from squid_core.model.config import NetworkConfig
from squid_core.model.squid import Squid
from squid_core.preprocessing import Preprocessing
from tests.squid_core.datasets.made_up_images import made_up

SLOTS = 40
SETTINGS = DetectorSettings(top_k=3)
NETWORK = NetworkConfig.model_validate(
    {
        "image_size": 32, "grid": 2, "widths": (8, 16), "feature_channels": 4, "skips": (False,),
        "decoder_slots": (0,), "slots": SLOTS, "top_k": 3, "heads": 2, "discriminator_widths": (8, 16),
        "lesion_widths": (4, 4, 8, 8), "lesion_size": 32, "teacher": False,
    }
)  # fmt: skip


@torch.no_grad()
def networks() -> Squid:
    """Random ones, with a full memory and statistics of 80 normals."""
    torch.manual_seed(0)
    squid = Squid(NETWORK).eval()
    images = as_tensor(made_up(80).images)
    seen = squid.generator.encode(images)
    squid.generator.memory.push(seen.features[:SLOTS])
    squid.texture.fit(squid.texture.features(images, squid.generator.infer(seen, SETTINGS).student))
    assert squid.lesion is not None
    assert squid.anatomy is not None
    squid.anatomy.fit(squid.lesion(images).features)
    return squid


def write_parent(folder: Path, **fields: object) -> Path:
    """The bundle, calibrated on 60 more; `fields` are of its card."""
    squid = networks()
    weights = pack(squid)
    unpack(squid, weights)
    held = measure_set(squid, made_up(60, seed=1), SETTINGS)
    card = Card(
        name=folder.name,
        weights_sha256=sha256(weights),
        preprocessing=Preprocessing(size=32),
        network=NETWORK,
        settings=SETTINGS,
        calibration=fit(held.values, held.distances, "combined", ("texture", "anatomy", "discriminator")),
    )
    write_bundle(folder, weights, card.model_copy(update=fields), [f"train-{slot}.png" for slot in range(SLOTS)])
    return folder


def of_a_place(count: int, seed: int = 7) -> ImageSet:
    """Normals as another place has them: flatter, and with more noise."""
    images = made_up(count, seed)
    noise = np.random.default_rng(seed).normal(0, 6, images.images.shape)
    return replace(images, images=np.clip(90 + 0.6 * (images.images - 90.0) + noise, 0, 255).astype(np.uint8))
