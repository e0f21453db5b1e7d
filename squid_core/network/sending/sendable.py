"""A file as it may be sent: what its header says of it, and whether it is whose it is meant to be.

For a child or the command line: it loads pydicom. No pixel is decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from squid_core.contracts.errors import SquidError
from squid_core.contracts.network import Meant
from squid_core.dicom.header.values import text
from squid_core.dicom.leniency import lenient

_TAGS = ["SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "PatientID"]
_MORE = "Look whether it was damaged on its way here."

NO_DICOM = "It is no DICOM file."
GONE = "Its file is gone, or cannot be read."
ANOTHER = "Its file belongs to another patient or study than it did when it was put in the outbox. It was not sent."


@dataclass(frozen=True, slots=True)
class Sendable:
    """A DICOM file.

    Attributes:
        size: bytes.
        sop_class, syntax: by which it is negotiated (PS3.8 7.1.1.13).
        meant: whose it is, as it says itself.
    """

    path: Path
    size: int
    sop_class: UID
    syntax: UID
    meant: Meant

    @property
    def uid(self) -> str:
        """SOP Instance UID."""
        return self.meant.sop_instance_uid


def sendable(path: Path) -> Sendable:
    """What a file says of itself.

    Raises:
        SquidError: it cannot be read, or is no DICOM file that another system could take.
    """
    try:
        with lenient():
            dataset = dcmread(path, stop_before_pixels=True, specific_tags=list(_TAGS))
            stated = {keyword: text(dataset, keyword) for keyword in _TAGS[1:]}
        meta, size = dataset.file_meta, path.stat().st_size
        noted = (str(meta.MediaStorageSOPClassUID), str(meta.MediaStorageSOPInstanceUID), str(meta.TransferSyntaxUID))
    except OSError as error:
        raise SquidError(GONE, "", type(error).__name__) from error
    except InvalidDicomError as error:
        raise SquidError(NO_DICOM) from error
    except Exception as error:  # whatever pydicom makes of a damaged file
        raise SquidError("Its header is damaged.", _MORE, type(error).__name__) from error
    sop_class, sop_instance, syntax = (value.strip(" \0") for value in noted)
    if not (sop_class and sop_instance and syntax and stated["StudyInstanceUID"]):
        raise SquidError("Its header does not say what it is, or of which study.", _MORE)
    if (sop_class, sop_instance) != (stated["SOPClassUID"], stated["SOPInstanceUID"]):
        raise SquidError("Its header says two things of what it is.", _MORE)
    meant = Meant(sop_instance, stated["StudyInstanceUID"], stated["PatientID"])
    return Sendable(path, size, UID(sop_class), UID(syntax), meant)


def checked(files: Sequence[Path], meant: Sequence[Meant]) -> tuple[tuple[Sendable, ...], dict[str, str]]:
    """The files that are whose they are meant to be, and why the others are not sent, by SOP Instance UID.

    Args:
        files: where they lie.
        meant: whose each is.
    """
    good: dict[str, Sendable] = {}
    bad: dict[str, str] = {}
    for path, whose in zip(files, meant, strict=True):
        try:
            found = sendable(path)
        except SquidError as error:
            bad[whose.sop_instance_uid] = str(error)
            continue
        if found.meant == whose:
            good[found.uid] = found
        else:
            bad[whose.sop_instance_uid] = ANOTHER
    return tuple(one for uid, one in good.items() if uid not in bad), bad
