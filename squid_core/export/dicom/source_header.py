"""The header of the image a result is about, made valid: what is copied into every result, and what it refers to.

Files from the field break the standard; results must not. What can be repaired is, what cannot is left empty, and
each is said in a notice that names the attribute, never its value.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TypeVar

from highdicom.sr import CodedConcept
from pydicom.datadict import dictionary_description
from pydicom.dataset import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from squid_core.contracts.radiograph import Radiograph
from squid_core.dicom.header.numbers import numbers
from squid_core.dicom.header.sopclasses import RADIOGRAPHS
from squid_core.dicom.header.values import date_of, is_uid, sequence_items, sex_of, text, values
from squid_core.dicom.leniency import lenient

T = TypeVar("T", str, list[float])

UTF8 = "ISO_IR 192"
# Attributes of patient, study and image beyond those that reading needs (PS3.3 C.7.1, C.7.2, C.7.6.1).
KEYWORDS = (
    *("IssuerOfPatientID", "PatientSize", "PatientWeight", "StudyTime", "StudyID", "ReferringPhysicianName"),
    *("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod"),
    *("PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence"),
)
# What results of the library's own kinds do not copy from the source by themselves.
PATIENT_MODULE = (
    *("IssuerOfPatientID", "PatientIdentityRemoved", "DeidentificationMethod", "DeidentificationMethodCodeSequence"),
    *("PatientAge", "PatientSize", "PatientWeight", "StudyDescription"),
)
_TEXTS = {"PatientID": 64, "StudyID": 16, "AccessionNumber": 16}  # type 2, letters at most (PS3.5 6.2)
_OPTIONAL_TEXTS = {"IssuerOfPatientID": 64, "StudyDescription": 64}
_NAMES = ("PatientName", "ReferringPhysicianName")
_DATES = ("PatientBirthDate", "StudyDate")
_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?")
_AGE = re.compile(r"(\d{1,3})([DWMY]?)")
_DIRECTION = re.compile(r"[APRLHF]{1,3}")
_CODE = re.compile(r"[A-Z0-9_ ]{1,16}")
_NAME_GROUP = 64  # letters of one of a name's three groups
_KNOWN_CLASSES = RADIOGRAPHS | {str(SecondaryCaptureImageStorage)}  # highdicom may take other classes for volumes
_CLASS_OF_MODALITY = {"CR": ComputedRadiographyImageStorage, "DX": DigitalXRayImageStorageForPresentation}


@dataclass(frozen=True, slots=True)
class SourceHeader:
    """What is said of the image a result is about.

    Attributes:
        dataset: valid patient, study and image attributes without pixels, UTF-8; never written itself.
        sop_class: of the source; `dataset` says a plain class where highdicom would not take this one for a radiograph.
        frame: from 1, where the source's class may have several and it does; else None.
        notices: plain sentences on what was repaired or left empty.
    """

    dataset: Dataset
    sop_class: str
    frame: int | None = None
    notices: tuple[str, ...] = ()


def source_header_of(source: Dataset, radiograph: Radiograph, frame: int = 0) -> SourceHeader:
    """Valid attributes from a header that may be wrong in any way.

    Args:
        source: header with the reader's tags and KEYWORDS.
        radiograph: the image of the same file.
        frame: from 0, which was decoded.
    """
    with lenient():
        return _Builder(source, radiograph).header(frame)


class _Builder:
    """One header on its way; `emptied` and `notices` grow as values are found wrong."""

    def __init__(self, source: Dataset, radiograph: Radiograph) -> None:
        self._source, self._radiograph = source, radiograph
        self._made = Dataset()
        self._emptied: list[str] = []
        self._notices: list[str] = []

    def header(self, frame: int) -> SourceHeader:
        made = self._made
        made.SpecificCharacterSet = UTF8
        self._patient_and_study()
        made.StudyInstanceUID = self._uid("StudyInstanceUID", "so they stand in a study of their own")
        made.SeriesInstanceUID = self._uid("SeriesInstanceUID", "so they name a series that does not exist")
        made.SOPInstanceUID = self._uid("SOPInstanceUID", "so they cannot be led back to it")
        modality = text(self._source, "Modality").upper()
        made.Modality = modality if _CODE.fullmatch(modality) else "OT"
        stated = text(self._source, "SOPClassUID")
        sop_class = (
            stated if is_uid(stated) else str(_CLASS_OF_MODALITY.get(made.Modality, SecondaryCaptureImageStorage))
        )
        if sop_class != stated:
            self._notices.append("The file does not say its SOP class; the results name a likely one.")
        made.SOPClassUID = sop_class if sop_class in _KNOWN_CLASSES else str(ComputedRadiographyImageStorage)
        made.Rows, made.Columns = self._radiograph.pixels.shape[:2]
        self._image()
        if self._emptied:
            names = ", ".join(dictionary_description(keyword) for keyword in self._emptied)
            self._notices.append(f"Not valid in the file and left empty in the results: {names}.")
        several = self._radiograph.frame_count > 1 and sop_class not in _KNOWN_CLASSES  # whose images have one frame
        number = frame + 1 if several else None
        return SourceHeader(made, sop_class, number, tuple(self._notices))

    def _patient_and_study(self) -> None:
        made = self._made
        for keyword, letters in _TEXTS.items():
            setattr(made, keyword, self._text(keyword, letters))
        for keyword, letters in _OPTIONAL_TEXTS.items():
            if kept := self._text(keyword, letters):
                setattr(made, keyword, kept)
        for keyword in _NAMES:
            setattr(made, keyword, self._name(keyword))
        for keyword in _DATES:
            day = date_of(text(self._source, keyword))
            setattr(made, keyword, self._checked(keyword, day.isoformat().replace("-", "") if day else ""))
        time = text(self._source, "StudyTime").replace(":", "")  # the form before 1993 had colons
        made.StudyTime = self._checked("StudyTime", time if _TIME.fullmatch(time) else "")
        made.PatientSex = self._checked("PatientSex", sex_of(text(self._source, "PatientSex")))
        age = _AGE.fullmatch(text(self._source, "PatientAge").upper())
        # Many files write plain years, "62".
        if stated := self._checked("PatientAge", f"{int(age[1]):03}{age[2] or 'Y'}" if age else ""):
            made.PatientAge = stated
        for keyword in ("PatientSize", "PatientWeight"):
            if stated_numbers := self._numbers(keyword):
                setattr(made, keyword, stated_numbers[0])
        if text(self._source, "PatientIdentityRemoved").upper() == "YES":
            self._deidentified()

    def _deidentified(self) -> None:
        """PS3.3 C.7.1.1: that the patient was left out, and how."""
        made = self._made
        made.PatientIdentityRemoved = "YES"
        codes = [
            [text(item, keyword) for keyword in ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")]
            for item in sequence_items(self._source, "DeidentificationMethodCodeSequence")
        ]
        if concepts := [CodedConcept(*code) for code in codes if all(code) and len(code[0]) <= 16]:
            made.DeidentificationMethodCodeSequence = concepts
        made.DeidentificationMethod = self._text("DeidentificationMethod", 64) or "Not stated"

    def _image(self) -> None:
        made = self._made
        orientation = [str(value).upper() for value in values(self._source, "PatientOrientation")]
        sound = len(orientation) == 2 and all(_DIRECTION.fullmatch(direction) for direction in orientation)
        made.PatientOrientation = orientation if sound else []  # type 2C: may be empty
        annotation = text(self._source, "BurnedInAnnotation").upper()
        if annotation in ("YES", "NO"):
            made.BurnedInAnnotation = annotation
        body_part = text(self._source, "BodyPartExamined").upper()
        if _CODE.fullmatch(body_part):
            made.BodyPartExamined = body_part
        ratios = self._numbers("LossyImageCompressionRatio")
        methods = [str(value) for value in values(self._source, "LossyImageCompressionMethod")]
        if text(self._source, "LossyImageCompression") == "01":
            made.LossyImageCompression = "01"
            if ratios and len(ratios) == len(methods) and all(_CODE.fullmatch(method) for method in methods):
                made.LossyImageCompressionRatio, made.LossyImageCompressionMethod = ratios, methods

    def _uid(self, keyword: str, consequence: str) -> str:
        """The file's own UID, not quite valid ones too, since it is what ties results to it; else one of its pixels."""
        stated = text(self._source, keyword)
        if is_uid(stated):
            return stated
        self._notices.append(f"The results had to make up the file's {dictionary_description(keyword)}, {consequence}.")
        pixels = hashlib.sha256(self._radiograph.pixels.tobytes()).hexdigest()
        return str(generate_uid(entropy_srcs=[keyword, pixels]))

    def _text(self, keyword: str, letters: int) -> str:
        """Kept to the letter, or not at all: half an identifier is another one."""
        found = values(self._source, keyword)
        stated = str(found[0]).strip(" \0") if len(found) == 1 else ""
        sound = len(stated) <= letters and "\\" not in stated and _printable(stated)
        return self._checked(keyword, stated if sound else "")

    def _name(self, keyword: str) -> str:
        """PS3.5 6.2.1: three groups of five components."""
        found = values(self._source, keyword)
        stated = str(found[0]).strip(" \0") if len(found) == 1 else ""
        groups = ["^".join(part.strip() for part in group.split("^")[:5]).rstrip("^") for group in stated.split("=")]
        name = "=".join(groups[:3]).rstrip("=")
        sound = _printable(name) and "\\" not in name and all(len(group) <= _NAME_GROUP for group in groups)
        return self._checked(keyword, name if sound else "")

    def _numbers(self, keyword: str) -> list[float]:
        stated = numbers(self._source, keyword)
        return self._checked(keyword, stated if all(0 < number < 1e6 for number in stated) else [])

    def _checked(self, keyword: str, kept: T) -> T:
        if not kept and keyword in self._source and self._source.get_item(keyword).value:
            self._emptied.append(keyword)
        return kept


def _printable(stated: str) -> bool:
    return not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") or letter == "�" for letter in stated)
