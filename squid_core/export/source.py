"""The image of a request as its writers get it: decoded, judged, and with its header. Only in a reader child."""

from __future__ import annotations

from dataclasses import dataclass, replace

from squid_core.contracts.radiograph import Radiograph
from squid_core.contracts.reading import Remarks
from squid_core.dicom import reader
from squid_core.dicom.header.identity import identity_of
from squid_core.export.dicom.deidentify import deidentified, refuse_burned_in
from squid_core.export.dicom.source_header import KEYWORDS, SourceHeader, source_header_of
from squid_core.export.dicom.stored_image import StoredImage, stored_image_of
from squid_core.export.request import ExportRequest
from squid_core.privacy import masked

OVERLAYS_LEFT_OUT = "The overlays of a file are left out: they may show a name."


@dataclass(frozen=True, slots=True, eq=False)
class ExportSource:
    """One image with its header.

    Attributes:
        radiograph: its identity is de-identified or masked where the request asks for it.
        header: what results need of the header, made valid; de-identified where the request asks for it.
        stored: what a presentation state needs of the file; None where it holds no grey DICOM image.
        remarks: what the reader drew and said; anonymous where the request asks to de-identify.
    """

    radiograph: Radiograph
    header: SourceHeader
    stored: StoredImage | None
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class Written:
    """One kind's file, and plain sentences on what was missing in the source or repaired.

    Attributes:
        content: None where there is nothing to say of the image, which a notice tells.
    """

    content: bytes | None
    notices: tuple[str, ...] = ()


def read_source(request: ExportRequest) -> ExportSource:
    """Decode the request's frame and read its header.

    Raises:
        SquidError: the file is no image, broken, or beyond the limits; or it shall be de-identified and says that
            the picture itself may show a name; or it is another image than the request means.
    """
    radiograph, dataset = reader.read_with_header(request.path, request.frame, KEYWORDS)
    request.check(radiograph.content)
    stored = stored_image_of(dataset, request.frame) if radiograph.transfer_syntax else None
    remarks = Remarks(request.marks(radiograph), request.opinion)
    if request.deidentify:
        refuse_burned_in(radiograph.burned_in, insist=request.insist)
        dataset = deidentified(dataset, request.key)
        radiograph = _without_overlays(replace(radiograph, identity=identity_of(dataset)))
        remarks = remarks.anonymous()
    elif request.mask_names:
        radiograph = _without_overlays(replace(radiograph, identity=masked(radiograph.identity, request.key)))
    return ExportSource(radiograph, source_header_of(dataset, radiograph, request.frame), stored, remarks)


def pictured_remarks(request: ExportRequest, source: ExportSource) -> Remarks:
    """What of the reader's marks and judgement may stand on pictures and pages."""
    return source.remarks.anonymous() if request.mask_names else source.remarks


def _without_overlays(radiograph: Radiograph) -> Radiograph:
    """Graphics that often hold words, among them names, are no part of a picture without its patient."""
    if not radiograph.overlays:
        return radiograph
    return replace(radiograph, overlays=(), notices=(*radiograph.notices, OVERLAYS_LEFT_OUT))
