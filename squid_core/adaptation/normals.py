"""The normal images of a place, from folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from squid_core.bundle.card import Card, NotUsed
from squid_core.bundle.library import population_of
from squid_core.datasets.image_set import ImageSet, load_with_ages, merge


def read_normals(folders: Sequence[Path], card: Card) -> tuple[ImageSet, Counter[NotUsed]]:
    """Images of patients whom the bundle may read, and how many of others there were.

    A file that does not say how old the patient is, such as a PNG, is taken for what the bundle is for.

    Raises:
        SquidError: no folder, or nothing readable in it.
    """
    found = [load_with_ages(folder, card.preprocessing) for folder in dict.fromkeys(map(Path.resolve, folders))]
    images, ages = merge([one for one, _ in found]), [age for _, some in found for age in some]
    wanted = [index for index, age in enumerate(ages) if age is None or card.population in ("any", population_of(age))]
    not_used = Counter({NotUsed.UNREADABLE: images.unreadable, NotUsed.AGE: len(images) - len(wanted)})
    return images.subset(wanted), not_used
