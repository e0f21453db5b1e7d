"""The processes that read files for the window. Imports no Qt, so that they can be started before it."""

from __future__ import annotations

from app.paths import AppPaths
from squid_core.dicom.readers import ReaderPool

READERS = 2


def new_readers(paths: AppPaths) -> ReaderPool:
    """Reading processes with the program's own folder for what they keep; they start with the first file."""
    return ReaderPool(READERS, paths.matplotlib)
