"""DICOMDIR, the index of a medium (PS3.10 8, PS3.3 F): read in blocks, and followed to what lies in its own folder.

Where the whole folder is scanned the images are found without it (`scan.inside`). Its records are read one after
another, as they lie in the file, and icons are stepped over. What a record names is looked for by itself (`medium`).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pydicom.uid import MediaStorageDirectoryStorage

from squid_core.contracts.errors import SquidError
from squid_core.dicom.container.masking import Mask
from squid_core.dicom.container.medium import Medium, OutsideError
from squid_core.dicom.errors import IncompleteError, NotAnImageError
from squid_core.dicom.header.elements import DamagedError, ElementEncoding, Walk
from squid_core.dicom.limits import MAX_INDEX_ELEMENTS, MAX_INDEX_ITEMS
from squid_core.dicom.source import Source

COPY_ALL = "Copy the whole medium."
OPEN_FOLDER = "Open its folder instead."
_IN_USE, _TYPE, _FILE_ID = 0x00041410, 0x00041430, 0x00041500  # Record In-use Flag, Directory Record Type, file ID
# Of the patient and the study: Accession Number, Patient's Name, ID and Birth Date, Study ID.
_WHOSE = (0x00080050, 0x00100010, 0x00100020, 0x00100030, 0x00200010)
_KEPT = frozenset((_IN_USE, _TYPE, _FILE_ID, *_WHOSE))
_MAX_VALUE_BYTES = 4096  # of a file ID PS3.10 8.2 allows 71
_SHOWN = 3
# A file ID is of capitals, digits and low lines (PS3.10 8.5); what else writers put there, in the order of trying.
_ENCODINGS = ("cp1252", "latin-1", "cp850", "shift_jis", "gb18030", "big5", "euc_kr", "cp1251", "iso8859-7")
_ABSOLUTE = re.compile(r"^\s*([A-Za-z]:(?=[\\/])|[\\/])")
_SEPARATORS = re.compile(r"[\\/]")


def is_index(stored_class: str, first: bytes) -> bool:
    """Whether a file is an index.

    Args:
        stored_class: its Media Storage SOP Class UID.
        first: eight bytes of its data set, which begins with the File-set Identification (PS3.3 F.3.2.1) in an index
            and nowhere else.
    """
    group, number = struct.unpack(">HH" if first[:1] == b"\0" else "<HH", first[:4].ljust(4, b"\0"))
    return stored_class == MediaStorageDirectoryStorage or (group == 4 and (not number or number >= 0x1130))


def damaged_index() -> IncompleteError:
    """What is to be said of an index that cannot be read at all."""
    return IncompleteError("A damaged DICOMDIR.", OPEN_FOLDER)


def list_index(source: BinaryIO, start: int, size: int, encoding: ElementEncoding, path: Path) -> SquidError:
    """What is to be said of an index, and the files it leads to.

    Args:
        source: seekable bytes.
        start: where its data set begins.
        size: where it ends.
        encoding: how it is written.
        path: its own.

    Returns:
        NotAnImageError where all is well or all its files stayed behind, IncompleteError where some are not there, lie
        outside its folder, or it cannot be read to its end. Both lead to what is there.
    """
    walk = _RecordWalk(source, start, size, encoding, (), most_elements=MAX_INDEX_ELEMENTS, most_items=MAX_INDEX_ITEMS)
    faults: list[str] = []
    advice = ""
    try:
        walk.run()
    except DamagedError as error:
        faults, advice = ["A damaged DICOMDIR.", error.title], OPEN_FOLDER
    except SquidError:
        faults, advice = ["A DICOMDIR beyond the limits; it was not read to its end."], OPEN_FOLDER
    found = _followed(walk.records, Medium(path.parent), path)
    contents = tuple(map(Source, found.present))
    if found.missing:
        mask = Mask(record[tag] for record in walk.records for tag in _WHOSE if tag in record)
        names = ", ".join(f"#{number} {mask.shown(steps)}" for number, steps in found.missing[:_SHOWN])
        names += ", …" if len(found.missing) > _SHOWN else ""
        count, total = len(found.missing), found.total
        if not faults and found.alone:
            return NotAnImageError(f"A DICOMDIR that came without the files it lists beside it ({count}): {names}.")
        faults.append(f"A DICOMDIR that lists files which are not there ({count} of {total}): {names}.")
        advice = advice or COPY_ALL
    if found.forbidden:
        faults.append(f"A DICOMDIR of files you are not allowed to read ({found.forbidden} of {found.total}).")
    if found.outside:
        faults.append(f"A DICOMDIR that points outside its own folder ({found.outside} of {found.total} files).")
    if found.itself:
        faults.append("A DICOMDIR that names itself as an image.")
    if faults:
        incomplete = IncompleteError(" ".join(faults), advice)
        incomplete.contents = contents
        return incomplete
    images = sum(record.get(_TYPE, b"").strip(b" \0").upper() == b"IMAGE" for record in walk.records)
    index = NotAnImageError(
        "A DICOMDIR, the index of 1 image, which is listed by itself."
        if images == 1
        else f"A DICOMDIR, the index of {images} images; they are listed by themselves."
    )
    index.contents = contents
    return index


@dataclass(slots=True)
class _RecordWalk(Walk):
    """A walk that keeps of each directory record what names its file and its patient, by tag."""

    records: list[dict[int, bytes]] = field(default_factory=list)
    _record: object = None  # the level of the item that the last of `records` is

    def _wants(self, tag: int) -> bool:
        return tag in _KEPT and len(self._stack) == 2  # in an item of a sequence

    def _keep(self, tag: int, vr: str, start: int, length: int, implicit: bool) -> None:
        if self._stack[1] is not self._record:
            self._record = self._stack[1]
            self.records.append({})
        if length <= _MAX_VALUE_BYTES:
            offset = self._offset(start, length)
            self.records[-1][tag] = self._block[offset : offset + length]


@dataclass(slots=True)
class _Followed:
    """Where the records of an index lead.

    Attributes:
        missing: number among the records that name a file, and the steps to it.
    """

    present: dict[Path, None] = field(default_factory=dict)
    missing: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    forbidden: int = 0
    outside: int = 0
    itself: int = 0
    total: int = 0

    @property
    def alone(self) -> bool:
        """Whether all that would lie beside it was left behind, as where only the index was passed on."""
        return 0 < len(self.missing) == self.total and all(len(steps) == 1 for _, steps in self.missing)


def _followed(records: list[dict[int, bytes]], medium: Medium, path: Path) -> _Followed:
    found = _Followed()
    for record in records:
        raw = record.get(_FILE_ID, b"").strip(b" \0")
        if not raw:
            continue
        found.total += 1
        try:
            target = _target(raw, medium)
        except OutsideError:
            found.outside += 1
            continue
        except PermissionError:
            found.forbidden += 1
            continue
        if target is not None and medium.is_same(target, path):
            found.itself += 1
        elif target is not None:
            found.present[target] = None
        elif any(record.get(_IN_USE, b"\1")):  # PS3.3 F.3.2.2: else it was struck out
            found.missing.append((found.total, next(_steps(raw))[0]))
    return found


def _target(raw: bytes, medium: Medium) -> Path | None:
    """The file that a file ID names; None where it is not there.

    Raises:
        OutsideError: the way leads out of the medium's folder.
        PermissionError: the way leads through a folder that may not be read.
    """
    readings = tuple(_steps(raw))
    for steps, _ in readings:
        target = medium.find(steps)
        if target is not None:
            return target
    if readings[0][1]:  # a place on another machine's disk, or on this one
        raise OutsideError
    return None


def _steps(raw: bytes) -> Iterator[tuple[tuple[str, ...], bool]]:
    """The components of a file ID in each way of reading it, and whether it began at the root of a disk."""
    readings = dict.fromkeys([raw.decode("utf-8", "surrogateescape")])  # as Python names what is on a disk
    if not raw.isascii():
        for encoding in _ENCODINGS:
            try:
                readings[raw.decode(encoding)] = None
            except UnicodeDecodeError:
                continue
    for text in readings:
        relative = _ABSOLUTE.sub("", text)
        steps = (step.strip(" \0") for step in _SEPARATORS.split(relative))
        yield tuple(step for step in steps if step not in ("", ".")), relative != text
