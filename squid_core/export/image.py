"""The image itself: the file as it is, or a de-identified copy."""

from __future__ import annotations

from squid_core.dicom.opening import whole
from squid_core.export.dicom.clean_copy import deidentified_copy
from squid_core.export.request import ExportRequest
from squid_core.export.source import ExportSource, Written

MAX_COPIED_BYTES = 1_000_000_000


def write_image(request: ExportRequest, _: ExportSource) -> Written:
    """A copy of the file to the byte, or one without its patient.

    Raises:
        SquidError: it cannot be read, is too large, or cannot be de-identified.
    """
    if request.deidentify:
        return Written(*deidentified_copy(request.path, request.key, insist=request.insist))
    return Written(whole(request.path, MAX_COPIED_BYTES))
