"""What is to be written, in one frozen value that travels to a reader child, and what came of it.

Importing this loads no pydicom, no matplotlib and no torch: the window builds requests too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from squid_core.contracts.detection import Detection, WeightsFacts
from squid_core.contracts.errors import SquidError
from squid_core.contracts.radiograph import Content, FloatArray, Radiograph, Window
from squid_core.contracts.reading import DrawnMark, Opinion
from squid_core.dicom.source import Source
from squid_core.privacy import new_key


class ExportKind(StrEnum):
    """What can be written; the values are those of `squid export --kinds`."""

    SECONDARY_CAPTURE = "sc"
    STRUCTURED_REPORT = "sr"
    SEGMENTATION = "seg"
    PRESENTATION_STATE = "gsps"
    KEY_IMAGE_NOTE = "ko"
    PNG = "png"
    PDF = "pdf"
    SOURCE = "dicom"  # the file itself, as it is or de-identified


OF_MARKS = frozenset((ExportKind.STRUCTURED_REPORT, ExportKind.PRESENTATION_STATE))
OF_OPINION = frozenset((ExportKind.STRUCTURED_REPORT, ExportKind.KEY_IMAGE_NOTE))
NEED_DETECTION = OF_MARKS | OF_OPINION | {ExportKind.SECONDARY_CAPTURE, ExportKind.SEGMENTATION, ExportKind.PDF}
PICTURED = frozenset((ExportKind.SECONDARY_CAPTURE, ExportKind.PNG, ExportKind.PDF))  # that show the normal image


def is_writable(kind: ExportKind, *, scored: bool, drawn: bool, judged: bool) -> bool:
    """Whether there is anything to write: results need a score, or what a reader drew or said where they tell of it."""
    return scored or kind not in NEED_DETECTION or (drawn and kind in OF_MARKS) or (judged and kind in OF_OPINION)


@dataclass(frozen=True, slots=True)
class ShownAs:
    """How the original is shown.

    Attributes:
        window: None for the file's own.
        inverted: greys are turned round.
        gamma: see `squid_core.voi.to_uint8`.
        graphics: under the file's shutter and overlays.
        marks: with what was drawn on it.
        mirrored: left and right of the file change places. quarters: quarter turns clockwise after that, 0..3.
    """

    window: Window | None = None
    inverted: bool = False
    gamma: float = 1.0
    graphics: bool = True
    marks: bool = True
    mirrored: bool = False
    quarters: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.quarters <= 3:
            raise ValueError("a picture is turned by 0 to 3 quarters")


def no_marks(radiograph: Radiograph) -> tuple[DrawnMark, ...]:
    """Of an image on which nothing was drawn."""
    return ()


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """One image and what is to be written of it.

    Attributes:
        path: the source file, or a member of an archive; only ever read.
        folder: where the files go; made if it is not there.
        kinds: in this order; one file each, but for those that have nothing to say of this image.
        detection: None where the image was not scored; see `is_writable`.
        weights: of the detection.
        picture: (2S, 2S) float32 in 0..1, see `Maps`, shown in place of the detection's reconstruction; None for that.
        marks: what was drawn, and its figures, of the image once it is decoded; travels to the reader as it is.
        opinion: the reader's, None for none.
        frame: from 0.
        digest: of the bytes that are meant, see `Content`; '' for whatever lies there, where nothing was scored.
        deidentify: no identifier in what is written (PS3.15 basic profile).
        mask_names: pictures and pages carry a pseudonym; DICOM objects are not concerned.
        key: a secret behind replaced UIDs and pseudonyms; what is exported with the same one still belongs together.
        insist: de-identify also where the file says that the picture itself may show a name.
        ticket: marks the temporary files of this request, so that they are found when its writer has died.
        private: what is written is for this user alone, whatever the umask says.
    """

    path: Path | Source
    folder: Path
    kinds: tuple[ExportKind, ...]
    detection: Detection | None = None
    weights: WeightsFacts | None = None
    picture: FloatArray | None = field(default=None, repr=False, compare=False)
    shown: ShownAs = field(default_factory=ShownAs)
    marks: Callable[[Radiograph], tuple[DrawnMark, ...]] = no_marks
    opinion: Opinion | None = None
    frame: int = 0
    digest: str = ""
    deidentify: bool = False
    mask_names: bool = False
    key: str = field(default_factory=new_key, repr=False)
    insist: bool = False
    ticket: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    private: bool = False

    def __post_init__(self) -> None:
        if not self.kinds:
            raise ValueError("a request names what is to be written")
        if (self.detection is None) != (self.weights is None):
            raise ValueError("a detection and the facts of its weights come together")
        if self.picture is not None and self.detection is None:
            raise ValueError("a normal picture belongs to a detection")
        if not all(self.can_write(kind) for kind in self.kinds):
            raise ValueError("results can only be written of an image that was scored")

    def can_write(self, kind: ExportKind) -> bool:
        """See `is_writable`."""
        drawn, judged = self.marks is not no_marks, self.opinion is not None
        return is_writable(kind, scored=self.detection is not None, drawn=drawn, judged=judged)

    def check(self, content: Content) -> None:
        """Compare what was read with what is meant: results are never written about other bytes than were scored.

        Raises:
            SquidError: another file lies there now.
        """
        meant = self.digest or (self.detection.digest if self.detection is not None else "")
        if meant and meant != content.digest:
            raise SquidError("An image has changed since it was read; nothing was written of it.", "Open it again.")

    def scored(self) -> tuple[Detection, WeightsFacts]:
        """Detection and weights.

        Raises:
            SquidError: the image was not scored.
        """
        if self.detection is None or self.weights is None:
            raise SquidError("This image was not scored; there is no result to write.")
        return self.detection, self.weights


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes:
        kinds: those of the request that had something to say of the image, in its order; a notice says why another
            had not.
        paths: one of each of these kinds.
        notices: plain sentences on what was missing in the source, or repaired; no identifiers.
    """

    kinds: tuple[ExportKind, ...]
    paths: tuple[Path, ...]
    notices: tuple[str, ...] = ()
