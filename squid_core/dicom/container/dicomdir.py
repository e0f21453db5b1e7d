"""DICOMDIR, the index of a medium (PS3.10 8): checked, and followed to what lies in its own folder.

Where the whole folder is scanned the images are found without it (`scan.inside`). Whatever it names outside its
own folder is never touched.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from pydicom.dataset import Dataset

from squid_core.contracts.errors import SquidError
from squid_core.dicom.errors import DamagedIndexError, NotAnImageError
from squid_core.dicom.header.luts import sequence_items
from squid_core.dicom.header.values import text, values
from squid_core.dicom.source import Source

_COMPONENT = re.compile(r"^[A-Za-z0-9_ -]{1,64}(\.[A-Za-z0-9_]{1,8})?$")
_SHOWN = 3


def refuse_directory(dataset: Dataset, path: Path) -> None:
    """Say what an index is; it always ends in an exception.

    Raises:
        NotAnImageError: a sound index, with the files it leads to.
        DamagedIndexError: some files are not there; it leads to the others.
        SquidError: it names files outside its folder, or itself.
    """
    folder = path.parent
    records = sequence_items(dataset, "DirectoryRecordSequence")
    references = [found for record in records if (found := tuple(map(str, values(record, "ReferencedFileID"))))]
    missing: list[tuple[str, ...]] = []
    present: dict[Path, None] = {}
    for reference in references:
        if not all(_COMPONENT.match(part) for part in reference):
            raise SquidError("A DICOMDIR that points outside its own folder; it was not followed.")
        target = folder.joinpath(*reference)
        if not target.exists():  # media are mounted with small letters where their file system knows capitals only
            small = folder.joinpath(*(part.lower() for part in reference))
            target = small if small.exists() else target
        if target == path:
            raise SquidError("A DICOMDIR that names itself as an image.")
        if any(step.is_symlink() for step in (target, *list(target.parents)[: len(reference) - 1])):
            raise SquidError("A DICOMDIR that points outside its own folder through a link; it was not followed.")
        if target.is_file():
            present[target] = None
        else:
            missing.append(reference)
    images = sum(text(record, "DirectoryRecordType").upper() == "IMAGE" for record in records)
    contents = tuple(map(Source, present))
    if not missing:
        index = NotAnImageError(f"A DICOMDIR, the index of {images} images; they are listed by themselves.")
        index.contents = contents
        raise index
    if len(missing) == len(references) and not any(len(reference) > 1 for reference in missing):
        raise NotAnImageError(f"A DICOMDIR that came without the {len(missing)} files it lists beside it.")
    names = ", ".join(str(PurePosixPath(*reference)) for reference in missing[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    damaged = DamagedIndexError(
        f"A DICOMDIR that lists files which are not there: {names}{more}.", "Copy the whole medium."
    )
    damaged.contents = contents
    raise damaged
