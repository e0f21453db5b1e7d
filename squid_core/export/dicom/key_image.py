"""A note that points to an image (PS3.3 A.35.4, PS3.16 TID 2010): shown by a PACS as a key image of its study.

Readers look through a study's key images first, so one is made only where there is a reason: the reader has accepted
the finding, or nobody has judged it and the score is one that few normals reach. A reader's "no" is the last word. The
title is Of Interest (CID 7010) in both cases, for no title says that a program selected; who did is the observer.
"""

from __future__ import annotations

from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from highdicom.sr import ValueTypeValues
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.detection import UNUSUAL, Detection, WeightsFacts
from squid_core.contracts.reading import ACCEPTED, Opinion, Remarks
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom.parts import (
    KEY_IMAGES,
    RESEARCH_ONLY,
    device_observer,
    equipment,
    identification,
    person_observer,
)
from squid_core.export.dicom.source_header import PATIENT_MODULE, SourceHeader
from squid_core.export.words import doubts_in_words, opinion_in_words, score_in_words, what_if_in_words

NOT_KEY = "No key image note was written of images whose finding no reader has accepted and whose score is not high."


def is_key(detection: Detection | None, opinion: Opinion | None) -> bool:
    """Whether an image is one to look at first."""
    if opinion is not None:
        return opinion.code == ACCEPTED
    return detection is not None and detection.percentile >= UNUSUAL


def key_image_note(
    header: SourceHeader, detection: Detection | None, weights: WeightsFacts | None, remarks: Remarks
) -> Dataset:
    """A Key Object Selection of the one image, with the score and the judgement as its description.

    Args:
        header: the source image.
        detection: None where it was not scored.
        weights: behind it.
        remarks: the reader's.
    """
    source = header.dataset
    with lenient():
        content = KeyObjectSelection(
            document_title=standard.DCM.OfInterest,
            referenced_objects=[source],
            observer_person_context=person_observer(remarks.opinion),
            observer_device_context=device_observer(detection),
            description=_description(detection, weights, remarks),
        )
        if header.frame:
            for item in content[0].ContentSequence:
                if item.ValueType == ValueTypeValues.IMAGE.value:
                    item.ReferencedSOPSequence[0].ReferencedFrameNumber = header.frame
        note = KeyObjectSelectionDocument(
            evidence=[source],
            content=content,
            transfer_syntax_uid=ExplicitVRLittleEndian,
            **identification(KEY_IMAGES),
            **equipment(detection),
        )
        for keyword in PATIENT_MODULE:
            if keyword in source:
                note.add(source[keyword])
    return note


def _description(detection: Detection | None, weights: WeightsFacts | None, remarks: Remarks) -> str:
    lines = [RESEARCH_ONLY]
    if judged := opinion_in_words(remarks):
        lines.append(f"Reader: {judged}")
    if detection is not None and weights is not None:
        said = score_in_words(detection)
        lines.append(what_if_in_words(said) if weights.is_what_if(detection) else said)
        lines += doubts_in_words(detection)
    return "\r\n".join(lines)
