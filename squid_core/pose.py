"""Laying a frontal chest on the mean normal one: a place of the picture is then a place of the chest. Not in the paper.

Statistics and memory are bound to places of the picture, and chests are not: a step to the side by 4% of the width
moved a normal by a quarter of all ranks. The map is affine and found by supervised descent (Xiong and De la Torre, CVPR
2013): a few steps, each of which looks at the picture as it lies now and says, linearly, how it should lie instead.
`squid_core.training.laying` learns the steps from normal chests.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from squid_core.contracts.affine import IDENTITY, Matrix, inverse, then
from squid_core.contracts.detection import Pose
from squid_core.contracts.radiograph import FloatArray
from squid_core.warping import warped

SIDE = 64  # px of the mean chest
SEEN = 16  # px of what a step looks at
SEEN_BLUR, MEAN_BLUR = 4.0 / 128, 2.5 / 128  # of the picture's side: sigmas before it is made so small
EDGE = 0.12  # of the side, over which a step's view fades: what lies there may have been repeated
LOCAL = 1 / 8  # of the side: sigma of the surroundings that a place is compared with
FAINT = 0.03  # standard deviation of surroundings in which nothing is to be seen
LEAST_QUALITY = 0.5
MOST_TURN = 25.0  # degrees
MOST_STRETCH = 2.0  # of either axis, and the inverse
# From how far a chest leans to the wrong side it looks mirrored, see `leaning`. With the shipped weights 98% of
# validation normals are found when they are mirrored, and 60 to 85% of abnormal ones; of those that are not, 0 to 3 and
# 0 to 15 in a thousand are. The margin between the two agreements alone found 80% and 44 to 64%.
MIRRORED_FROM = 0.3
MARGIN_COUNTS = 4.0  # times the margin between the two agreements, so that it varies as much as what is not symmetric

Params = NDArray[np.float64]  # (6,): a map less the identity, row by row, in half sides about the middle


@dataclass(frozen=True, eq=False, slots=True)
class MeanChest:
    """What pictures are laid on, and how.

    Attributes:
        mean: (SIDE, SIDE) float32 in 0..1, of normal chests that lie alike, blurred by MEAN_BLUR.
        steps: (K, SEEN * SEEN + 1, 6) float32: weights of `view` and a constant -> the map that is still missing.
    """

    mean: FloatArray
    steps: FloatArray

    def __post_init__(self) -> None:
        if self.mean.shape != (SIDE, SIDE) or self.steps.shape[1:] != (SEEN**2 + 1, 6) or not len(self.steps):
            raise ValueError("a mean chest is a picture and the steps that lead to it")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.steps).all()):
            raise ValueError("a mean chest is made of numbers")

    def pack(self) -> str:
        """As text for a card: safetensors in half precision, in base64; some 30 kilobytes."""
        tensors = {"mean": self.mean.astype(np.float16), "steps": self.steps.astype(np.float16)}
        return base64.b64encode(save(tensors)).decode()


@lru_cache(maxsize=8)
def unpack(packed: str) -> MeanChest:
    """What `pack` made.

    Raises:
        ValueError: the text holds no mean chest.
    """
    try:
        tensors = load(base64.b64decode(packed, validate=True))
        return MeanChest(tensors["mean"].astype(np.float32), tensors["steps"].astype(np.float32))
    except (SafetensorError, KeyError, ValueError, IndexError) as error:
        raise ValueError("this is no mean chest") from error


def register(picture: FloatArray, packed: str) -> tuple[Pose, Matrix]:
    """Lay a picture on a mean chest. Deterministic.

    Args:
        picture: (S, S) float32 in 0..1, the whole image after the intensity scaling.
        packed: the mean chest.

    Returns:
        How well it went, and the map from (row, column) pixel centres of the laid picture to those of `picture`; the
        identity where it is not taken.
    """
    chest, other = unpack(packed), np.ascontiguousarray(picture[:, ::-1])
    found, reverse = descend(picture, chest.steps), descend(other, chest.steps)
    quality, reversed_quality = agreement(picture, found, chest.mean), agreement(other, reverse, chest.mean)
    registered = quality >= LEAST_QUALITY and is_sober(found)
    is_chest = registered or (reversed_quality >= LEAST_QUALITY and is_sober(reverse))
    lean = leaning(picture, found, reverse, chest.mean) + MARGIN_COUNTS * (quality - reversed_quality)
    pose = Pose(min(max(quality, 0.0), 1.0), registered, mirrored=is_chest and lean < -MIRRORED_FROM)
    return pose, found if registered else IDENTITY


def descend(picture: FloatArray, steps: FloatArray) -> Matrix:
    """The map from (row, column) of the laid picture to those of `picture`, however well it fits."""
    soft = softened(picture)
    found = IDENTITY
    for step in steps:
        found = then(as_matrix(view(soft, found) @ step[:-1] + step[-1], len(picture)), found)
    return found


def softened(picture: FloatArray) -> FloatArray:
    """(S, S) as `view` takes it."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), SEEN_BLUR * len(picture)), dtype=np.float32)


def view(soft: FloatArray, laid: Matrix) -> FloatArray:
    """(SEEN * SEEN,) float32: a softened picture where it is laid now, mean 0 and standard deviation 1, faded edges."""
    size = len(soft)
    seen = warped(soft, then(_enlarged(SEEN, size), laid), (SEEN, SEEN))
    fade = _fade()
    seen = seen - (seen * fade).sum() / fade.sum()
    spread = np.sqrt((seen**2 * fade).sum() / fade.sum())
    return np.asarray((seen / max(float(spread), FAINT) * fade).ravel(), dtype=np.float32)


def agreement(picture: FloatArray, laid: Matrix, mean: FloatArray) -> float:
    """Correlation of a laid picture with the mean chest, -1..1, each place seen against its surroundings."""
    soft = cv2.GaussianBlur(picture, (0, 0), MEAN_BLUR * len(picture))
    seen = warped(soft, then(_enlarged(SIDE, len(picture)), laid), (SIDE, SIDE))
    inner = slice(SIDE // 8, -SIDE // 8)
    ours, theirs = (_local(one)[inner, inner].ravel() for one in (seen, mean))
    ours, theirs = ours - ours.mean(), theirs - theirs.mean()
    return float(ours @ theirs / max(float(np.linalg.norm(ours) * np.linalg.norm(theirs)), 1e-6))


def leaning(picture: FloatArray, laid: Matrix, reverse: Matrix, mean: FloatArray) -> float:
    """How far apex, aortic arch and gas bubble lie where they lie in the mean chest (1) or in its mirror image (-1).

    The correlation of what is not symmetric in both. The picture is laid midway between its own laying and that of its
    mirror image: laid as if it were not mirrored, a mirrored heart is bent to where a heart should be.

    Args:
        picture: (S, S).
        laid: its own laying.
        reverse: that of its mirror image.
        mean: (SIDE, SIDE).
    """
    size = len(picture)
    midway = as_matrix((as_params(laid, size) + as_params(_mirrored(reverse, size), size)) / 2, size)
    soft = cv2.GaussianBlur(picture, (0, 0), MEAN_BLUR * size)
    seen = warped(soft, then(_enlarged(SIDE, size), midway), (SIDE, SIDE))
    inner = slice(SIDE // 8, -SIDE // 8)
    ours, theirs = ((one - one[:, ::-1])[inner, inner].ravel() for one in (seen, mean))
    return float(ours @ theirs / max(float(np.linalg.norm(ours) * np.linalg.norm(theirs)), 1e-6))


def _mirrored(matrix: Matrix, size: int) -> Matrix:
    """A map between mirror images, of (size, size) pixels, as a map between the pictures."""
    (a, b, row), (c, d, column) = matrix
    last = size - 1
    return (a, -b, row + b * last), (-c, d, last - column - d * last)


def as_matrix(params: Params | FloatArray, size: int) -> Matrix:
    """The map of (row, column) pixel centres of a picture of (size, size)."""
    half, middle = size / 2, (size - 1) / 2
    (a, b, row), (c, d, column) = np.asarray(params, dtype=np.float64).reshape(2, 3).tolist()
    a, d = a + 1, d + 1
    return (
        (a, b, half * row + middle * (1 - a - b)),
        (c, d, half * column + middle * (1 - c - d)),
    )


def as_params(matrix: Matrix, size: int) -> Params:
    """The way back from `as_matrix`."""
    half, middle = size / 2, (size - 1) / 2
    (a, b, row), (c, d, column) = matrix
    return np.array([a - 1, b, (row - middle * (1 - a - b)) / half, c, d - 1, (column - middle * (1 - c - d)) / half])


def missing(wanted: Matrix, laid: Matrix) -> Matrix:
    """The step that leads from how a picture is laid to how it should be: then(missing, laid) is wanted."""
    return then(wanted, inverse(laid))


def _enlarged(small: int, large: int) -> Matrix:
    """Pixel centres of a small picture -> those of the same picture when it is large."""
    factor = large / small
    return (factor, 0.0, (factor - 1) / 2), (0.0, factor, (factor - 1) / 2)


@lru_cache(maxsize=1)
def _fade() -> FloatArray:
    """(SEEN, SEEN), 1 within and falling to 0 at the edges."""
    along = (np.arange(SEEN) + 0.5) / SEEN
    rising = np.clip((0.5 - np.abs(along - 0.5)) / EDGE, 0, 1)
    return np.asarray(np.outer(rising, rising), dtype=np.float32)


def _local(picture: FloatArray) -> FloatArray:
    """(SIDE, SIDE): each place less the mean of its surroundings, over their standard deviation."""
    blur = (0, 0), LOCAL * SIDE
    less = picture - cv2.GaussianBlur(picture, *blur, borderType=cv2.BORDER_REPLICATE)
    spread = np.sqrt(cv2.GaussianBlur(less**2, *blur, borderType=cv2.BORDER_REPLICATE) + FAINT**2)
    return np.asarray(less / spread, dtype=np.float32)


def is_sober(laid: Matrix) -> bool:
    """Whether a map is one that a patient's position and the field explain."""
    linear = np.array(laid)[:, :2]
    stretches = np.linalg.svd(linear, compute_uv=False)
    turn = np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))
    return bool(
        np.linalg.det(linear) > 0
        and linear.diagonal().min() > 0
        and stretches.max() <= MOST_STRETCH
        and stretches.min() >= 1 / MOST_STRETCH
        and abs(turn) <= MOST_TURN
    )
