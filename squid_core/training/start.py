"""What a training takes over: the networks of other weights, and the mean chest that its pictures are laid on."""

from __future__ import annotations

from pathlib import Path

import torch

from squid_core.bundle.card import Card
from squid_core.bundle.library import Bundles
from squid_core.bundle.weights import read_bundle
from squid_core.contracts.errors import SquidError
from squid_core.datasets.image_set import load_images, split_by_patient
from squid_core.datasets.packed import packed_for
from squid_core.model.squid import Squid
from squid_core.training.critic import as_seen
from squid_core.training.laying import learn_mean_chest
from squid_core.training.preset import Preset


def laid(preset: Preset, normal: Path | None, seed: int) -> Preset:
    """The preset with a mean chest, where its networks want pictures laid on one; else as it is.

    Args:
        preset: what to train.
        normal: folder of the normals to train on, or a packed file, which says what its pictures were laid on; None
            where there is none.
        seed: of the learning.

    Raises:
        SquidError: the normals cannot be used.
    """
    if not preset.network.laid or preset.preprocessing.mean_chest:
        return preset
    if normal is None:
        raise SquidError("This preset lays chests on each other.", "Give normal chest radiographs in a folder.")
    if normal.is_file():
        preprocessing = packed_for(normal)
    else:
        train, _ = split_by_patient(load_images(normal, preset.preprocessing), preset.held_out)
        preprocessing = preset.preprocessing.model_copy(update={"mean_chest": learn_mean_chest(train, seed)})
    return preset.model_copy(update={"preprocessing": preprocessing})


def networks_of(weights: str, preset: Preset) -> tuple[Squid, Card]:
    """The networks of other weights, to go on from, and their card.

    Raises:
        SquidError: no such weights, or of another shape or for other inputs.
    """
    card, squid = read_bundle(Bundles().choose(weights).folder, torch.device("cpu"))
    ours, theirs = (network.model_copy(update={"laid": False}) for network in (preset.network, card.network))
    if ours != theirs or as_seen(preset.preprocessing) != as_seen(card.preprocessing):
        raise SquidError(
            f"The networks of the weights {card.name} are of another shape, or for other pictures, than the preset's.",
            "Take weights of the same preset.",
        )
    return squid, card
