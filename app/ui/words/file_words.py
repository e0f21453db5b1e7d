"""Which file it is, by name and folder; neither is shown while names are masked, for both may be a patient's."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from app.i18n.language import tr
from squid_core.dicom.container.scan import printable


def place_of_file(path: Path, member: str, masked: bool) -> tuple[str, str]:
    """Name and folder of a file; of a member of an archive its own name and the archive.

    Args:
        path: of the file or archive.
        member: '' for a file of its own.
        masked: say only that it is not said.
    """
    if masked:
        return tr("masked"), tr("masked")
    if member:
        return printable(PurePosixPath(member).name or member), printable(str(path))
    return printable(path.name), printable(str(path.parent))


def file_sentence(path: Path, member: str, masked: bool) -> str:
    """The same in a sentence."""
    if masked:
        return tr("Names are masked, so the file is not named.")
    name, folder = place_of_file(path, member, masked)
    return tr("File {name} in {folder}.").format(name=name, folder=folder)
