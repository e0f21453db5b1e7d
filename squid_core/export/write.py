"""From a request to files: which writer makes which kind, and none is put in place unless all could be made.

Runs in a reader's process. What a DICOM object looks like stands in `dicom/`, what a picture looks like in `pictures/`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.dicom.limits import MAX_HELD_BYTES
from squid_core.dicom.opening import whole
from squid_core.export.dicom.capture import secondary_capture
from squid_core.export.dicom.clean_copy import deidentified_copy
from squid_core.export.dicom.key_image import NOT_KEY, is_key, key_image_note
from squid_core.export.dicom.parts import to_file
from squid_core.export.dicom.presentation import NOT_STORED_IN_GREY, NOTHING_DRAWN, notices_of, presentation_state
from squid_core.export.dicom.report import structured_report
from squid_core.export.dicom.segmentation import segmentation
from squid_core.export.files import put_in_place
from squid_core.export.pictures.page import write_page
from squid_core.export.pictures.panes import draw
from squid_core.export.pictures.picture import write_picture
from squid_core.export.request import PICTURED, Exported, ExportKind, ExportRequest
from squid_core.export.source import OVERLAYS_LEFT_OUT, ExportSource, Written, pictured_remarks, read_source

MAX_COPIED_BYTES = MAX_HELD_BYTES  # of what is longer the digest leaves out what follows the pixels

Writer: TypeAlias = Callable[[ExportRequest, ExportSource], Written]


def write_all(request: ExportRequest) -> Exported:
    """Make every file of a request and put all in place under one new number.

    Raises:
        SquidError: the source cannot be read, a kind cannot be made of it, or the folder cannot be written.
    """
    source = read_source(request)
    written = {kind: WRITERS[kind][1](request, source) for kind in dict.fromkeys(request.kinds)}
    files = {kind: one.content for kind, one in written.items() if one.content is not None}
    named = {WRITERS[kind][0]: content for kind, content in files.items()}
    paths = put_in_place(request.folder, named, request.ticket) if named else ()
    notices = [notice for one in written.values() for notice in one.notices]
    if PICTURED.intersection(request.kinds):
        notices += [notice for notice in source.radiograph.notices if notice == OVERLAYS_LEFT_OUT]
    return Exported(tuple(files), paths, tuple(dict.fromkeys(notices)))


def _write_capture(request: ExportRequest, source: ExportSource) -> Written:
    """The panes as a Secondary Capture."""
    detection, weights = request.scored()
    remarks = pictured_remarks(request, source)
    picture = draw(source.radiograph, request.shown, detection, weights, request.picture, remarks)
    graphics = request.shown.graphics and bool(source.radiograph.overlays)
    words = graphics or remarks.has_text
    return _written(request, secondary_capture(source.header, detection, picture, words=words), source)


def _write_report(request: ExportRequest, source: ExportSource) -> Written:
    """The numbers as a Structured Report."""
    return _written(
        request, structured_report(source.header, request.detection, request.weights, source.remarks), source
    )


def _write_segmentation(request: ExportRequest, source: ExportSource) -> Written:
    """Unusual patches and differences as a Segmentation."""
    return _written(request, segmentation(source.header, request.scored()[0]), source)


def _write_state(request: ExportRequest, source: ExportSource) -> Written:
    """The window, the drawings and the unusual patches as a Presentation State."""
    if source.stored is None:
        return Written(None, (NOT_STORED_IN_GREY,))
    remarks = source.remarks if request.shown.marks else replace(source.remarks, marks=())
    if request.detection is None and not remarks.marks:
        return Written(None, (NOTHING_DRAWN,))
    shown, found = request.shown, (request.detection, request.weights)
    state = presentation_state(source.header, source.radiograph, source.stored, shown, *found, remarks)
    written = _written(request, state, source)
    return replace(written, notices=(*written.notices, *notices_of(source.radiograph, shown)))


def _write_note(request: ExportRequest, source: ExportSource) -> Written:
    """A Key Object Selection that names the image, where there is a reason to."""
    if not is_key(request.detection, source.remarks.opinion):
        return Written(None, (NOT_KEY,))
    return _written(request, key_image_note(source.header, request.detection, request.weights, source.remarks), source)


def _written(request: ExportRequest, result: Dataset, source: ExportSource) -> Written:
    if request.deidentify and result.get("PatientIdentityRemoved") != "YES":
        raise SquidError("The result could not be de-identified; nothing was written.")
    return Written(to_file(result, source.header), source.header.notices)


def _write_image(request: ExportRequest, source: ExportSource) -> Written:
    """A copy of the file to the byte, or one without its patient.

    Raises:
        SquidError: it cannot be read, is too large, is no DICOM file, cannot be de-identified, or has changed since it
            was read.
    """
    if not source.radiograph.transfer_syntax:
        raise SquidError("A PNG or JPEG picture cannot be exported as a DICOM image.", "Copy the picture itself.")
    if request.deidentify:
        data, notices, content = deidentified_copy(request.path, request.key, insist=request.insist)
    else:
        data, content = whole(request.path, MAX_COPIED_BYTES)
        notices = ()
    if content != source.radiograph.content:  # it was read a second time
        raise SquidError("A file has changed while it was exported.", "Try again.")
    return Written(data, notices)


# File names say what a file is and never whom it is about.
WRITERS: dict[ExportKind, tuple[str, Writer]] = {
    ExportKind.SECONDARY_CAPTURE: ("capture-sc.dcm", _write_capture),
    ExportKind.STRUCTURED_REPORT: ("report-sr.dcm", _write_report),
    ExportKind.SEGMENTATION: ("patches-seg.dcm", _write_segmentation),
    ExportKind.PRESENTATION_STATE: ("drawings-pr.dcm", _write_state),
    ExportKind.KEY_IMAGE_NOTE: ("key-ko.dcm", _write_note),
    ExportKind.PNG: ("picture.png", write_picture),
    ExportKind.PDF: ("report.pdf", write_page),
    ExportKind.SOURCE: ("image.dcm", _write_image),
}
