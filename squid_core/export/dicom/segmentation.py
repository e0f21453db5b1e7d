"""Where an image is unlike normal, as a binary Segmentation at every pixel of the original (PS3.3 A.51).

There is no Parametric Map of the difference: that object must state a frame of reference and the position, orientation
and spacing of its plane in the patient (PS3.3 A.75), which a projection does not have and we do not make up. The
Segmentation needs none of them when it derives from an image pixel by pixel; the difference is in it by threshold, and
as a picture in the Secondary Capture.
"""

from __future__ import annotations

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import SegmentAlgorithmTypeValues, Segmentation, SegmentationTypeValues, SegmentDescription
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.detection import UNUSUAL, Detection
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom import codes
from squid_core.export.dicom.maps import check_size, image_to_original, patches_to_original
from squid_core.export.dicom.parts import SEGMENTS, equipment, identification, parameters, version
from squid_core.export.dicom.source_header import SourceHeader

DIFFERENCE = 0.2  # of the model's grey levels, 0..1, from which a pixel is brighter or darker than normal


def segmentation(header: SourceHeader, detection: Detection) -> Dataset:
    """Three segments: unusual patches, pixels brighter and pixels darker than the reconstruction.

    Radiographs have no frame of reference, so the segments have the source's rows and columns and belong to it pixel
    by pixel. A segment may be empty; its frame is there all the same.

    Raises:
        SquidError: the image is too large.
    """
    geometry = detection.geometry
    check_size(geometry)
    difference = image_to_original(detection.difference, geometry)
    masks = np.stack(
        (
            patches_to_original(detection.patch_percentiles >= UNUSUAL, geometry),
            difference >= DIFFERENCE,
            difference <= -DIFFERENCE,
        ),
        axis=-1,
    )
    del difference
    described = (
        (f"Patches from the {UNUSUAL:g}th percentile of normals", codes.PATCH_SEGMENT),
        (f"Brighter than normal by {DIFFERENCE:g} or more", codes.BRIGHTER),
        (f"Darker than normal by {DIFFERENCE:g} or more", codes.DARKER),
    )
    algorithm = AlgorithmIdentificationSequence(
        name="SQUID", family=codes.AI, version=version(), source="SQUID Viewer", parameters=parameters(detection)
    )
    with lenient():
        segments = [
            SegmentDescription(
                segment_number=number,
                segment_label=label,
                segmented_property_category=codes.SPATIAL,
                segmented_property_type=kind,
                algorithm_type=SegmentAlgorithmTypeValues.AUTOMATIC,
                algorithm_identification=algorithm,
            )
            for number, (label, kind) in enumerate(described, 1)
        ]
        result = Segmentation(
            source_images=[header.dataset],
            pixel_array=masks[None].astype(np.uint8),
            segmentation_type=SegmentationTypeValues.BINARY,
            segment_descriptions=segments,
            omit_empty_frames=False,
            content_label="SQUID",
            content_description="Where it is unlike normal. Research use only, not for diagnosis",
            transfer_syntax_uid=ExplicitVRLittleEndian,
            **identification(SEGMENTS),
            **equipment(detection),
        )
        result.PatientOrientation = header.dataset.PatientOrientation  # the same pixels; highdicom leaves it out
    return result
