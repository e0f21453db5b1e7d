"""Which training image will lie behind each memory slot."""

from __future__ import annotations

from collections.abc import Sequence

from squid_core.datasets.image_set import ImageSet, TrainingSet
from squid_core.model.config import MemoryKind, NetworkConfig
from squid_core.model.memory import Memory


def memory_sources(
    memory: Memory, images: TrainingSet, chosen: Sequence[int], config: NetworkConfig
) -> tuple[str | None, ...]:
    """By slot, the file name of its image once the images `chosen` have been pushed in this order.

    Args:
        memory: before the push.
        images: the training set.
        chosen: indices in it, no more than the slots hold.
        config: of the network; one memory for all patches takes every patch of an image one after another.

    Returns:
        None for a slot that keeps what it holds; an empty tuple for learned entries and for sets without files.
    """
    if not isinstance(images, ImageSet) or memory.kind is not MemoryKind.QUEUE:
        return ()
    patches = 1 if config.space_aware else config.grid**2
    pushed = [images.names[i] for i in chosen for _ in range(patches)][-config.slots :]
    found: list[str | None] = [None] * config.slots
    for slot, name in zip(memory.next_slots(len(pushed)), pushed, strict=True):
        found[slot] = name
    return tuple(found)
