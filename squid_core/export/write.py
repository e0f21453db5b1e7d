"""From a request to files: which writer makes which kind, and none is put in place unless all could be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from squid_core.export.files import put_in_place
from squid_core.export.image import write_image
from squid_core.export.pictures.page import write_page
from squid_core.export.pictures.picture import write_picture
from squid_core.export.request import Exported, ExportKind, ExportRequest
from squid_core.export.results import write_capture, write_report, write_segmentation
from squid_core.export.source import ExportSource, Written, read_source

Writer: TypeAlias = Callable[[ExportRequest, ExportSource], Written]

# File names say what a file is and never whom it is about.
NAMES = {
    ExportKind.SECONDARY_CAPTURE: "capture-sc.dcm",
    ExportKind.STRUCTURED_REPORT: "report-sr.dcm",
    ExportKind.SEGMENTATION: "patches-seg.dcm",
    ExportKind.PNG: "picture.png",
    ExportKind.PDF: "report.pdf",
    ExportKind.SOURCE: "image.dcm",
}
WRITERS: dict[ExportKind, Writer] = {
    ExportKind.SECONDARY_CAPTURE: write_capture,
    ExportKind.STRUCTURED_REPORT: write_report,
    ExportKind.SEGMENTATION: write_segmentation,
    ExportKind.PNG: write_picture,
    ExportKind.PDF: write_page,
    ExportKind.SOURCE: write_image,
}


def write_all(request: ExportRequest) -> Exported:
    """Make every file of a request and put all in place under one new number.

    Raises:
        SquidError: the source cannot be read, a kind cannot be made of it, or the folder cannot be written.
    """
    source = read_source(request)
    written = {kind: WRITERS[kind](request, source) for kind in request.kinds}
    paths = put_in_place(request.folder, {NAMES[kind]: one.content for kind, one in written.items()}, request.ticket)
    return Exported(paths, tuple(dict.fromkeys(notice for one in written.values() for notice in one.notices)))
