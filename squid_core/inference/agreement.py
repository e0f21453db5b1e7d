"""Do the maps point to the same place? Pure arrays, no torch.

A map points where it has its greatest mass, and only if it is unusual there at all: each has a floor that hardly a
normal reaches, so that two maps of noise neither agree nor disagree. Disease has more than one place as a rule, and
each map its own strongest one; so maps point to different places only where neither marks what the other points to.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.detection import UNUSUAL, Detection, Maps
from squid_core.contracts.radiograph import FloatArray

MASS_SIGMA = 1 / 16  # of the image's side: the Gaussian under which mass is gathered
# Mean absolute difference, grey range, under that Gaussian. The greatest of an image is above it in 7 of 100 normal
# adults and 5 of 100 normal children (medians 0.12 and 0.11; of abnormal ones above the 95% line 0.14 and 0.15).
DIFFERENCE_FLOOR = 0.22
LESION_FLOOR = 0.5  # below it the critic finds "no change" likelier; 4 and 0 of 100 normals are above it
GRAD_CAM_FLOOR = 0.5  # of its greatest place, which is 1 in every image

Place = tuple[float, float]


class MapName(StrEnum):
    """The maps that are held against each other."""

    DIFFERENCE = "difference"
    PATCHES = "patches"
    LESION = "lesion"
    GRAD_CAM = "grad_cam"


class Accord(StrEnum):
    """How the places of maps lie to each other."""

    NONE = "none"  # no map points anywhere
    ALONE = "alone"  # one does
    SAME = "same"  # all point to one place
    OVERLAP = "overlap"  # they point to several, and mark them together
    APART = "apart"  # two have nothing in common


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where the maps of an image point.

    Attributes:
        places: (row, column) as shares of the image, 0..1, of the maps that point anywhere.
        nowhere: the maps that find nothing unusual.
        accord: see `Accord`.
    """

    places: dict[MapName, Place]
    nowhere: tuple[MapName, ...]
    accord: Accord


def agreement(detection: Detection, maps: Maps) -> Agreement:
    """Where the difference, the patches' percentiles, and the lesion critic or else Grad-CAM point.

    Places no farther apart than the side of a patch are one, since nothing finer can be said of a patch. Two maps are
    apart where the place of either lies farther than half a patch from all that is unusual in the other: so it is of 11
    in 100 abnormal adults above the 95% line (validation and `sites`) and 12 of the children, and of 19 and 17 where
    each map is another patient's.

    Args:
        detection: of the image.
        maps: of the same detection. Grad-CAM is relative to its image, so it points somewhere unless it is empty; it
            is asked only where there is no lesion critic.
    """
    critic = maps.grad_cam if maps.lesion is None else maps.lesion
    name, floor = (MapName.GRAD_CAM, GRAD_CAM_FLOOR) if maps.lesion is None else (MapName.LESION, LESION_FLOOR)
    percentiles = np.asarray(detection.patch_percentiles, dtype=np.float32)
    gathered = _gathered(np.abs(detection.difference))
    peaks = {
        MapName.DIFFERENCE: _place(gathered, int(np.argmax(gathered)), DIFFERENCE_FLOOR),
        MapName.PATCHES: _place(percentiles, detection.most_abnormal(1)[0], UNUSUAL),
        name: _place(critic, int(np.argmax(critic)), floor),
    }
    unusual = {
        MapName.DIFFERENCE: gathered > DIFFERENCE_FLOOR,
        MapName.PATCHES: percentiles > UNUSUAL,
        name: critic > floor,
    }
    places = {one: place for one, place in peaks.items() if place is not None}
    return Agreement(
        places=places,
        nowhere=tuple(one for one, place in peaks.items() if place is None),
        accord=_accord(places, unusual, 1 / detection.grid),
    )


def _accord(places: dict[MapName, Place], unusual: dict[MapName, NDArray[np.bool_]], patch: float) -> Accord:
    if len(places) < 2:
        return Accord.ALONE if places else Accord.NONE
    pairs = list(combinations(places, 2))
    if all(np.hypot(*np.subtract(places[one], places[other])) <= patch for one, other in pairs):
        return Accord.SAME
    apart = any(
        min(_distance(places[one], unusual[other]), _distance(places[other], unusual[one])) > patch / 2
        for one, other in pairs
    )
    return Accord.APART if apart else Accord.OVERLAP


def _distance(place: Place, marked: NDArray[np.bool_]) -> float:
    """From a place to the nearest marked part of the image, in shares of its side; 0 within it."""
    away = []
    for at, parts, side in zip(place, np.nonzero(marked), marked.shape, strict=True):
        away.append(np.maximum(np.abs((parts + 0.5) / side - at) - 0.5 / side, 0))
    return float(np.hypot(*away).min())


def _gathered(values: FloatArray) -> FloatArray:
    sigma = MASS_SIGMA * values.shape[0]
    return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def _place(values: FloatArray, index: int, floor: float) -> Place | None:
    """Centre of an entry (row-major index) as shares of the image; None where it does not exceed the floor."""
    row, column = divmod(index, values.shape[1])
    if values[row, column] <= floor:
        return None
    return (row + 0.5) / values.shape[0], (column + 0.5) / values.shape[1]
