"""A bundle's weights: safetensors, checked against the card's hash before a byte is used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from squid_core.bundle.card import CARD_NAME, WEIGHTS_NAME, Card, read_card, read_weights
from squid_core.bundle.sources import SOURCES_NAME, pack_sources
from squid_core.contracts.errors import SquidError
from squid_core.files import remove, write_atomically, write_together
from squid_core.model.config import NetworkConfig, Pretext
from squid_core.model.squid import Squid

TRAINING_ONLY = ("generator.teacher.", "generator.pretext.")


def pack(squid: Squid) -> bytes:
    """All networks as fp16 safetensors, without what inference never runs: teacher and head of the pretext task."""
    tensors = {k: v for k, v in squid.state_dict().items() if not k.startswith(TRAINING_ONLY)}
    return bytes(save({k: (v.half() if v.is_floating_point() else v).contiguous().cpu() for k, v in tensors.items()}))


def unpack(squid: Squid, weights: bytes) -> None:
    """Give networks the weights of `pack`, as float32; what inference never runs keeps its own.

    Raises:
        SafetensorError, RuntimeError: these are no weights of these networks.
    """
    missing, unexpected = squid.load_state_dict(load(weights), strict=False)
    if unexpected or not all(name.startswith(TRAINING_ONLY) for name in missing):
        raise RuntimeError("the weights are of other networks")


def _check(weights: bytes, network: NetworkConfig) -> None:
    """Whether weights are those of a network, before it is built: then it is at most four times their size.

    Raises:
        SafetensorError, RuntimeError: they are not.
        SquidError: one of them is not a finite number.
    """
    with torch.device("meta"):  # shapes alone
        wanted = Squid(network).state_dict()
    found = load(weights)
    if found.keys() != wanted.keys():
        raise RuntimeError("the weights are of other networks")
    for name, tensor in found.items():
        if tensor.shape != wanted[name].shape or tensor.is_floating_point() != wanted[name].is_floating_point():
            raise RuntimeError("the weights are of other networks")
        if not tensor.isfinite().all():
            raise SquidError("The weights hold what is not a number.", "Fetch the bundle again.")


def write_bundle(folder: Path, weights: bytes, card: Card, sources: Sequence[str | None] = ()) -> None:
    """Write a bundle; the card, which names the weights' hash, comes last.

    Args:
        folder: the weights folder.
        weights: from `pack`.
        card: names their hash.
        sources: by memory slot, the file name of the training image behind it; a list of an earlier bundle goes.

    Raises:
        SquidError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SquidError("The bundle's folder cannot be made.", "Choose another place.") from error
    files = {folder / WEIGHTS_NAME: weights}
    if sources:
        files[folder / SOURCES_NAME] = pack_sources(card.weights_sha256, sources)
    write_together(files | {folder / CARD_NAME: (card.model_dump_json(indent=2) + "\n").encode()})
    if not sources:
        remove(folder / SOURCES_NAME)  # what stays is found to belong to other weights


def record(folder: Path, name: str, figures: dict[str, Any]) -> None:
    """Keep figures among the metrics of a bundle's card, in place of older ones of that name.

    Raises:
        SquidError: no card, or it cannot be written.
    """
    card = read_card(folder)
    kept = card.model_copy(update={"metrics": card.metrics | {name: figures}})
    write_atomically(folder / CARD_NAME, (kept.model_dump_json(indent=2) + "\n").encode())


def read_bundle(folder: Path, device: torch.device) -> tuple[Card, Squid]:
    """Load a bundle, in evaluation mode, float32.

    Args:
        folder: the weights folder.
        device: where the networks live.

    Raises:
        SquidError: no bundle, wrong hash, not safetensors, or tensors that are not finite or not of the card's network.
    """
    card = read_card(folder)
    data = read_weights(folder, card)
    network = card.network.model_copy(update={"teacher": False, "pretext": Pretext.NONE})
    try:
        _check(data, network)
        squid = Squid(network)
        unpack(squid, data)
    except (SafetensorError, ValueError, RuntimeError) as error:
        raise SquidError(
            "The weights cannot be read as safetensors of the card's network.",
            "Fetch the bundle again.",
            type(error).__name__,
        ) from error
    return card, squid.to(device).eval()
