"""A detection as a Structured Report: TID 1500 in a Comprehensive SR, whose regions lie in pixels of the source."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    ComprehensiveSR,
    FindingSite,
    ImageRegion,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TextContentItem,
)
from highdicom.sr.enum import GraphicTypeValues
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from squid_core.contracts.detection import Detection, MemoryMatch, WeightsFacts
from squid_core.contracts.reading import NO_REMARKS, Remarks
from squid_core.dicom.leniency import lenient
from squid_core.export.dicom import codes
from squid_core.export.dicom.parts import (
    MANUFACTURER,
    REPORT,
    RESEARCH_ONLY,
    device_observer,
    equipment,
    identification,
    parameters,
    person_observer,
    version,
)
from squid_core.export.dicom.reader_groups import Group, ReferencedImage, mark_groups, opinion_group, tracking
from squid_core.export.dicom.source_header import SourceHeader
from squid_core.sides import Sides

PATCHES = 5  # most abnormal patches that are reported


def structured_report(
    header: SourceHeader, detection: Detection | None, weights: WeightsFacts | None, remarks: Remarks = NO_REMARKS
) -> Dataset:
    """Score, percentile, settings and hash for the image; percentile and memory entries for the most abnormal patches.

    Behind them stand the reader's judgement and marks; of an image that was not scored they stand alone. Coordinates
    are those of PS3.3 C.18.6.1.2: column, row, with 0, 0 at the outer corner of the first pixel.

    Args:
        header: the source image.
        detection: what is reported.
        weights: behind it.
        remarks: the reader's.
    """
    opinion = remarks.opinion
    with lenient():
        found = [] if detection is None or weights is None else _results(header, detection, weights)
        content = MeasurementReport(
            observation_context=ObservationContext(
                observer_person_context=person_observer(opinion),
                observer_device_context=device_observer(detection),
            ),
            procedure_reported=codes.CHEST_X_RAY,
            imaging_measurements=[
                *(found or [_not_scored(header)]),
                *([] if opinion is None else [opinion_group(header, opinion)]),
                *mark_groups(header, remarks.marks),
            ],
        )
        report = ComprehensiveSR(
            evidence=[header.dataset],
            content=content,
            is_complete=True,
            transfer_syntax_uid=ExplicitVRLittleEndian,
            **identification(REPORT),
            **equipment(detection),
        )
        read = "judged by a reader" if opinion is not None else "read by nobody"
        report.CompletionFlagDescription = f"Made by a program, {read}. Research use only"
    return report


def _results(header: SourceHeader, detection: Detection, weights: WeightsFacts) -> list[Group]:
    algorithm = AlgorithmIdentification(
        name="SQUID",
        version=version(),
        parameters=[f"{name}={value}" for name, value in parameters(detection).items()],
        family=codes.AI,
        manufacturer=MANUFACTURER,
    )
    outlines = {patch: patch_outline(detection, patch) for patch in detection.most_abnormal(PATCHES)}
    patches = [
        _patch(header, detection, patch, outline, algorithm) for patch, outline in outlines.items() if len(outline)
    ]
    return [_whole_image(header, detection, weights, algorithm), *patches]


def _not_scored(header: SourceHeader) -> MeasurementsAndQualitativeEvaluations:
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking("Image"),
        source_images=[SourceImageForMeasurementGroup(*ReferencedImage.of(header).named)],
    )
    for sentence in (f"{RESEARCH_ONLY}. This image was not scored.", *header.notices):
        group[0].ContentSequence.append(TextContentItem(codes.COMMENT, sentence, RelationshipTypeValues.CONTAINS))
    return group


def _whole_image(
    header: SourceHeader, detection: Detection, weights: WeightsFacts, algorithm: AlgorithmIdentification
) -> MeasurementsAndQualitativeEvaluations:
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking("Image"),
        algorithm_id=algorithm,
        measurements=list(_image_measurements(detection, weights)),
        qualitative_evaluations=list(_image_statements(detection, weights)),
        source_images=[SourceImageForMeasurementGroup(*ReferencedImage.of(header).named)],
    )
    use = f"{RESEARCH_ONLY}. {weights.intended_use}"
    among = f"Weights: {weights.title}; percentile among {weights.held_out_normals} held-out normal images."
    for sentence in (use, among, *header.notices):
        group[0].ContentSequence.append(TextContentItem(codes.COMMENT, sentence, RelationshipTypeValues.CONTAINS))
    return group


def _image_measurements(detection: Detection, weights: WeightsFacts) -> Iterator[Measurement]:
    yield Measurement(codes.SCORE, detection.score, codes.NO_UNITS)
    yield Measurement(codes.PERCENTILE, detection.percentile, codes.PERCENT)
    yield Measurement(codes.PAPER_SCORE, detection.paper_score, codes.NO_UNITS)
    for name, value in detection.components.items():
        yield Measurement(codes.COMPONENT, value, codes.NO_UNITS, tracking_identifier=tracking(name))
    for specificity, threshold in weights.thresholds.items():
        yield Measurement(
            codes.THRESHOLD, threshold, codes.NO_UNITS, tracking_identifier=tracking(_specificity(specificity))
        )


def _image_statements(detection: Detection, weights: WeightsFacts) -> Iterator[QualitativeEvaluation]:
    for specificity, threshold in weights.thresholds.items():
        name = CodedConcept(f"flagged-{specificity}"[:16], codes.SCHEME, f"Flagged at {_specificity(specificity)}"[:64])
        yield QualitativeEvaluation(name, _answer(detection.score >= threshold))
    yield QualitativeEvaluation(codes.OUTSIDE_MEMORY, _answer(detection.outside_memory))
    if detection.pose is not None:
        yield QualitativeEvaluation(codes.REGISTERED, _answer(detection.pose.registered))
        yield QualitativeEvaluation(codes.MIRRORED, _answer(detection.pose.mirrored))
    yield QualitativeEvaluation(codes.WHAT_IF, _answer(weights.is_what_if(detection)))


def _patch(
    header: SourceHeader, detection: Detection, patch: int, outline: np.ndarray, algorithm: AlgorithmIdentification
) -> PlanarROIMeasurementsAndQualitativeEvaluations:
    row, column = divmod(patch, detection.grid)
    measurements = [
        Measurement(codes.PATCH_DISTANCE, float(detection.patch_scores[row, column]), codes.NO_UNITS),
        Measurement(codes.PERCENTILE, float(detection.patch_percentiles[row, column]), codes.PERCENT),
    ]
    for rank, match in enumerate(detection.matches[patch], 1):
        measurements += _entry(match, rank)
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking(f"Patch in row {row + 1}, column {column + 1} of {detection.grid}"),
        referenced_region=ImageRegion(
            GraphicTypeValues.POLYLINE,
            outline,
            SourceImageForRegion(*ReferencedImage.of(header).named),
        ),
        finding_type=codes.PATCH,
        algorithm_id=algorithm,
        finding_sites=_sites(header, detection, patch),
        measurements=measurements,
    )


def _sites(header: SourceHeader, detection: Detection, patch: int) -> list[FindingSite] | None:
    """On which side of the patient the middle of a patch is (CID 244); None where that is not known, or on neither."""
    row, column = ((at + 0.5) / detection.grid for at in divmod(patch, detection.grid))
    side = Sides.of(header.dataset.get("PatientOrientation") or ()).laterality(row, column)
    return [FindingSite(codes.CHEST, laterality=codes.SIDE[side])] if side else None


def patch_outline(detection: Detection, patch: int) -> np.ndarray:
    """(n, 2) float64, closed: (column, row) round the part of a patch on the original, 0, 0 at its outer corner.

    Nothing lies beyond 0, 0 and the columns and rows of the image, for coordinates may not (PS3.3 C.18.6.1.2). (0, 2)
    where all of the patch lies beside the original.
    """
    # Geometry counts from the first pixel's centre, SCOORD from its outer corner.
    corners = np.array(detection.patch_outline(patch))[:, ::-1] + 0.5
    height, width = detection.geometry.original_shape
    if (corners < 0).any() or (corners > (width, height)).any():
        image = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
        area, cut = cv2.intersectConvexConvex(corners.astype(np.float32), image)
        corners = np.clip(cut.reshape(-1, 2), 0, (width, height)) if area > 0 else np.empty((0, 2))
    return np.concatenate((corners, corners[:1])).astype(np.float64)


def _entry(match: MemoryMatch, rank: int) -> Iterator[Measurement]:
    tracked = tracking(f"Memory entry {rank}")
    for name, value in (
        (codes.ENTRY_SLOT, match.slot),
        (codes.ENTRY_WEIGHT, match.weight),
        (codes.ENTRY_SIMILARITY, match.similarity),
        (codes.ENTRY_AGE, match.age),
    ):
        yield Measurement(name, value, codes.NO_UNITS, tracking_identifier=tracked)


def _specificity(percent: str) -> str:
    return f"{percent}% specificity on held-out normals"


def _answer(yes: bool) -> CodedConcept:
    return CodedConcept.from_code(codes.YES if yes else codes.NO)
