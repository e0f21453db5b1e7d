"""Zip archives among the files: judged by their table of contents, never unpacked."""

from __future__ import annotations

import stat
import zipfile
from typing import BinaryIO

from squid_core.contracts import SquidError
from squid_core.dicom.errors import NotAnImageError
from squid_core.dicom.limits import MAX_ARCHIVE_ENTRIES, MAX_ARCHIVE_RATIO

_END_RECORD = b"PK\x05\x06"
_END_RECORD_SPAN = 65_557  # its 22 bytes and the longest comment
_SMALL = 1_000_000  # below this many bytes a high ratio does no harm


def refuse_archive(source: BinaryIO, size: int) -> None:
    """Say what an archive is; it always ends in an exception.

    Raises:
        NotAnImageError: a sound archive, to be unpacked by its owner.
        SquidError: damaged, too many entries, a bomb, or an entry that would leave its folder.
    """
    _check_count(source, size)
    try:
        source.seek(0)
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise SquidError("A damaged zip archive.", "Ask for it to be sent again.", type(error).__name__) from error
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name[:3]:
            raise SquidError("A dangerous zip archive: an entry would be written outside its folder.")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise SquidError("A dangerous zip archive: it holds a link.")
        compressed = max(entry.compress_size, 1)
        if entry.file_size > _SMALL and entry.file_size > MAX_ARCHIVE_RATIO * compressed:
            raise SquidError("A dangerous zip archive: it would unpack to far more than it holds.")
    held = sum(not entry.is_dir() for entry in entries)
    raise NotAnImageError(f"A zip archive of {held} files; unpack it first.")


def _check_count(source: BinaryIO, size: int) -> None:
    """The number of entries that the archive's end record states, before its table is read."""
    span = min(size, _END_RECORD_SPAN)
    source.seek(size - span)
    tail = source.read(span)
    found = tail.rfind(_END_RECORD)
    stated = int.from_bytes(tail[found + 10 : found + 12], "little") if found >= 0 else 0
    if stated > MAX_ARCHIVE_ENTRIES:
        raise SquidError(f"A zip archive of more than {MAX_ARCHIVE_ENTRIES} entries; it is not opened.")
