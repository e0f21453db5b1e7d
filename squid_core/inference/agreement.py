"""Do the maps point to the same place? Pure arrays, no torch.

A map points where it has its greatest mass, and only if it is unusual there at all: each has a floor below which it
points nowhere, so that two maps of noise do not agree or disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from squid_core.contracts.detection import UNUSUAL, Detection, Maps
from squid_core.contracts.radiograph import FloatArray

MASS_SIGMA = 1 / 16  # of the image's side: the Gaussian under which mass is gathered
DIFFERENCE_FLOOR = 0.1  # mean absolute difference, grey range, under that Gaussian
LESION_FLOOR = 0.5  # below it the critic finds "no change" likelier


class MapName(StrEnum):
    """The maps that are held against each other."""

    DIFFERENCE = "difference"
    PATCHES = "patches"
    LESION = "lesion"
    GRAD_CAM = "grad_cam"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where the maps of an image point.

    Attributes:
        places: (row, column) as shares of the image, 0..1, of the maps that point anywhere.
        nowhere: the maps that find nothing unusual.
        reach: places no farther apart than this, in shares of the image's side, are one: the side of a patch, since
            nothing finer can be said of a patch.
    """

    places: dict[MapName, tuple[float, float]]
    nowhere: tuple[MapName, ...]
    reach: float

    @property
    def same_place(self) -> bool | None:
        """Whether all that point anywhere point to one place; None where fewer than two do."""
        found = list(self.places.values())
        if len(found) < 2:
            return None
        return all(
            float(np.hypot(one[0] - other[0], one[1] - other[1])) <= self.reach for one in found for other in found
        )


def agreement(detection: Detection, maps: Maps) -> Agreement:
    """Where the difference, the patches' percentiles, and the lesion critic or else Grad-CAM point.

    Args:
        detection: of the image.
        maps: of the same detection. Grad-CAM is relative to its image, so it points somewhere unless it is empty; it
            is asked only where there is no lesion critic.
    """
    critic = maps.grad_cam if maps.lesion is None else maps.lesion
    name, floor = (MapName.GRAD_CAM, 0.0) if maps.lesion is None else (MapName.LESION, LESION_FLOOR)
    percentiles = np.asarray(detection.patch_percentiles, dtype=np.float32)
    peaks = {
        MapName.DIFFERENCE: _mass_peak(np.abs(detection.difference), DIFFERENCE_FLOOR),
        MapName.PATCHES: _place(percentiles, detection.most_abnormal(1)[0], UNUSUAL),
        name: _place(critic, int(np.argmax(critic)), floor),
    }
    return Agreement(
        places={one: place for one, place in peaks.items() if place is not None},
        nowhere=tuple(one for one, place in peaks.items() if place is None),
        reach=1 / detection.grid,
    )


def _mass_peak(values: FloatArray, floor: float) -> tuple[float, float] | None:
    sigma = MASS_SIGMA * values.shape[0]
    gathered = np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)
    return _place(gathered, int(np.argmax(gathered)), floor)


def _place(values: FloatArray, index: int, floor: float) -> tuple[float, float] | None:
    """Centre of an entry (row-major index) as shares of the image; None where it does not exceed the floor."""
    row, column = divmod(index, values.shape[1])
    if values[row, column] <= floor:
        return None
    return (row + 0.5) / values.shape[0], (column + 0.5) / values.shape[1]
