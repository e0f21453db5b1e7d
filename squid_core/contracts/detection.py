"""What goes to the detector, and what it answers. Conventions are those of the package."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np

from squid_core.contracts.affine import Matrix, Number, mapped, resized
from squid_core.contracts.radiograph import FloatArray

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Geometry:
    """An affine map from the pixel centres of a model image to those of the original.

    original (row, column) = matrix @ (model row, model column, 1). It neither mirrors nor lays an image on its side:
    what is up and left in the model image is up and left in the original.

    Attributes:
        original_shape: (H, W) of the original.
        model_shape: (h, w) of the model image.
        matrix: two rows of three, for the row and the column of the original.
        aspect: height of a pixel of the original over its width, so that a stored result has its true shape.
    """

    original_shape: tuple[int, int]
    model_shape: tuple[int, int]
    matrix: Matrix
    aspect: float = 1.0

    def __post_init__(self) -> None:
        if min(*self.original_shape, *self.model_shape) < 1:
            raise ValueError("a geometry needs positive sizes")
        if np.shape(self.matrix) != (2, 3) or not np.isfinite(self.matrix).all():
            raise ValueError("a geometry needs a matrix of 2 x 3 finite numbers")
        (down, aslant, _), (askew, across, _) = self.matrix
        if down <= 0 or across <= 0 or down * across - aslant * askew <= 0:
            raise ValueError("a geometry needs positive scales, and does not mirror")
        if not 0 < self.aspect < math.inf:
            raise ValueError("an aspect is finite and positive")

    @classmethod
    def upright(
        cls,
        original_shape: tuple[int, int],
        model_shape: tuple[int, int],
        origin: tuple[float, float],
        scale: tuple[float, float],
        aspect: float = 1.0,
    ) -> Self:
        """Along the axes of the original.

        Args:
            original_shape: (H, W) of the original.
            model_shape: (h, w) of the model image.
            origin: (row, column) in the original of the centre of model pixel (0, 0).
            scale: (rows, columns) of the original in one model pixel.
            aspect: as of the class.
        """
        return cls(original_shape, model_shape, ((scale[0], 0.0, origin[0]), (0.0, scale[1], origin[1])), aspect)

    def to_original(self, row: Number, column: Number) -> tuple[Number, Number]:
        """Model (row, column) -> original (row, column); numbers, or arrays that broadcast."""
        return mapped(self.matrix, row, column)

    def to_model(self, row: Number, column: Number) -> tuple[Number, Number]:
        """Original (row, column) -> model (row, column); numbers, or arrays that broadcast."""
        (a, b, origin_row), (c, d, origin_column) = self.matrix
        down, across = row - origin_row, column - origin_column  # first, so that what lies on a centre stays there
        e = a * d - b * c
        return (d * down - b * across) / e, (a * across - c * down) / e

    def of_picture(self, shape: tuple[int, int]) -> Matrix:
        """The map to the original of a picture of (h, w) that is laid over the whole model image."""
        return resized(self.matrix, self.model_shape, shape)

    def outline(self, top: float, left: float, bottom: float, right: float) -> Corners:
        """The corners, in the original, of what lies between four edges in the model image.

        Edges are in model pixels; the pixel in row 0 covers -0.5 .. 0.5. The corners are four (row, column): top left,
        top right, bottom right, bottom left.
        """
        places = ((top, left), (top, right), (bottom, right), (bottom, left))
        first, second, third, fourth = (self.to_original(row, column) for row, column in places)
        return first, second, third, fourth

    @property
    def corners(self) -> Corners:
        """The outer corners of the model image in the original, in the order of `outline`."""
        return self.outline(-0.5, -0.5, self.model_shape[0] - 0.5, self.model_shape[1] - 0.5)


@dataclass(frozen=True, slots=True)
class Pose:
    """How a chest was laid on the mean normal one.

    Attributes:
        quality: how well they agree, 0..1; 1 is the mean normal chest itself.
        registered: whether the image was laid there. False where it could not be: it is then seen as it is, and the
            score means less.
        mirrored: what is not symmetric lies as in the mean normal chest's mirror image (see `squid_core.pose.leaning`):
            the heart lies on the patient's right, or the image is the wrong way round.
    """

    quality: float
    registered: bool
    mirrored: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.quality <= 1:
            raise ValueError("the quality of a pose lies in 0..1")


INPUT_STEPS = 255  # of grey between 0 and 1 in what the detector sees; training and calibration see 8 bits too
RECONSTRUCTION_STEPS = 4095  # of grey in what it gives back: finer than any screen, and small when it is kept


def in_steps(image: FloatArray, steps: int) -> FloatArray:
    """(H, W) float32 in 0..1 -> the same rounded to whole multiples of 1 / steps."""
    stepped: FloatArray = np.rint(image * np.float32(steps)).astype(np.float32) / np.float32(steps)
    return stepped


@dataclass(frozen=True, eq=False, slots=True)
class ModelInput:
    """What the detector sees.

    Attributes:
        image: (S, S) float32 in 0..1, high is bright; from `prepare` in INPUT_STEPS. Read-only.
        geometry: the way back to the original.
        digest: of the bytes it was made from, see `Content`; '' where they are no file's.
        pose: how it was laid on the mean normal chest; None where the bundle lays nothing.
    """

    image: FloatArray
    geometry: Geometry
    digest: str = ""
    pose: Pose | None = None

    def __post_init__(self) -> None:
        if self.image.ndim != 2 or self.image.dtype != np.float32 or self.image.shape != self.geometry.model_shape:
            raise ValueError("a model input is a float32 image of its geometry's model_shape")
        if not np.isfinite(self.image).all() or self.image.min() < 0 or self.image.max() > 1:
            raise ValueError("a model input lies in 0..1")
        self.image.setflags(write=False)


class Shrinkage(StrEnum):
    """How similarities become memory weights."""

    GUMBEL = "gumbel"  # exactly k entries forward, softmax gradient backward (paper, section 3.2)
    HARD = "hard"  # MemAE: softmax, then entries at or below the (k + 1)-th largest weight are zeroed
    SOFTMAX = "softmax"  # no shrinkage: all entries


class Gate(StrEnum):
    """The masked shortcut at inference."""

    OFF = "off"  # the paper's inference: in-painted features only
    SOFT = "soft"  # the expectation: rho * in-painted + (1 - rho) * encoded
    BERNOULLI = "bernoulli"  # a sample with a fixed seed, as in training


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """The knobs of a what-if; a bundle's card holds the locked ones.

    Attributes:
        top_k: memory entries kept per patch, 1..slots.
        rho: probability, per location, of the in-painted feature rather than the encoded one.
    """

    top_k: int
    shrinkage: Shrinkage = Shrinkage.GUMBEL
    gate: Gate = Gate.OFF
    rho: float = 0.95

    def __post_init__(self) -> None:
        if self.top_k < 1:
            raise ValueError("top_k is at least 1")
        if not 0 <= self.rho <= 1:
            raise ValueError("rho lies in 0..1")


@dataclass(frozen=True, slots=True)
class MemoryMatch:
    """One memory entry chosen for one patch.

    Attributes:
        slot: index in the queue of the patch's position.
        weight: share of the entry in the memory output, 0..1; the weights of a patch sum to 1.
        similarity: cosine of patch feature and entry, -1..1.
        age: how many entries were pushed after this one; 0 is the newest.
        source: file name of the training image behind the entry, where the bundle keeps it (one trained on the
            user's own data); None otherwise. May identify a patient: shown on demand, never logged.
    """

    slot: int
    weight: float
    similarity: float
    age: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class MemoryEdit:
    """A what-if on memory itself, beside the DetectorSettings. The default changes nothing.

    Attributes:
        removed: (patch, slot) pairs that are not read, patches in row-major order; the k best of the rest are read.
        shuffled: every patch chooses slots in its own memory and is answered with the entries that another position
            has in these slots (always the same exchange): a control, not a better reading.
    """

    removed: frozenset[tuple[int, int]] = frozenset()
    shuffled: bool = False

    def __post_init__(self) -> None:
        if any(patch < 0 or slot < 0 for patch, slot in self.removed):
            raise ValueError("patches and slots are counted from 0")


AS_TRAINED = MemoryEdit()


class RegionShape(StrEnum):
    """What a reader draws."""

    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"  # inscribed in the same four edges


@dataclass(frozen=True, slots=True)
class Region:
    """A place drawn on the original, in its pixels; the pixel in row 0 covers -0.5 .. 0.5.

    Attributes:
        top, left, bottom, right: edges; an ellipse touches all four.
    """

    shape: RegionShape
    top: float
    left: float
    bottom: float
    right: float

    def __post_init__(self) -> None:
        if not np.isfinite((self.top, self.left, self.bottom, self.right)).all():
            raise ValueError("a region has finite edges")
        if self.bottom <= self.top or self.right <= self.left:
            raise ValueError("a region has a height and a width")


@dataclass(frozen=True, slots=True)
class RemovedEntry:
    """A memory entry that a patch does not read, as it was when it was taken away."""

    patch: int
    match: MemoryMatch


@dataclass(frozen=True, slots=True)
class Trial:
    """How an image is scored. At the card's locked settings and nothing else it is triage's way, else a what-if.

    Attributes:
        removed: entries that are not read, in the order in which they were taken away.
        shuffled: every patch is answered with another place's memory, see `MemoryEdit`.
        region: replaced, in the model's input, by what would be normal there; None to leave the image as it is.
    """

    settings: DetectorSettings
    removed: tuple[RemovedEntry, ...] = ()
    shuffled: bool = False
    region: Region | None = None

    @property
    def edit(self) -> MemoryEdit:
        """What is changed in memory."""
        return MemoryEdit(frozenset((entry.patch, entry.match.slot) for entry in self.removed), self.shuffled)


UNUSUAL = 95.0  # percentile of held-out normals from which a patch is marked, exported and pointed to


@dataclass(frozen=True, eq=False, slots=True)
class Detection:
    """All the detector says about one image.

    Attributes:
        score: 0..1, high is abnormal; what sorts the worklist.
        percentile: share of held-out normals with a lower score, 0..100.
        paper_score: A of the paper, sigmoid((D(student) - mu) / sigma) signed so that high is abnormal, 0..1.
        components: z-scores against held-out normals by name, high is abnormal.
        input_image: (S, S) float32 in 0..1, what the model saw.
        reconstruction: (S, S) float32 in 0..1, the student's normal image, in RECONSTRUCTION_STEPS: rounded once, after
            the score and before anything else is computed from it, so that what is kept is what was shown.
        difference: (S, S) float32 in -1..1, input - reconstruction.
        patch_scores: (N, N) float32, distance of each patch's feature from its queue, >= 0.
        patch_percentiles: (N, N) float32, the same among held-out normals, 0..100.
        matches: per patch in row-major order, the entries chosen, greatest weight first.
        outside_memory: the image resembles nothing in memory; the score means little.
        model: name of the bundle; model_hash: sha256 of its weights.
        seconds: wall time from model input to here; of a batch, its share.
        trial: how it was made; `input_image` is the image with the trial's region replaced.
        digest: of the bytes it is about, see `Content`; '' where they are no file's.
        pose: how the image was laid on the mean normal chest; None where the bundle lays nothing.
    """

    score: float
    percentile: float
    paper_score: float
    components: dict[str, float]
    input_image: FloatArray
    reconstruction: FloatArray
    difference: FloatArray
    patch_scores: FloatArray
    patch_percentiles: FloatArray
    matches: tuple[tuple[MemoryMatch, ...], ...]
    geometry: Geometry
    trial: Trial
    model: str
    model_hash: str
    outside_memory: bool = False
    seconds: float = 0.0
    device: str = "cpu"
    digest: str = ""
    pose: Pose | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.score <= 1 and 0 <= self.paper_score <= 1 and 0 <= self.percentile <= 100):
            raise ValueError("scores lie in 0..1 and percentiles in 0..100")
        shape = self.geometry.model_shape
        if not (self.input_image.shape == self.reconstruction.shape == self.difference.shape == shape):
            raise ValueError("the images of a detection share the model's shape")
        n = self.patch_scores.shape[0]
        if self.patch_scores.shape != (n, n) or len(self.matches) != n * n:
            raise ValueError("one list of matches for each patch of a square grid")

    @property
    def grid(self) -> int:
        """N: patches along each side."""
        return int(self.patch_scores.shape[0])

    def patch_outline(self, patch: int) -> Corners:
        """The corners of a patch (row-major index) in the original, as of `Geometry.outline`."""
        row, column = divmod(patch, self.grid)
        rows, columns = (side / self.grid for side in self.geometry.model_shape)
        top, left = row * rows - 0.5, column * columns - 0.5
        return self.geometry.outline(top, left, top + rows, left + columns)

    def patch_at(self, row: float, column: float) -> int | None:
        """The patch (row-major index) that covers original (row, column); None outside the model image."""
        down, across = self.geometry.to_model(row, column)
        height, width = self.geometry.model_shape
        i, j = math.floor((down + 0.5) * self.grid / height), math.floor((across + 0.5) * self.grid / width)
        return i * self.grid + j if 0 <= i < self.grid and 0 <= j < self.grid else None

    def most_abnormal(self, count: int) -> tuple[int, ...]:
        """Row-major indices of the patches farthest from normal: by percentile, then by distance."""
        order = np.lexsort((-self.patch_scores.ravel(), -self.patch_percentiles.ravel()))
        return tuple(int(patch) for patch in order[:count])


@dataclass(frozen=True, slots=True)
class WeightsFacts:
    """What a reader of a detection needs to know of the weights behind it.

    Attributes:
        locked: the card's settings; a detection with others is a what-if.
        thresholds: by specificity in percent on held-out normals ("95"), the least score that is flagged.
    """

    title: str
    population: str
    intended_use: str
    locked: DetectorSettings
    thresholds: dict[str, float]
    held_out_normals: int

    def is_what_if(self, detection: Detection) -> bool:
        """Whether it was made in another way than triage does."""
        return detection.trial != Trial(self.locked)


@dataclass(frozen=True, eq=False, slots=True)
class Maps:
    """What else the networks see in the image of a detection, place by place. None of it is the score.

    Attributes:
        grad_cam: (S, S) float32 in 0..1, where the reconstruction looks least like a real normal image to the
            discriminator; the greatest place of this image at 1, all zeros where nothing speaks for abnormal.
        grad_cam_side: places along each side of the feature map it was enlarged from.
        lesion: (h, w) float32 in 0..1, how sure the lesion critic is of a change in each equal part of the input;
            None where the weights have no such critic.
        reliance: share of the reconstruction that is memory, 0..1, see `MemoryReliance`; None where it is not known.
        picture: (2S, 2S) float32 in 0..1, the normal image painted finer than the score's reconstruction, from which
            it departs; over the same extent. None where the weights have no network for it.
    """

    grad_cam: FloatArray
    grad_cam_side: int
    lesion: FloatArray | None = None
    reliance: float | None = None
    picture: FloatArray | None = None

    def __post_init__(self) -> None:
        maps = [one for one in (self.grad_cam, self.lesion, self.picture) if one is not None]
        if any(one.ndim != 2 or one.min() < 0 or one.max() > 1 for one in maps):
            raise ValueError("maps are planes in 0..1")
