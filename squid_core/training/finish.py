"""The end of a training: statistics of normal images, calibration on those held out, and the bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from squid_core.bundle.calibration import fit
from squid_core.bundle.card import Card
from squid_core.bundle.weights import pack, sha256, unpack, write_bundle
from squid_core.datasets.image_set import spread
from squid_core.evaluation.evaluate import report
from squid_core.evaluation.measure import measure_set
from squid_core.model.squid import Squid
from squid_core.model.texture import Parts, parts
from squid_core.training.augmentation import place
from squid_core.training.loop import Trainer

STATISTICS_IMAGES = 1500  # normals that the statistics of texture and anatomy are taken from
MOVED_COPIES = 2  # of each, as the preset's augmentation moves images: where a patient stands is not abnormal


def finish(trainer: Trainer, out: Path) -> dict[str, Any]:
    """Calibrate on held-out normals, evaluate on the labelled sets if there are any, write the bundle.

    Args:
        trainer: at its last step.
        out: the bundle's folder.

    Returns:
        The metrics, as they stand in the card.

    Raises:
        SquidError: the bundle cannot be written or the score not calibrated.
    """
    preset, sets, settings = trainer.preset, trainer.sets, trainer.locked()
    squid = trainer.final()
    if {"texture", "anatomy"} & set(preset.components):
        _fit_statistics(trainer, squid)
    weights = pack(squid)
    unpack(squid, weights)  # calibrated as it will be used: in half precision
    held = measure_set(squid, sets.held_out, settings)
    card = Card(
        name=out.name,
        subject=preset.subject,
        population=preset.population,
        preset=trainer.preset_name,
        seed=trainer.seed,
        steps=trainer.step,
        epochs=round(trainer.step * preset.critic_steps * preset.batch_size / len(sets.train), 1),
        critic_steps=preset.lesions.steps if preset.lesions else 0,
        critic_from=trainer.critic_from,
        weights_sha256=sha256(weights),
        preprocessing=preset.preprocessing,
        network=preset.network.model_dump(mode="json"),  # stated whole, see Card
        settings=settings,
        calibration=fit(held.values, held.distances, preset.score, preset.components),
        **preset.card.model_dump(),
    )
    metrics: dict[str, Any] = {
        "training_images": len(sets.train),
        "held_out_normals": len(sets.held_out),
        "normals_from_elsewhere": sum(map(len, sets.others)),
    }
    if sets.val_abnormal is not None:
        calm = held if sets.val_normal is None else measure_set(squid, sets.val_normal, settings)
        metrics["validation"] = report(card, calm, measure_set(squid, sets.val_abnormal, settings))
    write_bundle(out, weights, card.model_copy(update={"metrics": metrics}), trainer.sources)
    return metrics


@torch.no_grad()
def _fit_statistics(trainer: Trainer, squid: Squid) -> None:
    """Statistics of texture and anatomy from training normals, spread over the set, as they are and moved."""
    torch.manual_seed(trainer.seed)
    train = trainer.sets.train
    chosen = spread(len(train), STATISTICS_IMAGES)
    textures: list[Parts] = []
    features: list[Tensor] = []
    for start in range(0, len(chosen), 32):
        still = trainer.as_input(train.batch(chosen[start : start + 32], epoch=0))
        for images in (still, *(place(still, trainer.preset.augmentation) for _ in range(MOVED_COPIES))):
            textures.append(parts(images, squid.generator(images).student))
            if squid.lesion is not None:
                features.append(squid.lesion(images).features)
    squid.texture.fit(Parts(*(torch.cat(part) for part in zip(*textures, strict=True))))
    if squid.anatomy is not None:
        squid.anatomy.fit(torch.cat(features))
