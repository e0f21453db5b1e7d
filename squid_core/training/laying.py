"""Learning from normal chests how a picture is laid on their mean: the steps of `squid_core.pose`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from squid_core.contracts.affine import IDENTITY, Matrix, inverse, then
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import FloatArray
from squid_core.datasets.image_set import ImageSet, spread
from squid_core.datasets.tensors import as_tensor
from squid_core.pose import (
    MEAN_BLUR,
    SIDE,
    MeanChest,
    as_matrix,
    as_params,
    descend,
    is_sober,
    missing,
    softened,
    view,
)
from squid_core.training.augmentation import expose, narrow
from squid_core.training.preset import Augmentation
from squid_core.training.synthetic_lesions import KINDS, draw
from squid_core.warping import warped

STEPS = 6
IMAGES = 1200  # normals that are looked at
ROUNDS = 4  # each lays the normals by what the round before has learned, and learns anew
ECC_ROUNDS, ECC_SIDES, ECC_STEPS, ECC_CLOSE = 2, (32, 64), 40, 1e-5
SURE = 0.8  # correlation from which ECC is believed
MOVED, MOVED_AT_LAST = 2, 4  # how often each picture is moved: as it is, with lesions, framed, and cut
RIDGE = 5e-3  # share of the mean variance
OTHERWISE = Augmentation(gamma=1.42)  # exposed, of pictures of another field
TURN, SIZE, RATIO, SHEAR, SHIFT = 16.0, 0.35, 0.12, 0.06, 0.14  # of the moves: degrees, logarithms, share of the side


@dataclass(frozen=True, eq=False)
class _Example:
    """A picture as steps see it, and how it should be laid."""

    soft: FloatArray
    wanted: Matrix


def learn_mean_chest(normals: ImageSet, seed: int) -> str:
    """Learn from training normals, packed for a card. No label, and none held out, is used.

    A quarter of the examples has made-up lesions, two more the field and the exposure of another apparatus, once within
    borders and once without them: neither must pull. Where the chests lie is not known at first: they are
    laid on their mean by ECC (Evangelidis and Psarakis, PAMI 2008; OpenCV), which is exact where it holds and lost
    where a chest is unusual; those it is sure of are what is learned from. Each further round lays them by what was
    learned, less their mean, and learns again.

    Args:
        normals: prepared without a mean chest.
        seed: of moves and lesions.

    Raises:
        SquidError: there are no normals, or they do not resemble each other.
    """
    chosen = normals.images[list(spread(len(normals), IMAGES))]
    if not len(chosen):
        raise SquidError("There are no normal chests to learn their position from.", "Give a folder of normals.")
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    clean = [image.astype(np.float32) / 255 for image in chosen]
    greys = torch.tensor(rng.choice((0.0, 1.0, 0.5), len(chosen)), dtype=torch.float32)  # of borders
    framed, cut = (list(_narrowed(chosen, borders)) for borders in (greys, None))
    ill = [one for start in range(0, len(chosen), 64) for one in _with_lesions(chosen[start : start + 64])]
    sure = _by_correlation(clean)
    clean, ill, framed, cut = ([images[i] for i in sure] for images in (clean, ill, framed, cut))
    laid = _centred(list(sure.values()))
    for number in range(ROUNDS):
        examples = [
            _Example(softened(one), where)
            for images in (clean, ill, framed, cut)
            for one, where in zip(images, laid, strict=True)
        ]
        steps = _learned(examples, MOVED_AT_LAST if number == ROUNDS - 1 else MOVED, rng)
        laid = _centred([descend(one, steps) for one in clean])
    size = chosen.shape[1]
    mean = np.mean([warped(one, where, (size, size)) for one, where in zip(clean, laid, strict=True)], axis=0)
    soft = cv2.resize(cv2.GaussianBlur(mean, (0, 0), MEAN_BLUR * size), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return MeanChest(np.asarray(soft, dtype=np.float32), steps).pack()


def _by_correlation(pictures: Sequence[FloatArray]) -> dict[int, Matrix]:
    """How the pictures, (S, S) each, are laid on their mean, by index; those for which this is certain.

    Raises:
        SquidError: there are none.
    """
    size = len(pictures[0])
    soft = [np.asarray(cv2.GaussianBlur(one, (0, 0), MEAN_BLUR * size), dtype=np.float32) for one in pictures]
    mean: FloatArray = np.mean(np.stack(soft), axis=0)
    for _ in range(ECC_ROUNDS):
        found = {i: _aligned(one, mean) for i, one in enumerate(soft)}
        sure = {i: where for i, (quality, where) in found.items() if quality >= SURE and is_sober(where)}
        if not sure:
            raise SquidError("The normal images do not resemble each other.", "Give frontal chest radiographs.")
        sure = dict(zip(sure, _centred(list(sure.values())), strict=True))
        mean = np.mean([warped(soft[i], where, (size, size)) for i, where in sure.items()], axis=0)
    return sure


def _aligned(seen: FloatArray, target: FloatArray) -> tuple[float, Matrix]:
    """How well a picture correlates with another at best, -1..1, and the map from the other's pixels to its own."""
    quality, matrix = -1.0, IDENTITY
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, ECC_STEPS, ECC_CLOSE)
    for side in ECC_SIDES:
        there, here = (cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in (target, seen))
        (a, b, row), (c, d, column) = as_matrix(as_params(matrix, len(seen)), side)
        start = np.array([[d, c, column], [b, a, row]], dtype=np.float32)  # OpenCV has (x, y)
        try:
            quality, found = cv2.findTransformECC(there, here, start, cv2.MOTION_AFFINE, criteria, inputMask=None)
        except cv2.error:  # it diverged
            return -1.0, IDENTITY
        (a, b, x), (c, d, y) = np.asarray(found, dtype=np.float64).tolist()
        matrix = as_matrix(as_params(((d, c, y), (b, a, x)), side), len(seen))
    return float(quality), matrix


def _learned(examples: Sequence[_Example], moved: int, rng: np.random.Generator) -> FloatArray:
    """(STEPS, SEEN * SEEN + 1, 6) float32: each step by ridge regression from where the ones before have led."""
    size = len(examples[0].soft)
    cases = [(one, then(_move(rng, size), one.wanted)) for one in examples for _ in range(moved)]
    steps = []
    for _ in range(STEPS):
        views = np.stack([view(one.soft, laid) for one, laid in cases]).astype(np.float64)
        wanted = np.stack([as_params(missing(one.wanted, laid), size) for one, laid in cases])
        centre, mean = views.mean(0), wanted.mean(0)
        covariance = (views - centre).T @ (views - centre)
        covariance[np.diag_indices_from(covariance)] += RIDGE * covariance.trace() / len(covariance)
        weights = np.linalg.solve(covariance, (views - centre).T @ (wanted - mean))
        step = np.vstack((weights, mean - centre @ weights))
        cases = [
            (one, then(as_matrix(seen @ step[:-1] + step[-1], size), laid))
            for (one, laid), seen in zip(cases, views, strict=True)
        ]
        steps.append(step)
    return np.asarray(steps, dtype=np.float32)


def _move(rng: np.random.Generator, size: int) -> Matrix:
    """A random step away."""
    turn, grown = np.radians(rng.uniform(-TURN, TURN)), np.exp(rng.uniform(-SIZE, SIZE))
    ratio, shear = np.exp(rng.uniform(-RATIO, RATIO)), rng.uniform(-SHEAR, SHEAR)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    linear = turned @ [[1, shear], [0, 1]] @ np.diag([grown * ratio, grown / ratio])
    shift = rng.uniform(-2 * SHIFT, 2 * SHIFT, (2, 1))
    return as_matrix(np.hstack((linear - np.eye(2), shift)).ravel(), size)


def _centred(laid: Sequence[Matrix]) -> list[Matrix]:
    """The same maps with the identity for their mean."""
    (a, b, row), (c, d, column) = np.mean(laid, axis=0).tolist()
    back = inverse(((a, b, row), (c, d, column)))
    return [then(back, one) for one in laid]


def _narrowed(images: NDArray[np.uint8], greys: Tensor | None) -> FloatArray:
    """(B, S, S) uint8 -> (B, S, S) float32 in 0..1 of a smaller field and another gamma, see `narrow`."""
    seen: FloatArray = narrow(expose(as_tensor(images), OTHERWISE), greys)[:, 0].numpy()
    return seen


def _with_lesions(images: NDArray[np.uint8]) -> list[FloatArray]:
    """(B, S, S) uint8 -> (S, S) float32 in 0..1 each, every second one with a made-up lesion."""
    return list(draw(as_tensor(images), dict.fromkeys(KINDS, 1.0)).images[:, 0].numpy())
