"""What a reader answers with: an image, who it is about, and whether the detector may run on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from squid_core.contracts.graphics import OverlayPlane, Shutter

FloatArray: TypeAlias = NDArray[np.float32]
PixelArray: TypeAlias = NDArray[Any]


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


LATERAL_VIEW = "It is a lateral view; SQUID knows frontal chest X-rays."  # a reason that the order of images reads


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
    READER = "calibrated by the reader"  # by a known length; never in a file


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

    @classmethod
    def full_range(cls, low: float, high: float) -> Window:
        """The window that shows `low` black and `high` white; of width 1 where they are the same."""
        return cls((low + high) / 2, high - low or 1.0, VoiFunction.LINEAR_EXACT, "Full range")

    def turned(self, pivot: float) -> Window:
        """The window that shows pivot - v as the inverse of what this one shows of v; turned twice it is itself.

        LINEAR is not symmetric about its centre (PS3.3 C.11.2.1.2.1), so turning it round moves that by one.
        """
        shift = 1.0 if self.function is VoiFunction.LINEAR else 0.0
        table = None if self.table is None else self.table.turned()
        return Window(pivot - self.center + shift, self.width, self.function, self.name, table)


@dataclass(frozen=True, slots=True)
class Content:
    """Which bytes a reader has read: what tells an image from any other. A path only says where they lay.

    Attributes:
        digest: SHA-256 of the whole file, or of the whole member of an archive, 64 hex digits; '' where only the
            header was read.
        size: bytes, and modified_ns: nanoseconds since the epoch, of the file while it was open (of a member: of its
            archive); the same before and after it was read.
    """

    digest: str = ""
    size: int = 0
    modified_ns: int = 0


NOT_READ = Content()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a file is about. Identifying: never logged, never a file name.

    Text is one clean line (`squid_core.text.clean_text`), '' where the file has none; codes are upper case.

    Attributes:
        study_instance_uid: Study Instance UID (0020,000D).
        series_instance_uid: Series Instance UID (0020,000E).
        sop_instance_uid: SOP Instance UID (0008,0018), of the image itself.
        sop_class_uid: SOP Class UID (0008,0016), which kind of image it is.
        patient_name: Patient's Name (0010,0010) as a reader would say it, "Family, Given Middle".
        patient_id: Patient ID (0010,0020).
        patient_age: years, 0..130, from Patient's Age (0010,1010) or birth and study date; None where unknown.
        patient_sex: Patient's Sex (0010,0040): 'M', 'F', 'O' or ''.
        study_date: Study Date (0008,0020); None where absent or not a date.
        accession_number: Accession Number (0008,0050), the order behind the study.
        study_description: Study Description (0008,1030).
        modality: Modality (0008,0060): 'DX', 'CR', ...
        body_part: Body Part Examined (0018,0015): 'CHEST', ...
        view_position: View Position (0018,5101): 'PA', 'AP', 'LL', ...
        laterality: Image Laterality (0020,0062), else Laterality (0020,0060): 'L', 'R', 'B' or 'U'.
        patient_orientation: Patient Orientation (0020,0020), where rows and columns run: ('L', 'F') for a frontal.
        station_name: Station Name (0008,1010), what the hospital calls the device.
        manufacturer: Manufacturer (0008,0070), of the device.
        patient_birth_date: Patient's Birth Date (0010,0030); None where absent or not a date.
        series_number: Series Number (0020,0011); None where the file has no such number.
        instance_number: Instance Number (0020,0013); likewise.
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
    station_name: str = ""
    manufacturer: str = ""
    patient_birth_date: date | None = None
    series_number: int | None = None
    instance_number: int | None = None

    @property
    def patient(self) -> tuple[str, str]:
        """Patient ID and name as they are compared: spaces, capitals and order of a name's parts do not count."""
        parts = self.patient_name.replace("^", " ").replace(",", " ").casefold().split()
        return self.patient_id.strip(), " ".join(sorted(parts))

    @property
    def image(self) -> tuple[str, ...]:
        """What two headers of one image share: study, instance and patient."""
        return self.study_instance_uid, self.sop_instance_uid, *self.patient


@dataclass(frozen=True, eq=False, slots=True)
class Radiograph:
    """One decoded image, ready to be shown.

    Attributes:
        pixels: (H, W) uint16 or float32 modality values, high is bright (MONOCHROME1 already turned round);
            or (H, W, 3) uint8 RGB where the picture is in colour. Read-only.
        window: how the file asks to be shown, else the full range less the top and bottom 0.1%.
        windows: all windows of the file, `window` first.
        spacing: None unless the file states true millimetres.
        aspect: height of a pixel over its width; the picture is drawn so. 1 for square pixels.
        polarity_inverted: the file was MONOCHROME1 (or PresentationLUTShape INVERSE).
        burned_in: whether the picture itself shows who the patient is; None where the file does not say.
        pivot: what its values were turned about, file value = pivot - pixel; None where nothing was turned.
        transfer_syntax: UID of how the file is written (PS3.5 10); '' for a PNG or JPEG picture.
        notices: plain sentences on what was repaired or guessed.
        content: the bytes it was decoded from.
        overlays: what the file draws over it. shutter: what the file hides of it. Neither is in `pixels`.
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
    content: Content = NOT_READ
    overlays: tuple[OverlayPlane, ...] = ()
    shutter: Shutter | None = None

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

    def stated(self, window: Window) -> Window:
        """A window of `pixels` in the file's own modality values, as any other program says it."""
        return window if self.pivot is None else window.turned(self.pivot)
