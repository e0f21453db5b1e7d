"""What the user wants exported, and how it may be said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.orientation import UPRIGHT, Orientation
from app.domain.study import Judgement
from squid_core.export.request import ExportKind

# In the order of the dialog: what it is called, and what it is good for.
KIND_WORDS = {
    ExportKind.SECONDARY_CAPTURE: ("Picture of the panes (DICOM)", "Secondary capture; any DICOM viewer shows it."),
    ExportKind.STRUCTURED_REPORT: (
        "Report of the numbers (DICOM)",
        "Structured report: score, marks, judgement.",
    ),
    ExportKind.SEGMENTATION: ("Unusual regions (DICOM)", "Segmentation that lies over the original."),
    ExportKind.PRESENTATION_STATE: (
        "Window and drawings (DICOM)",
        "Presentation state over the original.",
    ),
    ExportKind.KEY_IMAGE_NOTE: ("Key image note (DICOM)", "Only of accepted findings and of high scores."),
    ExportKind.SOURCE: ("The image itself (DICOM)", "A copy of the file; the original is never changed."),
    ExportKind.PDF: ("One page (PDF)", "To read or to print."),
    ExportKind.PNG: ("Picture of the panes (PNG)", "For slides and papers."),
}
FIRST_KINDS = (ExportKind.SECONDARY_CAPTURE, ExportKind.STRUCTURED_REPORT, ExportKind.PDF)


# In exports, which are in English.
JUDGED_WORDS = {
    Judgement.ACCEPTED: "the finding is accepted",
    Judgement.REJECTED: "the finding is rejected",
    Judgement.NORMAL: "the whole study is called normal",
}


@dataclass(frozen=True, slots=True)
class ExportMemory:
    """Where the last export went, and what it wrote."""

    folder: Path | None = None
    kinds: tuple[ExportKind, ...] = FIRST_KINDS

    @classmethod
    def of(cls, folder: Path | None, kinds: tuple[str, ...]) -> ExportMemory:
        """From the settings; kinds that this version does not know are left out."""
        known = tuple(kind for kind in ExportKind if kind.value in kinds)
        return cls(folder, known or FIRST_KINDS)


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What the export dialog asks for.

    Attributes:
        keys: of the images.
        folder: where the files go.
        kinds: what is written of each image, as far as it was scored.
        deidentify: no identifier in anything that is written.
        mask_names: a pseudonym on pictures and pages.
        insist: the user says that the pictures show no name, whatever the files say.
        orientation: of the image that is open, on the screen.
    """

    keys: tuple[str, ...]
    folder: Path
    kinds: tuple[ExportKind, ...]
    deidentify: bool = False
    mask_names: bool = False
    insist: bool = False
    orientation: Orientation = UPRIGHT

    def __post_init__(self) -> None:
        if not self.keys or not self.kinds:
            raise ValueError("an order names images and kinds")

    @property
    def words(self) -> str:
        """For the audit trail; no name and no folder."""
        how = "de-identified" if self.deidentify else "names masked" if self.mask_names else "identified"
        return f"{' '.join(kind.value for kind in self.kinds)}, {how}"
