"""An export on its way into a reader's process: written there, and cleared away here where the reader dies over it.

Importing this loads no pydicom and no matplotlib: the writers are imported in the child.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Protocol, TypeVar

from squid_core.export.files import clear_away
from squid_core.export.request import Exported, ExportRequest

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
    return carrier.carry_out(partial(write, request), partial(clear_away, request.folder, request.ticket))


def write(request: ExportRequest) -> Exported:
    """What the child does; see `squid_core.export.write.write_all`."""
    from squid_core.export.write import write_all

    return write_all(request)
