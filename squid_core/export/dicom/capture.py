"""A picture of the panes as a Secondary Capture image (PS3.3 A.8.1)."""

from __future__ import annotations

import numpy as np
from highdicom.enum import PhotometricInterpretationValues
from highdicom.sc import SCImage
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.detection import Detection
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom import codes
from squid_core.export.dicom.parts import CAPTURE, RESEARCH_ONLY, equipment, identification
from squid_core.export.dicom.source_header import PATIENT_MODULE, SourceHeader


def secondary_capture(
    header: SourceHeader, detection: Detection, picture: NDArray[np.uint8], *, words: bool = False
) -> Dataset:
    """A Secondary Capture of a picture of the panes.

    Burned In Annotation (0028,0301) is about text that identifies the patient. Ours does not, so the value is the
    source's, whose pixels are shown; a source that leaves it open leaves it open here, and so does one whose overlays
    or a reader's notes are drawn: they are no pixels of it, and may hold any words.

    Args:
        header: the source image.
        detection: what is shown.
        picture: (H, W, 3) uint8 RGB, the research-use notice drawn in.
        words: overlays of the source or notes of a reader are in it.
    """
    source = header.dataset
    with lenient():
        capture = SCImage.from_ref_dataset(
            ref_dataset=source,
            pixel_array=picture,
            photometric_interpretation=PhotometricInterpretationValues.RGB,
            bits_allocated=8,
            coordinate_system="PATIENT",
            patient_orientation=("L", "F"),
            transfer_syntax_uid=ExplicitVRLittleEndian,
            **identification(CAPTURE),
            **equipment(detection),
        )
        capture.PatientOrientation = []  # highdicom asks for one; a picture of four panes has none (type 2C)
        lossy = ("LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod")
        for keyword in (*PATIENT_MODULE, "BurnedInAnnotation", *lossy):
            if keyword in source:
                capture.add(source[keyword])
        if words and source.get("BurnedInAnnotation") == "NO":
            del capture.BurnedInAnnotation
        if source.get("BodyPartExamined") == "CHEST":
            capture.BodyPartExamined = "CHEST"
        else:
            capture.Laterality = ""  # type 2C: of a part that may be one of a pair, the side is not known
        capture.DerivationDescription = f"{RESEARCH_ONLY}. Original, reconstruction, difference and patches."
        capture.ImageComments = RESEARCH_ONLY
        reference = Dataset()
        reference.ReferencedSOPClassUID = source.SOPClassUID
        reference.ReferencedSOPInstanceUID = source.SOPInstanceUID
        if header.frame:
            reference.ReferencedFrameNumber = header.frame
        reference.PurposeOfReferenceCodeSequence = [codes.SOURCE_IMAGE]
        capture.SourceImageSequence = [reference]
    return capture
