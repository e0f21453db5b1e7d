"""An export, or a look at a header, on its way into a reader; cleared away here where the reader dies over it.

Importing this loads no pydicom and no matplotlib: the writers are imported in the child.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from squid_core.contracts.header import HeaderListing
from squid_core.dicom.source import Source
from squid_core.export.files import clear_away
from squid_core.export.request import Exported, ExportRequest
from squid_core.files import private_files

CLEAR_SECONDS = 1.0  # that a disk is waited for

T = TypeVar("T")


class Carrier(Protocol):
    """What an export needs of `squid_core.dicom.readers.ReaderPool`."""

    def carry_out(self, errand: Callable[[], T], clear: Callable[[], None]) -> Future[T]:
        """Call `errand` in a child, and `clear` here where the child dies over it."""
        ...


def start(carrier: Carrier, request: ExportRequest) -> Future[Exported]:
    """Have the files of a request written.

    Returns:
        What was written; or a SquidError: the source cannot be read, or the files cannot be written, then none is.
    """
    return carrier.carry_out(partial(write, request), partial(_clear, request.folder, request.ticket))


def start_page(carrier: Carrier, request: ExportRequest) -> Future[bytes]:
    """Have the report page drawn to be printed; nothing is written.

    Returns:
        The page as PNG; or a SquidError: the source cannot be read, or the image was not scored.
    """
    return carrier.carry_out(partial(draw_page, request), lambda: None)


def look_at_header(carrier: Carrier, source: Source) -> Future[HeaderListing]:
    """Have the header of a file listed.

    Returns:
        Its elements; or a SquidError: the file cannot be read, or is no DICOM image.
    """
    return carrier.carry_out(partial(header, source), lambda: None)


def header(source: Source) -> HeaderListing:
    """What the child does; see `squid_core.export.dicom.listing.list_header`."""
    from squid_core.dicom.errands import reached
    from squid_core.export.dicom.listing import list_header

    return reached(partial(list_header, source))


def _clear(folder: Path, ticket: str) -> None:
    """On a thread of its own: a disk that does not answer is not waited for."""
    clearing = threading.Thread(target=clear_away, args=(folder, ticket), daemon=True)
    clearing.start()
    clearing.join(CLEAR_SECONDS)


def write(request: ExportRequest) -> Exported:
    """What the child does; see `squid_core.export.write.write_all`."""
    from squid_core.export.write import write_all

    with private_files(request.private):
        return write_all(request)


def draw_page(request: ExportRequest) -> bytes:
    """What the child does; see `squid_core.export.pictures.page.page_to_print`."""
    from squid_core.export.pictures.page import page_to_print
    from squid_core.export.source import read_source

    return page_to_print(request, read_source(request))
