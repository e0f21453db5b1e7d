"""The image itself: the file as it is, or a de-identified copy."""

from __future__ import annotations

from squid_core.contracts import SquidError
from squid_core.dicom.clean_copy import deidentified_copy
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
    try:
        if request.path.stat().st_size > MAX_COPIED_BYTES:
            raise SquidError("The file is too large to be copied.", "Copy it with the system's own means.")
        return Written(request.path.read_bytes())
    except OSError as error:
        raise SquidError("The file cannot be read any more.", "", type(error).__name__) from error
