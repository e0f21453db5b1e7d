"""Labelled images for an evaluation: from folders, or the fixed digit grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from squid_core.datasets.chexpert import read_films, select
from squid_core.datasets.digit_anatomy import DigitAnatomy, fixed_set
from squid_core.datasets.idx import load_digits
from squid_core.datasets.image_set import ImageSet, load_images
from squid_core.preprocessing import Preprocessing

TEST_SEED, TEST_NORMALS, TEST_EACH = 2023, 400, 200  # the fixed test set of digits
FLOOR_GRIDS = 800  # normals that the floors are fitted on


@dataclass(frozen=True, eq=False)
class Labelled:
    """What an evaluation measures on.

    Attributes:
        normal: normal images.
        abnormal: abnormal images by group: a folder, or a kind of anomaly.
        training: normals that a detector may be trained on; the floors are fitted on them. None: no floors.
        cells: by group, where it is known: (N, side, side) bool, the cells that are wrong.
    """

    normal: ImageSet
    abnormal: dict[str, ImageSet]
    training: ImageSet | None = None
    cells: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


def from_folders(
    normal: Path, abnormal: Sequence[Path], training: Path | None, preprocessing: Preprocessing
) -> Labelled:
    """Read folders of images.

    Raises:
        SquidError: a folder does not exist or holds no readable image.
    """
    groups: dict[str, ImageSet] = {}
    for folder in abnormal:
        again = sum(name == folder.name or name.startswith(f"{folder.name} (") for name in groups)
        groups[f"{folder.name} ({again + 1})" if again else folder.name] = load_images(folder, preprocessing)
    fitted_on = None if training is None else load_images(training, preprocessing)
    return Labelled(load_images(normal, preprocessing), groups, fitted_on)


def from_chexpert(table: Path, preprocessing: Preprocessing) -> Labelled:
    """The frontal PA films of a table of CheXpert, normal against any finding.

    Raises:
        SquidError: the table or its pictures cannot be used.
    """
    films = select(table)
    abnormal = read_films(films.abnormal, preprocessing, "abnormal")
    return Labelled(read_films(films.normal, preprocessing, "normal"), {"any finding": abnormal})


def from_digits(folder: Path, preprocessing: Preprocessing) -> Labelled:
    """The fixed DigitAnatomy test set, from MNIST's test digits; training grids for the floors.

    Raises:
        SquidError: the folder does not hold MNIST.
    """
    grids = fixed_set(load_digits(folder, "t10k"), preprocessing, seed=TEST_SEED, normals=TEST_NORMALS, each=TEST_EACH)
    training = DigitAnatomy(load_digits(folder, "train"), preprocessing, seed=0).subset(range(FLOOR_GRIDS))
    abnormal = {str(anomaly): images for anomaly, images in grids.abnormal.items()}
    return Labelled(grids.normal, abnormal, training, {str(anomaly): cells for anomaly, cells in grids.cells.items()})
