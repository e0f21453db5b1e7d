"""The image of a request as its writers get it: decoded, judged, and with its header. Only in a reader child."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset

from squid_core.contracts import Radiograph
from squid_core.dicom import reader
from squid_core.dicom.derived.evidence import KEYWORDS, Evidence, evidence_of
from squid_core.export.request import ExportRequest


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One image with its header.

    Attributes:
        dataset: header without pixels, only what results may need (patient, study, image), read within the reader's
            limits; lenient: any value may be wrong. De-identified where the request asks for it.
        evidence: the same made valid, for results.
    """

    radiograph: Radiograph
    dataset: Dataset
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Written:
    """One kind's file, and plain sentences on what was missing in the source or repaired."""

    content: bytes
    notices: tuple[str, ...] = ()


def read_source(request: ExportRequest) -> ExportSource:
    """Decode the request's frame and read its header.

    Raises:
        SquidError: the file is no image, broken, or beyond the limits.
    """
    radiograph, dataset = reader.read_with_header(request.path, request.frame, KEYWORDS)
    return ExportSource(radiograph, dataset, evidence_of(dataset, radiograph, request.frame))
