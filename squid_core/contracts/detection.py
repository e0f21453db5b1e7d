"""The frozen values that cross every border of the program.

Each is checked once, when it is built; behind the border nobody checks again. Axis order of every array is
(row, column); coordinates are pixel centres, so the pixel in row 0, column 0 covers -0.5 .. 0.5.

Long, and one file on purpose: whoever asks what may cross a border reads one page, and no value imports another room.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
PixelArray: TypeAlias = NDArray[Any]


class SquidError(Exception):
    """A failure said in plain words.

    Attributes:
        title: what went wrong, in a few words.
        advice: what the user can do about it.
        detail: what an engineer needs; never a patient identifier.
    """

    def __init__(self, title: str, advice: str = "", detail: str = "") -> None:
        super().__init__(title, advice, detail)
        self.title, self.advice, self.detail = title, advice, detail

    def __str__(self) -> str:
        return f"{self.title} {self.advice}".strip()


class FileStatus(StrEnum):
    """How a file ends; every file gets exactly one."""

    SCORED = "scored"
    VIEWABLE = "viewable"
    SKIPPED = "skipped"
    ERROR = "error"


class Decision(StrEnum):
    """Whether the detector may run on an image."""

    ANALYSE = "analyse"
    ASK = "ask"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision with the reason a radiologist would give."""

    decision: Decision
    reason: str = ""

    def __post_init__(self) -> None:
        if self.decision is not Decision.ANALYSE and not self.reason:
            raise ValueError("a verdict that does not simply analyse needs a reason")


class SpacingSource(StrEnum):
    """Where a pixel spacing comes from (PS3.3 10.7.1.3)."""

    DETECTOR = "at detector"
    CALIBRATED = "calibrated"
    MAGNIFIED = "magnified"
    FILM = "on the film"
    PATIENT = "in the patient"


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distance between pixel centres in mm, row spacing first (PixelSpacing order, PS3.3 10.7.1.3).

    Attributes:
        magnification: by which the detector's spacing was divided, >= 1; 1 unless `source` is MAGNIFIED.
    """

    row_mm: float
    column_mm: float
    source: SpacingSource
    magnification: float = 1.0

    def __post_init__(self) -> None:
        if not (0 < self.row_mm < 100 and 0 < self.column_mm < 100):
            raise ValueError("spacing must lie between 0 and 100 mm")
        if self.magnification < 1 or (self.magnification > 1) > (self.source is SpacingSource.MAGNIFIED):
            raise ValueError("only a spacing corrected for magnification has a factor")

    @property
    def words(self) -> str:
        """Where the millimetres come from, in words: "at detector", "magnified by 1.5"."""
        if self.source is SpacingSource.MAGNIFIED:
            return f"{self.source.value} by {self.magnification:.3g}"
        return self.source.value


class VoiFunction(StrEnum):
    """VOI LUT Function (0028,1056), PS3.3 C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class VoiTable:
    """The curve of a VOI LUT (PS3.3 C.11.2.1.1), free of where it lies: `Window` says that.

    Attributes:
        entries: at least two outputs, 16 bits each, little endian. Bytes, so that windows stay comparable values.
        top: the output that shows white; 0 shows black.
    """

    entries: bytes = field(repr=False)
    top: int

    def __post_init__(self) -> None:
        if len(self.entries) < 4 or len(self.entries) % 2 or not 0 < self.top < 65536:
            raise ValueError("a table needs two or more 16-bit entries and a white between 1 and 65535")

    @property
    def values(self) -> NDArray[np.uint16]:
        """(n,) uint16, read-only."""
        return np.frombuffer(self.entries, "<u2")

    def turned(self) -> VoiTable:
        """The table that shows pivot - v as the inverse of what this one shows of v."""
        inverse = self.top - np.minimum(self.values, self.top)[::-1]
        return VoiTable(inverse.astype("<u2").tobytes(), self.top)


@dataclass(frozen=True, slots=True)
class Window:
    """A grey window in modality values, as it applies to `Radiograph.pixels`.

    Attributes:
        table: the file's own curve in the place of the function: its first entry is shown at center - width / 2 and
            below, its last at center + width / 2 and above. None: `function` says what is shown.
    """

    center: float
    width: float
    function: VoiFunction = VoiFunction.LINEAR
    name: str = ""
    table: VoiTable | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.center) and np.isfinite(self.width) and self.width > 0):
            raise ValueError("a window needs a finite centre and a positive width")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a file is about. Identifying: never logged, never a file name.

    Attributes:
        patient_name: as a reader would say it, '' where absent.
        patient_id: Patient ID (0010,0020).
        patient_age: years, from PatientAge or birth and study date; None where unknown.
        patient_sex: 'M', 'F', 'O' or ''.
        study_date: None where absent or not a date.
    """

    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""
    sop_class_uid: str = ""
    patient_name: str = ""
    patient_id: str = ""
    patient_age: float | None = None
    patient_sex: str = ""
    study_date: date | None = None
    accession_number: str = ""
    study_description: str = ""
    modality: str = ""
    body_part: str = ""
    view_position: str = ""
    laterality: str = ""
    patient_orientation: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Radiograph:
    """One decoded image, ready to be shown.

    Attributes:
        pixels: (H, W) uint16 or float32 modality values, high is bright (MONOCHROME1 already turned round);
            or (H, W, 3) uint8 RGB where the file is in colour. Read-only.
        window: how the file asks to be shown, else the full range less the top and bottom 0.1%.
        windows: all windows of the file, `window` first.
        spacing: None unless the file states true millimetres.
        aspect: height of a pixel over its width; the picture is drawn so. 1 for square pixels.
        polarity_inverted: the file was MONOCHROME1 (or PresentationLUTShape INVERSE).
        burned_in: whether the picture itself shows who the patient is; None where the file does not say.
        pivot: what its values were turned about, file value = pivot - pixel; None where nothing was turned.
        notices: plain sentences on what was repaired or guessed.
    """

    pixels: PixelArray
    window: Window
    identity: Identity
    verdict: Verdict
    spacing: Spacing | None = None
    aspect: float = 1.0
    windows: tuple[Window, ...] = ()
    polarity_inverted: bool = False
    pivot: float | None = None
    frame_count: int = 1
    burned_in: bool | None = None
    transfer_syntax: str = ""
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        shape, dtype = self.pixels.shape, self.pixels.dtype
        grey = len(shape) == 2 and dtype in (np.uint16, np.float32)
        colour = len(shape) == 3 and shape[2] == 3 and dtype == np.uint8
        if not (grey or colour) or 0 in shape:
            raise ValueError(f"pixels must be (H, W) uint16/float32 or (H, W, 3) uint8, not {shape} {dtype}")
        if not 0 < self.aspect < np.inf:
            raise ValueError("an aspect is finite and positive")
        if self.polarity_inverted != (self.pivot is not None):
            raise ValueError("values that were turned round were turned about a pivot")
        self.pixels.setflags(write=False)

    @property
    def is_colour(self) -> bool:
        """Whether `pixels` are RGB."""
        return self.pixels.ndim == 3

    def file_value(self, value: float) -> float:
        """The modality value of the file behind a value of `pixels`: the same, turned back where it was turned."""
        return value if self.pivot is None else self.pivot - value


@dataclass(frozen=True, slots=True)
class Geometry:
    """Maps pixel centres of a model image back to the original: original = origin + scale * model, per axis.

    Attributes:
        original_shape: (H, W) of the original.
        model_shape: (h, w) of the model image.
        origin: (row, column) in the original of the centre of model pixel (0, 0).
        scale: (row, column) original pixels per model pixel.
    """

    original_shape: tuple[int, int]
    model_shape: tuple[int, int]
    origin: tuple[float, float]
    scale: tuple[float, float]

    def __post_init__(self) -> None:
        if min(*self.original_shape, *self.model_shape) < 1 or min(self.scale) <= 0:
            raise ValueError("a geometry needs positive sizes and scales")

    def to_original(self, row: float, column: float) -> tuple[float, float]:
        """Model (row, column) -> original (row, column)."""
        return self.origin[0] + self.scale[0] * row, self.origin[1] + self.scale[1] * column

    def to_model(self, row: float, column: float) -> tuple[float, float]:
        """Original (row, column) -> model (row, column)."""
        return (row - self.origin[0]) / self.scale[0], (column - self.origin[1]) / self.scale[1]

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """(top, left, height, width) that the model image covers, in original pixels, edges of the edge pixels."""
        top, left = self.to_original(-0.5, -0.5)
        return top, left, self.scale[0] * self.model_shape[0], self.scale[1] * self.model_shape[1]


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What the detector sees.

    Attributes:
        image: (S, S) float32 in 0..1, high is bright. Read-only.
        geometry: the way back to the original.
    """

    image: FloatArray
    geometry: Geometry

    def __post_init__(self) -> None:
        if self.image.ndim != 2 or self.image.dtype != np.float32 or self.image.shape != self.geometry.model_shape:
            raise ValueError("a model input is a float32 image of its geometry's model_shape")
        if not np.isfinite(self.image).all() or self.image.min() < 0 or self.image.max() > 1:
            raise ValueError("a model input lies in 0..1")
        self.image.setflags(write=False)


class Shrinkage(StrEnum):
    """How similarities become memory weights."""

    GUMBEL = "gumbel"  # exactly k entries forward, softmax gradient backward (paper, eq. 3)
    HARD = "hard"  # MemAE: softmax, then entries at or below the k-th largest weight's threshold are zeroed
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
class Replacement:
    """A what-if on the image itself: a region of the model's input is replaced by what would be normal there.

    Attributes:
        normal: (S, S) float32 in 0..1, the reconstruction at the locked settings.
    """

    region: Region
    normal: FloatArray


UNUSUAL = 95.0  # percentile of held-out normals from which a patch is marked, exported and pointed to


@dataclass(frozen=True, slots=True)
class Detection:
    """All the detector says about one image.

    Attributes:
        score: 0..1, high is abnormal; what sorts the worklist.
        percentile: share of held-out normals with a lower score, 0..100.
        paper_score: A of the paper, sigmoid((D(student) - mu) / sigma) signed so that high is abnormal, 0..1.
        components: z-scores against held-out normals by name, high is abnormal.
        input_image: (S, S) float32 in 0..1, what the model saw.
        reconstruction: (S, S) float32 in 0..1, the student's normal image.
        difference: (S, S) float32 in -1..1, input - reconstruction.
        patch_scores: (N, N) float32, distance of each patch's feature from its queue, >= 0.
        patch_percentiles: (N, N) float32, the same among held-out normals, 0..100.
        matches: per patch in row-major order, the entries chosen, greatest weight first.
        outside_memory: the image resembles nothing in memory; the score means little.
        model: name of the bundle; model_hash: sha256 of its weights.
        seconds: wall time from model input to here.
        edit: what was changed in memory, AS_TRAINED except in a what-if.
        replaced: the region of the input that was replaced by normal, None except in a what-if; `input_image` is the
            image so changed.
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
    settings: DetectorSettings
    model: str
    model_hash: str
    outside_memory: bool = False
    seconds: float = 0.0
    device: str = "cpu"
    edit: MemoryEdit = AS_TRAINED
    replaced: Region | None = None

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

    def strangest(self, count: int) -> tuple[int, ...]:
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
        changed = detection.edit != AS_TRAINED or detection.replaced is not None
        return changed or detection.settings != self.locked


@dataclass(frozen=True, slots=True)
class PatchEntries:
    """The memory entries read for one patch, as pictures.

    Attributes:
        patch: row-major index.
        matches: greatest weight first.
        pictures: (k, P, P) float32 in 0..1, `matches` decoded by the student.
    """

    patch: int
    matches: tuple[MemoryMatch, ...]
    pictures: FloatArray

    def __post_init__(self) -> None:
        if self.pictures.ndim != 3 or len(self.pictures) != len(self.matches):
            raise ValueError("one picture for each entry")


@dataclass(frozen=True, slots=True)
class Removal:
    """What changes when one memory entry is taken away.

    Attributes:
        patch: row-major index of the patch that no longer reads it.
        score_change: score without it less score with it, -1..1.
        picture_change: mean absolute change of the reconstruction inside the patch, 0..1.
    """

    patch: int
    slot: int
    score_change: float
    picture_change: float


@dataclass(frozen=True, slots=True)
class MemoryReliance:
    """How much of the reconstruction is memory, and how much came past it.

    Two controls, each by exchanging patches: M, the mean absolute change of the reconstruction when every patch is
    answered with another one's memory entries; B, the same when what passes memory by (skip connections, and the
    encoder's features where the gate lets them through) comes from another patch.

    Attributes:
        share: M / (M + B), 0..1. 1: all that the image brings into the picture goes through memory; 0: the picture
            does not depend on memory. None where neither changes anything.
        memory_change: M, grey levels, 0..1.
        bypass_change: B, the same; 0 for a network without skip connections whose gate is off.
        shuffled: (S, S) float32 in 0..1, the reconstruction with the memories exchanged.
        answered_by: by row-major patch index, the patch whose entries it got.
    """

    share: float | None
    memory_change: float
    bypass_change: float
    shuffled: FloatArray
    answered_by: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("a share lies in 0..1")


@dataclass(frozen=True, slots=True)
class Maps:
    """What else the networks see in the image of a detection, place by place. None of it is the score.

    Attributes:
        grad_cam: (S, S) float32 in 0..1, where the reconstruction looks least like a real normal image to the
            discriminator; the greatest place of this image at 1, all zeros where nothing speaks for abnormal.
        grad_cam_side: places along each side of the feature map it was enlarged from.
        lesion: (h, w) float32 in 0..1, how sure the lesion critic is of a change in each equal part of the input;
            None where the weights have no such critic.
        reliance: share of the reconstruction that is memory, 0..1, see `MemoryReliance`; None where it is not known.
    """

    grad_cam: FloatArray
    grad_cam_side: int
    lesion: FloatArray | None = None
    reliance: float | None = None

    def __post_init__(self) -> None:
        maps = [self.grad_cam] if self.lesion is None else [self.grad_cam, self.lesion]
        if any(one.ndim != 2 or one.min() < 0 or one.max() > 1 for one in maps):
            raise ValueError("maps are planes in 0..1")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A detection with what led to it.

    Attributes:
        grad_cam: (S, S) float32 in 0..1, where the reconstruction looks least like a real normal image to the
            discriminator.
        patches: entries of the patches asked for.
        reliance: None where the memory cannot be shuffled (one memory for all patches).
        lesion_map: (h, w) float32 in 0..1, how sure the lesion critic is of a change in each equal part of the input;
            None where the weights have no such critic.
        removals: for `patches`, one for each entry; empty unless asked for.
    """

    detection: Detection
    grad_cam: FloatArray
    patches: tuple[PatchEntries, ...]
    reliance: MemoryReliance | None
    lesion_map: FloatArray | None = None
    removals: tuple[Removal, ...] = ()


@dataclass(frozen=True, slots=True)
class FileResult:
    """How one file ended, in a sentence. The unit of `squid triage` and of the triage queue.

    Attributes:
        path: relative to the folder the user gave.
        message: a plain sentence without patient identifiers or folder names.
        seconds: wall time spent on the file.
        peak_rss_mb: greatest resident memory of the child process while on this file, MB.
    """

    path: str
    status: FileStatus
    message: str
    identity: Identity | None = None
    verdict: Verdict | None = None
    detection: Detection | None = field(default=None, repr=False)
    seconds: float = 0.0
    peak_rss_mb: float = 0.0
