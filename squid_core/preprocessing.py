"""Resizing and intensity scaling of radiographs, and the way back to the original's pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from squid_core.collimation import field_of
from squid_core.contracts.affine import resized, then
from squid_core.contracts.detection import INPUT_STEPS, Geometry, ModelInput, in_steps
from squid_core.contracts.radiograph import FloatArray, PixelArray
from squid_core.pose import register, unpack
from squid_core.warping import warped

MARGIN = 0.1  # of each side, left out of an image's middle
FINER = 3  # times the model's side: where a picture is warped, before the mean over pixels
STEEPEST = 3.0  # greatest exponent that `tone` may ask for, and its inverse the smallest


class Preprocessing(BaseModel):
    """The fixed way from modality values to a model input; travels in the model card.

    `fit` says what happens to an image that is not square: "squeeze" scales each axis on its own (ZhangLab's
    images come so), "crop" takes the centred square. `low` and `high` are the percentiles of the pixel values
    that become 0 and 1, so bit depth, rescale and window of a file do not matter; MONOCHROME1 is turned before.
    `tone`, where it is not 0, is the grey to which a power of the values brings the median of the image's middle, so
    the gamma of a file does not matter either: a power of a power is a power. `collimated` says that even borders are
    cut off first (see `squid_core.collimation`), so how another hospital collimates does not matter. `mean_chest`,
    where it is not '', is what every picture is laid on (see `squid_core.pose`), so where the patient stood does not
    matter.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    size: int = Field(default=128, ge=16, le=1024)
    fit: Literal["squeeze", "crop"] = "squeeze"
    low: float = Field(default=0.5, ge=0, lt=50)
    high: float = Field(default=99.5, gt=50, le=100)
    tone: float = Field(default=0.0, ge=0, lt=1)
    collimated: bool = False
    mean_chest: str = Field(default="", max_length=200_000)

    @field_validator("mean_chest")
    @classmethod
    def _is_one(cls, mean_chest: str) -> str:
        if mean_chest:
            unpack(mean_chest)
        return mean_chest


@dataclass(frozen=True, slots=True)
class ByAge:
    """How an image is prepared where that depends on how old its patient is.

    Attributes:
        years: age from which a patient is one of the older; unknown counts as such.
        younger, older: what is prepared for whom: nothing, or the preprocessing of the bundle that reads them.
    """

    years: float
    younger: tuple[Preprocessing, ...]
    older: tuple[Preprocessing, ...]

    def of(self, age: float | None) -> tuple[Preprocessing, ...]:
        """For a patient of this age in years."""
        return self.younger if age is not None and age < self.years else self.older


def prepare(
    pixels: PixelArray,
    preprocessing: Preprocessing,
    aspect: float = 1.0,
    within: tuple[int, int, int, int] | None = None,
) -> ModelInput:
    """Scale one image to what the detector sees.

    Args:
        pixels: (H, W), any real dtype, high is bright.
        preprocessing: from the model card.
        aspect: height of a pixel over its width. "squeeze" brings the whole image to a square whatever it is;
            "crop" takes what is square in millimetres.
        within: (top, bottom, left, right) of the part that counts, pixels[top:bottom, left:right]; None for all.

    Returns:
        ModelInput of (S, S) float32 in 0..1, in INPUT_STEPS, with the Geometry back to `pixels`.

    Raises:
        ValueError: `pixels` is not a plane of finite values.
    """
    (model_input,) = prepare_all(pixels, (preprocessing,), aspect, within)
    return model_input


def prepare_all(
    pixels: PixelArray,
    preprocessings: Sequence[Preprocessing],
    aspect: float = 1.0,
    within: tuple[int, int, int, int] | None = None,
) -> tuple[ModelInput, ...]:
    """As `prepare`, for several detectors; what differs only in its mean chest is done once for all.

    Raises:
        ValueError: as `prepare`.
    """
    if pixels.ndim != 2 or 0 in pixels.shape:
        raise ValueError("a model input is made from one plane of pixels")
    upright: dict[tuple[Preprocessing, bool], _Upright] = {}
    inputs = []
    for preprocessing in preprocessings:
        key = preprocessing.model_copy(update={"mean_chest": ""}), bool(preprocessing.mean_chest)
        if key not in upright:
            upright[key] = _upright(pixels, preprocessing, aspect, within)
        inputs.append(_laid(upright[key], preprocessing))
    return tuple(inputs)


@dataclass(frozen=True, slots=True, eq=False)
class _Upright:
    """A picture before it is laid on a mean chest.

    Attributes:
        field: (H, W) float32, the part that counts; where it is to be laid, in no more pixels than the finer grid has.
        image: (S, S) float32 in 0..1, of the field as it stands.
        geometry: from `image` to the original.
    """

    field: FloatArray
    image: FloatArray
    geometry: Geometry


def _upright(
    pixels: PixelArray, preprocessing: Preprocessing, aspect: float, within: tuple[int, int, int, int] | None
) -> _Upright:
    original = (pixels.shape[0], pixels.shape[1])
    whole = pixels.astype(np.float32)
    top, bottom, left, right = within or (0, original[0], 0, original[1])
    if preprocessing.collimated:
        field = field_of(whole[top:bottom, left:right])
        top, bottom, left, right = top + field[0], top + field[1], left + field[2], left + field[3]
    if preprocessing.fit == "crop":
        height, width = bottom - top, right - left
        side = min(height * aspect, width)  # in widths of a pixel
        rows, columns = max(round(side / aspect), 1), max(round(side), 1)
        top, left = top + (height - rows) // 2, left + (width - columns) // 2
        bottom, right = top + rows, left + columns
    whole = whole[top:bottom, left:right]
    size = preprocessing.size
    origin, scale = _over(whole.shape, size)
    geometry = Geometry.upright(original, (size, size), (top + origin[0], left + origin[1]), scale, aspect)
    if preprocessing.mean_chest:  # warped once, from this many pixels, so that laying a picture does not blur it
        whole = shrunk(whole, FINER * size)
    return _Upright(whole, scale_intensity(resize(whole, size), preprocessing), geometry)


def _laid(upright: _Upright, preprocessing: Preprocessing) -> ModelInput:
    if not preprocessing.mean_chest:
        return ModelInput(in_steps(upright.image, INPUT_STEPS), upright.geometry)
    size, finer, whole = preprocessing.size, FINER * preprocessing.size, upright.field
    pose, laid = register(upright.image, preprocessing.mean_chest)
    # From the finer grid, over the model image and the whole of it, to the pixels at hand.
    there = resized(laid, (size, size), (finer, finer))
    there = then(there, Geometry.upright(whole.shape, (size, size), *_over(whole.shape, size)).matrix)
    image = scale_intensity(resize(warped(whole, there, (finer, finer)), size), preprocessing)
    geometry = upright.geometry
    matrix = then(laid, geometry.matrix)
    return ModelInput(in_steps(image, INPUT_STEPS), replace(geometry, matrix=matrix), pose=pose)


def _over(shape: tuple[int, int], size: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Origin and scale of a model image that lies over the whole of a picture (H, W).

    Pixel centres: model pixel i covers scale * (i + 0.5) - 0.5 of the picture.
    """
    scale = (shape[0] / size, shape[1] / size)
    return (scale[0] / 2 - 0.5, scale[1] / 2 - 0.5), scale


def shrunk(image: FloatArray, most: int) -> FloatArray:
    """(H, W) float32 -> no axis longer than `most`, each on its own; area mean."""
    height, width = (min(side, most) for side in image.shape)
    if (height, width) == image.shape:
        return image
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), dtype=np.float32)


def resize(image: FloatArray, size: int) -> FloatArray:
    """(H, W) float32 -> (size, size) float32; area mean when shrinking (no aliasing), linear when growing."""
    shrinking = min(image.shape) >= size
    out = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR)
    return np.ascontiguousarray(out, dtype=np.float32)


def scale_intensity(image: FloatArray, preprocessing: Preprocessing) -> FloatArray:
    """(S, S) float32 -> the same in 0..1 between two percentiles, then to the asked tone; a flat image becomes zeros.

    Raises:
        ValueError: a value is not finite.
    """
    if not np.isfinite(image).all():
        raise ValueError("pixel values must be finite")
    # Of a laid chest the middle alone counts: beside it lies whatever the field and its collimation left there.
    counting = _middle(image) if preprocessing.mean_chest else image
    low, high = np.percentile(counting, (preprocessing.low, preprocessing.high))
    if high <= low:
        return np.zeros_like(image)
    scaled: FloatArray = np.clip((image - low) / (high - low), 0, 1).astype(np.float32)
    return _to_tone(scaled, preprocessing.tone) if preprocessing.tone else scaled


def _to_tone(image: FloatArray, tone: float) -> FloatArray:
    """(S, S) in 0..1 -> image ** g with the g that brings the median of its middle to `tone`."""
    median = float(np.median(_middle(image)))
    if not 0 < median < 1:
        return image
    exponent = math.log(tone) / math.log(median)
    toned: FloatArray = image ** np.float32(np.clip(exponent, 1 / STEEPEST, STEEPEST))
    return toned


def _middle(image: FloatArray) -> FloatArray:
    """All but MARGIN at each edge."""
    top, left = (round(MARGIN * side) for side in image.shape)
    return image[top : image.shape[0] - top, left : image.shape[1] - left]
