"""The end of a training: statistics of normal images, calibration on those held out, and the bundle."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from squid_core.bundle.calibration import fit, fit_foreign
from squid_core.bundle.card import Card, Foreign, sha256
from squid_core.bundle.weights import pack, unpack, write_bundle
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.datasets.image_set import spread
from squid_core.datasets.tensors import as_tensor
from squid_core.evaluation.evaluate import report
from squid_core.evaluation.measure import Measured, measure_set
from squid_core.model.squid import Squid
from squid_core.model.texture import Parts
from squid_core.preprocessing import prepare
from squid_core.training.augmentation import expose, narrow, place
from squid_core.training.foreign import foreign
from squid_core.training.loop import Trainer
from squid_core.training.picture import PictureTrainer
from squid_core.training.preset import Preset
from squid_core.training.synthetic_lesions import KINDS, draw

REHEARSED = 16  # images that say how long an image takes
REPORT_PART = 0.1  # of a budget for the images that are only reported on
STATISTICS_PART = 0.2  # and for normals that statistics are taken from
MARGIN = 1.2  # of the time that is kept for the end over what was measured
FOREIGN_IMAGES = 400  # held-out normals that are made foreign, and as many with lesions
CHANGED_COPIES = 2  # of each normal that statistics are taken from


def reserve(trainer: Trainer) -> None:
    """Keep time for what comes after the last step of a training with a budget: measured, before the first step.

    Where labelled images to report on would take more than REPORT_PART of the budget a set, or normals for statistics
    more than STATISTICS_PART, fewer are looked at, spread over the set.

    Raises:
        SquidError: nothing would be left to train in.
    """
    budget, sets, ranks = trainer.budget, trainer.sets, trainer.ranks
    if budget.minutes is None:
        return
    started = budget.used()
    squid = trainer.final()
    trainer.logbook.draw(squid.generator, sets)
    once = budget.used() - started
    measure_set(squid, sets.held_out.subset(range(2)), trainer.locked())  # the first time takes longer
    some, started = spread(len(sets.held_out), REHEARSED), budget.used()
    measure_set(squid, sets.held_out.subset(some), trainer.locked())
    image = ranks.mean((budget.used() - started) / len(some), trainer.device)
    shown = max(1, int(REPORT_PART * 60 * budget.minutes / max(image, 1e-6)))
    thinned = {
        name: one.subset(range(0, len(one), math.ceil(len(one) / shown)))
        for name in ("val_normal", "val_abnormal")
        if (one := getattr(sets, name)) is not None and len(one) > shown
    }
    trainer.sets = replace(sets, **thinned)
    fitting = int(STATISTICS_PART * shown / REPORT_PART / (1 + CHANGED_COPIES))
    budget.statistics = max(1, min(budget.statistics, fitting))
    images = _looked_at(trainer)
    budget.reserve = ranks.mean(MARGIN * (once + images * image), trainer.device)
    needed = budget.used() + budget.reserve
    if ranks.any(needed >= 60 * budget.minutes, trainer.device):
        raise SquidError(
            f"The time is too short: reading, calibrating and writing take {needed / 60:.1f} of {budget.minutes:g} "
            "minutes.",
            f"Give --minutes {math.ceil(2 * needed / 60)} or more.",
        )


def _looked_at(trainer: Trainer) -> int:
    """How many images `finish` looks at, those for statistics as often as it does."""
    preset, sets = trainer.preset, trainer.sets
    reported = [one for one in (sets.held_out, sets.val_normal, sets.val_abnormal) if one is not None]
    copies = (1 + CHANGED_COPIES) * _wants_statistics(preset)
    looked_at = sum(map(len, reported)) + copies * len(spread(len(sets.train), trainer.budget.statistics))
    return looked_at + 2 * len(spread(len(sets.held_out), FOREIGN_IMAGES)) * preset.network.laid


def finish(trainer: Trainer, out: Path, *, resume: bool = False, progress: bool = True) -> dict[str, Any]:
    """Fit statistics, train the picture, calibrate on held-out normals, evaluate on labelled sets, write the bundle.

    Args:
        trainer: at its last step.
        out: the bundle's folder.
        resume: go on with a picture whose training was stopped.
        progress: show a bar.

    Returns:
        The metrics, as they stand in the card.

    Raises:
        SquidError: the bundle cannot be written, the score not calibrated, or the picture diverged.
        KeyboardInterrupt: Ctrl+C while the picture was trained; the step under way was saved.
    """
    preset, sets, settings = trainer.preset, trainer.sets, trainer.locked()
    squid = trainer.final()
    if trainer.course.timed:  # else the last validation has drawn
        trainer.logbook.draw(squid.generator, sets)
    if _wants_statistics(preset):
        _fit_statistics(trainer, squid)
    painted = 0
    if squid.picture is not None and sets.fine is not None:
        stage = PictureTrainer(preset, squid, sets.fine, trainer.work, trainer.seed, trainer.device, trainer.budget)
        if trainer.picture is None:
            squid.picture.load_state_dict(stage.run(resume=resume, progress=progress).state_dict())
            painted = stage.step
        else:  # behind networks that have not changed
            squid.picture.load_state_dict(trainer.picture.state_dict())
            stage.fit_doubt()
    weights = pack(squid)
    unpack(squid, weights)  # calibrated as it will be used: in half precision
    held = measure_set(squid, sets.held_out, settings)
    strangers = _foreign(trainer, squid, held) if squid.likeness is not None else None
    before, lender = trainer.networks_from, trainer.lender
    if trainer.picture is not None and before is not None:
        painted = before.picture_steps
    epochs = trainer.step * preset.critic_steps * preset.batch_size / len(sets.train)
    card = Card(
        name=out.name,
        subject=preset.subject,
        population=preset.population,
        preset=trainer.preset_name,
        seed=trainer.seed,
        steps=trainer.step + (before.steps if before else 0),
        epochs=round(epochs + (before.epochs if before else 0), 1),
        minutes=round(trainer.budget.used() / 60, 2),
        minutes_given=trainer.budget.minutes or 0.0,
        critic_steps=lender.critic_steps if lender else trainer.critic_steps + (before.critic_steps if before else 0),
        critic_from=lender.name if lender else "",
        networks_from=f"{before.name}, {before.weights_sha256}" if before else "",
        picture_steps=painted,
        weights_sha256=sha256(weights),
        preprocessing=preset.preprocessing,
        network=preset.network.model_dump(mode="json"),  # stated whole, see Card
        settings=settings,
        calibration=fit(held.values, held.distances, preset.score, preset.components, strangers),
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


def _wants_statistics(preset: Preset) -> bool:
    return preset.network.laid or bool({"texture", "anatomy"} & {name.split()[0] for name in preset.components})


@torch.no_grad()
def _fit_statistics(trainer: Trainer, squid: Squid) -> None:
    """Statistics of texture, anatomy and likeness from training normals, spread over the set: as they are, and changed.

    What is not abnormal must not look so. Pictures that are laid on a mean chest are narrowed, exposed, blurred and
    sharpened anew, as another apparatus would; else they are moved.
    """
    torch.manual_seed(trainer.seed)
    train, preset = trainer.sets.train, trainer.preset
    apparatus = preset.lesions.augmentation if preset.lesions else preset.augmentation
    chosen = spread(len(train), trainer.budget.statistics)
    textures: list[Parts] = []
    features: list[Tensor] = []
    whole: list[Tensor] = []
    for start in range(0, len(chosen), 32):
        still = trainer.as_input(train.batch(chosen[start : start + 32], epoch=0))
        whole.append(still.sum(0, keepdim=True))
        changed = (
            place(still, preset.augmentation) if squid.likeness is None else expose(narrow(still), apparatus)
            for _ in range(CHANGED_COPIES)
        )
        for images in (still, *changed):
            textures.append(squid.texture.features(images, squid.generator(images).student))
            if squid.lesion is not None:
                features.append(squid.lesion(images).features)
    squid.texture.fit(Parts(*(torch.cat(part) for part in zip(*textures, strict=True))))
    if squid.anatomy is not None:
        squid.anatomy.fit(torch.cat(features))
    if squid.likeness is not None:
        squid.likeness.fit(torch.stack(whole).sum(0) / len(chosen))


def _foreign(trainer: Trainer, squid: Squid, held: Measured) -> Foreign:
    """What tells pictures of other things from chests, learned from held-out normals, sick ones among them made up.

    Their patients differ from those of the statistics, so these are as far from the statistics as a new chest is.
    """
    torch.manual_seed(trainer.seed)
    some = trainer.sets.held_out
    images = some.images[list(spread(len(some), FOREIGN_IMAGES))]
    ill = [
        one
        for start in range(0, len(images), 64)
        for one in draw(as_tensor(images[start : start + 64]), dict.fromkeys(KINDS, 1.0)).images[:, 0].numpy()
    ]

    def measured(pictures: list[FloatArray]) -> Measured:
        laid = np.stack([prepare(one, trainer.preset.preprocessing).image for one in pictures])
        return measure_set(squid, laid, trainer.locked())

    return fit_foreign(held.values, measured(ill).values, measured(foreign(images, trainer.seed)).values)
