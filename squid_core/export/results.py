"""Results as DICOM files."""

from __future__ import annotations

from pydicom.dataset import Dataset

from squid_core.contracts.detection import SquidError
from squid_core.export.dicom.capture import secondary_capture
from squid_core.export.dicom.parts import to_file
from squid_core.export.dicom.report import structured_report
from squid_core.export.dicom.segmentation import segmentation
from squid_core.export.pictures.panes import draw
from squid_core.export.request import ExportRequest
from squid_core.export.source import ExportSource, Written


def write_capture(request: ExportRequest, source: ExportSource) -> Written:
    """The panes as a Secondary Capture."""
    detection, weights = request.scored()
    picture = draw(source.radiograph, request.shown, detection, weights)
    return _written(request, secondary_capture(source.evidence, detection, picture), source)


def write_report(request: ExportRequest, source: ExportSource) -> Written:
    """The numbers as a Structured Report."""
    return _written(request, structured_report(source.evidence, *request.scored()), source)


def write_segmentation(request: ExportRequest, source: ExportSource) -> Written:
    """Unusual patches and differences as a Segmentation."""
    return _written(request, segmentation(source.evidence, request.scored()[0]), source)


def _written(request: ExportRequest, result: Dataset, source: ExportSource) -> Written:
    if request.deidentify and result.get("PatientIdentityRemoved") != "YES":
        raise SquidError("The result could not be de-identified; nothing was written.")
    return Written(to_file(result, source.evidence), source.evidence.notices)
